"""What insurance does when something happens elsewhere."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers, practice_of, publish
from backend.insurance import authorizations, coverages, payers, people, verification
from backend.insurance.events import InsuranceChanged
from backend.patients.events import CoverageNoted
from backend.patients.models import Coverage


async def _noted(session: AsyncSession, event: CoverageNoted) -> None:
    """A paper named an insurance. Where it contradicts what a person entered, that is to be looked at again."""
    await people.hold(session, event.patient_id)
    coverage = await session.get_one(Coverage, (practice_of(session), event.coverage_id))
    await payers.link(session, coverage)
    if event.contradicts:
        for row in await _active(session, coverage):
            await verification.reopen(session, row, "another_insurance")
    else:
        await verification.reopen(session, coverage, "coverage_changed")
        await authorizations.detect(session, coverage)
    await publish(session, InsuranceChanged(event.patient_id))


async def _active(session: AsyncSession, beside: Coverage) -> list[Coverage]:
    rows = await coverages.of_patient(session, beside.patient_id)
    return [row for row in rows if row.active and row.rank == beside.rank]


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {CoverageNoted: [_noted]}
