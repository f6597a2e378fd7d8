"""An episode of care for tests: a lead whose evaluation was attended."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from backend.care import service as care
from backend.care import visits
from backend.care.visits import VisitFacts
from backend.core import clock
from backend.core.context import ProcessContext
from backend.leads import orders
from backend.leads import service as leads
from tests.conftest import SamplePractice
from tests.patients_phone import make_lead


@dataclass(frozen=True)
class SampleEpisode:
    """An episode, and whose it is."""

    id: uuid.UUID
    patient_id: uuid.UUID
    lead_id: uuid.UUID


async def make_episode(
    context: ProcessContext, practice: SamplePractice, *, region: str = "shoulder", procedure: str | None = None,
    started_on: date | None = None, phone: str | None = None,
) -> SampleEpisode:  # fmt: skip
    """One that has begun, today or then."""
    patient_id, lead_id = await make_lead(context, practice, phone=phone, source="web_form")
    async with context.database.transaction(practice.id) as session:
        lead = await leads.locked(session, lead_id)
        await orders.add(session, lead, orders.OrderFacts(body_part=region, procedure=procedure, icd10_codes=()))
        episode = await care.open_episode(session, lead_id, started_on or clock.now().date())
    return SampleEpisode(episode.id, patient_id, lead_id)


async def attend(context: ProcessContext, practice: SamplePractice, episode: SampleEpisode, count: int) -> None:
    """So many attended visits, an hour apart, up to now."""
    async with context.database.transaction(practice.id) as session:
        for number in range(count):
            at = clock.now() - timedelta(hours=count - number)
            await visits.record(session, episode.id, VisitFacts(at, "attended"))
