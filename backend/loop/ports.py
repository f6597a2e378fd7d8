"""What sends our e-mail; `integrations/email_smtp` implements it. A letter is never in it, only a secure link."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """A short e-mail in plain words. The same `message_id` twice is the same mail, for whoever receives it."""

    message_id: str
    to: str
    from_name: str
    subject: str
    body: str


class MailRefused(Exception):
    """The mail server will not take it. `code` is safe to show."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Mailer(Protocol):
    """Port of a mail server. Does not touch the database."""

    async def send(self, mail: Mail) -> str:
        """What the server answered when it took the mail. Raises `MailRefused` or `ProviderUnavailable`."""
