"""What follows from intake forms: the lead's stage, and a look at what the patient wrote."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.followup import rules, steps
from backend.followup import service as tasks
from backend.intake_forms.events import IntakeDecided, IntakeDelivered, IntakeSubmitted
from backend.leads import service as leads
from backend.leads import stages
from backend.leads.events import EvaluationBooked
from backend.leads.models import Lead

SENT: Final = "intake_sent"


async def on_delivered(session: AsyncSession, event: IntakeDelivered) -> None:
    """The patient has the form. Before a visit is booked only the card's badge says so: there is still one to book."""
    lead = await tasks.lead_of(session, event.lead_id)
    if lead.evaluation_state == "booked" or await rules.is_booked(session, lead.stage):
        await _enter(session, lead)


async def on_booked(session: AsyncSession, event: EvaluationBooked) -> None:
    """Whoever has the form already is past being sent it."""
    lead = await tasks.lead_of(session, event.lead_id)
    if lead.intake_state != "none":
        await _enter(session, lead)


async def _enter(session: AsyncSession, lead: Lead) -> None:
    known = await stages.of_practice(session)
    if lead.open and SENT in known and known[lead.stage].position < known[SENT].position:
        await leads.enter(session, lead, SENT)


async def on_submitted(session: AsyncSession, event: IntakeSubmitted) -> None:
    """A person looks at warning signs, and at what the chart has otherwise."""
    lead = await tasks.lead_of(session, event.lead_id)
    if event.warning:
        await tasks.give_beside(session, lead, steps.INTAKE_WARNING)
    elif event.to_decide:
        await tasks.give_beside(session, lead, steps.INTAKE_DIFFERS)


async def on_decided(session: AsyncSession, event: IntakeDecided) -> None:
    """The look has been had."""
    lead = await tasks.lead_of(session, event.lead_id)
    task = await tasks.automatic_task(session, lead.id, steps.INTAKE_DIFFERS.kind)
    if task is not None:
        await tasks.withdraw(session, [task.id])
        await tasks.keep_step(session, lead)
