"""What a patient rated on the intake form is the first of their outcome scores."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.outcomes import recording
from backend.care.outcomes import service as outcomes
from backend.care.outcomes.recording import Taken
from backend.followup import service
from backend.intake_forms.events import IntakeMeasured


async def on_measured(session: AsyncSession, event: IntakeMeasured) -> None:
    """Pain and own activities, as far as they were asked; too few activities are kept, without a score."""
    whose = await outcomes.of_lead(session, await service.lead_of(session, event.lead_id))
    if event.pain:
        pain = Taken("nprs", list(event.pain), "patient", occasion="intake", language=event.language)
        await recording.record(session, whose, pain)
    if event.activities:
        names, ratings = list(event.activities), list(event.activities.values())
        hard = Taken(
            "psfs", [*ratings], "patient", activities=names, occasion="intake", language=event.language
        )  # fmt: skip
        await recording.record(session, whose, hard)
