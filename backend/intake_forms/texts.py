"""Texts about the form: a welcome and one reminder, never more. Each is decided by the state at the time it goes."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.jobs import JobRun, set_timer
from backend.core.problems import Conflict
from backend.intake_forms.models import Intake
from backend.intake_forms.preparing import link_for, running
from backend.leads.models import Lead
from backend.messaging import placeholders, standard
from backend.messaging import service as messages
from backend.messaging.models import Conversation, Message
from backend.messaging.service import NewText
from backend.patient_links import marks

REMIND: Final = "intake.remind"
WELCOME, REMINDER = "intake_link", "intake_reminder"
# What never reached the patient does not count as one of the two.
NOTHING: Final = frozenset({"blocked", "canceled", "failed", "undelivered"})
BEFORE_VISIT: Final = timedelta(hours=48)
AFTER_WELCOME: Final = timedelta(hours=48)
SOONEST: Final = timedelta(hours=20)
# Too close to the visit a text helps nobody; the desk has a tablet.
LATEST: Final = timedelta(hours=3)
CLOSE: Final = timedelta(seconds=2)
ENOUGH: Final = "This patient was texted about the form twice. Call, or open the form on a device here."


async def send(
    session: AsyncSession, lead: Lead, conversation: Conversation, intake_id: uuid.UUID | None = None, *,
    automatic: bool = False,
) -> Intake:  # fmt: skip
    """Text the lead's running form: the welcome first, then the reminder. Raises `Conflict` after the second.

    The conversation is locked; it comes before the form, here as in news of the carrier.
    """
    intake = await running(session, lead.id, for_update=True)
    if intake is None or intake_id not in {None, intake.id}:
        raise Conflict("This form is not to be filled in any more. Send a new one.")
    if await _free(session, intake.welcome_id):
        intake.welcome_id = await _write(session, lead, conversation, _in(intake, WELCOME), automatic)
    elif await _free(session, intake.reminder_id):
        intake.reminder_id = await _write(session, lead, conversation, _in(intake, REMINDER), automatic)
    else:
        raise Conflict(ENOUGH)
    intake.version += 1
    await session.flush()
    return intake


async def _free(session: AsyncSession, message_id: uuid.UUID | None) -> bool:
    message = await session.get(Message, (practice_of(session), message_id)) if message_id else None
    return message is None or message.status in NOTHING


def _in(intake: Intake, template: str) -> str:
    return f"{template}_es" if intake.language == "es" else template


async def _write(
    session: AsyncSession, lead: Lead, conversation: Conversation, template: str, automatic: bool
) -> uuid.UUID:
    body = await standard.text(session, template, conversation, lead, exact=True)
    text = NewText(body, "care", lead.id, automatic=automatic)
    return (await messages.write(session, conversation, text)).id


def provide() -> None:
    """`{intake_link}` is a fresh link to the lead's form, which is prepared if need be."""
    placeholders.provide("intake_link", _link, marks.sample)


async def _link(session: AsyncSession, _: Conversation, lead: Lead) -> str:
    return await link_for(session, lead)


def due(intake: Intake, lead: Lead) -> datetime | None:
    """When the reminder goes: two days before the visit, else two days after the welcome; None where none helps."""
    if intake.state not in {"sent", "started"} or intake.sent_at is None or not lead.open:
        return None
    if lead.evaluation_state in {"canceled", "attended"}:
        return None
    if lead.evaluation_state != "booked" or lead.evaluation_at is None:
        return intake.sent_at + AFTER_WELCOME
    at = max(lead.evaluation_at - BEFORE_VISIT, intake.sent_at + SOONEST)
    return at if at <= lead.evaluation_at - LATEST else None


async def watch(session: AsyncSession, intake: Intake, lead: Lead) -> None:
    """Its timer: one per form, and it looks for itself."""
    at = due(intake, lead)
    if at is not None and intake.reminder_id is None:
        await set_timer(session, REMIND, intake.id, at)


async def remind(run: JobRun) -> None:
    """Remind once, unless it is done, canceled or pointless by now."""
    async with run.transaction() as session:
        intake = await session.get(Intake, (run.practice_id, run.ref_id))
        lead = await session.get(Lead, (run.practice_id, intake.lead_id)) if intake else None
        if intake is not None and lead is not None:
            at = due(intake, lead)
            if at is not None and at > now() + CLOSE:
                await run.again(session, at)
                return
            if at is not None and intake.reminder_id is None and not await _free(session, intake.welcome_id):
                await _remind(session, lead)
        await run.finish(session)


async def _remind(session: AsyncSession, lead: Lead) -> None:
    """Looked at again under its locks: the patient may be handing it in right now."""
    try:
        conversation = await messages.of_lead(session, lead)
        intake = await running(session, lead.id, for_update=True)
        if intake is not None and intake.reminder_id is None:
            await send(session, lead, conversation, automatic=True)
    except Conflict:
        return  # the number or the line is gone meanwhile
