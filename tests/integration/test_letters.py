"""Letters to referrers through the emulated carriers: what is sent, once, to whom, with which proof."""

import re
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI

from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.faxes.models import FaxLine
from backend.faxes.ports import PROVIDERS
from backend.followup.sequences import acting
from backend.followup.sequences.models import Enrollment
from backend.followup.sequences.steps import TellReferrerStep
from backend.leads import evaluations, orders
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.operations.service import replay_delivery
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


async def timeline(world: World, lead_id: uuid.UUID) -> list[str]:
    rows = await world.admin.fetch("SELECT kind FROM lead_events WHERE lead_id = $1 ORDER BY at, id", lead_id)
    return [row["kind"] for row in rows]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_busy_line_is_tried_again_later_and_never_twice(
    world: World, practice: SamplePractice, provider: str
) -> None:
    await only(world, practice, provider)
    await world.http.post("/sandbox/faults", json={"provider": provider, "fault": "busy"})
    await refer(world, practice)
    await go(world, rounds=1)
    assert await states(world) == [("received", "waiting", "busy")]
    await go(world)
    assert await states(world) == [("received", "sent", None)]
    assert [fax["status"] for fax in await sent_to(world)] == ["failed", "delivered"]


async def test_a_line_that_stays_busy_ends_with_a_person(world: World, practice: SamplePractice) -> None:
    await only(world, practice, "telnyx")
    await world.http.post("/sandbox/faults", json={"provider": "telnyx", "fault": "no_answer", "count": 99})
    lead_id = await refer(world, practice)
    await go(world, rounds=10)
    assert await states(world) == [("received", "failed", "no_answer")]
    assert len(await sent_to(world)) == 5
    kinds = await world.admin.fetch("SELECT kind FROM tasks WHERE done_at IS NULL AND lead_id = $1", lead_id)
    assert "letter_failed" in {row["kind"] for row in kinds}


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault", ["midway", "bad_number"])
async def test_what_may_have_arrived_or_cannot_is_left_to_a_person(
    world: World, practice: SamplePractice, provider: str, fault: str
) -> None:
    await only(world, practice, provider)
    await world.http.post("/sandbox/faults", json={"provider": provider, "fault": fault})
    await refer(world, practice)
    await go(world)
    ((_, state, reason),) = await states(world)
    assert state == "failed" and reason
    assert len(await sent_to(world)) == 1
    reached = await world.admin.fetchval("SELECT reached FROM letter_sendings")
    assert (reached == "before_data") == (fault == "bad_number")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_answer_that_never_came_is_looked_for_before_anything_is_sent_again(
    world: World, practice: SamplePractice, provider: str
) -> None:
    await only(world, practice, provider)
    await world.http.post("/sandbox/faults", json={"provider": provider, "fault": "lost_answer"})
    await world.http.post("/sandbox/faults", json={"provider": provider, "fault": "drop"})
    await refer(world, practice)
    await go(world)
    assert await states(world) == [("received", "sent", None)]
    assert len(await sent_to(world)) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_worker_that_dies_between_call_and_record_sends_exactly_one_fax(
    world: World, practice: SamplePractice, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await only(world, practice, provider)

    async def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("backend.loop.sending._record", die)
        await refer(world, practice)
        await world.admin.execute("UPDATE letters SET due_at = now()")
        with pytest.raises(SystemExit):
            await world.work(rounds=1)
    await world.context.redis.flushall()
    await world.admin.execute("UPDATE jobs SET lease_until = now() - interval '1 s' WHERE state = 'leased'")
    await go(world)
    assert await states(world) == [("received", "sent", None)]
    assert len(await sent_to(world)) == 1


async def test_a_worker_that_dies_before_the_call_sends_it_after_asking(
    world: World, practice: SamplePractice, monkeypatch: pytest.MonkeyPatch
) -> None:
    await only(world, practice, "sinch")

    async def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("backend.loop.sending._call", die)
        await refer(world, practice)
        await world.admin.execute("UPDATE letters SET due_at = now()")
        with pytest.raises(SystemExit):
            await world.work(rounds=1)
    await world.admin.execute("UPDATE jobs SET lease_until = now() - interval '1 s' WHERE state = 'leased'")
    await go(world, rounds=2)
    assert await sent_to(world) == [], "not found within the first minute proves nothing"
    await world.admin.execute("UPDATE letter_sendings SET started_at = started_at - interval '2 minutes'")
    await go(world)
    assert await states(world) == [("received", "sent", None)]
    assert len(await sent_to(world)) == 1


async def test_a_replayed_or_late_report_changes_nothing(world: World, practice: SamplePractice) -> None:
    await only(world, practice, "telnyx")
    await world.http.post("/sandbox/faults", json={"provider": "telnyx", "fault": "out_of_order"})
    await world.http.post("/sandbox/faults", json={"provider": "telnyx", "fault": "duplicate"})
    await refer(world, practice)
    await go(world)
    before = await world.admin.fetchrow("SELECT version, sent_at FROM letters")
    for row in await world.admin.fetch("SELECT id FROM webhook_deliveries"):
        async with world.context.database.transaction(practice.id) as session:
            await replay_delivery(session, row["id"])
    await go(world)
    assert await world.admin.fetchrow("SELECT version, sent_at FROM letters") == before
    assert await states(world) == [("received", "sent", None)]


async def test_an_unsigned_notice_of_srfax_is_refused(world: World, practice: SamplePractice) -> None:
    line = await world.admin.fetchrow("SELECT account_key FROM fax_lines WHERE provider = 'srfax'")
    form = {"FaxDetailsID": "1", "SentStatus": "Sent"}
    path = f"/webhooks/fax/srfax/{line['account_key']}"
    assert (await world.http.post(path, data=form)).status_code == 403
    assert (await world.http.post(f"{path}?ref=A&proof=B", data=form)).status_code == 403


async def test_news_of_the_same_hour_is_one_letter(world: World, practice: SamplePractice) -> None:
    await only(world, practice, "documo")
    lead_id = await refer(world, practice)
    async with world.context.database.transaction(practice.id) as session:
        await evaluations.book(session, lead_id, now() + timedelta(days=2))
    assert await states(world) == [("received", "waiting", None), ("scheduled", "joined", None)]
    await go(world)
    assert len(await sent_to(world)) == 1
    async with world.context.database.transaction(practice.id) as session:
        await evaluations.attended(session, lead_id)
    await go(world)
    assert await states(world) == [
        ("received", "sent", None), ("scheduled", "joined", None), ("seen", "sent", None)
    ]  # fmt: skip


async def test_a_visit_that_was_called_off_is_not_announced(world: World, practice: SamplePractice) -> None:
    await only(world, practice, "documo")
    lead_id = await refer(world, practice)
    await go(world)
    async with world.context.database.transaction(practice.id) as session:
        await evaluations.book(session, lead_id, now() + timedelta(days=2))
        await evaluations.cancel(session, lead_id)
    await go(world)
    assert (await states(world))[1] == ("scheduled", "canceled", "no_longer_true")
    assert len(await sent_to(world)) == 1


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("hear_by", "none", ("not_sent", "prefers_none")),
        ("hear_by", "portal", ("not_sent", "prefers_portal")),
        ("hear_of", ["discharge"], ("not_sent", "prefers_less")),
        ("fax", None, ("failed", "no_fax_number")),
    ],
)
async def test_it_goes_only_as_the_referrer_wishes_at_that_moment(
    world: World, practice: SamplePractice, column: str, value: object, expected: tuple[str, str]
) -> None:
    await refer(world, practice)
    await world.admin.execute(f"UPDATE referrers SET {column} = $1", value)
    await go(world)
    ((_, state, reason),) = await states(world)
    assert (state, reason) == expected
    assert await sent_to(world) == []


