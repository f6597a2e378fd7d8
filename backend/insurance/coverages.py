"""What pays for a patient's care, as the desk writes it down."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.insurance import authorizations, payers, people, verification
from backend.insurance.schemas import CoverageChanges, CoverageIn
from backend.patients.models import Coverage

SUBSCRIBER = ("subscriber_first_name", "subscriber_last_name", "subscriber_dob")
# What a payer was asked about: another value, and the answer is one about something else.
ASKED = frozenset({
    "payer_name", "member_id", "group_number", "plan_name", "relationship", "effective_from", "effective_until",
    "rank", *SUBSCRIBER,
})  # fmt: skip


class RankTaken(Conflict):
    """The patient has an active insurance of this rank."""

    type = "rank-taken"
    title = "There is one already"

    def __init__(self) -> None:
        super().__init__("The patient has an active insurance in this place. Replace it, or choose another place.")


async def of_patient(session: AsyncSession, patient_id: uuid.UUID) -> Sequence[Coverage]:
    """Active ones by rank, then those before them, newest first."""
    rows = await session.scalars(
        select(Coverage)
        .where(Coverage.practice_id == practice_of(session), Coverage.patient_id == patient_id)
        .order_by(Coverage.active.desc(), Coverage.rank, Coverage.created_at.desc(), Coverage.id.desc())
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def get(session: AsyncSession, patient_id: uuid.UUID, coverage_id: uuid.UUID) -> Coverage:
    """A coverage of this patient. Raises `NotFound`."""
    found = await session.scalar(
        select(Coverage)
        .where(Coverage.practice_id == practice_of(session), Coverage.patient_id == patient_id)
        .where(Coverage.id == coverage_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("This patient has no such insurance.")
    return found


async def create(session: AsyncSession, patient_id: uuid.UUID, body: CoverageIn) -> Coverage:
    """Note an insurance; with `replaces` the active one of its rank is kept as history. Raises `RankTaken`."""
    await _make_room(session, patient_id, body.rank, body.replaces)
    facts = body.model_dump(exclude={"replaces"})
    coverage = Coverage(
        practice_id=practice_of(session), id=new_id(), patient_id=patient_id, payer_said=body.payer_name, active=True,
        created_at=now(), version=1, **facts,
    )  # fmt: skip
    _settle(coverage)
    session.add(coverage)
    await session.flush()
    await payers.link(session, coverage)
    await _follow(session, coverage)
    return coverage


async def change(
    session: AsyncSession, patient_id: uuid.UUID, coverage_id: uuid.UUID, body: CoverageChanges
) -> Coverage:
    """Only what is given changes. What the payer was asked about makes the benefits to be verified again."""
    coverage = await get(session, patient_id, coverage_id)
    if coverage.version != body.version:
        raise StaleVersion(coverage.version)
    given = {name: getattr(body, name) for name in body.model_fields_set - {"version", "replaces"}}
    changed = {name for name, value in given.items() if getattr(coverage, name) != value}
    if changed & {"rank", "active"} and given.get("active", coverage.active):
        await _make_room(session, patient_id, given.get("rank", coverage.rank), body.replaces, coverage.id)
    for name in changed:
        setattr(coverage, name, given[name])
    _settle(coverage)
    coverage.version += 1
    await session.flush()
    if "payer_name" in changed:
        coverage.payer_said = coverage.payer_name
        await payers.link(session, coverage)
    if changed & ASKED:
        await verification.reopen(session, coverage, "coverage_changed")
    await _follow(session, coverage)
    return coverage


async def _make_room(
    session: AsyncSession, patient_id: uuid.UUID, rank: str, replaces: bool, keeps: uuid.UUID | None = None
) -> None:
    for row in await of_patient(session, patient_id):
        if row.active and row.rank == rank and row.id != keeps:
            if not replaces:
                raise RankTaken
            row.active, row.version = False, row.version + 1
    await session.flush()


def _settle(coverage: Coverage) -> None:
    """Who is insured in their own name has no other subscriber; dates come in order."""
    if coverage.relationship == "self":
        for name in SUBSCRIBER:
            setattr(coverage, name, None)
    begins, ends = coverage.effective_from, coverage.effective_until
    if begins and ends and begins > ends:
        raise Invalid("It must end after it begins.", errors=[("/effective_until", "before effective_from")])


async def _follow(session: AsyncSession, coverage: Coverage) -> None:
    await authorizations.detect(session, coverage)
    await people.changed(session, coverage.patient_id)
