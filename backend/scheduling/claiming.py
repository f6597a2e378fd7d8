"""Take a time for an appointment so that nobody else can have it.

Whoever books a clinician's time waits for the one before: the clinician's row is locked until the end, then what is
looked at stays true. The exclusion constraints hold even for programs that would not wait.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.patients.models import Coverage
from backend.scheduling.appointment_models import LANES, Appointment
from backend.scheduling.busy import units_free
from backend.scheduling.grid import SECONDS, Grid, tick_of
from backend.scheduling.material import Material, load, occupying, rules_of, type_of
from backend.scheduling.models import AppointmentType, BookingRule, Clinician, ClinicianLocation, Resource
from backend.scheduling.openings import Openings
from backend.scheduling.rules import Asked, concurrency, reach
from backend.scheduling.slots import MARGIN
from backend.scheduling.words import SlotQuery, Wish

BESIDE = 60  # lanes for on-purpose double bookings
TAKEN = frozenset({"taken", "no_room"})


class Refused(Exception):
    """Why a time cannot be had; ends the savepoint, and with it the locks."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


@dataclass(frozen=True, slots=True)
class Place:
    """What an appointment takes."""

    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_until: datetime
    lanes: Range[int]
    concurrency: int
    resource_id: uuid.UUID | None
    resource_unit: int | None


async def claim(session: AsyncSession, wish: Wish, ignore: uuid.UUID | None = None) -> Place:
    """Lock, look, choose lane and room. `ignore` is the appointment that moves. Raises `Refused` or `NotFound`."""
    kind, rules = await type_of(session, wish.type_id), await rules_of(session)
    payer = await payer_of(session, wish.patient_id) if wish.patient_id else None
    most = concurrency(rules, Asked(kind.id, kind.kind, payer, wish.clinician_id, wish.location_id))
    starts_at, ends_at = wish.starts_at, wish.starts_at + timedelta(minutes=kind.minutes)
    busy_from = starts_at - timedelta(minutes=kind.padding_before)
    busy_until = ends_at + timedelta(minutes=kind.padding_after)
    # Once before waiting in the line, once when it is our turn.
    await _unless_taken(session, wish, most, busy_from, busy_until, ignore)
    await _lock(session, wish, kind, rules)
    others = await _unless_taken(session, wish, most, busy_from, busy_until, ignore)
    await release_expired(session, wish.clinician_id)
    around = max(MARGIN, reach(rules) + MARGIN)
    grid = Grid.over(busy_from - around, busy_until + around)
    query = SlotQuery(
        wish.type_id, starts_at, starts_at + timedelta(minutes=1), wish.location_id, wish.clinician_id,
        payer=payer, audience=wish.audience, ignore=ignore,
    )  # fmt: skip
    material = await load(session, query, grid, rules)
    reasons = _reasons(query, material, grid)
    if reasons and not wish.override_reason:
        raise Refused(reasons)
    room = _room(material, grid, wish.location_id, busy_from, busy_until) if kind.resource_kind else (None, None)
    return Place(
        starts_at, ends_at, busy_from, busy_until, _lane(others, most, beside=bool(wish.override_reason)), most,
        *room,
    )  # fmt: skip


async def _lock(session: AsyncSession, wish: Wish, kind: AppointmentType, rules: Sequence[BookingRule]) -> None:
    """Clinician, then rooms, then rules that count beyond one clinician; rows of each in order of id."""
    practice_id = practice_of(session)
    clinician = (
        select(Clinician)
        .join(
            ClinicianLocation,
            (ClinicianLocation.practice_id == practice_id) & (ClinicianLocation.clinician_id == Clinician.id),
        )
        .where(Clinician.practice_id == practice_id, Clinician.id == wish.clinician_id, Clinician.active)
        .where(ClinicianLocation.location_id == wish.location_id)
        .where(within(session, "schedule:write", ClinicianLocation.location_id))
        .with_for_update(key_share=True, of=Clinician)
    )
    if await session.scalar(clinician) is None:
        raise NotFound("No such clinician works at this clinic.")
    if kind.resource_kind:
        rooms = select(Resource.id).where(Resource.practice_id == practice_id, Resource.kind == kind.resource_kind)
        rooms = rooms.where(Resource.location_id == wish.location_id).order_by(Resource.id)
        await session.execute(rooms.with_for_update(key_share=True))
    wide = [rule.id for rule in rules if rule.per != "clinician"]
    if wide:
        shared = select(BookingRule.id).where(BookingRule.practice_id == practice_id, BookingRule.id.in_(wide))
        await session.execute(shared.order_by(BookingRule.id).with_for_update(key_share=True))


