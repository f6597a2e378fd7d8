"""Letters to referrers through the emulated carriers: what is sent, once, to whom, with which proof."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI

from backend.core.context import ProcessContext
from backend.faxes.models import FaxLine
from backend.faxes.ports import PROVIDERS
from backend.leads import orders
from backend.leads import service as leads
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.referral_sources.service import ReferrerFacts
from tests.conftest import SamplePractice
from tests.fax_carriers import World, open_world

DOCTOR = "+13125550177"


@pytest.fixture
async def world(
    app: FastAPI,
    context: ProcessContext,
    practice: SamplePractice,
    admin: "asyncpg.Connection",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[World]:
    """Carriers and product in this process."""
    async with open_world(app, context, practice, admin, tmp_path / "sandbox", monkeypatch) as found:
        yield found


async def refer(world: World, practice: SamplePractice, fax: str | None = DOCTOR) -> uuid.UUID:
    """A lead with an order of a doctor."""
    async with world.context.database.transaction(practice.id) as session:
        patient = await patients.create(session, PatientFacts(first_name="Ada", last_name="Sample"))
        lead = await leads.open_lead(session, leads.NewLead(patient.id, "fax", practice.location_id))
        facts = orders.OrderFacts(referrer=ReferrerFacts("Rowan Ortho", "MD", fax=fax), body_part="shoulder")
        await orders.add(session, lead, facts)
    return lead.id


async def only(world: World, practice: SamplePractice, provider: str) -> None:
    """Only this carrier's line is in use."""
    async with world.context.database.transaction(practice.id) as session:
        for line in await session.scalars(FaxLine.__table__.select().with_only_columns(FaxLine.id)):
            row = await session.get_one(FaxLine, (practice.id, line))
            row.active = row.provider == provider


async def states(world: World) -> list[tuple[str, str, str | None]]:
    """(kind, state, reason) of every letter."""
    rows = await world.admin.fetch("SELECT kind, state, reason FROM letters ORDER BY created_at, id")
    return [(row["kind"], row["state"], row["reason"]) for row in rows]


async def go(world: World, rounds: int = 6) -> None:
    """Everything that waits for its time has it."""
    for _ in range(rounds):
        await world.admin.execute("UPDATE letters SET due_at = now() WHERE state = 'waiting'")
        await world.work(rounds=2)


async def sent_to(world: World, number: str = DOCTOR) -> list[dict[str, object]]:
    """What the doctor's machine was given."""
    found: list[dict[str, object]] = (await world.http.get("/sandbox/faxes", params={"to": number})).json()
    return found


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_referral_is_answered_through_every_carrier(
    world: World, practice: SamplePractice, provider: str
) -> None:
    await only(world, practice, provider)
    await refer(world, practice)
    await go(world)
    assert await states(world) == [("received", "sent", None)]
    (fax,) = await sent_to(world)
    assert (fax["direction"], fax["status"], fax["provider"], fax["pages"]) == ("outbound", "delivered", provider, 1)
    row = await world.admin.fetchrow("SELECT * FROM letter_sendings")
    assert (row["state"], row["to_address"], row["external_id"], row["pages"]) == ("delivered", DOCTOR, fax["id"], 1)
    assert row["finished_at"] is not None
