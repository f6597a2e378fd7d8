"""Two leads of one person become one, and can become two again.

The one merged is closed, hidden and answers with `merged_into`; all it had is the other's: orders, tasks, texts, calls,
faxes, appointments, whatever refers to it. Its history stays where it was written and is read with the other's.
Taking it back restores every row as it was, unless somebody changed it since; what came later stays where it came.
"""

import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import Base, practice_of, publish
from backend.core.ids import new_id
from backend.core.moving import CannotMove, Record, undo
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.leads import history, service, stages
from backend.leads.events import LeadJoined, LeadJoining, LeadParted, LeadsToJoin, PhoneChanged
from backend.leads.models import Lead, LeadMerge, Stage
from backend.patients import merging as people
from backend.patients import service as patients

# About the two leads themselves.
NOT_MOVED: Final = frozenset({"lead_merges"})
TOGETHER: Final = (
    frozenset({"stage", "open", "stage_entered_at", "closed_at", "lost_reason", "rank"}),
    frozenset({"evaluation_at", "evaluation_state"}),
    frozenset({"intake_state", "intake_percent"}),
)
FORM_STATES: Final = ("none", "sent", "started", "done")
URGENCIES: Final = ("routine", "urgent", "stat")


async def merge(session: AsyncSession, lead_id: uuid.UUID, into_id: uuid.UUID, version: int, into_version: int) -> Lead:
    """The lead becomes part of another, which is returned. Raises `StaleVersion`, `Merged`, `Conflict`."""
    if lead_id == into_id:
        raise Invalid("Choose another lead than this one.", errors=[("/into", "the same lead")])
    await publish(session, LeadsToJoin((lead_id, into_id)))
    lead, into = await _both(session, {lead_id: version, into_id: into_version}, lead_id, into_id)
    merged = LeadMerge(
        practice_id=lead.practice_id, id=new_id(), lead_id=lead.id, into_id=into.id, patient_id=lead.patient_id,
        into_patient_id=into.patient_id, at=now(), by=actor_of(session).name,
    )  # fmt: skip
    record = Record()
    try:
        await _join(session, record, lead, into)
    except CannotMove as error:
        what = error.table.replace("_", " ")
        raise Conflict(f"Both leads have {what} of which there may be only one. Settle those of one first.") from None
    merged.changes = record.changes
    session.add(merged)
    history.note(session, lead.id, "merged_into", other_id=str(into.id))
    history.note(session, into.id, "merged", other_id=str(lead.id), source=lead.source)
    await _told(session, lead, into, "lead.merged")
    return into


async def _join(session: AsyncSession, record: Record, lead: Lead, into: Lead) -> None:
    table = Base.metadata.tables["leads"]
    await record.watch(session, table, table.c.id.in_((lead.id, into.id)), TOGETHER)
    was_open, had_phone = lead.open, await _phone(session, into.patient_id)
    lead.open, lead.merged_into = False, into.id
    lead.closed_at = lead.closed_at or now()
    await session.flush()
    await publish(session, LeadJoining(lead.id, into.id, record))
    await record.repoint(session, "leads", lead.id, into.id, but=NOT_MOVED)
    if lead.patient_id != into.patient_id:
        await people.join(session, record, lead.patient_id, into.patient_id)
    await session.refresh(lead)
    await session.refresh(into)
    await _absorb(session, lead, into, was_open=was_open)
    if had_phone is None and await _phone(session, into.patient_id):
        await publish(session, PhoneChanged(into.id))
    await publish(session, LeadJoined(into.id, record))
    await record.settle(session)


async def _phone(session: AsyncSession, patient_id: uuid.UUID) -> str | None:
    return (await patients.get(session, patient_id)).phone


async def _absorb(session: AsyncSession, lead: Lead, into: Lead, *, was_open: bool) -> None:
    """Asked first, tried first, in the greater hurry, as far along as either."""
    into.opened_at = min(lead.opened_at, into.opened_at)
    into.first_attempt_at = min(filter(None, (lead.first_attempt_at, into.first_attempt_at)), default=None)
    into.first_contact_at = min(filter(None, (lead.first_contact_at, into.first_contact_at)), default=None)
    if was_open:
        into.urgency = max(lead.urgency, into.urgency, key=URGENCIES.index)
    into.location_id = into.location_id or lead.location_id
    if into.evaluation_state in {"none", "canceled"} and lead.evaluation_state in {"booked", "missed", "attended"}:
        into.evaluation_at, into.evaluation_state = lead.evaluation_at, lead.evaluation_state
    if _form(lead) > _form(into):
        into.intake_state, into.intake_percent = lead.intake_state, lead.intake_percent
    await session.flush()
    known = await stages.of_practice(session)
    if _progress(known, lead.stage) > _progress(known, into.stage):
        await service.enter(session, into, lead.stage)


