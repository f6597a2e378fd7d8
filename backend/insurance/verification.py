"""The verification of benefits: a checklist with a result, until the coverage or the period changes."""

import uuid
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.jobs import JobRun, set_timer
from backend.core.problems import Invalid, StaleVersion
from backend.identity.queries import practice
from backend.insurance import authorizations, checklist, people, rules, standing
from backend.insurance.models import EligibilityCheck, Verification
from backend.insurance.schemas import VerificationIn
from backend.patients.models import Coverage

PERIOD: Final = "insurance.period"
CLOSE: Final = timedelta(seconds=2)
CLEARINGHOUSE: Final = "clearinghouse"


async def current(session: AsyncSession, patient_id: uuid.UUID, coverage_id: uuid.UUID | None) -> Verification | None:
    """The checklist that counts."""
    return await session.scalar(
        select(Verification)
        .where(Verification.practice_id == practice_of(session), Verification.patient_id == patient_id)
        .where(Verification.coverage_id.is_not_distinct_from(coverage_id), Verification.current)
        .execution_options(populate_existing=True)
    )


async def decide(
    session: AsyncSession, patient_id: uuid.UUID, coverage: Coverage | None, body: VerificationIn,
    check: EligibilityCheck | None = None, suggested: dict[str, str] | None = None,
) -> Verification:  # fmt: skip
    """Note what was found out. `check` is the answer of the clearinghouse it was confirmed from.

    Raises `StaleVersion`, and `Invalid` for answers that do not fit, or a result they do not allow.
    """
    before = await current(session, patient_id, coverage.id if coverage else None)
    if body.version != (before.version if before else 0):
        raise StaleVersion(before.version if before else 0)
    practice_rules = await rules.of_practice(session)
    items = rules.items_of(practice_rules)
    answers, refused = checklist.taken(items, body.answers)
    if body.state == "verified":
        refused += checklist.missing(items, answers) + _contradictions(answers)
    if refused:
        raise Invalid("Some answers are missing or do not fit.", errors=refused)
    row, today = await _row(session, patient_id, coverage, before), await people.today(session)
    row.state, row.note, row.decided_by = body.state, body.note, actor_of(session).name
    row.verified_at = now() if body.state == "verified" else None
    row.answers = {key: _kept(key, value, suggested or {}) for key, value in answers.items()}
    row.told_by, row.reference = body.told_by, body.reference
    row.told_at = body.told_at or (check.answered_at if check else now())
    ends = coverage.effective_until if coverage else None
    row.valid_until = rules.holds_until(practice_rules.reverify, today, ends) if body.state == "verified" else None
    await session.flush()
    await _follow(session, coverage, row, answers)
    return row


async def begin(session: AsyncSession, coverage: Coverage, before: Verification | None, state: str) -> None:
    """The clearinghouse answered: somebody must look at it now."""
    row = before or await _fresh(session, coverage.patient_id, coverage.id, None, None)
    row.state, row.decided_by, row.version = state, "Clearinghouse", row.version + (before is not None)
    await session.flush()


def _contradictions(answers: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (f"/answers/{key}", "no: choose not covered or problem")
        for key in (checklist.ACTIVE, checklist.BENEFIT)
        if answers.get(key) == "no"
    ]


def _kept(key: str, value: str, suggested: dict[str, str]) -> dict[str, Any]:
    return {"value": value, "source": CLEARINGHOUSE if suggested.get(key) == value else "person"}


async def _row(
    session: AsyncSession, patient_id: uuid.UUID, coverage: Coverage | None, before: Verification | None
) -> Verification:
    """The one that counts, or a fresh one when its period is over."""
    today = await people.today(session)
    if before is not None and not standing.period_over(before.state, before.valid_until, today):
        before.version += 1
        before.reason = None
        return before
    return await _fresh(session, patient_id, coverage.id if coverage else None, before, None)


async def _fresh(
    session: AsyncSession, patient_id: uuid.UUID, coverage_id: uuid.UUID | None, before: Verification | None,
    reason: str | None,
) -> Verification:  # fmt: skip
    if before is not None:
        before.current = False
        await session.flush()
    row = Verification(
        practice_id=practice_of(session), id=new_id(), patient_id=patient_id, coverage_id=coverage_id, answers={},
        state="not_started", reason=reason, current=True, version=(before.version if before else 0) + 1,
        created_at=now(),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def _follow(session: AsyncSession, coverage: Coverage | None, row: Verification, answers: dict[str, str]) -> None:
    if coverage is not None:
        coverage.verified_at = row.verified_at
        if row.state == "verified" and answers.get(checklist.AUTHORIZATION) == "yes":
            await authorizations.need(session, coverage, "verification")
        if row.valid_until is not None:
            await _watch(session, row)
    await people.changed(session, row.patient_id)


async def _watch(session: AsyncSession, row: Verification) -> None:
    await set_timer(session, PERIOD, row.id, await _over_at(session, row))


async def _over_at(session: AsyncSession, row: Verification) -> datetime:
    assert row.valid_until is not None
    zone = ZoneInfo((await practice(session)).timezone)
    return datetime.combine(row.valid_until + timedelta(days=1), time(0), zone)


async def reopen(session: AsyncSession, coverage: Coverage, reason: str) -> None:
    """The answers were about something else, or an earlier period: to be asked again."""
    coverage.verified_at = None
    before = await current(session, coverage.patient_id, coverage.id)
    if before is None:
        return
    if before.state == "not_started":
        before.reason, before.version = before.reason or reason, before.version + 1
    else:
        await _fresh(session, coverage.patient_id, coverage.id, before, reason)
    await session.flush()


async def period_ends(run: JobRun) -> None:
    """A month or plan year is over: what was verified in it must be asked again."""
    async with run.transaction() as session:
        practice_id = practice_of(session)
        found = await session.get(Verification, (practice_id, run.ref_id))
        if found is not None:
            await people.hold(session, found.patient_id)
            await session.refresh(found)
        if found is None or not found.current or found.valid_until is None or found.coverage_id is None:
            await run.finish(session)
            return
        over_at = await _over_at(session, found)
        if over_at > now() + CLOSE:
            await run.again(session, over_at)
            return
        await reopen(session, await session.get_one(Coverage, (practice_id, found.coverage_id)), "new_period")
        await people.changed(session, found.patient_id)
        await run.finish(session)
