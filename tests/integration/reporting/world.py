"""The forty referrals as the product itself would have written them: its services, its clock turned to each moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from backend.care import service as care
from backend.care import visits
from backend.care.outcomes.models import OutcomeScore
from backend.care.visits import VisitFacts
from backend.core import clock
from backend.core.actor import act_as
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.identity import service as identity
from backend.leads import evaluations, merging, orders
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.patients.service import CoverageFacts
from backend.referral_sources.service import ReferrerFacts
from backend.reporting import refresh
from tests.conftest import SamplePractice
from tests.integration.reporting.forty_referrals import ASKED, YEAR, ZONES, Referral, moment

NPIS = {"Adams": "1245319599", "Brown": "1679576722", "Chen": "1003000126"}
MEASURES = {
    "shoulder": ("quickdash", "1", False), "knee": ("lefs", "1", True), "lumbar spine": ("odi", "2.1a", False),
}  # fmt: skip
EVERY = timedelta(days=3)


@contextmanager
def at(when: datetime | None) -> Iterator[None]:
    """The product's clock stands here."""
    assert when is not None
    clock.follow(lambda: when.astimezone(UTC))
    try:
        yield
    finally:
        clock.shift_by(timedelta(0))


@dataclass
class World:
    """One practice and its referrals by number."""

    context: ProcessContext
    practice: SamplePractice
    admin: "asyncpg.Connection"
    clinics: dict[str, UUID] = field(default_factory=dict)
    leads: dict[int, UUID] = field(default_factory=dict)
    referrers: dict[str, UUID] = field(default_factory=dict)
    other: "World | None" = None

    async def act(self, what: Any, *args: Any, **facts: Any) -> Any:
        """Dana does something."""
        async with self.context.database.transaction(self.practice.id) as session:
            act_as(session, self.practice.actor)
            return await what(session, *args, **facts)

    async def clinic(self, name: str) -> None:
        """One more, or the first one under the name of the list."""
        if not self.clinics:
            self.clinics[name] = self.practice.location_id
            await self.admin.execute(
                "UPDATE locations SET name = $2, timezone = $3 WHERE id = $1", self.practice.location_id, name,
                str(ZONES[name]),
            )  # fmt: skip
            return
        place = await self.act(identity.create_location, name=name, timezone=str(ZONES[name]))
        self.clinics[name] = place.id

    async def refer(self, one: Referral) -> None:
        """Everything that became of one referral."""
        with at(moment(one, one.received)):
            self.leads[one.number] = await self.act(self._open, one)
        lead = self.leads[one.number]
        for step, when in sorted(self._steps(one), key=lambda item: item[1]):
            with at(when):
                await step(one, lead)
        if one.special.startswith("merged into"):
            into = self.leads[int(one.special.rsplit(" ", 1)[1])]
            with at(moment(one, "03-17 16:00")):
                await self.act(self._merge, lead, into)

    def _steps(self, one: Referral) -> list[tuple[Any, datetime]]:
        """What happens when; what happens at once keeps this order."""
        seen = one.seen or (one.visit if one.visits else "")
        over = moment(one, one.visit)
        told = {
            self._tried: moment(one, one.tried) if one.tried != one.reached else None,
            self._reached: moment(one, one.reached),
            self._lost: moment(one, one.lost),
            self._reopened: moment(one, one.reopened),
            self._booked: moment(one, one.booked),
            self._first_over: over + timedelta(hours=1) if over else None,
            self._rebooked: moment(one, one.rebooked),
            self._seen: moment(one, seen) if one.seen else None,
        }  # fmt: skip
        if one.first == "canceled":
            told[self._first_over] = over - timedelta(days=1) if over else None
        found = [(step, when) for step, when in told.items() if when is not None]
        if one.visits:
            found.append((self._care, ASKED - timedelta(days=1)))
        if one.special == "stranger":
            found.append((self._stranger, moment(one, "06-02 09:35") or ASKED))
        if one.special == "moved by hand":
            found.append((self._moved, moment(one, "07-09 11:00") or ASKED))
        return found

    async def _open(self, session: Any, one: Referral) -> UUID:
        patient = await patients.create(session, PatientFacts(first_name=f"Nr{one.number}", last_name="Sample"))
        if one.payer:
            await patients.cover(session, patient.id, [CoverageFacts("primary", one.payer)])
        new = NewLead(patient.id, one.source, self.clinics[one.clinic], opened_at=moment(one, one.received))
        lead = await leads.open_lead(session, new)
        if one.referrer:
            facts = ReferrerFacts(name=f"{one.referrer} Sample", npi=NPIS[one.referrer])
            surgery = date(YEAR, 1, 20) if one.surgery else None
            order = await orders.add(
                session, lead, orders.OrderFacts(referrer=facts, body_part=one.part, surgery_date=surgery)
            )
            assert order.referrer_id is not None
            self.referrers[one.referrer] = order.referrer_id
        return lead.id

    async def _tried(self, one: Referral, lead: UUID) -> None:
        await self.act(leads.log_call, lead, "no_answer", None)

    async def _stranger(self, one: Referral, lead: UUID) -> None:
        await self.act(leads.note_reply, lead, new_id(), "wrong_person")

    async def _reached(self, one: Referral, lead: UUID) -> None:
        if one.special == "called us":
            await self.act(leads.note_incoming_call, lead, new_id(), "answered")
        else:
            await self.act(leads.log_call, lead, "reached", None)
        if one.special == "moved by hand":
            await self.act(self._move, lead, "scheduled")

    async def _booked(self, one: Referral, lead: UUID) -> None:
        await self.act(evaluations.book, lead, moment(one, one.visit))

    async def _rebooked(self, one: Referral, lead: UUID) -> None:
        await self.act(evaluations.book, lead, moment(one, one.seen))

    async def _first_over(self, one: Referral, lead: UUID) -> None:
        what = {"attended": evaluations.attended, "missed": evaluations.missed, "canceled": evaluations.cancel}
        await self.act(what[one.first], lead)

    async def _seen(self, one: Referral, lead: UUID) -> None:
        await self.act(evaluations.attended, lead)

    async def _lost(self, one: Referral, lead: UUID) -> None:
        await self.act(self._move, lead, "lost", one.lost_reason)

    async def _reopened(self, one: Referral, lead: UUID) -> None:
        await self.act(leads.reopen, lead)

    async def _moved(self, one: Referral, lead: UUID) -> None:
        await self.act(self._move, lead, "first_visit_complete")

    async def _move(self, session: Any, lead: UUID, stage: str, reason: str | None = None) -> None:
        version = (await leads.locked(session, lead)).version
        await leads.move(session, lead, stage=stage, version=version, lost_reason=reason)

    async def _merge(self, session: Any, lead: UUID, into: UUID) -> None:
        versions = [(await leads.locked(session, each)).version for each in (lead, into)]
        await merging.merge(session, lead, into, *versions)

    async def _care(self, one: Referral, lead: UUID) -> None:
        start = moment(one, one.seen or one.visit)
        assert start is not None
        episode = await self.act(care.open_episode, lead, start.date())
        states = ["attended"] * one.visits + list(one.missed)
        await self.act(self._come, episode.id, start, states)
        await self.act(self._rate, one, lead, episode.id)
        if one.ended:
            day = date.fromisoformat(f"{YEAR}-{one.ended}")
            await self.act(care.discharge, episode.id, reason=one.reason, ended_on=day)
        if one.booked_ahead:
            await self._book_ahead(one, lead)

    async def _come(self, session: Any, episode: UUID, start: datetime, states: list[str]) -> None:
        for number, state in enumerate(states):
            facts = VisitFacts(start + number * EVERY, state, kind="treatment" if number else "evaluation")
            await visits.record(session, episode, facts)

    async def _rate(self, session: Any, one: Referral, lead: UUID, episode: UUID) -> None:
        patient_id = (await leads.locked(session, lead)).patient_id
        for day, score in one.scores:
            instrument, version, better = MEASURES[str(one.part)]
            taken = moment(one, f"{day} 11:00")
            session.add(
                OutcomeScore(
                    practice_id=self.practice.id, id=new_id(), patient_id=patient_id, episode_id=episode, lead_id=lead,
                    instrument=instrument, instrument_version=version, language="en", rule_version="2026.1",
                    unit="points", parts={}, score=Decimal(str(score)), higher_better=better, occasion="progress",
                    taken_at=taken, source="import", recorded_by="import", created_at=taken,
                )
            )  # fmt: skip
        await session.flush()

    async def _book_ahead(self, one: Referral, lead: UUID) -> None:
        """A visit to come. What it needs beside is another test's."""
        starts = moment(one, one.booked_ahead)
        assert starts is not None
        patient = await self.admin.fetchval("SELECT patient_id FROM leads WHERE id = $1", lead)
        await self.admin.execute("SET session_replication_role = replica")
        await self.admin.execute(
            "INSERT INTO appointments (practice_id, id, type_id, clinician_id, location_id, patient_id, lead_id, "
            "status, starts_at, ends_at, busy_from, busy_until, lanes, source, created_at) VALUES"
            " ($1, $2, $2, $2, $3, $4, $5, 'booked', $6, $7, $6, $7, '[0,60)', 'staff', $8)",
            self.practice.id, new_id(), self.clinics[one.clinic], patient, lead, starts, starts + timedelta(hours=1),
            ASKED,
        )  # fmt: skip
        await self.admin.execute("RESET session_replication_role")

    async def fresh(self) -> None:
        """The facts as of the moment of asking."""
        with at(ASKED):
            transaction = self.context.database.transaction
            await refresh.settle(lambda: transaction(self.practice.id), ASKED.astimezone(UTC))