def _form(lead: Lead) -> tuple[int, int]:
    return FORM_STATES.index(lead.intake_state), lead.intake_percent


def _progress(known: dict[str, Stage], stage: str) -> int:
    return -1 if known[stage].group == "lost" else known[stage].position


async def unmerge(session: AsyncSession, lead_id: uuid.UUID, version: int) -> LeadMerge:
    """Take a merge back, which is returned: the lead is its own again. Raises `Conflict` when that is not possible."""
    merged = await _standing(session, lead_id)
    await publish(session, LeadsToJoin((lead_id, merged.into_id)))
    lead, into = await _both(session, {lead_id: version}, lead_id, merged.into_id, merged=True)
    merged = await _standing(session, lead_id)
    if into.merged_into is not None:
        raise Conflict("The other lead was merged too, later. Take that back first.", merged_into=str(into.merged_into))
    await undo(session, merged.changes)
    merged.undone_at, merged.undone_by = now(), actor_of(session).name
    if merged.patient_id != merged.into_patient_id:
        await people.reindex(session, merged.patient_id, merged.into_patient_id)
    await session.refresh(lead)
    await session.refresh(into)
    history.note(session, lead.id, "unmerged", other_id=str(into.id))
    history.note(session, into.id, "unmerged", other_id=str(lead.id))
    await publish(session, LeadParted(lead.id, into.id))
    await _told(session, lead, into, "lead.unmerged")
    return merged


async def _standing(session: AsyncSession, lead_id: uuid.UUID) -> LeadMerge:
    """The merge that made this lead part of another. Raises `NotFound`, `Conflict`."""
    found = await session.scalar(
        select(LeadMerge)
        .where(LeadMerge.practice_id == practice_of(session), LeadMerge.lead_id == lead_id)
        .where(LeadMerge.undone_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if found is None:
        await _one(session, lead_id)
        raise Conflict("This lead is not part of another.")
    return found


async def _both(
    session: AsyncSession, versions: dict[uuid.UUID, int], lead_id: uuid.UUID, into_id: uuid.UUID, *,
    merged: bool = False,
) -> tuple[Lead, Lead]:  # fmt: skip
    """Both, locked in the order of their ids, so that two people who merge them at once do not meet half-way."""
    found = {each: await _one(session, each) for each in sorted((lead_id, into_id))}
    for each in (lead_id, into_id):
        into = found[each].merged_into
        if into is not None and not merged:
            raise service.Merged(into)
        if versions.get(each, found[each].version) != found[each].version:
            raise StaleVersion(found[each].version)
    return found[lead_id], found[into_id]


async def _one(session: AsyncSession, lead_id: uuid.UUID) -> Lead:
    lead = await session.scalar(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.id == lead_id)
        .where(within(session, "leads:write", Lead.location_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if lead is None:
        raise NotFound("There is no such lead in this practice.")
    return lead


async def _told(session: AsyncSession, lead: Lead, into: Lead, kind: str) -> None:
    for each in (lead, into):
        await session.refresh(each)
        each.version += 1
    await session.flush()
    history.tell(session, lead, kind)
    history.tell(session, into)


async def merges_of(session: AsyncSession, lead_id: uuid.UUID) -> list[tuple[LeadMerge, Lead]]:
    """The leads that became part of this one, newest first."""
    rows = await session.execute(
        select(LeadMerge, Lead)
        .join(Lead, (Lead.practice_id == LeadMerge.practice_id) & (Lead.id == LeadMerge.lead_id))
        .where(LeadMerge.practice_id == practice_of(session), LeadMerge.undone_at.is_(None))
        .where(Lead.merged_into == lead_id)
        .order_by(LeadMerge.at.desc(), LeadMerge.id)
    )
    return [(merge, lead) for merge, lead in rows]
