"""Read one lead with everything its drawer shows."""

import uuid
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.identity.models import Location
from backend.identity.owners import owner_names
from backend.identity.queries import practice
from backend.leads import first_contact, merging, stages, story
from backend.leads.models import Lead, LeadEvent, LeadMerge, ReferralOrder, Stage
from backend.leads.schemas import Clocks, LeadIntake, LeadOut, MergeOut, NextStep, OrderOut, TimelineItem
from backend.patients import queries as patients
from backend.referral_sources.models import Referrer
from backend.referral_sources.schemas import ReferrerOut

CLINICAL = (
    "diagnosis_text", "body_part", "side", "order_text", "surgery_date", "procedure", "precautions", "weight_bearing",
    "notes",
)  # fmt: skip
STORY_EVENTS = 200


async def lead(session: AsyncSession, lead_id: uuid.UUID, permission: str = "leads:read") -> Lead:
    """One lead the caller may see; with `permission`, what that opens of it. Raises `NotFound`."""
    row = await session.scalar(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.id == lead_id)
        .where(within(session, permission, Lead.location_id))
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("There is no such lead in this practice.")
    return row


def joined(practice_id: uuid.UUID, lead_id: uuid.UUID) -> Select[Any]:
    """Ids of the lead and of those that became part of it: their histories are one."""
    return select(Lead.id).where(Lead.practice_id == practice_id, or_(Lead.id == lead_id, Lead.merged_into == lead_id))


