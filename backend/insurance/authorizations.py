"""A payer's leave for visits: needed, requested, approved, counted, over. Its history is only ever added to."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.jobs import JobRun, set_timer
from backend.core.problems import Invalid, NotFound, StaleVersion
from backend.identity.queries import practice
from backend.insurance import counting, people, standing
from backend.insurance.models import Authorization, AuthorizationEvent, CountedVisit, Payer
from backend.insurance.schemas import AuthorizationChanges, AuthorizationIn
from backend.patients.models import Coverage

WATCH: Final = "insurance.authorization"
CLOSE: Final = timedelta(seconds=2)
LIVE: Final = frozenset({"needed", "requested", "not_needed"})


async def of_patient(session: AsyncSession, patient_id: uuid.UUID) -> Sequence[Authorization]:
    """Newest first."""
    rows = await session.scalars(
        select(Authorization)
        .where(Authorization.practice_id == practice_of(session), Authorization.patient_id == patient_id)
        .order_by(Authorization.created_at.desc(), Authorization.id.desc())
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def get(session: AsyncSession, patient_id: uuid.UUID, authorization_id: uuid.UUID) -> Authorization:
    """An authorization of this patient. Raises `NotFound`."""
    for row in await of_patient(session, patient_id):
        if row.id == authorization_id:
            return row
    raise NotFound("This patient has no such authorization.")


def leave_of(row: Authorization) -> standing.Leave:
    """As it is counted."""
    return standing.Leave(row.state, row.counts, row.approved, row.per_visit, row.used, row.valid_from, row.valid_until)


async def create(session: AsyncSession, coverage: Coverage, body: AuthorizationIn) -> Authorization:
    """Note one; one that was needed becomes this. Visits that had none and fall into it are counted on it."""
    facts = body.model_dump(exclude={"coverage_id", "order_id"}) | {"source": "fax" if body.order_id else "desk"}
    known = await of_patient(session, coverage.patient_id)
    row = next((one for one in known if one.coverage_id == coverage.id and one.state == "needed"), None)
    if row is None:
        row = await _add(session, coverage, **facts)
    else:
        await _apply(session, row, facts)
    await _settled(session, row)
    return row


async def _add(session: AsyncSession, coverage: Coverage, **facts: Any) -> Authorization:
    row = Authorization(
        practice_id=practice_of(session), id=new_id(), patient_id=coverage.patient_id, coverage_id=coverage.id,
        created_at=now(), used=0, version=1, **({"counts": "visits", "per_visit": 1} | facts),
    )  # fmt: skip
    _check(row)
    session.add(row)
    await session.flush()
    _note(session, row, "created", state=row.state)
    return row


async def change(
    session: AsyncSession, patient_id: uuid.UUID, authorization_id: uuid.UUID, body: AuthorizationChanges
) -> Authorization:
    """Only what is given changes. Raises `StaleVersion`."""
    row = await get(session, patient_id, authorization_id)
    if row.version != body.version:
        raise StaleVersion(row.version)
    await _apply(session, row, {name: getattr(body, name) for name in body.model_fields_set - {"version"}})
    await _settled(session, row)
    return row


async def _apply(session: AsyncSession, row: Authorization, facts: dict[str, Any]) -> None:
    changed = {name: [_plain(getattr(row, name)), _plain(value)] for name, value in facts.items()}
    for name, value in facts.items():
        setattr(row, name, value)
    _check(row)
    row.version += 1
    await session.flush()
    _note(session, row, "changed", **{name: pair for name, pair in changed.items() if pair[0] != pair[1]})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _check(row: Authorization) -> None:
    if row.state == "approved" and not row.number:
        raise Invalid("An approved authorization has a number.", errors=[("/number", "required once approved")])
    if row.valid_from and row.valid_until and row.valid_from > row.valid_until:
        raise Invalid("It must end after it begins.", errors=[("/valid_until", "before valid_from")])
    if row.counts == "visits":
        row.per_visit = 1


def _note(session: AsyncSession, row: Authorization, kind: str, **detail: Any) -> None:
    session.add(
        AuthorizationEvent(
            practice_id=row.practice_id, id=new_id(), authorization_id=row.id, at=now(), by=actor_of(session).name,
            kind=kind, detail=detail,
        )
    )  # fmt: skip


async def _settled(session: AsyncSession, row: Authorization) -> None:
    await recount(session, row.patient_id)
    await _watch(session, row)
    await people.changed(session, row.patient_id)


async def history(session: AsyncSession, authorization_id: uuid.UUID) -> Sequence[AuthorizationEvent]:
    """What happened to it, newest first."""
    rows = await session.scalars(
        select(AuthorizationEvent)
        .where(AuthorizationEvent.practice_id == practice_of(session))
        .where(AuthorizationEvent.authorization_id == authorization_id)
        .order_by(AuthorizationEvent.at.desc(), AuthorizationEvent.id.desc())
        .limit(200)
    )
    return rows.all()


async def need(session: AsyncSession, coverage: Coverage, source: str) -> None:
    """One must be got, unless that is known, or there is one that still counts."""
    today = await people.today(session)
    for row in await of_patient(session, coverage.patient_id):
        if row.coverage_id != coverage.id:
            continue
        if row.state == "not_needed" and source == "verification":
            row.state, row.version = "needed", row.version + 1
            _note(session, row, "changed", state=["not_needed", "needed"])
            return
        if row.state in LIVE or standing.state_on(leave_of(row), today) == "approved":
            return
    await _add(session, coverage, state="needed", source=source)


async def detect(session: AsyncSession, coverage: Coverage) -> None:
    """What the payer's own rule says of this patient."""
    if not coverage.active or coverage.rank != "primary" or coverage.payer_id is None:
        return
    payer = await session.get_one(Payer, (coverage.practice_id, coverage.payer_id))
    free = {"always": 0, "after_visits": payer.authorization_after or 0}.get(payer.authorization_rule)
    if free is None:
        return
    visits = await session.scalar(
        select(func.count()).where(
            CountedVisit.practice_id == coverage.practice_id, CountedVisit.patient_id == coverage.patient_id
        )
    )
    if (visits or 0) >= free - (standing.FEW_LEFT if free else 0):
        await need(session, coverage, "payer_rule")


