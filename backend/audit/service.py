"""Append to the audit chain (45 CFR 164.312(b): record and examine activity)."""

import hashlib
import json
import uuid
from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEvent, AuditHead
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.logging import request_id

GENESIS = bytes(32)


async def record(session: AsyncSession, action: str, subject: str, patient_ids: Iterable[uuid.UUID] = ()) -> None:
    """Append one row: `action` such as "lead.viewed", `subject` such as "lead:<id>", and the patients concerned.

    The chain's head stays locked until commit, so a practice's rows have no gaps. Call it last in a request.
    """
    practice_id, actor = practice_of(session), actor_of(session)
    previous = await _lock_head(session, practice_id)
    row = AuditEvent(
        practice_id=practice_id,
        seq=previous.seq + 1,
        at=now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        object=subject,
        patient_ids=sorted(set(patient_ids)),
        request_id=request_id(),
        prev_hash=previous.hash,
        hash=b"",
    )
    row.hash = chain_hash(row)
    session.add(row)
    await session.flush()
    await session.execute(
        update(AuditHead).where(AuditHead.practice_id == practice_id).values(seq=row.seq, hash=row.hash)
    )


async def _lock_head(session: AsyncSession, practice_id: uuid.UUID) -> AuditHead:
    await session.execute(
        insert(AuditHead).values(practice_id=practice_id, seq=0, hash=GENESIS).on_conflict_do_nothing()
    )
    head = select(AuditHead).where(AuditHead.practice_id == practice_id).with_for_update()
    found = (await session.scalars(head.execution_options(populate_existing=True))).one()
    session.expunge(found)
    return found


def chain_hash(row: AuditEvent) -> bytes:
    """SHA-256 over the previous hash and the row's content in canonical JSON."""
    content = [
        str(row.practice_id),
        row.seq,
        row.at.isoformat(),
        row.actor_kind,
        row.actor_id,
        row.actor_name,
        row.action,
        row.object,
        [str(patient) for patient in row.patient_ids],
        row.request_id,
    ]
    return hashlib.sha256(row.prev_hash + json.dumps(content, ensure_ascii=False).encode()).digest()


async def first_broken_link(session: AsyncSession) -> int | None:
    """The seq of the first row that does not follow from the one before it; None when the chain is whole."""
    previous, expected = GENESIS, 1
    rows = await session.stream_scalars(
        select(AuditEvent).where(AuditEvent.practice_id == practice_of(session)).order_by(AuditEvent.seq)
    )
    async for row in rows:
        if row.seq != expected or row.prev_hash != previous or row.hash != chain_hash(row):
            return expected
        previous, expected = row.hash, expected + 1
    head = await session.scalar(
        select(func.coalesce(func.max(AuditHead.seq), 0)).where(AuditHead.practice_id == practice_of(session))
    )
    return expected if head != expected - 1 else None
