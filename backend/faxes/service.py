"""Take faxes in and move them from state to state."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.actor import actor_of
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.documents import StoredDocument
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.faxes.models import Fax, FaxStep

PROCESS = "faxes.process"


async def receive_document(
    session: AsyncSession, stored: StoredDocument, *, channel: str, from_number: str | None = None,
    location_id: uuid.UUID | None = None, received_at: datetime | None = None,
) -> uuid.UUID:  # fmt: skip
    """Write a fax whose document is already in the object store, with the job that will read it."""
    practice_id, fax_id = practice_of(session), new_id()
    original = await session.scalar(
        select(Fax.id)
        .join(
            documents.Document,
            (documents.Document.practice_id == Fax.practice_id) & (documents.Document.id == Fax.document_id),
        )
        .where(Fax.practice_id == practice_id, documents.Document.fingerprint == stored.fingerprint)
        .order_by(Fax.received_at)
        .limit(1)
    )
    documents.record(session, stored)
    await session.flush()
    row = Fax(
        practice_id=practice_id, id=fax_id, channel=channel, document_id=stored.id, from_number=from_number,
        location_id=location_id, duplicate_of=original,
    )  # fmt: skip
    if received_at is not None:
        row.received_at = received_at
    session.add(row)
    await session.flush()
    await reach(session, row, "received")
    await later(session, PROCESS, fax_id, key=f"{fax_id}:0", queue="documents")
    return fax_id


async def reach(session: AsyncSession, row: Fax, status: str) -> None:
    """Move the fax to a status, note when, and tell other screens."""
    if row.status != status:
        row.status, row.version = status, row.version + 1
    await session.flush()
    step = {"practice_id": row.practice_id, "fax_id": row.id, "step": status}
    await session.execute(insert(FaxStep).values(step).on_conflict_do_nothing())
    mutation_id = actor_of(session).mutation_id
    tell_live(session, [LiveEvent("fax.changed", str(row.id), row.version, mutation_id)])


async def fail(session: AsyncSession, row: Fax, step: str, code: str, detail: str) -> None:
    """Stop the fax with a reason a front desk understands; its original stays."""
    row.failure_step, row.failure_code, row.failure_detail = step, code, detail
    await reach(session, row, "failed")