async def test_it_goes_to_the_number_the_referrer_has_when_it_is_sent(
    world: World, practice: SamplePractice
) -> None:  # fmt: skip
    await only(world, practice, "documo")
    await refer(world, practice)
    await world.admin.execute("UPDATE referrers SET fax = '+13125550188'")
    await go(world)
    assert await sent_to(world) == []
    assert len(await sent_to(world, "+13125550188")) == 1


async def test_the_clinics_own_line_sends(world: World, practice: SamplePractice) -> None:
    await world.admin.execute("UPDATE fax_lines SET location_id = $1 WHERE provider = 'srfax'", practice.location_id)
    await refer(world, practice)
    await go(world)
    assert [fax["provider"] for fax in await sent_to(world)] == ["srfax"]


EMAIL = "rowan@office.example.org"


async def mailed(world: World, to: str = EMAIL) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (await world.http.get("/sandbox/mails", params={"to": to})).json()
    return found


@pytest.fixture
def mailbox(world: World) -> Iterator[World]:
    """The doctors' mail server listens."""
    world.sandbox.mail.start()
    yield world
    world.sandbox.mail.stop()


async def test_by_e_mail_goes_a_link_and_no_word_of_the_patient(mailbox: World, practice: SamplePractice) -> None:
    await refer(mailbox, practice)
    await mailbox.admin.execute("UPDATE referrers SET hear_by = 'email', email = $1", EMAIL)
    await go(mailbox)
    assert await states(mailbox) == [("received", "sent", None)]
    (mail,) = await mailed(mailbox)
    assert "/r#" in mail["body"] and "Northside" in mail["subject"]
    assert not {"Ada", "Sample", "shoulder"} & set(re.findall(r"\w+", mail["body"] + mail["subject"]))
    row = await mailbox.admin.fetchrow("SELECT way, state, to_address, remote_station FROM letter_sendings")
    assert (row["way"], row["state"], row["to_address"]) == ("email", "delivered", EMAIL)
    assert row["remote_station"].startswith("250") and await sent_to(mailbox) == []


