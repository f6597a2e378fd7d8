"""What signs in to a mailbox, sealed. A secret never goes to another address than the one it was entered for.

Whoever changes the server, the user name, the client or where tokens are fetched enters it again.
"""

import json
from typing import cast

from backend.core import crypto
from backend.lead_capture.mail import oauth
from backend.lead_capture.mail.models import MailAddress
from backend.lead_capture.mail.oauth import Secrets
from backend.lead_capture.mail.ports import MailAccount, Security
from backend.lead_capture.mail.schemas import MailboxIn


def seal(row: MailAddress, body: MailboxIn, key: bytes) -> list[tuple[str, str]]:
    """Keep what is given, before the other settings are changed; or what is missing, and nothing is changed."""
    moved = (row.host, row.username) != (body.host, body.username)
    if body.oauth is None:
        if body.password is None and (moved or row.sealed_password is None):
            return [("/password", "required")]
        if body.password is not None:
            row.sealed_password = crypto.seal(key, body.password.get_secret_value().encode(), place("", row))
        row.oauth, row.sealed_oauth = None, None
    else:
        facts = oauth.facts(body.oauth)
        told = row.oauth or {}
        same = not moved and all(told.get(name) == facts[name] for name in ("token_url", "client_id"))
        found = oauth.secrets(body.oauth, secrets_of(row, key) if same else None)
        if wanted := oauth.missing(body.oauth, found):
            return wanted
        row.oauth, row.sealed_oauth = facts, sealed(row, found, key)
        row.sealed_password = None
    row.sealed_access, row.access_until = None, None
    return []


def place(what: str, row: MailAddress) -> str:
    """What a secret of this row is bound to."""
    return f"mailbox{what}:{row.id}"


def sealed(row: MailAddress, found: Secrets, key: bytes) -> bytes:
    """As it is kept."""
    return crypto.seal(key, json.dumps(oauth.as_json(found)).encode(), place("-oauth", row))


def secrets_of(row: MailAddress, key: bytes) -> Secrets | None:
    """In the clear; None for a mailbox with a password."""
    if row.sealed_oauth is None:
        return None
    return Secrets(**json.loads(crypto.open_sealed(key, row.sealed_oauth, place("-oauth", row))))


def with_password(row: MailAddress, key: bytes) -> MailAccount | None:
    """For the adapter; None where tokens are used."""
    if row.sealed_password is None:
        return None
    return _account(row, crypto.open_sealed(key, row.sealed_password, place("", row)).decode(), None)


def with_token(row: MailAddress, token: str) -> MailAccount:
    """For the adapter."""
    return _account(row, "", token)


def _account(row: MailAddress, password: str, token: str | None) -> MailAccount:
    return MailAccount(
        row.host, row.port, cast(Security, row.security), row.username, password, row.folder, row.done_folder, token
    )
