"""Mailboxes as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
FAILURES: Final = {
    "denied": "The server refuses the name or the password.",
    "no_folder": "The mailbox has no folder of this name.",
    "not_secure": "The server's certificate is not one we can trust.",
    "unreachable": "The server cannot be reached.",
    "timeout": "The server does not answer in time.",
    "stuck": "The server does not hand out one of the e-mails. Look at it there; the others come in.",
    "broken": "The server breaks off, or answers in a way nobody understands.",
}


def _host(value: str) -> str:
    lowered = value.lower()
    if not all(part and part.replace("-", "").isalnum() for part in lowered.split(".")) and lowered != "::1":
        raise ValueError("not the name of a server")
    return lowered


def _folder(value: str) -> str:
    if any(ord(letter) < 32 for letter in value):
        raise ValueError("not a folder's name")
    return value


Host = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_host)]
Folder = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_folder)]


class MailboxIn(RequestModel):
    """A folder that is read. What was taken in is moved to `done_folder`. A password not given stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": 0, "host": "imap.example.org", "port": 993, "security": "tls",
                    "username": "referrals@example.org", "password": "of the mailbox", "folder": "INBOX",
                    "done_folder": "Frontdesk", "location_id": None, "active": True,
                }
            ]
        }
    )  # fmt: skip

    version: int
    host: Host
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = Field(min_length=1, max_length=254)
    password: SecretStr | None = Field(default=None, min_length=1, max_length=500)
    folder: Folder = "INBOX"
    done_folder: Folder = "Frontdesk"
    location_id: uuid.UUID | None = None
    active: bool = True


class MailboxOut(ResponseModel):
    """A mailbox without its password. `failure`: why it could not be read when it was last looked into."""

    id: uuid.UUID
    version: int
    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str
    folder: str
    done_folder: str
    location_id: uuid.UUID | None
    active: bool
    looked_at: datetime | None
    worked_at: datetime | None
    failure: str | None
    received: int = Field(description="mails that came in by it")


class MailboxPage(Page):
    """By name."""

    items: list[MailboxOut]
