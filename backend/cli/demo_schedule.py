"""The demo's calendar: types, clinicians with their weeks at both clinics, rooms, and a few visits of its leads."""

from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.identity.models import Location, User
from backend.leads.models import Lead
from backend.scheduling import booking, setup, slots
from backend.scheduling.models import AppointmentType, Clinician
from backend.scheduling.setup_schemas import AppointmentTypeIn, AvailabilityIn, ClinicianIn, WeekIn
from backend.scheduling.words import SlotQuery, Wish

TYPES = (
    AppointmentTypeIn(name="Evaluation", kind="evaluation", minutes=60, padding_after=10),
    AppointmentTypeIn(name="Follow-up", kind="follow_up", minutes=45),
    AppointmentTypeIn(name="Free screen", kind="free_screen", minutes=20, padding_after=5),
    AppointmentTypeIn(name="Video follow-up", kind="follow_up", minutes=30, virtual=True),
)
# Name, disciplines, color, demo user, clinics, first and last hour of each half of the week.
CLINICIANS: tuple[tuple[str, tuple[str, ...], str, str | None, tuple[int, ...], tuple[int, int]], ...] = (
    ("Cleo Clinician, PT", ("PT",), "#1971c2", "cleo@northside.example.org", (0, 1), (8, 17)),
    ("Maya Moreno, DPT", ("PT",), "#2f9e44", None, (0,), (8, 16)),
    ("Sam Okafor, OT", ("OT",), "#9c36b5", None, (0,), (9, 18)),
    ("Ines Park, DPT", ("PT",), "#e8590c", None, (1,), (8, 17)),
    ("Theo Lindqvist, PT", ("PT",), "#0c8599", None, (1,), (10, 18)),
)


async def seed_schedule(session: AsyncSession) -> None:
    """What is missing of it."""
    practice_id = practice_of(session)
    if await session.scalar(select(Clinician.id).where(Clinician.practice_id == practice_id).limit(1)):
        return
    types = [await setup.add_type(session, body) for body in TYPES]
    places = select(Location.id).where(Location.practice_id == practice_id).order_by(Location.id)
    clinics = list(await session.scalars(places))
    people = await session.execute(select(User.email, User.id).where(User.practice_id == practice_id))
    users: dict[str, UUID] = dict(people.tuples().all())
    for name, disciplines, color, email, where, (opens, closes) in CLINICIANS:
        at = [clinics[number % len(clinics)] for number in where]
        body = ClinicianIn.model_validate(
            {
                "name": name, "disciplines": disciplines, "color": color, "user_id": users.get(email or ""),
                "location_ids": at, "appointment_type_ids": [kind.id for kind in types],
            }
        )  # fmt: skip
        clinician_id = await setup.add_clinician(session, body)
        await setup.set_week(session, clinician_id, WeekIn(version=1, items=_week(at, opens, closes)))
    await _visits(session, types[0])


def _week(clinics: list[UUID], opens: int, closes: int) -> list[AvailabilityIn]:
    """Monday to Friday with an hour of lunch; the first clinic in the first half of the week."""
    return [
        AvailabilityIn(weekday=day, opens=time(start), closes=time(end), location_id=clinics[day // 3 % len(clinics)])
        for day in range(5)
        for start, end in ((opens, 12), (13, closes))
    ]


async def _visits(session: AsyncSession, evaluation: AppointmentType) -> None:
    """The leads that are scheduled have their evaluation in the coming days."""
    leads = select(Lead).where(Lead.practice_id == practice_of(session), Lead.stage.in_(("scheduled", "intake_sent")))
    for lead in await session.scalars(leads.order_by(Lead.id)):
        query = SlotQuery(evaluation.id, now(), now() + timedelta(days=14), lead.location_id, pick=3)
        free = await slots.find(session, query)
        if free:
            await booking.book(session, Wish.of_slot(free[-1], lead_id=lead.id))
