"""Phone lines: credentials sealed at rest, callbacks packed for the inbox, the paths carriers call."""

import json
import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.crypto import open_sealed, seal
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import NotFound
from backend.messaging.models import PhoneLine
from backend.messaging.ports import OLD_TOKEN, Form, TextAccount


async def add_line(
    session: AsyncSession, practice_key: bytes, *, account_key: str, number: str, secrets: Mapping[str, str],
    location_id: uuid.UUID | None = None, provider: str = "twilio",
) -> PhoneLine:  # fmt: skip
    """Register a number with its carrier's credentials."""
    line_id = new_id()
    line = PhoneLine(
        practice_id=practice_of(session), id=line_id, provider=provider, account_key=account_key, number=number,
        location_id=location_id, active=True, version=1,
    )  # fmt: skip
    _seal(line, practice_key, secrets)
    session.add(line)
    await session.flush()
    return line


def _seal(line: PhoneLine, practice_key: bytes, secrets: Mapping[str, str]) -> None:
    line.sealed_secrets = seal(practice_key, json.dumps(dict(secrets)).encode(), f"phone_line:{line.id}")


def change_secrets(line: PhoneLine, practice_key: bytes, **changes: str | None) -> None:
    """Change some of a line's secrets; None removes one."""
    merged = {**open_account(line, practice_key).secrets, **changes}
    _seal(line, practice_key, {name: value for name, value in merged.items() if value is not None})


def rotate(line: PhoneLine, practice_key: bytes, auth_token: str) -> None:
    """A new token for our calls; callbacks signed with the old one stay good until `finish_rotation`."""
    known = open_account(line, practice_key).secrets
    # Rotated twice before it was finished: the carrier still signs with the oldest.
    old = known.get(OLD_TOKEN) or known["auth_token"]
    change_secrets(line, practice_key, auth_token=auth_token, **{OLD_TOKEN: old})
    line.rotating_since = line.rotating_since or now()


def finish_rotation(line: PhoneLine, practice_key: bytes) -> None:
    """The old token is forgotten."""
    change_secrets(line, practice_key, **{OLD_TOKEN: None})
    line.rotating_since = None


def open_account(line: PhoneLine, practice_key: bytes) -> TextAccount:
    """The line with its credentials in the clear, for an adapter."""
    secrets = json.loads(open_sealed(practice_key, line.sealed_secrets, f"phone_line:{line.id}"))
    return TextAccount(str(line.id), str(line.practice_id), line.account_key, line.number, secrets)


async def by_key(session: AsyncSession, account_key: str) -> PhoneLine:
    """A line of this practice by its account key. Raises `NotFound`."""
    line = await session.scalar(
        select(PhoneLine).where(PhoneLine.practice_id == practice_of(session), PhoneLine.account_key == account_key)
    )
    if line is None:
        raise NotFound("There is no such phone line.")
    return line


def pack(form: Form, message_id: uuid.UUID | None = None) -> bytes:
    """A verified callback as bytes to seal."""
    return json.dumps({"form": list(form), "message_id": str(message_id) if message_id else None}).encode()


def unpack(packed: bytes) -> tuple[Form, uuid.UUID | None]:
    """What `pack` made."""
    facts = json.loads(packed)
    return [(name, value) for name, value in facts["form"]], uuid.UUID(facts["message_id"]) if facts[
        "message_id"
    ] else None


def sms_path(account_key: str) -> str:
    """Where the carrier brings texts."""
    return f"/webhooks/twilio/{account_key}/sms"


def status_path(account_key: str, message_id: uuid.UUID) -> str:
    """Where the carrier reports on one text."""
    return f"/webhooks/twilio/{account_key}/sms-status/{message_id}"
