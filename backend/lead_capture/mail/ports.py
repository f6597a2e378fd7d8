"""What mail servers and their token endpoints must do for us; `integrations/email_imap` and `oauth_tokens` do it."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class MailAccount:
    """A mailbox with its password, or a token instead, in the clear, only in memory. `done_folder`: what was taken."""

    host: str
    port: int
    security: Security
    username: str
    password: str
    folder: str
    done_folder: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token is asked for with, only in memory. Without `refresh_token`, as the client itself."""

    token_url: str
    client_id: str
    client_secret: str
    refresh_token: str
    scope: str


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, for how long, and the refresh token that replaces the one before, if one came with it."""

    access_token: str
    seconds: int
    refresh_token: str | None = None


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


class Tokens(Protocol):
    """Port of the token endpoints."""

    async def fetch(self, grant: Grant) -> Granted:
        """A new access token. Raises `MailRefused`, `ProviderUnavailable`."""
