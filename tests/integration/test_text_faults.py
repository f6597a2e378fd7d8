"""Whatever the carrier does wrong on request, nobody is texted twice, nothing is lost, and people are told."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from backend.sandbox.app import Sandbox
from backend.sandbox.carriers.twilio import Twilio
from tests.integration.test_pictures import fault, hurry, png
from tests.integration.test_texting import PHONE, World, world

__all__ = ["world"]  # the fixture


async def text_once(world: World, *faults: str) -> None:
    """A lead that may be texted, under these faults."""
    for name in faults:
        await fault(world, name)
    await world.open_lead("web_form")
    await world.work()


@pytest.mark.parametrize("name", ["callback_before_201", "reordered", "duplicate"])
async def test_reports_in_any_order_end_the_same(world: World, name: str) -> None:
    await text_once(world, name)
    assert await world.statuses() == [("delivered", None)]
    assert len(world.sent()) == 1


async def test_lost_reports_are_asked_for(world: World) -> None:
    await text_once(world, "lost_callbacks")
    assert await world.statuses() == [("sending", None)]
    await hurry(world, 1)
    assert await world.statuses() == [("delivered", None)]


async def test_a_tampered_report_changes_nothing(world: World) -> None:
    for _ in range(2):
        await fault(world, "tampered")
    await text_once(world)
    assert await world.statuses() == [("sending", None)]
    assert await world.admin.fetchval("SELECT count(*) FROM webhook_deliveries") == 0
    assert await world.admin.fetchval("SELECT count(*) FROM security_events") == 2


@pytest.mark.parametrize(
    ("name", "status", "undeliverable"),
    [("error_30003", "held", False), ("error_30007", "undelivered", True), ("error_21610", "failed", True)],
)
async def test_failures_follow_the_policy(world: World, name: str, status: str, undeliverable: bool) -> None:
    await text_once(world, name)
    assert (await world.statuses())[0][0] == status
    assert await world.admin.fetchval("SELECT undeliverable FROM conversations") is undeliverable
    revoked = await world.admin.fetchval("SELECT count(*) FROM consents WHERE status = 'revoked'")
    assert revoked == (1 if name == "error_21610" else 0)
    await world.admin.execute("UPDATE messages SET hold_until = now()")
    await hurry(world)
    expected = {"error_30003": "delivered", "error_30007": "undelivered", "error_21610": "failed"}[name]
    assert (await world.statuses())[0][0] == expected


@pytest.mark.parametrize("name", ["api_429", "api_500"])
async def test_an_api_in_trouble_sends_once_in_the_end(world: World, name: str) -> None:
    """A 429 took nothing; after a 500 nobody knows, so the carrier's list is asked until it is sure."""
    await text_once(world, name)
    await world.admin.execute("UPDATE messages SET sent_at = sent_at - interval '5 minutes'")
    await hurry(world, 4)
    assert await world.statuses() == [("delivered", None)]
    assert len(world.sent()) == 1


async def test_a_fault_of_one_number_leaves_others_alone(world: World) -> None:
    await fault(world, "error_30007", to="+12175550199")
    await text_once(world)
    assert await world.statuses() == [("delivered", None)]
    faults = (await world.http.get("/sandbox/faults")).json()["twilio"]
    assert faults["due"] == {"error_30007": 1}
    wrong = {"provider": "twilio", "fault": "media_slow"}
    assert (await world.http.post("/sandbox/faults", json=wrong)).status_code == 422


async def test_the_phone_shows_what_arrived_and_the_carriers_own_answer(world: World) -> None:
    await text_once(world)
    await world.write("STOP")
    phone = (await world.http.get("/sandbox/phone", params={"number": "(217) 555-0142"})).json()
    assert phone["stopped"] is True
    assert [(text["from_patient"], text["from_carrier"]) for text in phone["texts"]] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip
    phones = (await world.http.get("/sandbox/phones")).json()
    assert [one["number"] for one in phones] == [PHONE]
    assert (await world.http.get("/sandbox/phone", params={"number": "x"})).status_code == 422


async def test_a_messaging_service_answers_accepted_and_names_itself(world: World) -> None:
    world.sandbox.twilio.service = f"MG{'1' * 32}"
    await text_once(world)
    await world.write("Is Monday possible?")
    assert await world.statuses() == [("delivered", None)]
    assert await world.admin.fetchval("SELECT count(*) FROM messages WHERE direction = 'in'") == 1


async def test_the_carrier_remembers_over_a_restart(world: World, tmp_path: Path) -> None:
    await text_once(world)
    world.sandbox.twilio.bring(PHONE, "STOP", [(png(), "image/png")])
    await world.sandbox.twilio.quiet()
    before = world.sandbox.twilio
    again = Sandbox(tmp_path / "sandbox", world.context.settings.base_url, "", 0.001).twilio
    assert list(again.texts) == list(before.texts)
    assert [text.status for text in again.texts.values()] == [text.status for text in before.texts.values()]
    assert again.stopped == {PHONE}
    sid = next(iter(again.memory.media))
    assert again.memory.read(sid) == png()
    assert len(again.memory.answers) == 1


