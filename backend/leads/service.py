"""Open leads, move them along their path, note what happened."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.identity.models import Location
from backend.identity.owners import Owner, OwnerIn, chosen_owner, default_owner
from backend.leads import history, placing, stages
from backend.leads.events import (
    CallLogged,
    CallToLog,
    LeadAssigned,
    LeadClosed,
    LeadHurried,
    LeadMoved,
    LeadOpened,
    PhoneChanged,
    StageChosen,
)
from backend.leads.models import Lead, Stage
from backend.patients import service as patients

CONTACTING = frozenset({"reached", "left_message"})
# A referral for a lead lost longer ago is a new request for care.
LOST_LATELY = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class NewLead:
    """What opens a lead. Without `owner` the clinic's front desk owns it."""

    patient_id: uuid.UUID
    source: str
    location_id: uuid.UUID | None = None
    urgency: str = "routine"
    opened_at: datetime | None = None
    owner: Owner | None = None


class Merged(Conflict):
    """The lead is part of another one. Carries `merged_into`."""

    type = "merged"
    title = "Part of another lead"

    def __init__(self, into_id: uuid.UUID) -> None:
        super().__init__("This lead was merged into another. Open that one.", merged_into=str(into_id))


async def open_lead(session: AsyncSession, facts: NewLead) -> Lead:
    """A new lead on top of the first column, with an owner and (by its subscribers) a next step."""
    if facts.location_id is not None:
        await _check_location(session, facts.location_id)
    owner = facts.owner or await default_owner(session, facts.location_id)
    lead = Lead(
        practice_id=practice_of(session), id=new_id(), patient_id=facts.patient_id, stage=stages.NEW, open=True,
        rank=await placing.top_of(session, stages.NEW), location_id=facts.location_id, source=facts.source,
        urgency=facts.urgency, owner_user_id=owner.user_id, owner_team_id=owner.team_id,
        opened_at=facts.opened_at or now(), version=1,
    )  # fmt: skip
    session.add(lead)
    await session.flush()
    history.note(session, lead.id, "opened", to_stage=stages.NEW, source=facts.source)
    await publish(session, LeadOpened(lead.id))
    history.tell(session, lead, "lead.opened")
    return lead


async def _check_location(session: AsyncSession, location_id: uuid.UUID) -> None:
    query = select(Location.id).where(Location.practice_id == practice_of(session), Location.id == location_id)
    if await session.scalar(query) is None:
        raise Invalid("Choose a clinic from /locations.", errors=[("/location_id", "unknown")])


