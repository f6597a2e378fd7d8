"""Take one step for a lead: what it did, or why it was passed over."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.followup import service as tasks
from backend.followup import steps as rules
from backend.followup.models import Task
from backend.followup.sequences import steps, timing
from backend.followup.sequences.models import Enrollment
from backend.identity.calendars import calendar_of
from backend.leads.models import Lead, LeadEvent, ReferralOrder
from backend.loop import unreachable
from backend.loop.facts import tried
from backend.messaging import greeting
from backend.messaging.greeting import Prepared
from backend.messaging.models import Message
from backend.messaging.standard import spoken
from backend.referral_sources.models import Referrer

TELL_REFERRER = "tell_referrer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason` says why a step was passed over, or what was found."""

    outcome: str = "done"
    reason: str | None = None
    message_id: uuid.UUID | None = None
    task_id: uuid.UUID | None = None


async def act(
    session: AsyncSession, lead: Lead, enrollment: Enrollment, step: steps.Step, prepared: Prepared | None
) -> Outcome:
    """Do it. A close is only noted here: the engine closes the lead once the step is on record."""
    if step.kind == "text":
        return await _text(session, prepared)
    if step.kind == "close":
        return Outcome()
    due = timing.due(now(), step, lead.urgency, await calendar_of(session, lead.location_id))
    assert due is not None
    if step.kind == "call":
        return await _call(session, lead, rules.Step("call", step.title, 0), due)
    if step.kind == "task":
        task = await tasks.add_step(session, lead, rules.Step("task", step.title, 0), due)
        return Outcome(task_id=task.id)
    if step.kind == "tell_referrer":
        return await _tell_referrer(session, lead, enrollment, due)
    assert_never(step)


async def _text(session: AsyncSession, prepared: Prepared | None) -> Outcome:
    assert prepared is not None
    if prepared.action != "send":
        return Outcome("skipped", prepared.reason)
    message = await greeting.send(session, prepared)
    return Outcome(message_id=message.id)


async def _call(session: AsyncSession, lead: Lead, step: rules.Step, due: datetime) -> Outcome:
    """One call at a time: a call that is due sooner stays as it is, and so does what must come before calling."""
    before = await tasks.automatic_task(session, lead.id, *rules.BEFORE_CALLING)
    if before is not None:
        return Outcome("skipped", "other_task_first", task_id=before.id)
    current = await tasks.automatic_task(session, lead.id)
    if current is not None and current.kind == "call" and current.due_at <= due:
        return Outcome(reason="call_due_already", task_id=current.id)
    task = await tasks.give_step(session, lead, step, due)
    return Outcome(task_id=task.id)


async def _tell_referrer(session: AsyncSession, lead: Lead, enrollment: Enrollment, due: datetime) -> Outcome:
    """By a letter where the office can be written to; else a person tells them."""
    referrer = await _referrer(session, lead.id)
    if referrer is None:
        return Outcome("skipped", "no_referrer")
    if await unreachable.write(session, lead, referrer, f"{enrollment.id}:{enrollment.position}"):
        return Outcome(reason="letter_written")
    asked = select(Task.id).where(
        Task.practice_id == lead.practice_id, Task.lead_id == lead.id, Task.kind == TELL_REFERRER,
        Task.done_at.is_(None),
    )  # fmt: skip
    if await session.scalar(asked.limit(1)):
        return Outcome("skipped", "told_already")
    title = f"{_how(referrer)} that the patient can’t be reached ({await tried(session, lead.id, lead.opened_at)})"
    task = await tasks.add_step(session, lead, rules.Step(TELL_REFERRER, title, 0), due)
    return Outcome(task_id=task.id)


async def _referrer(session: AsyncSession, lead_id: uuid.UUID) -> Referrer | None:
    """Who sent the newest order that names anybody."""
    return await session.scalar(
        select(Referrer)
        .join(
            ReferralOrder,
            (ReferralOrder.practice_id == Referrer.practice_id) & (ReferralOrder.referrer_id == Referrer.id),
        )
        .where(ReferralOrder.practice_id == practice_of(session), ReferralOrder.lead_id == lead_id)
        .order_by(ReferralOrder.created_at.desc(), ReferralOrder.id.desc())
        .limit(1)
    )


def _how(referrer: Referrer) -> str:
    name = referrer.name[:80]
    if referrer.fax:
        return f"Fax {name} at {spoken(referrer.fax)}"
    return f"Call {name} at {spoken(referrer.phone)} and say" if referrer.phone else f"Tell {name}"


async def may_close(session: AsyncSession, lead: Lead, since: datetime) -> bool:
    """Only who has been tried since then, and does not wait for us, may be lost for silence."""
    return await tasks.waiting_task(session, lead.id) is None and await was_tried(session, lead, since)


async def was_tried(session: AsyncSession, lead: Lead, since: datetime) -> bool:
    """Whether, since then, somebody called or a text went out: without it no lead may be lost for silence."""
    called = select(LeadEvent.id).where(
        LeadEvent.practice_id == lead.practice_id, LeadEvent.lead_id == lead.id, LeadEvent.kind == "call",
        LeadEvent.at >= since,
    )  # fmt: skip
    if await session.scalar(called.limit(1)):
        return True
    texted = select(Message.id).where(
        Message.practice_id == lead.practice_id, Message.lead_id == lead.id, Message.direction == "out",
        Message.status.in_(("sent", "delivered")), Message.sent_at >= since,
    )  # fmt: skip
    return await session.scalar(texted.limit(1)) is not None