async def recount(session: AsyncSession, patient_id: uuid.UUID) -> None:
    """Give every visit its authorization; what is counted already stays while it may."""
    rows = await of_patient(session, patient_id)
    visits = (
        await session.scalars(
            select(CountedVisit)
            .where(CountedVisit.practice_id == practice_of(session), CountedVisit.patient_id == patient_id)
            .order_by(CountedVisit.day, CountedVisit.visit_id)
            .execution_options(populate_existing=True)
        )
    ).all()
    claims = [counting.Claim(row.id, leave_of(row)) for row in rows]
    placed = counting.settle(
        [counting.Visit(visit.visit_id, visit.day, visit.units, visit.authorization_id) for visit in visits], claims
    )
    for visit in visits:
        visit.authorization_id, visit.amount = placed[visit.visit_id]
    for row in rows:
        used = sum(visit.amount for visit in visits if visit.authorization_id == row.id)
        if used != row.used:
            _note(session, row, "counted", used=[row.used, used])
            row.used, row.version = used, row.version + 1
    await session.flush()


async def _watch(session: AsyncSession, row: Authorization) -> None:
    """Look again when it is about to end, and when it has."""
    if row.state == "approved" and (at := await _next_look(session, row)) is not None:
        await set_timer(session, WATCH, row.id, at)


async def _next_look(session: AsyncSession, row: Authorization) -> datetime | None:
    if row.valid_until is None:
        return None
    zone = ZoneInfo((await practice(session)).timezone)
    days = (row.valid_until - standing.SOON, row.valid_until + timedelta(days=1))
    return next((at for day in days if (at := datetime.combine(day, time(0), zone)) > now() + CLOSE), None)


async def look(run: JobRun) -> None:
    """It ends soon, or has ended: what is to be done is something else than yesterday."""
    async with run.transaction() as session:
        found = await session.get(Authorization, (practice_of(session), run.ref_id))
        if found is None:
            await run.finish(session)
            return
        await people.hold(session, found.patient_id)
        await session.refresh(found)
        await people.changed(session, found.patient_id)
        at = await _next_look(session, found) if found.state == "approved" else None
        await (run.again(session, at) if at else run.finish(session))
