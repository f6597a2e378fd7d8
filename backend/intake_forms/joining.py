"""Two leads become one: of two forms that are not handed in yet, the one that is further along goes on."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Base
from backend.intake_forms import preparing
from backend.intake_forms.models import Intake
from backend.leads.events import LeadJoining
from backend.patient_links import service as links

PROGRESS: Final = ("prepared", "sent", "started")


async def on_joining(session: AsyncSession, event: LeadJoining) -> None:
    """The other form is taken back, and its links with it."""
    running = [await preparing.running(session, lead_id) for lead_id in (event.into_id, event.lead_id)]
    found = [intake for intake in running if intake is not None]
    if len(found) < len(running):
        return
    behind = min(reversed(found), key=_progress)
    open_links = await preparing.link_ids(session, behind.id)
    for name, ids in (("patient_links", open_links), ("intakes", [behind.id])):
        table = Base.metadata.tables[name]
        await event.record.watch(session, table, table.c.id.in_(ids))
    for link_id in open_links:
        await links.revoke(session, link_id)
    behind.state = "canceled"
    behind.version += 1
    await session.flush()


def _progress(intake: Intake) -> tuple[int, int]:
    return PROGRESS.index(intake.state), intake.percent