async def release_expired(session: AsyncSession, clinician_id: uuid.UUID | None = None) -> None:
    """Holds that nobody used in time; they were never appointments, so nothing remains of them."""
    expired = delete(Appointment).where(
        Appointment.practice_id == practice_of(session), Appointment.status == "held", Appointment.hold_until <= now()
    )
    if clinician_id:
        expired = expired.where(Appointment.clinician_id == clinician_id)
    await session.execute(expired)


async def payer_of(session: AsyncSession, patient_id: uuid.UUID) -> str | None:
    """Who pays first."""
    query = select(Coverage.payer_name).where(
        Coverage.practice_id == practice_of(session), Coverage.patient_id == patient_id, Coverage.rank == "primary"
    )
    return await session.scalar(query.limit(1))


def _reasons(wanted: SlotQuery, material: Material, grid: Grid) -> list[str]:
    """Why not, in the order in which people want to know."""
    at = now()
    key = next(iter(material.places), None)
    if key is None or not material.type.active:
        return ["not_given"]
    openings = Openings(replace(wanted, start=min(wanted.start, at)), material, grid, at)
    opening = openings.of(key)
    if wanted.start.timestamp() % SECONDS:
        return ["off_grid"]
    here = 1 << (tick_of(wanted.start) - grid.base)
    found = [name for name, mask in (("taken", opening.untaken), ("no_room", opening.room),
             ("blocked", opening.unblocked), ("outside_hours", opening.hours), ("rule", opening.allowed))
             if not mask & here]  # fmt: skip
    if wanted.start < at:
        found.append("past")
    elif wanted.audience == "patient" and not (
        material.type.self_schedulable and openings.offered(opening.location) & here
    ):
        found.append("not_offered")
    return found


async def _unless_taken(
    session: AsyncSession, wish: Wish, most: int, busy_from: datetime, busy_until: datetime, ignore: uuid.UUID | None
) -> list[tuple[int, int]]:
    """The lanes others have at this time. Raises `Refused` where this type cannot share it with anybody."""
    others = await _lanes(session, wish.clinician_id, busy_from, busy_until, ignore)
    if others and most == 1 and not wish.override_reason:
        raise Refused(["taken"])
    return others


async def _lanes(
    session: AsyncSession, clinician_id: uuid.UUID, busy_from: datetime, busy_until: datetime, ignore: uuid.UUID | None
) -> list[tuple[int, int]]:
    query = select(Appointment.lanes).where(
        Appointment.practice_id == practice_of(session), Appointment.clinician_id == clinician_id,
        *occupying(busy_from, busy_until), Appointment.busy_from < busy_until,
    )  # fmt: skip
    if ignore:
        query = query.where(Appointment.id != ignore)
    return [(lanes.lower or 0, lanes.upper or 0) for lanes in await session.scalars(query)]


def _lane(others: Sequence[tuple[int, int]], most: int, *, beside: bool) -> Range[int]:
    """The first share of the clinician's lanes that is free, or (on purpose) one beside them. Raises `Refused`."""
    wide = LANES // most
    shares = [(first, first + wide) for first in range(0, LANES, wide)]
    if beside:
        shares += [(first, first + 1) for first in range(LANES, LANES + BESIDE)]
    for first, last in shares:
        if all(last <= low or high <= first for low, high in others):
            return Range(first, last)
    raise Refused(["taken"])


def _room(
    material: Material, grid: Grid, location_id: uuid.UUID, busy_from: datetime, busy_until: datetime
) -> tuple[uuid.UUID | None, int | None]:
    """The first unit that is free all the time; none when somebody insists although there is none."""
    needed = grid.touching(busy_from, busy_until)
    for unit, free in units_free(grid, material, location_id).items():
        if needed & ~free == 0:
            return unit
    return None, None
