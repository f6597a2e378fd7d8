"""Care of the demo: people in care with plans in every state, and discharged cases for letters and reports."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import certification
from backend.care.events import EpisodeChanged
from backend.care.models import Episode, PlanOfCare, ProgressReport, Visit
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.identity.models import Location
from backend.identity.owners import default_owner
from backend.leads import placing
from backend.leads.models import Lead, LeadEvent, ReferralOrder
from backend.loop.letters import new_code
from backend.loop.models import Letter
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.patients.service import CoverageFacts
from backend.referral_sources.service import ReferrerFacts, find_or_create
from backend.sandbox.samples.people import Person, invent
from backend.scheduling import booking, slots
from backend.scheduling.models import AppointmentType, Clinician, ClinicianLocation
from backend.scheduling.words import SlotQuery, Wish

# Their seeds draw other people than the referrals of the demo.
FIRST_SEED: Final = 500
# One has sent enough for every sentence of a scorecard, the other too little for any.
SURGEONS: Final = (3, 8)
SECOND_SURGEONS: Final = frozenset({0, 13})
REPAIR: Final = ("Rotator cuff tear, after repair", "M75.121", "shoulder", "Arthroscopic rotator cuff repair")
KNEE: Final = ("Presence of right artificial knee joint", "Z96.651", "knee", "Right total knee arthroplasty")
BACK: Final = ("Low back pain, unspecified", "M54.50", "lumbar spine", None)
REASONS: Final = ("goals_met", "plan_finished", "goals_met", "goals_met", "no_return", "plan_finished", "insurance")
EXTERNAL: Final = "demo-care-"
FIRST_TRY: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Case:
    """One patient: `ago` days since the evaluation, `lasts` days of care (None: in care), how the plan stands."""

    problem: tuple[str, str, str, str | None]
    ago: int
    lasts: int | None = None
    plan: str = "signed"
    order: bool = True
    silent: int = 0
    books: bool = False


SHOULDERS = tuple(Case(REPAIR, 132 - 5 * number, 48 + number % 4) for number in range(14))
OTHERS = tuple(Case(KNEE if number % 2 else BACK, 120 - 14 * number, 35) for number in range(4))
GOING_ON = (
    Case(REPAIR, 3, plan="none"),
    Case(KNEE, 9, plan="ready", books=True),
    Case(REPAIR, 20, plan="sent", books=True),
    Case(BACK, 22, plan="sent", order=False, books=True),
    Case(KNEE, 30, plan="signed", books=True),
    Case(BACK, 41, plan="none", books=True),
    Case(REPAIR, 52, plan="signed"),
    Case(BACK, 64, plan="sent", silent=34),
)


async def seed(context: ProcessContext, practice_id: UUID) -> None:
    """Make it once."""
    async with context.database.transaction(practice_id) as session:
        known = select(Episode.id).where(Episode.practice_id == practice_id, Episode.external_id == f"{EXTERNAL}0")
        if await session.scalar(known) is not None:
            return
        where = list(
            await session.execute(
                select(Location, ClinicianLocation.clinician_id)
                .join(ClinicianLocation, ClinicianLocation.location_id == Location.id)
                .join(Clinician, Clinician.id == ClinicianLocation.clinician_id)
                .where(Location.practice_id == practice_id)
                .order_by(Clinician.name, Location.id)
            )
        )
        for number, case in enumerate((*SHOULDERS, *OTHERS, *GOING_ON)):
            location, clinician_id = where[number % len(where)]
            person = _of(case, invent(FIRST_SEED + number, now().date()), number)
            await _Story(session, case, person, location, clinician_id, number).write()


def _of(case: Case, person: Person, number: int) -> Person:
    """The invented person with this problem, sent by one of two surgeons or their own doctor."""
    diagnosis, icd10, part, procedure = case.problem
    if case.problem is REPAIR:
        surgeon = invent(SURGEONS[number in SECOND_SURGEONS], now().date())
        person = replace(person, provider=surgeon.provider, npi=surgeon.npi, office=surgeon.office)
    side = None if part == "lumbar spine" else ("right", "left")[number % 2 if part == "shoulder" else 0]
    phone = f"(630) 555-01{number:02d}"
    return replace(
        person, phone=phone, diagnosis=diagnosis, icd10=icd10, body_part=part, side=side, procedure=procedure
    )


@dataclass(slots=True)
class _Story:
    """Everything of one patient, with the times it would have had."""

    session: AsyncSession
    case: Case
    person: Person
    location: Location
    clinician_id: UUID
    number: int

    async def write(self) -> None:
        practice_id, evaluated = practice_of(self.session), self._at(now().date() - timedelta(days=self.case.ago), 10)
        referrer = await find_or_create(
            self.session, ReferrerFacts(self.person.provider, "MD", self.person.npi, self.person.office)
        )
        lead = await self._lead(evaluated)
        episode = self._episode(lead, referrer.id, evaluated.date())
        order = self._order(lead, referrer.id, evaluated)
        self.session.add_all((order, episode))
        await self.session.flush()
        self.session.add(self._unwritten(order))
        self.session.add_all(self._history(lead, episode, evaluated))
        self.session.add_all(self._visits(episode, evaluated))
        if self.case.plan != "none":
            self.session.add(self._plan(episode, evaluated))
        if self.case.ago > 20:
            written = episode.started_on + timedelta(days=min(self.case.lasts or self.case.ago, 30) - 2)
            self.session.add(
                ProgressReport(
                    practice_id=practice_id, episode_id=episode.id, written_on=written, written_by="Cleo Clinician",
                    created_at=self._at(written, 17),
                )
            )  # fmt: skip
        await self.session.flush()
        if self.case.lasts is None:
            await publish(self.session, EpisodeChanged(episode.id))
        if self.case.books:
            await self._book(lead)

    def _at(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), ZoneInfo(self.location.timezone))

    async def _lead(self, evaluated: datetime) -> Lead:
        person, session = self.person, self.session
        patient = await patients.create(session, PatientFacts(
            first_name=person.first, middle_name=person.middle or None, last_name=person.last, dob=person.dob,
            sex="F" if person.sex == "Female" else "M", phone=person.phone,
            address=f"{person.street}, {person.city}, {person.state} {person.zip}",
        ))  # fmt: skip
        coverage = CoverageFacts("primary", person.payer, person.member_id, person.group)
        await patients.cover(session, patient.id, [coverage])
        stage = "discharged" if self.case.lasts else "first_visit_complete" if self.case.plan == "none" else "in_care"
        opened, owner = evaluated - timedelta(days=5), await default_owner(session, self.location.id)
        lead = Lead(
            practice_id=practice_of(session), id=new_id(), patient_id=patient.id, stage=stage, open=False,
            rank=await placing.top_of(session, stage), location_id=self.location.id, source="fax",
            owner_user_id=owner.user_id, owner_team_id=owner.team_id, opened_at=opened,
            stage_entered_at=evaluated + timedelta(days=self.case.lasts or 0), first_attempt_at=opened + FIRST_TRY,
            first_contact_at=opened + FIRST_TRY, closed_at=evaluated, evaluation_at=evaluated,
            evaluation_state="attended", version=1,
        )  # fmt: skip
        session.add(lead)
        await session.flush()
        return lead

    def _order(self, lead: Lead, referrer_id: UUID, evaluated: datetime) -> ReferralOrder:
        person = self.person
        return ReferralOrder(
            practice_id=lead.practice_id, lead_id=lead.id, referrer_id=referrer_id, discipline="PT",
            referral_date=evaluated.date() - timedelta(days=6), diagnosis_text=person.diagnosis,
            icd10_codes=[person.icd10], body_part=person.body_part, side=person.side, procedure=person.procedure,
            surgery_date=self._surgery(evaluated.date()), evaluate_and_treat=True, frequency_per_week=2,
            duration_weeks=8, signed=self.case.order, created_at=lead.opened_at,
        )  # fmt: skip

    def _unwritten(self, order: ReferralOrder) -> Letter:
        """As for any referral from before a practice had letters: nobody is told now of what is long ago."""
        return Letter(
            practice_id=order.practice_id, id=new_id(), kind="received", cause=f"received:{order.id}",
            referrer_id=order.referrer_id, lead_id=order.lead_id, state="not_sent", reason="before_letters",
            due_at=order.created_at, code=new_code(), written_by="Frontdesk", created_at=order.created_at,
        )  # fmt: skip

    def _surgery(self, evaluated: date) -> date | None:
        return evaluated - timedelta(days=12) if self.person.procedure else None

    def _episode(self, lead: Lead, referrer_id: UUID, started_on: date) -> Episode:
        person, lasts = self.person, self.case.lasts
        ended_on = started_on + timedelta(days=lasts) if lasts else None
        return Episode(
            practice_id=lead.practice_id, id=new_id(), patient_id=lead.patient_id, lead_id=lead.id,
            location_id=self.location.id, clinician_id=self.clinician_id, referrer_id=referrer_id, discipline="PT",
            body_region=person.body_part, side=person.side, procedure=person.procedure,
            surgery_date=self._surgery(started_on), diagnoses=f"{person.diagnosis}; {person.icd10}",
            frequency_per_week=2, duration_weeks=8,
            order_signed_on=started_on - timedelta(days=6) if self.case.order else None, started_on=started_on,
            state="discharged" if ended_on else "active", ended_on=ended_on,
            discharge_reason=REASONS[self.number % len(REASONS)] if ended_on else None,
            discharged_at=self._at(ended_on, 16) if ended_on else None,
            discharged_by="Cleo Clinician" if ended_on else None, external_id=f"{EXTERNAL}{self.number}", version=1,
            created_at=self._at(started_on, 10),
        )  # fmt: skip

    def _history(self, lead: Lead, episode: Episode, evaluated: datetime) -> list[LeadEvent]:
        opened, ended = lead.opened_at, episode.discharged_at
        path = [
            (opened, "opened", None, "new", {"source": "fax"}),
            (opened + FIRST_TRY, "call", None, None, {"outcome": "reached"}),
            (opened + FIRST_TRY, "moved", "new", "contacted", {}),
            (opened + 2 * FIRST_TRY, "evaluation_booked", None, None, {"at": evaluated.isoformat()}),
            (opened + 2 * FIRST_TRY, "moved", "contacted", "scheduled", {}),
            (evaluated, "evaluation_attended", None, None, {}),
            (evaluated, "moved", "scheduled", "first_visit_complete", {}),
            (evaluated, "care_begun", None, None, {"episode_id": str(episode.id)}),
        ]
        if lead.stage != "first_visit_complete":
            path.append((evaluated + timedelta(hours=1), "moved", "first_visit_complete", "in_care", {}))
        if ended is not None:
            path.append((ended, "discharged", None, None, {"reason": str(episode.discharge_reason)}))
            path.append((ended, "moved", "in_care", "discharged", {}))
        return [
            LeadEvent(
                practice_id=lead.practice_id, lead_id=lead.id, at=at, kind=kind, actor_kind="system",
                actor_name="Frontdesk", actor_id="frontdesk", from_stage=left, to_stage=to, detail=detail,
            )
            for at, kind, left, to, detail in path
        ]  # fmt: skip

    def _visits(self, episode: Episode, evaluated: datetime) -> list[Visit]:
        """Twice a week, now and then one that did not take place."""
        dice, found = random.Random(f"visits {self.number}"), [("evaluation", evaluated, "attended")]
        last = (self.case.lasts or self.case.ago - max(self.case.silent, 1)) - 1
        for days in range(4, last + 1):
            at = evaluated + timedelta(days=days)
            if at.weekday() in {1, 3}:
                states = ("attended",) * 16 + ("no_show", "late_cancel", "canceled", "clinic_canceled")
                found.append(("treatment", at, dice.choice(states)))
        return [
            Visit(
                practice_id=episode.practice_id, episode_id=episode.id, patient_id=episode.patient_id,
                location_id=episode.location_id, clinician_id=episode.clinician_id, kind=kind, scheduled_at=at,
                day=at.date(), state=state, source="desk", recorded_by="Dana Desk", recorded_at=at, version=1,
            )
            for kind, at, state in found
        ]  # fmt: skip

    def _plan(self, episode: Episode, evaluated: datetime) -> PlanOfCare:
        ready, sent = evaluated + timedelta(hours=2), evaluated + timedelta(days=1)
        signed = self.case.plan == "signed"
        return PlanOfCare(
            practice_id=episode.practice_id, id=new_id(), episode_id=episode.id, number=1, kind="initial",
            starts_on=episode.started_on, ends_on=certification.last_day(episode.started_on, 8), frequency_per_week=2,
            duration_weeks=8, goals=["Back to work and sleep without pain by week 8", "Home program without help"],
            diagnoses=[f"{self.person.icd10} {self.person.diagnosis}"], ready_at=ready, ready_by="Cleo Clinician",
            sent_at=sent if self.case.plan in {"sent", "signed"} else None,
            sent_how="fax" if self.case.plan in {"sent", "signed"} else None,
            signed_on=sent.date() + timedelta(days=2) if signed else None, signed_how="fax" if signed else None,
            version=1, created_at=ready,
        )  # fmt: skip

    async def _book(self, lead: Lead) -> None:
        """The next visit, at a time that is free."""
        session = self.session
        follow_up = await session.scalar(
            select(AppointmentType.id).where(
                AppointmentType.practice_id == lead.practice_id, AppointmentType.name == "Follow-up"
            )
        )
        if follow_up is None:
            return
        query = SlotQuery(follow_up, now() + timedelta(days=1), now() + timedelta(days=9), lead.location_id, pick=3)
        free = await slots.find(session, query)
        if free:
            await booking.book(session, Wish.of_slot(free[-1], lead_id=lead.id))
