"""What comes back by fax: answers land on their lead, a signed plan on its episode, and neither becomes a lead."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from reportlab.lib.units import mm

from backend.care import plans
from backend.care import service as care
from backend.care.schemas import PlanIn
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.leads import orders
from backend.leads import service as leads
from backend.loop import page
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.referral_sources.service import ReferrerFacts
from tests.conftest import PASSWORD, SamplePractice
from tests.fax_carriers import World, open_world

DOCTOR = "+13125550177"
SIGNATURE = {"x": 0.15, "y": 0.785}


class Office:
    """The desk and the doctor's office, which answers by fax."""

    def __init__(self, world: World, practice: SamplePractice) -> None:
        self.world, self.practice, self.http, self.admin = world, practice, world.http, world.admin

    async def sign_in(self) -> None:
        body = {"email": self.practice.email, "password": PASSWORD}
        answer = await self.http.post("/api/v1/session", json=body)
        self.http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    async def refer(self, first: str = "Ada") -> uuid.UUID:
        """A referral that lacks its side and a signature."""
        async with self.world.context.database.transaction(self.practice.id) as session:
            facts = PatientFacts(first_name=first, last_name="Sample", dob=now().date() - timedelta(days=20000))
            patient = await patients.create(session, facts)
            lead = await leads.open_lead(session, leads.NewLead(patient.id, "fax", self.practice.location_id))
            who = ReferrerFacts("Rowan Ortho", "MD", fax=DOCTOR)
            await orders.add(session, lead, orders.OrderFacts(referrer=who, body_part="knee", diagnosis_text="Pain"))
        return lead.id

    async def work(self) -> None:
        for _ in range(5):
            await self.admin.execute("UPDATE letters SET due_at = now() WHERE state = 'waiting'")
            await self.world.work(rounds=2)
            await asyncio.sleep(0.05)

    async def newest(self) -> dict[str, Any]:
        """What the doctor's machine printed last."""
        faxes = (await self.http.get("/sandbox/faxes", params={"to": DOCTOR})).json()
        return dict(max(faxes, key=lambda fax: fax["received_at"]))

    async def answer(self, ticks: tuple[dict[str, float], ...] = (), signature: Any = SIGNATURE) -> None:
        """The page printed last is ticked, signed and fed back."""
        fax = await self.newest()
        sent = await self.http.post(
            f"/sandbox/faxes/{fax['id']}/back", json={"ticks": list(ticks), "signature": signature}
        )
        assert sent.status_code == 201, sent.text
        async with asyncio.timeout(10):
            while not self.world.sandbox.carriers.store.faxes[sent.json()["id"]].told:
                await asyncio.sleep(0.01)
        await self.work()

    async def tasks(self, lead_id: uuid.UUID) -> list[str]:
        rows = await self.admin.fetch("SELECT kind FROM tasks WHERE lead_id = $1 AND done_at IS NULL", lead_id)
        return sorted(row["kind"] for row in rows)


@pytest.fixture
async def office(
    app: FastAPI,
    context: ProcessContext,
    practice: SamplePractice,
    admin: "asyncpg.Connection",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Office]:
    """Signed in, with one carrier's line."""
    async with open_world(app, context, practice, admin, tmp_path / "sandbox", monkeypatch) as world:
        await admin.execute("UPDATE fax_lines SET active = (provider = 'telnyx')")
        found = Office(world, practice)
        await found.sign_in()
        yield found


async def box_of(office: Office, number: int) -> dict[str, float]:
    """Where a box of the newest request is on the printed page, as a person would see it."""
    places = await office.admin.fetchval("SELECT places FROM letters WHERE kind = 'missing_info'")
    x0, y0, x1, y1 = json.loads(places)["ticks"][number]
    left, top = page.WIDTH - page.LEFT - page.CODE_SIDE, page.HEIGHT - (page.FOOT - 6 * mm)
    return {
        "x": (left + (x0 + x1) / 2 * page.CODE_SIDE) / page.WIDTH,
        "y": (top + (y0 + y1) / 2 * page.CODE_SIDE) / page.HEIGHT,
    }


async def test_what_is_missing_is_asked_for_and_the_answer_lands_on_its_lead(office: Office) -> None:
    lead_id = await office.refer()
    await office.work()
    draft = (await office.http.get(f"/api/v1/leads/{lead_id}/missing-info")).json()
    assert [ask["key"] for ask in draft["asks"] if ask["missing"]] == ["side", "signature"]
    assert (draft["way"], draft["address"], draft["cannot"]) == ("fax", DOCTOR, None)
    body = {"asks": ["side", "signature"], "note": "The order names the knee only."}
    key = {"Idempotency-Key": "k1"}
    made = await office.http.post(f"/api/v1/leads/{lead_id}/missing-info", json=body, headers=key)
    again = await office.http.post(f"/api/v1/leads/{lead_id}/missing-info", json=body, headers=key)
    assert made.status_code == again.status_code == 201 and made.json()["id"] == again.json()["id"]
    await office.work()
    await office.answer((await box_of(office, 0),))
    letter = (await office.http.get(f"/api/v1/letters/{made.json()['id']}")).json()
    assert letter["state"] == "sent" and letter["sendings"][0]["state"] == "delivered"
    assert {ask["key"]: ask["answers"] for ask in letter["asks"]} == {"side": ["Left"], "signature": ["Signed"]}
    row = await office.admin.fetchrow("SELECT status, letter_code, lead_id FROM faxes JOIN fax_segments s "
                                      "ON s.fax_id = faxes.id")  # fmt: skip
    assert (row["status"], row["lead_id"]) == ("filed", lead_id) and row["letter_code"]
    assert str(letter["returned_fax_id"]) and "letter_answer" in await office.tasks(lead_id)
    assert await office.admin.fetchval("SELECT count(*) FROM leads") == 1
    assert await office.admin.fetchval("SELECT count(*) FROM referral_orders") == 1


