"""Take faxes in and move them from state to state."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, publish, tell_live
from backend.core.documents import StoredDocument
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.phones import e164
from backend.faxes.events import FaxFailed, FaxHeld, FaxSettled
from backend.faxes.models import Fax, FaxLine, FaxStep
from backend.faxes.ports import FaxNotice

PROCESS = "faxes.process"
ACKNOWLEDGE = "faxes.acknowledge"
RECEIVE = "faxes.receive"
RECONCILE = "faxes.reconcile"
NOT_RECEIVED = "The fax provider could not take this fax in full. Ask the sender to fax it again."
EVENTS = {"needs_review": FaxHeld, "failed": FaxFailed, "filed": FaxSettled, "rejected": FaxSettled}


async def receive_document(
    session: AsyncSession, stored: StoredDocument, *, channel: str, from_number: str | None = None,
    location_id: uuid.UUID | None = None, received_at: datetime | None = None, from_lead_id: uuid.UUID | None = None,
    from_referrer_id: uuid.UUID | None = None,
) -> uuid.UUID:  # fmt: skip
    """Write a fax whose document is already in the object store, with the job that will read it."""
    practice_id, fax_id = practice_of(session), new_id()
    original = await earlier_copy(session, stored)
    documents.record(session, stored)
    await session.flush()
    row = Fax(
        practice_id=practice_id, id=fax_id, channel=channel, document_id=stored.id, from_number=_sender(from_number),
        location_id=location_id, duplicate_of=original, from_lead_id=from_lead_id,
        from_referrer_id=from_referrer_id,
    )  # fmt: skip
    if received_at is not None:
        row.received_at = received_at
    session.add(row)
    await session.flush()
    await reach(session, row, "received")
    await later(session, PROCESS, fax_id, key=f"{fax_id}:0", queue="documents")
    return fax_id


def _sender(text: str | None) -> str | None:
    """E.164 where it is a number; a fax machine may also call itself by a name."""
    return (e164(text) or text) if text else None


async def earlier_copy(session: AsyncSession, stored: StoredDocument) -> uuid.UUID | None:
    """The first fax with exactly this document."""
    document = documents.Document
    return await session.scalar(
        select(Fax.id)
        .join(document, (document.practice_id == Fax.practice_id) & (document.id == Fax.document_id))
        .where(Fax.practice_id == practice_of(session), document.fingerprint == stored.fingerprint)
        .order_by(Fax.received_at)
        .limit(1)
    )


async def receive_notice(session: AsyncSession, line: FaxLine, notice: FaxNotice) -> uuid.UUID | None:
    """Write a fax its provider announced, with the job that will fetch it; None when it is known already."""
    fax_id = new_id()
    facts = {
        "practice_id": line.practice_id, "id": fax_id, "status": "received", "channel": line.provider,
        "line_id": line.id, "external_id": notice.external_id, "location_id": line.location_id,
        "from_number": _sender(notice.from_number), "to_number": e164(notice.to_number or "") or line.number,
    }  # fmt: skip
    if notice.received_at is not None:
        facts["received_at"] = notice.received_at
    statement = (
        insert(Fax).values(facts).on_conflict_do_nothing(index_elements=["practice_id", "line_id", "external_id"])
    )
    if (await session.execute(statement.returning(Fax.id))).scalar() is None:
        return None
    row = await session.get_one(Fax, (line.practice_id, fax_id))
    await reach(session, row, "received")
    if notice.status == "failed":
        await fail(session, row, "fetched", notice.failure_code or "not_received", NOT_RECEIVED)
    else:
        await later(session, PROCESS, fax_id, key=f"{fax_id}:0", queue="documents")
    return fax_id


async def acknowledge_later(session: AsyncSession, row: Fax) -> None:
    """Tell the provider, in its own job, that the document is safe."""
    await later(session, ACKNOWLEDGE, row.id, key=str(row.id))


async def reach(session: AsyncSession, row: Fax, status: str) -> None:
    """Move the fax to a status, note when, and tell other screens."""
    if status == "filed":
        row.filed_at = row.filed_at or now()
    if row.status != status:
        row.status, row.version = status, row.version + 1
    await session.flush()
    step = {"practice_id": row.practice_id, "fax_id": row.id, "step": status}
    await session.execute(insert(FaxStep).values(step).on_conflict_do_nothing())
    mutation_id = actor_of(session).mutation_id
    tell_live(session, [LiveEvent("fax.changed", str(row.id), row.version, mutation_id)])
    if status in EVENTS:
        await publish(session, EVENTS[status](row.id))


async def fail(session: AsyncSession, row: Fax, step: str, code: str, detail: str) -> None:
    """Stop the fax with a reason a front desk understands; its original stays."""
    row.failure_step, row.failure_code, row.failure_detail = step, code, detail
    await reach(session, row, "failed")
