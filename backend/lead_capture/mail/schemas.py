"""Mailboxes as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.lead_capture.mail.oauth import MailOAuthIn, MailOAuthOut

FAILURES: Final = {
    "denied": "The server refuses the name or the password. Google Workspace and Microsoft 365 take no passwords: "
    "choose them under “Sign in with”.",
    "token_denied": "The mailbox refuses the token. The user name must be the mailbox's own address, and IMAP be "
    "switched on for it. Google: consent to the scope https://mail.google.com/. Microsoft: IMAP.AccessAsUser.All, or, "
    "for the app itself, IMAP.AccessAsApp and access given in Exchange (New-ServicePrincipal, Add-MailboxPermission).",
    "grant_over": "The provider takes the refresh token no longer: it was revoked, has run out, or belongs to another "
    "client. Consent once more and enter the new one. (Google: an app of the status “Testing” loses it every 7 days.)",
    "client_refused": "The provider refuses the client id or its secret. Secrets run out: make a new one at the "
    "provider and enter it here.",
    "token_refused": "The provider gives no token for this. Check the scope, and whether an administrator has "
    "consented to the app's permissions.",
    "token_address": "What answers at the token address gives no tokens. Check the address.",
    "token_inner": "The token address leads into a private network, where we do not go. Use its public address.",
    "token_unreachable": "The token address cannot be reached just now. We try again.",
    "token_timeout": "The token address does not answer in time. We try again.",
    "inner": "The server is in a private network, where we do not go. Whoever runs this installation may allow it "
    "(FRONTDESK_INNER_MAIL_HOSTS).",
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


def _signable(value: str) -> str:
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise ValueError("not a user name")
    return value


Host = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_host)]
Folder = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_folder)]


class MailboxIn(RequestModel):
    """A folder that is read. What was taken in is moved to `done_folder`. A password not given stays as it is.

    With `oauth` there is none: the provider gives tokens.
    """

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
    username: Annotated[str, Field(min_length=1, max_length=254), AfterValidator(_signable)]
    password: SecretStr | None = Field(default=None, min_length=1, max_length=500)
    oauth: MailOAuthIn | None = None
    folder: Folder = "INBOX"
    done_folder: Folder = "Frontdesk"
    location_id: uuid.UUID | None = None
    active: bool = True


class MailboxOut(ResponseModel):
    """A mailbox without its secrets. `oauth`: how tokens are fetched, where no password is used.

    `failure`: why it could not be read when it was last looked into, and what to do.
    """

    id: uuid.UUID
    version: int
    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str
    oauth: MailOAuthOut | None
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
