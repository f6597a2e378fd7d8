"""What a mail server must be able to do for us; `integrations/email_imap` implements it."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class MailAccount:
    """A mailbox with its password in the clear, only in memory. What was taken goes to `done_folder`."""

    host: str
    port: int
    security: Security
    username: str
    password: str
    folder: str
    done_folder: str


class MailRefused(Exception):
    """The server answers, and will not have it so: wrong password, no such folder. `code` is safe to show."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OpenFolder(Protocol):
    """The folder, open. Every method may raise `ProviderUnavailable`."""

    # A folder made anew counts anew: then this differs.
    validity: int

    async def waiting(self) -> list[int]:
        """The numbers of the mails in it, oldest first, read by somebody or not."""

    async def size(self, uid: int) -> int:
        """How many bytes it has."""

    async def fetch(self, uid: int, most: int) -> bytes:
        """The mail as it came, at most so many bytes of it, without marking it as read."""

    async def finish(self, uids: list[int]) -> None:
        """Mark them as read and move them away; where the server cannot, they stay."""


class Mailbox(Protocol):
    """Port of a mail server."""

    def open(self, account: MailAccount) -> AbstractAsyncContextManager[OpenFolder]:
        """Sign in and open the folder. Raises `MailRefused`, `ProviderUnavailable`."""