async def locked(
    session: AsyncSession, lead_id: uuid.UUID, version: int | None = None, permission: str = "leads:write"
) -> Lead:
    """The lead, locked until commit. Raises `NotFound`, `Merged`, or `StaleVersion` when `version` is not current."""
    lead = await session.scalar(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.id == lead_id)
        .where(within(session, permission, Lead.location_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if lead is None:
        raise NotFound("There is no such lead in this practice.")
    if lead.merged_into is not None:
        raise Merged(lead.merged_into)
    if version is not None and version != lead.version:
        raise StaleVersion(lead.version)
    return lead


async def open_lead_of(session: AsyncSession, patient_id: uuid.UUID) -> Lead | None:
    """The patient's newest open lead."""
    return await session.scalar(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.patient_id == patient_id, Lead.open)
        .order_by(Lead.opened_at.desc())
        .limit(1)
    )


async def move(
    session: AsyncSession, lead_id: uuid.UUID, *, stage: str, version: int, after_id: uuid.UUID | None = None,
    lost_reason: str | None = None,
) -> Lead:  # fmt: skip
    """Put the lead under the card `after_id` (None: on top) of a stage. A lost lead needs a reason."""
    lead, target = await locked(session, lead_id, version), await stages.named(session, stage)
    if target.group == "lost" and not lost_reason:
        raise Invalid("Say why the lead was lost.", errors=[("/lost_reason", "required for this stage")])
    if stage != lead.stage:
        await publish(session, StageChosen(lead.id, stage))
    lead.rank = await placing.place(session, lead, stage, after_id)
    lead.version += 1
    if stage != lead.stage:
        # Who moves a new card on says that the patient was contacted.
        contacted = lead.stage == stages.NEW and target.group != "lost"
        tried = contacted and lead.first_attempt_at is None
        lead.first_attempt_at = now() if tried else lead.first_attempt_at
        detail = {"attempt": True} if tried else {}
        await _enter(session, lead, target, lost_reason, contacted=contacted, **detail)
    await session.flush()
    history.tell(session, lead, "lead.moved")
    return lead


async def _enter(
    session: AsyncSession, lead: Lead, target: Stage, lost_reason: str | None = None, *, contacted: bool = False,
    **detail: Any,
) -> None:  # fmt: skip
    """Change the stage and let everyone react."""
    was_open, left = lead.open, lead.stage
    lead.stage, lead.stage_entered_at = target.key, now()
    lead.open = target.group in stages.OPEN_GROUPS
    lead.closed_at = None if lead.open else now()
    lead.lost_reason = lost_reason if target.group == "lost" else None
    kind = "lost" if target.group == "lost" else "moved" if was_open or not lead.open else "reopened"
    detail |= {"reason": lost_reason} if kind == "lost" else {}
    history.note(session, lead.id, kind, from_stage=left, to_stage=target.key, **detail)
    await session.flush()
    if not lead.open:
        # From one won stage to the next is no end: what is to be done in care stays.
        if was_open or target.group == "lost":
            await publish(session, LeadClosed(lead.id))
    elif was_open:
        await publish(session, LeadMoved(lead.id, target.key, contacted))
    else:
        await publish(session, LeadOpened(lead.id, again=True))


async def enter(session: AsyncSession, lead: Lead, stage: str, lost_reason: str | None = None) -> None:
    """A rule puts the lead on top of a stage. The lead is locked."""
    target = await stages.named(session, stage)
    if target.key == lead.stage:
        return
    lead.rank = await placing.top_of(session, target.key)
    lead.version += 1
    await _enter(session, lead, target, lost_reason)
    history.tell(session, lead, "lead.moved")


async def reopen(
    session: AsyncSession, lead_id: uuid.UUID, version: int | None = None, permission: str = "leads:write"
) -> Lead:
    """A sign of life: back to work, on top of its column. Raises `Conflict` when it is open."""
    lead = await locked(session, lead_id, version, permission)
    if lead.open:
        raise Conflict("This lead is open already.")
    target = await stages.named(session, stages.CONTACTED if lead.first_contact_at else stages.NEW)
    lead.rank = await placing.top_of(session, target.key)
    lead.version += 1
    await _enter(session, lead, target)
    history.tell(session, lead, "lead.moved")
    return lead


async def lost_lead_of(session: AsyncSession, patient_id: uuid.UUID) -> Lead | None:
    """The patient's lead that was lost not long ago: a sign of life opens it again."""
    return await session.scalar(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.patient_id == patient_id)
        .where(Lead.stage == stages.LOST, Lead.closed_at > now() - LOST_LATELY, Lead.merged_into.is_(None))
        .order_by(Lead.closed_at.desc())
        .limit(1)
    )


async def log_call(session: AsyncSession, lead_id: uuid.UUID, outcome: str, text: str | None) -> Lead:
    """Note a call. One that reached somebody, or left word, takes a new lead to "contacted"; a lost one opens again."""
    await publish(session, CallToLog(lead_id))
    lead = await locked(session, lead_id)
    if outcome == "reached" and lead.stage == stages.LOST:
        lead = await reopen(session, lead_id)
    lead.first_attempt_at = lead.first_attempt_at or now()
    if outcome == "reached":
        lead.first_contact_at = lead.first_contact_at or now()
    lead.version += 1
    history.note(session, lead.id, "call", outcome=outcome, **({"text": text} if text else {}))
    if outcome in CONTACTING and lead.stage == stages.NEW:
        await _contacted(session, lead)
    await session.flush()
    await publish(session, CallLogged(lead.id, outcome))
    history.tell(session, lead, "lead.moved")
    return lead


