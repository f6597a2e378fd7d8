"""Links of a lead for the desk: what became of each, and how they are closed."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.leads import history, queries
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.patient_links import rules, service
from backend.patient_links.models import PatientLink
from backend.patient_links.schemas import LeadLinks, LinkOut, State

# Older ones expired long ago.
MOST: Final = 50
NAMES: Final[dict[str, str]] = {
    "schedule": "choose a time", "reschedule": "move the visit", "intake": "intake form", "upload": "send papers",
    "visit": "where to go", "measure": "questionnaire",
}  # fmt: skip


async def of_lead(session: AsyncSession, lead_id: uuid.UUID) -> LeadLinks:
    """Newest first."""
    rows = await session.scalars(
        select(PatientLink)
        .where(PatientLink.practice_id == practice_of(session), PatientLink.lead_id == lead_id)
        .order_by(PatientLink.created_at.desc(), PatientLink.id.desc())
        .limit(MOST)
        .execution_options(populate_existing=True)
    )
    return LeadLinks(items=[_out(link, now()) for link in rows])


def _out(link: PatientLink, at: datetime) -> LinkOut:
    # From its first sending on a link lasts its full time.
    sent_at = link.expires_at - rules.lasts(link.purpose) if link.token_hash is not None else None
    facts = {name: getattr(link, name) for name in LinkOut.model_fields if name not in {"state", "sent_at"}}
    return LinkOut(**facts, state=state_of(link, at), sent_at=sent_at)


def state_of(link: PatientLink, at: datetime) -> State:
    """The one thing that matters about it now."""
    if link.revoked_at is not None:
        return "revoked"
    if link.used_at is not None:
        return "used"
    if link.failed_checks >= rules.MOST_FAILED_CHECKS:
        return "locked"
    if at >= link.expires_at:
        return "expired"
    return "open" if link.token_hash is not None else "waiting"


async def revoke(session: AsyncSession, link_id: uuid.UUID) -> Lead:
    """One link; returns its lead. Raises `NotFound`, also for one of a clinic where the caller does not work."""
    link = await service.get(session, link_id)
    if link.lead_id is None:
        raise NotFound("There is no such link in this practice.")
    return await _revoke(session, link.lead_id, [link])


async def revoke_all(session: AsyncSession, lead_id: uuid.UUID) -> Lead:
    """Every link of the lead. Raises `NotFound`."""
    await queries.lead(session, lead_id, "messages:write")
    ids = await session.scalars(
        select(PatientLink.id).where(
            PatientLink.practice_id == practice_of(session), PatientLink.lead_id == lead_id,
            PatientLink.revoked_at.is_(None),
        )
    )  # fmt: skip
    return await _revoke(session, lead_id, await service.locked(session, ids.all()))


async def _revoke(session: AsyncSession, lead_id: uuid.UUID, links: Sequence[PatientLink]) -> Lead:
    """Links are locked before the lead, as everywhere."""
    lead = await leads.locked(session, lead_id, permission="messages:write")
    closed = [link for link in links if link.revoked_at is None]
    for link in closed:
        link.revoked_at = now()
    if closed:
        history.note(session, lead.id, "links_revoked", name=_named(closed))
        lead.version += 1
        await session.flush()
        history.tell(session, lead)
    return lead


def _named(links: Sequence[PatientLink]) -> str:
    return ", ".join(name for purpose, name in NAMES.items() if any(link.purpose == purpose for link in links))