async def test_a_text_on_its_way_goes_on_after_a_restart(world: World, tmp_path: Path) -> None:
    await fault(world, "lost_callbacks")
    await world.open_lead("web_form")
    await world.work(3)
    text = next(iter(world.sandbox.twilio.texts.values()))
    await world.sandbox.twilio.stop()
    text.status = "queued"
    world.sandbox.twilio.memory.save(text)
    again = Twilio(world.sandbox.twilio.account, world.context.settings.base_url, tmp_path / "sandbox")
    again.resume()
    await again.quiet()
    await world.work()
    assert await world.statuses() == [("delivered", None)]
    await again.stop()


async def test_what_the_patient_brings_is_checked(world: World) -> None:
    async with httpx.AsyncClient(base_url=world.context.settings.base_url) as http:
        assert (await http.post("/sandbox/sms", json={"from": "nobody", "body": "x"})).status_code == 422
        assert (await http.post("/sandbox/sms", json={"from": PHONE, "body": "x" * 1601})).status_code == 422
        many = [("files", (str(number), png(), "image/png")) for number in range(11)]
        assert (await http.post("/sandbox/mms", data={"from": PHONE}, files=many)).status_code == 422
        assert (await http.get("/sandbox/phone/media/ME0")).status_code == 404


@pytest.mark.parametrize(("late", "after", "texts"), [("sent", "delivered", 2), ("delivered", "delivered", 1)])
async def test_a_late_report_of_the_first_attempt_neither_stops_nor_doubles_the_second(
    world: World, late: str, after: str, texts: int
) -> None:
    """`undelivered`, and only then `sent` (or the carrier corrects itself: `delivered`), while the second one waits."""
    await text_once(world, "error_30003", "reordered")
    assert (await world.statuses())[0][0] == "held"
    carrier = world.sandbox.twilio
    first = next(iter(carrier.texts.values()))
    await carrier._report(first, as_if=late)
    await world.work()
    await world.admin.execute("UPDATE messages SET hold_until = now()")
    await hurry(world)
    assert await world.statuses() == [(after, None)]
    assert len(world.sent()) == texts


async def test_the_second_attempt_counts_as_a_text_of_its_own(world: World) -> None:
    """One a day means one begun a day: what came back may be tried again tomorrow, not in two hours."""
    await world.admin.execute("UPDATE messaging_policies SET per_day = 1")
    await text_once(world, "error_30003")
    await world.admin.execute("UPDATE messages SET hold_until = now()")
    await hurry(world)
    assert await world.statuses() == [("held", "cap")]
    until = await world.admin.fetchval("SELECT hold_until - sent_at FROM messages")
    assert until >= timedelta(hours=24)
    await world.admin.execute("UPDATE messages SET hold_until = now(), sent_at = sent_at - interval '24 h'")
    await hurry(world)
    assert await world.statuses() == [("delivered", None)]


async def test_the_second_attempt_is_looked_up_too(world: World) -> None:
    await text_once(world, "error_30003")
    await fault(world, "lost_callbacks")
    await world.admin.execute("UPDATE messages SET hold_until = now()")
    await hurry(world)
    assert await world.statuses() == [("delivered", None)]
    assert await world.admin.fetchval("SELECT count(*) FROM jobs WHERE kind = 'messages.resolve'") == 2


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("START", "STOP"), "revoked"), (("STOP", "START"), "granted"), (("STOP", "Is Monday possible?"), "revoked"),
        (("Is Monday possible?", "STOP"), "revoked"), (("STOP", "START", "STOP"), "revoked"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("backwards", [False, True])
async def test_what_was_written_last_counts_in_whatever_order_it_is_taken_in(
    world: World, words: tuple[str, ...], state: str, backwards: bool
) -> None:
    for word in words:
        world.sandbox.twilio.bring(PHONE, word)
        await world.sandbox.twilio.quiet()
    jobs = [
        row["id"] for row in await world.admin.fetch("SELECT id FROM jobs WHERE kind = 'messages.receive' ORDER BY id")
    ]
    assert len(jobs) == len(words)
    for job_id in reversed(jobs) if backwards else jobs:
        await world._runner.run(job_id)
    newest = "SELECT status FROM consents ORDER BY at DESC, id DESC LIMIT 1"
    assert await world.admin.fetchval(newest) == state
    thread = await world.admin.fetch("SELECT body FROM messages WHERE direction = 'in' ORDER BY created_at, id")
    assert [row["body"] for row in thread] == list(words)
