"""What people do ends a sequence or begins another: a card moved by hand, a number corrected, a call taken."""

import uuid
from datetime import timedelta

import pytest

from backend.core import clock
from backend.core.database import publish
from backend.leads import evaluations
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.messaging.events import CallAnswered, CallMissed
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from tests.integration.test_sequences import Desk, desk, world
from tests.integration.test_texting import PHONE

__all__ = ["desk", "world"]


async def change_phone(desk: Desk, lead_id: uuid.UUID, phone: str) -> None:
    """The desk puts the right number in."""
    async with desk.database.transaction(desk.practice.id) as session:
        version = (await leads.locked(session, lead_id)).version
        await leads.change(session, lead_id, version, {"patient": {"phone": phone}})
    await desk.time.go(seconds=1)


async def test_a_card_moved_on_by_hand_ends_it(desk: Desk) -> None:
    await desk.admin.execute("UPDATE messaging_policies SET first_text = 'off'")
    lead_id = await desk.refer("fax")
    async with desk.database.transaction(desk.practice.id) as session:
        version = (await leads.locked(session, lead_id)).version
        await leads.move(session, lead_id, stage="contacted", version=version)
    assert await desk.ended() == [("New referral", "stopped", "person")]
    assert await desk.open_tasks() == ["Schedule the evaluation"]


@pytest.mark.parametrize("days", [1, 5])
async def test_the_right_number_begins_it_again(desk: Desk, days: int) -> None:
    lead_id = await desk.refer(phone=None)
    await desk.time.go(days=days)
    assert (await desk.ended())[0][:2] == ("Unreachable", "active" if days == 1 else "done")
    await change_phone(desk, lead_id, PHONE)
    name, state, _ = (await desk.ended())[-1]
    assert (name, state, len(desk.world.sent())) == ("New referral", "active", 1)
    assert await desk.open_tasks() == ["Call the patient"], "nobody asks for the number, nobody tells the referrer"
    await desk.time.go(days=8)
    assert len(desk.world.sent()) == 2


async def test_a_corrected_number_is_called_and_a_typo_changes_nothing_else(desk: Desk) -> None:
    lead_id = await desk.refer()
    await change_phone(desk, lead_id, "+12175550143")
    assert await desk.ended() == [("New referral", "active", None)]
    await desk.call(lead_id, "wrong_number")
    assert await desk.open_tasks() == ["Find the right phone number"]
    await change_phone(desk, lead_id, "+12175550144")
    assert [name for name, _, _ in await desk.ended()] == ["New referral", "Unreachable", "New referral"]
    assert await desk.open_tasks() == ["Call the patient"]


async def test_who_called_and_was_answered_need_not_be_called_again(desk: Desk) -> None:
    lead_id = await desk.refer()
    await desk.call(lead_id, "left_message")
    async with desk.database.transaction(desk.practice.id) as session:
        await publish(session, CallAnswered(lead_id))
    assert await desk.ended() == [("New referral", "stopped", "reached")]
    assert await desk.open_tasks() == ["Schedule the evaluation"]


async def test_a_caller_nobody_knows_begins_none(desk: Desk) -> None:
    async with desk.database.transaction(desk.practice.id) as session:
        patient = await patients.create(session, PatientFacts(first_name="Unknown", last_name="Caller"))
        lead = await leads.open_lead(session, NewLead(patient.id, "phone", desk.practice.location_id))
        await publish(session, CallMissed(lead.id, voicemail=False, withheld=True))
    await desk.time.go(days=3)
    assert await desk.ended() == []
    assert await desk.open_tasks() == ["Missed call, number withheld"]


@pytest.mark.parametrize("days", [3, 0])
async def test_the_check_of_an_evaluation_follows_the_rule(desk: Desk, days: int) -> None:
    lead_id = await desk.refer()
    for at in (1, 2):
        async with desk.database.transaction(desk.practice.id) as session:
            await evaluations.book(session, lead_id, clock.now() + timedelta(days=at))
    await desk.admin.execute(
        "INSERT INTO followup_rules (practice_id, missed_after_days) VALUES ($1, $2)", desk.practice.id, days
    )
    await desk.time.go(days=4, hours=23)
    assert (await desk.lead())["evaluation_state"] == ("booked" if days else "missed")
    await desk.time.go(hours=2)
    assert (await desk.lead())["evaluation_state"] == "missed"


async def test_a_lead_opened_again_has_its_evaluation_checked(desk: Desk) -> None:
    lead_id = await desk.refer()
    async with desk.database.transaction(desk.practice.id) as session:
        lead = await evaluations.book(session, lead_id, clock.now() + timedelta(days=1))
        await leads.move(session, lead_id, stage="lost", version=lead.version, lost_reason="Declined")
    await desk.time.go(days=3)
    async with desk.database.transaction(desk.practice.id) as session:
        await leads.reopen(session, lead_id)
    await desk.time.go(seconds=1)
    assert (await desk.lead())["evaluation_state"] == "missed"