async def test_a_mail_sent_twice_after_a_crash_is_one_mail(
    mailbox: World, practice: SamplePractice, monkeypatch: pytest.MonkeyPatch
) -> None:
    await refer(mailbox, practice)
    await mailbox.admin.execute("UPDATE referrers SET hear_by = 'email', email = $1", EMAIL)

    async def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("backend.loop.sending._record", die)
        await mailbox.admin.execute("UPDATE letters SET due_at = now()")
        with pytest.raises(SystemExit):
            await mailbox.work(rounds=1)
    await mailbox.admin.execute("UPDATE jobs SET lease_until = now() - interval '1 s' WHERE state = 'leased'")
    await go(mailbox)
    assert await states(mailbox) == [("received", "sent", None)] and len(await mailed(mailbox)) == 1


async def test_a_mailbox_that_does_not_exist_is_shown_to_a_person(mailbox: World, practice: SamplePractice) -> None:
    await refer(mailbox, practice)
    await mailbox.admin.execute("UPDATE referrers SET hear_by = 'email', email = 'nobody@office.example.org'")
    await go(mailbox)
    assert await states(mailbox) == [("received", "failed", "no_such_address")]


async def test_a_mail_server_that_is_away_is_asked_again(world: World, practice: SamplePractice) -> None:
    await refer(world, practice)
    await world.admin.execute("UPDATE referrers SET hear_by = 'email', email = $1", EMAIL)
    await go(world, rounds=1)
    ((_, state, _),) = await states(world)
    assert state == "waiting"
    world.sandbox.mail.start()
    await go(world)
    world.sandbox.mail.stop()
    assert await states(world) == [("received", "sent", None)]


@pytest.mark.parametrize(("wishes", "written"), [("fax", True), ("none", False)])
async def test_an_office_that_can_be_written_to_needs_no_task_when_nobody_is_reached(
    world: World, practice: SamplePractice, wishes: str, written: bool
) -> None:
    await only(world, practice, "documo")
    lead_id = await refer(world, practice)
    await go(world)
    await world.admin.execute("UPDATE referrers SET hear_by = $1", wishes)
    async with world.context.database.transaction(practice.id) as session:
        lead = await session.get_one(Lead, (practice.id, lead_id))
        step = TellReferrerStep(kind="tell_referrer")
        enrollment = Enrollment(id=new_id(), position=3)
        first = await acting.act(session, lead, enrollment, step, None)
        again = await acting.act(session, lead, enrollment, step, None)
    assert (first.task_id is None, first.reason == "letter_written") == (written, written)
    assert again.reason == ("letter_written" if written else "told_already")
    await go(world)
    assert [row[0] for row in await states(world)] == ["received", *(["unreachable"] if written else [])]
    assert len(await sent_to(world)) == 1 + written
