"""Tasks about letters to the referrer: one that did not go, an answer that came back."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.followup import service
from backend.followup.steps import DAY, Step
from backend.loop.events import LetterFailed, LetterReturned, LetterSent
from backend.loop.models import Letter

FAILED: Final = Step("letter_failed", "Letter to the referrer did not go out: look at it", DAY)
ANSWER: Final = Step("letter_answer", "The referrer answered by fax: read it", DAY)
UNSIGNED: Final = Step("letter_answer", "The plan of care came back without a signature", DAY)


async def on_failed(session: AsyncSession, event: LetterFailed) -> None:
    """A person looks at it."""
    if event.lead_id is not None:
        await service.give_beside(session, await service.lead_of(session, event.lead_id), FAILED)


async def on_sent(session: AsyncSession, event: LetterSent) -> None:
    """What had failed has gone after all."""
    letter = await session.get_one(Letter, (practice_of(session), event.letter_id))
    if letter.lead_id is None:
        return
    lead = await service.lead_of(session, letter.lead_id)
    task = await service.automatic_task(session, lead.id, FAILED.kind)
    if task is not None:
        await service.withdraw(session, [task.id])
        await service.keep_step(session, lead)


async def on_returned(session: AsyncSession, event: LetterReturned) -> None:
    """A plan that came back signed is settled; everything else is read by a person."""
    if not event.settled:
        unsigned = event.kind == "plan_of_care" and not event.signed
        lead = await service.lead_of(session, event.lead_id)
        await service.give_beside(session, lead, UNSIGNED if unsigned else ANSWER)