async def test_the_same_page_empty_takes_no_answer_back(office: Office) -> None:
    lead_id = await office.refer()
    await office.work()
    body = {"asks": ["side", "signature"]}
    made = await office.http.post(f"/api/v1/leads/{lead_id}/missing-info", json=body)
    await office.work()
    await office.answer((await box_of(office, 0),))
    first = (await office.http.get(f"/api/v1/letters/{made.json()['id']}")).json()
    await office.answer(signature=None)
    again = (await office.http.get(f"/api/v1/letters/{made.json()['id']}")).json()
    assert await office.admin.fetchval("SELECT count(*) FROM faxes WHERE status = 'filed'") == 2
    assert {ask["key"]: ask["answers"] for ask in again["asks"]} == {"side": ["Left"], "signature": ["Signed"]}
    assert again["returned_fax_id"] == first["returned_fax_id"]


async def test_a_page_that_names_somebody_else_is_held(office: Office) -> None:
    lead_id = await office.refer()
    await office.work()
    await office.admin.execute(
        "UPDATE patients SET first_name = 'Zelda', last_name = 'Other', dob = '1999-01-01' "
        "WHERE id = (SELECT patient_id FROM leads WHERE id = $1)", lead_id,
    )  # fmt: skip
    await office.answer(signature=None)
    held = await office.admin.fetchrow("SELECT status FROM faxes")
    reasons = await office.admin.fetchval("SELECT hold_reasons FROM fax_segments")
    assert held["status"] == "needs_review" and reasons == ["another_patient"]
    assert await office.admin.fetchval("SELECT returned_at FROM letters WHERE kind = 'received'") is None


async def plan_of(office: Office, lead_id: uuid.UUID) -> uuid.UUID:
    async with office.world.context.database.transaction(office.practice.id) as session:
        today = now().astimezone(ZoneInfo("America/Chicago")).date()
        episode = await care.open_episode(session, lead_id, today)
        plan = await plans.create(
            session, episode.id,
            PlanIn(frequency_per_week=2, duration_weeks=8, goals=["Climb stairs"], diagnoses=["M25.562"]),
        )  # fmt: skip
        await plans.ready(session, plan.id)
    return plan.id


@pytest.mark.parametrize("signed", [True, False])
async def test_a_plan_of_care_that_comes_back_attaches_itself(office: Office, signed: bool) -> None:
    lead_id = await office.refer()
    await office.work()
    plan_id = await plan_of(office, lead_id)
    await office.work()
    plan = await office.admin.fetchrow("SELECT sent_at, sent_how FROM plans_of_care")
    assert plan["sent_at"] is not None and plan["sent_how"] == "fax"
    await office.answer(signature=SIGNATURE if signed else None)
    row = await office.admin.fetchrow("SELECT signed_on, signed_fax_id FROM plans_of_care WHERE id = $1", plan_id)
    fax_id = await office.admin.fetchval("SELECT id FROM faxes")
    assert row["signed_fax_id"] == (fax_id if signed else None)
    assert await office.admin.fetchval("SELECT status FROM faxes") == "filed"
    assert ("letter_answer" in await office.tasks(lead_id)) is not signed
    assert await office.admin.fetchval("SELECT count(*) FROM leads") == 1


async def test_a_signed_plan_without_its_code_waits_for_a_person_and_never_becomes_a_lead(office: Office) -> None:
    lead_id = await office.refer()
    await office.work()
    plan_id = await plan_of(office, lead_id)
    await office.work()
    await office.admin.execute("UPDATE letters SET code = 'ABCDEFGHJKMNPQRSTUV2' WHERE kind = 'plan_of_care'")
    await office.answer()
    fax = await office.admin.fetchrow("SELECT id, status, version FROM faxes")
    assert fax["status"] == "needs_review"
    shown = (await office.http.get(f"/api/v1/faxes/{fax['id']}")).json()
    body = {"version": shown["version"], "segments": []}
    assert (await office.http.post(f"/api/v1/faxes/{fax['id']}/confirm", json=body)).status_code == 422
    body["segments"] = [{"index": shown["segments"][0]["index"], "fields": {}, "lead_id": str(lead_id)}]
    filed: httpx.Response = await office.http.post(f"/api/v1/faxes/{fax['id']}/confirm", json=body)
    assert filed.status_code == 200, filed.text
    assert await office.admin.fetchval("SELECT count(*) FROM leads") == 1
    signed = await office.admin.fetchval("SELECT signed_fax_id FROM plans_of_care WHERE id = $1", plan_id)
    assert signed == fax["id"]