async def patients_of(session: AsyncSession, lead_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Whose leads these are."""
    ours = (Lead.practice_id == practice_of(session)) & Lead.id.in_(lead_ids)
    return set(await session.scalars(select(Lead.patient_id).where(ours)))


async def whole(session: AsyncSession, lead_id: uuid.UUID) -> LeadOut:
    """The lead as its drawer shows it. Raises `NotFound`."""
    await session.flush()
    row = await lead(session, lead_id)
    known_stages = await stages.of_practice(session)
    location = await session.get(Location, (row.practice_id, row.location_id)) if row.location_id else None
    orders = await _orders(session, row.id)
    owner = await owner_names(session, [row])
    stage = known_stages[row.stage]
    timezone = location.timezone if location else (await practice(session)).timezone
    return LeadOut(
        id=row.id, version=row.version, stage=stage.key, stage_name=stage.name, group=_group(stage),
        source=_literal(row.source), urgency=_literal(row.urgency), location_id=row.location_id,
        location_name=location.name if location else None,
        owner=owner[row.owner_user_id or row.owner_team_id or row.id],
        patient=await patients.whole(session, row.patient_id), orders=orders, next_step=next_step(row),
        overdue=is_overdue(row), story=await _story(session, row, orders, known_stages, timezone),
        lost_reason=row.lost_reason, evaluation_at=row.evaluation_at, evaluation_state=_literal(row.evaluation_state),
        intake=LeadIntake(state=_literal(row.intake_state), percent=row.intake_percent),
        opened_at=row.opened_at, first_contact_at=row.first_contact_at,
        clocks=clocks_out(row, await first_contact.of(session, row)), merged_into=row.merged_into,
        merges=[_merge(merge, other) for merge, other in await merging.merges_of(session, row.id)],
    )  # fmt: skip


def _merge(merge: LeadMerge, other: Lead) -> MergeOut:
    return MergeOut(
        lead_id=other.id, version=other.version, at=merge.at, by=merge.by, source=_literal(other.source),
        opened_at=other.opened_at, can_undo=merge.into_id == other.merged_into,
    )  # fmt: skip


def clocks_out(row: Lead, clock: first_contact.FirstContact) -> Clocks:
    """When what happened first, and how long it took."""
    known = {name: getattr(row, name) for name in ("opened_at", "stage_entered_at", "closed_at")}
    return Clocks.model_validate(known | asdict(clock))


def _literal(value: str) -> Any:
    """The table's CHECK keeps the value inside the literal."""
    return value


def _group(stage: Stage) -> Any:
    return stage.group


def next_step(row: Lead) -> NextStep | None:
    """The open task due first, as kept on the lead."""
    if row.next_task_id is None or row.next_due_at is None:
        return None
    return NextStep(
        kind=row.next_kind or "", label=row.next_label or "", due_at=row.next_due_at, task_id=row.next_task_id
    )


def is_overdue(row: Lead) -> bool:
    """Whether the next step should have been done by now."""
    return row.open and row.next_due_at is not None and row.next_due_at < now()


async def _orders(session: AsyncSession, lead_id: uuid.UUID) -> list[OrderOut]:
    rows = await session.execute(
        select(ReferralOrder, Referrer)
        .outerjoin(
            Referrer,
            (Referrer.practice_id == ReferralOrder.practice_id) & (Referrer.id == ReferralOrder.referrer_id),
        )
        .where(ReferralOrder.practice_id == practice_of(session), ReferralOrder.lead_id == lead_id)
        .order_by(ReferralOrder.created_at.desc(), ReferralOrder.id.desc())
    )
    clinical = actor_of(session).may("clinical:read") or actor_of(session).kind == "system"
    return [_order(order, referrer, clinical) for order, referrer in rows]


def _order(order: ReferralOrder, referrer: Referrer | None, clinical: bool) -> OrderOut:
    facts = {name: getattr(order, name) for name in OrderOut.model_fields if name != "referrer"}
    if not clinical:
        facts |= dict.fromkeys(CLINICAL) | {"icd10_codes": []}
    return OrderOut(**facts, referrer=ReferrerOut.model_validate(referrer) if referrer else None)


async def _story(
    session: AsyncSession, row: Lead, orders: list[OrderOut], known: dict[str, Stage], timezone: str
) -> str:
    rows = await session.scalars(
        select(LeadEvent)
        .where(LeadEvent.practice_id == row.practice_id, LeadEvent.lead_id.in_(joined(row.practice_id, row.id)))
        .order_by(LeadEvent.at, LeadEvent.id)
        .limit(STORY_EVENTS)
    )
    events = [story.Event(event.kind, event.at, event.detail, event.to_stage) for event in rows]
    referrer = next((order.referrer.name for order in reversed(orders) if order.referrer), None)
    names = {key: stage.name for key, stage in known.items()}
    return story.tell(events, referrer=referrer, stage_names=names, open_now=row.open, now=now(), timezone=timezone)


async def timeline(
    session: AsyncSession, lead_id: uuid.UUID, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[TimelineItem]:
    """What happened, newest first, after a cursor of (at, id)."""
    practice_id = practice_of(session)
    query = select(LeadEvent).where(
        LeadEvent.practice_id == practice_id, LeadEvent.lead_id.in_(joined(practice_id, lead_id))
    )
    if before is not None:
        query = query.where(tuple_(LeadEvent.at, LeadEvent.id) < before)
    rows = await session.scalars(query.order_by(LeadEvent.at.desc(), LeadEvent.id.desc()).limit(limit))
    names = {key: stage.name for key, stage in (await stages.of_practice(session)).items()}
    clinical = actor_of(session).may("clinical:read")
    return [_item(event, names, clinical) for event in rows]


def _item(event: LeadEvent, names: dict[str, str], clinical: bool) -> TimelineItem:
    text = event.detail.get("text") or event.detail.get("reason") or event.detail.get("name")
    if event.kind == "patient_changed":
        text = ", ".join(str(name).replace("_", " ") for name in event.detail.get("fields", ()))
    free_text = event.kind in {"note", "call", "referrer_wrote", "referrer_answered"}
    return TimelineItem(
        id=event.id, at=event.at, kind=event.kind, title=_title(event, names),
        detail=None if free_text and not clinical else text, actor=event.actor_name,
    )  # fmt: skip


def _title(event: LeadEvent, names: dict[str, str]) -> str:
    match event.kind:
        case "opened":
            return f"{story.CAME.get(str(event.detail.get('source')), 'Came in')}: lead opened"
        case "moved" | "reopened":
            verb = "Moved to" if event.kind == "moved" else "Opened again in"
            return f"{verb} {names.get(event.to_stage or '', event.to_stage)}"
        case "call":
            return story.CALLS.get(str(event.detail.get("outcome")), "called").capitalize()
        case "called_us":
            return story.INCOMING.get(str(event.detail.get("outcome")), "called").capitalize()
        case "replied":
            return story.REPLIES.get(str(event.detail.get("said")), "replied").capitalize()
    return TITLES.get(event.kind, event.kind.replace("_", " ").capitalize())


TITLES = {
    "intake_sent": "Intake form sent",
    "intake_canceled": "Intake form canceled",
    "intake_started": "Patient began the intake form",
    "intake_submitted": "Patient handed in the intake form",
    "texted": "Text sent",
    "lost": "Closed as lost",
    "note": "Note",
    "order_added": "Referral order added",
    "assigned": "Assigned to another owner",
    "patient_changed": "Patient data changed",
    "fax_attached": "Fax attached",
    "referrer_wrote": "Message from the referrer",
    "referrer_answered": "Answered the referrer",
    "plan_signed_online": "Plan of care signed on the referrer’s page",
    "paper_sent": "Sent a photo or file from their phone",
    "card_confirmed": "Insurance card confirmed",
    "links_revoked": "Links to the patient’s pages closed",
    "last_attempt": "Last attempt began: nothing heard",
    "follow_up_started": "Follow-up started",
    "follow_up_stopped": "Follow-up stopped",
    "follow_up_snoozed": "Follow-up snoozed",
    "slots_offered": "Times offered by text",
    "time_was_taken": "The chosen time was taken: others offered",
    "reminder_sent": "Reminder of the visit sent",
    "visit_confirmed": "Visit confirmed by text",
    "opening_offered": "A time that opened was offered",
    "waitlist_filled": "Took a time that opened",
    "breached": "First contact is late",
    "escalated": "Handed on",
    "merged": "Another lead of this person joined",
    "merged_into": "Became part of another lead of this person",
    "unmerged": "Joined leads taken apart",
}