async def add_note(session: AsyncSession, lead_id: uuid.UUID, text: str) -> Lead:
    """Note what a person should know."""
    lead = await locked(session, lead_id)
    history.note(session, lead.id, "note", text=text)
    lead.version += 1
    await session.flush()
    history.tell(session, lead)
    return lead


async def change(session: AsyncSession, lead_id: uuid.UUID, version: int, changes: dict[str, Any]) -> Lead:
    """Change owner, clinic, urgency or the patient's data; only what is given changes."""
    lead = await locked(session, lead_id, version)
    if changes.get("owner"):
        await _assign(session, lead, changes["owner"])
    if "location_id" in changes:
        if changes["location_id"]:
            await _check_location(session, changes["location_id"])
        lead.location_id = changes["location_id"]
    if changes.get("urgency"):
        lead.urgency = changes["urgency"]
    hurry = bool({"urgency", "location_id"} & changes.keys())
    changed: list[str] = []
    if changes.get("patient"):
        changed = await patients.change(session, lead.patient_id, changes["patient"])
        if changed:
            history.note(session, lead.id, "patient_changed", fields=changed)
    lead.version += 1
    await session.flush()
    if hurry and lead.open:
        await publish(session, LeadHurried(lead.id))
    if {"phone", "phone_alt"} & set(changed):
        await publish(session, PhoneChanged(lead.id))
    history.tell(session, lead)
    return lead


async def _assign(session: AsyncSession, lead: Lead, chosen: OwnerIn) -> None:
    owner = await chosen_owner(session, chosen)
    lead.owner_user_id, lead.owner_team_id = owner.user_id, owner.team_id
    history.note(session, lead.id, "assigned", owner_kind=chosen.kind, owner_id=str(chosen.id))
    await publish(session, LeadAssigned(lead.id, owner.user_id, owner.team_id))


async def note_text(
    session: AsyncSession, lead_id: uuid.UUID, message_id: uuid.UUID, *, first: bool, delivered: bool
) -> None:
    """A text of ours went out (`first` news of it), or arrived; one that arrived takes a new lead to "contacted"."""
    lead = await locked(session, lead_id, permission="messages:write")
    lead.first_attempt_at = lead.first_attempt_at or now()
    if first:
        history.note(session, lead.id, "texted", message_id=str(message_id))
    if delivered and lead.stage == stages.NEW and lead.open:
        await _contacted(session, lead)
    await _told(session, lead)


async def note_reply(session: AsyncSession, lead_id: uuid.UUID, message_id: uuid.UUID, said: str | None) -> None:
    """The patient wrote: contact, whatever they said. A stranger at their number is none."""
    lead = await locked(session, lead_id, permission="messages:write")
    history.note(session, lead.id, "replied", message_id=str(message_id), **({"said": said} if said else {}))
    if said == "wrong_person":
        await _told(session, lead)
        return
    lead.first_contact_at = lead.first_contact_at or now()
    if lead.stage == stages.NEW and lead.open:
        await _contacted(session, lead)
    await _told(session, lead)


async def note_incoming_call(session: AsyncSession, lead_id: uuid.UUID, call_id: uuid.UUID, outcome: str) -> None:
    """The patient called. A call that was answered is contact; one that was missed is not."""
    lead = await locked(session, lead_id, permission="messages:write")
    history.note(session, lead.id, "called_us", call_id=str(call_id), outcome=outcome)
    if outcome == "answered":
        lead.first_contact_at = lead.first_contact_at or now()
        if lead.stage == stages.NEW and lead.open:
            await _contacted(session, lead)
    await _told(session, lead)


async def _contacted(session: AsyncSession, lead: Lead) -> None:
    lead.rank = await placing.top_of(session, stages.CONTACTED)
    await _enter(session, lead, await stages.named(session, stages.CONTACTED))


async def _told(session: AsyncSession, lead: Lead) -> None:
    lead.version += 1
    await session.flush()
    history.tell(session, lead, "lead.moved")


async def touch(session: AsyncSession, lead_id: uuid.UUID) -> None:
    """A task of the lead changed: new version, told live."""
    lead = await locked(session, lead_id, permission="tasks:write")
    lead.version += 1
    await session.flush()
    history.tell(session, lead)
