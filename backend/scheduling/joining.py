"""Two leads become one: a patient waits once for a kind of visit, as long as either has, and as urgently."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Base, practice_of
from backend.leads.events import LeadJoining
from backend.leads.models import Lead
from backend.scheduling.appointment_models import WaitlistEntry


async def on_joining(session: AsyncSession, event: LeadJoining) -> None:
    """Of two entries for one kind of visit the earlier stays, with the greater priority."""
    practice_id = practice_of(session)
    people = {(await session.get_one(Lead, (practice_id, each))).patient_id for each in (event.lead_id, event.into_id)}
    rows = await session.scalars(
        select(WaitlistEntry)
        .where(WaitlistEntry.practice_id == practice_id, WaitlistEntry.patient_id.in_(people))
        .where(WaitlistEntry.state == "waiting")
        .order_by(WaitlistEntry.created_at, WaitlistEntry.id)
        .with_for_update()
    )
    entries = list(rows)
    table = Base.metadata.tables["waitlist_entries"]
    await event.record.watch(session, table, table.c.id.in_([entry.id for entry in entries]))
    kept: dict[uuid.UUID, WaitlistEntry] = {}
    for entry in entries:
        first = kept.setdefault(entry.type_id, entry)
        if first is not entry:
            first.priority = max(first.priority, entry.priority)
            entry.state = "removed"
            entry.version += 1
    await session.flush()
