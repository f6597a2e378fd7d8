"""Fax lines: their credentials sealed at rest, and provider events packed for the inbox."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.crypto import open_sealed, seal
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import NotFound
from backend.faxes.models import FaxLine
from backend.faxes.ports import FaxAccount, FaxNotice, ProviderName, WebhookRequest


async def add_line(
    session: AsyncSession,
    practice_key: bytes,
    *,
    provider: ProviderName,
    account_key: str,
    number: str,
    secrets: Mapping[str, str],
    location_id: uuid.UUID | None = None,
) -> FaxLine:
    """Register a fax number with its provider credentials."""
    line_id = new_id()
    line = FaxLine(
        practice_id=practice_of(session),
        id=line_id,
        provider=provider,
        account_key=account_key,
        number=number,
        location_id=location_id,
    )
    keep_secrets(line, practice_key, secrets)
    session.add(line)
    await session.flush()
    return line


def keep_secrets(line: FaxLine, practice_key: bytes, secrets: Mapping[str, str]) -> None:
    """Seal its credentials."""
    line.sealed_secrets = seal(practice_key, json.dumps(dict(secrets)).encode(), f"fax_line:{line.id}")


def open_account(line: FaxLine, practice_key: bytes) -> FaxAccount:
    """The line with its credentials in the clear, for an adapter."""
    secrets = json.loads(open_sealed(practice_key, line.sealed_secrets, f"fax_line:{line.id}"))
    return FaxAccount(
        id=str(line.id),
        practice_id=str(line.practice_id),
        provider=cast(ProviderName, line.provider),
        account_key=line.account_key,
        number=line.number,
        secrets=secrets,
    )


async def line_by_id(session: AsyncSession, line_id: uuid.UUID) -> FaxLine:
    """A line of this practice. Raises `NotFound`."""
    line = await session.scalar(
        select(FaxLine).where(FaxLine.practice_id == practice_of(session), FaxLine.id == line_id)
    )
    if line is None:
        raise NotFound("There is no such fax line.")
    return line


async def line_by_key(session: AsyncSession, account_key: str) -> FaxLine:
    """A line of this practice by its account key. Raises `NotFound`."""
    line = await session.scalar(
        select(FaxLine).where(FaxLine.practice_id == practice_of(session), FaxLine.account_key == account_key)
    )
    if line is None:
        raise NotFound("There is no such fax line.")
    return line


def pack(notice: FaxNotice, callback: WebhookRequest | None) -> bytes:
    """A notice with the raw event it came from (kept for replay and dispute), as bytes to seal."""
    facts = asdict(notice)
    facts["received_at"] = notice.received_at.isoformat() if notice.received_at else None
    content_type = callback.headers.get("content-type", "") if callback else ""
    head = json.dumps({"notice": facts, "content_type": content_type}).encode()
    return len(head).to_bytes(4, "big") + head + (callback.body if callback else b"")


def unpack(packed: bytes) -> FaxNotice:
    """The notice out of what `pack` made."""
    facts: dict[str, Any] = _head(packed)["notice"]
    if facts["received_at"]:
        facts["received_at"] = datetime.fromisoformat(facts["received_at"])
    return FaxNotice(**facts)


def callback_of(packed: bytes) -> tuple[str, bytes]:
    """Content type and body of the raw event in what `pack` made."""
    length = int.from_bytes(packed[:4], "big")
    return str(_head(packed)["content_type"]), packed[4 + length :]


def _head(packed: bytes) -> dict[str, Any]:
    length = int.from_bytes(packed[:4], "big")
    head: dict[str, Any] = json.loads(packed[4 : 4 + length])
    return head
