"""A form from the lead to the chart: prefilled, saved by two devices, handed in once."""

import asyncio
from typing import Any

import pytest

from backend.core.context import ProcessContext
from backend.core.problems import Conflict, Invalid, NotFound
from backend.intake_forms.filling import HandedIn, Unfinished
from tests.conftest import SamplePractice
from tests.intake import ANSWERS, begun, faxed_lead, prepared, saved, submitted


async def test_what_the_fax_said_is_not_asked_again(context: ProcessContext, practice: SamplePractice) -> None:
    intake_id = await prepared(context, practice, await faxed_lead(context, practice))
    found = await begun(context, practice, intake_id)
    assert found.answers["first_name"] == "Ada"
    assert found.answers["address"] == {
        "street": "12 Elm Street", "unit": "Apt 3", "city": "Chicago", "state": "IL", "zip": "60601",
    }  # fmt: skip
    assert (found.answers["pays"], found.answers["payer_name"]) == ("insurance", "Lakeside Mutual")
    assert found.answers["where"] == ["front_knee_right"]
    assert found.prefilled >= {"first_name", "dob", "phone", "member_id", "where"}
    assert 0 < found.intake.percent < 60


async def test_a_form_is_filled_in_and_handed_in(context: ProcessContext, practice: SamplePractice, admin: Any) -> None:
    lead_id = await faxed_lead(context, practice)
    intake_id = await prepared(context, practice, lead_id)
    await begun(context, practice, intake_id)
    assert (await saved(context, practice, intake_id, ANSWERS)).percent == 100
    assert (await submitted(context, practice, intake_id)).state == "submitted"
    row = await admin.fetchrow("SELECT intake_state, intake_percent FROM leads WHERE id = $1", lead_id)
    assert tuple(row) == ("done", 100)
    kept = await admin.fetch("SELECT * FROM intake_agreements ORDER BY question_id")
    assert [(one["question_id"], one["agreement_version"], one["name_typed"]) for one in kept] == [
        ("payment", 1, "Ada Sample"), ("privacy", 1, "Ada Sample"), ("treatment", 1, "Ada Sample"),
    ]  # fmt: skip
    assert kept[2]["words"].startswith("I agree to be examined and treated")
    sealed = await admin.fetch("SELECT sealed FROM intake_answers")
    assert not any(b"dog" in one["sealed"] or b"Sample" in one["sealed"] for one in sealed)


async def test_half_a_form_says_what_is_missing(context: ProcessContext, practice: SamplePractice) -> None:
    intake_id = await prepared(context, practice, await faxed_lead(context, practice))
    await begun(context, practice, intake_id)
    await saved(context, practice, intake_id, {**ANSWERS, "goal": "  ", "signature": None})
    with pytest.raises(Unfinished) as refused:
        await submitted(context, practice, intake_id)
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [
        ("/answers/goal", "is required"), ("/answers/signature", "is required"),
    ]  # fmt: skip
    await saved(context, practice, intake_id, {"goal": "Walk", "signature": ANSWERS["signature"]})
    await submitted(context, practice, intake_id)


async def test_twice_is_once(context: ProcessContext, practice: SamplePractice, admin: Any) -> None:
    intake_id = await prepared(context, practice, await faxed_lead(context, practice))
    await begun(context, practice, intake_id)
    await saved(context, practice, intake_id, ANSWERS)
    results = await asyncio.gather(*(submitted(context, practice, intake_id) for _ in range(5)))
    assert len({one.submitted_at for one in results}) == 1
    assert await admin.fetchval("SELECT count(*) FROM intake_agreements") == 3
    assert await admin.fetchval("SELECT count(*) FROM jobs WHERE kind = 'intake.pdf'") == 1
    assert await admin.fetchval("SELECT count(*) FROM lead_events WHERE kind = 'intake_submitted'") == 1
    for late in (saved(context, practice, intake_id, {"goal": "Other"}), begun(context, practice, intake_id)):
        with pytest.raises(HandedIn):
            await late


async def test_two_devices_lose_no_answer(context: ProcessContext, practice: SamplePractice) -> None:
    intake_id = await prepared(context, practice, await faxed_lead(context, practice))
    start = (await begun(context, practice, intake_id)).intake.revision
    phone = await saved(context, practice, intake_id, {"goal": "From the phone", "work": "Nurse"}, start)
    laptop = await saved(context, practice, intake_id, {"goal": "From the laptop", "began": "days"}, start)
    assert laptop.others == {"work": "Nurse"}
    again = await saved(context, practice, intake_id, {"how": "fall"}, phone.revision)
    assert again.others == {"goal": "From the laptop", "began": "days"}
    gone = await saved(context, practice, intake_id, {"work": None}, again.revision)
    assert (await saved(context, practice, intake_id, {}, again.revision)).others == {"work": None}
    assert gone.revision > again.revision
    writes = [saved(context, practice, intake_id, {f"pain_{name}": 5}, start) for name in ("now", "best", "worst")]
    await asyncio.gather(*writes)
    found = await begun(context, practice, intake_id)
    assert found.answers["goal"] == "From the laptop" and "work" not in found.answers
    assert [found.answers[f"pain_{name}"] for name in ("now", "best", "worst")] == [5, 5, 5]
    assert "first_name" in found.prefilled and "goal" not in found.prefilled


HOSTILE = [
    ({"no_such_question": "x"}, "/answers/?"),
    ({"<script>": "x"}, "/answers/?"),
    ({"goal": "a" * 20_000}, "/answers/goal"),
    ({"goal": 5}, "/answers/goal"),
    ({"pain_now": 11}, "/answers/pain_now"),
    ({"pain_now": True}, "/answers/pain_now"),
    ({"pain_now": 3.5}, "/answers/pain_now"),
    ({"fell": "yes"}, "/answers/fell"),
    ({"falls": float("nan")}, "/answers/falls"),
    ({"pays": "gold"}, "/answers/pays"),
    ({"conditions": ["heart", "madness"]}, "/answers/conditions"),
    ({"where": ["left_wing"]}, "/answers/where"),
    ({"activities": [{"activity": "x", "score": 99}]}, "/answers/activities"),
    ({"medicines": {"items": [{"name": "x", "brand": "y"}]}}, "/answers/medicines"),
    ({"signature": {"kind": "drawn", "name": "A", "strokes": [[[5000, 1]]]}}, "/answers/signature"),
    ({"signature": {"kind": "drawn", "name": "A", "strokes": [[[1, 1]] * 5000]}}, "/answers/signature"),
    ({"signature": "M0 0" + " L1 1" * 1_000_000}, "/answers/signature"),
    ({"privacy": {"agreed": "yes"}}, "/answers/privacy"),
    ({"address": "12 Elm Street"}, "/answers/address"),
]


@pytest.mark.parametrize(("given", "pointer"), HOSTILE, ids=lambda value: str(value)[:40])
async def test_what_can_be_no_answer_is_refused_at_its_place(
    context: ProcessContext, practice: SamplePractice, given: dict[str, Any], pointer: str
) -> None:
    intake_id = await prepared(context, practice, await faxed_lead(context, practice))
    await begun(context, practice, intake_id)
    with pytest.raises(Invalid) as refused:
        await saved(context, practice, intake_id, {"work": "kept only with the rest", **given})
    assert [one.pointer for one in refused.value.errors] == [pointer]
    assert "work" not in (await begun(context, practice, intake_id)).answers


async def test_hidden_answers_are_dropped(context: ProcessContext, practice: SamplePractice, admin: Any) -> None:
    intake_id = await prepared(context, practice, await faxed_lead(context, practice))
    await begun(context, practice, intake_id)
    await saved(context, practice, intake_id, {**ANSWERS, "fell": True, "falls": 2, "fall_hurt": False})
    await saved(context, practice, intake_id, {"fell": False})
    await submitted(context, practice, intake_id)
    kept = {row["question_id"] for row in await admin.fetch("SELECT question_id FROM intake_answers")}
    assert "falls" not in kept and "fall_hurt" not in kept and "goal" in kept


async def test_agreements_must_be_to_the_words_of_this_version(
    context: ProcessContext, practice: SamplePractice
) -> None:
    intake_id = await prepared(context, practice, await faxed_lead(context, practice))
    await begun(context, practice, intake_id)
    await saved(context, practice, intake_id, {**ANSWERS, "privacy": {"agreed": True, "version": 7}})
    with pytest.raises(Unfinished) as refused:
        await submitted(context, practice, intake_id)
    assert [one.pointer for one in refused.value.errors] == ["/answers/privacy"]


async def test_another_practice_has_no_such_form(
    context: ProcessContext, practice: SamplePractice, other_practice: SamplePractice
) -> None:
    intake_id = await prepared(context, practice, await faxed_lead(context, practice))
    for look in (begun, submitted):
        with pytest.raises(NotFound):
            await look(context, other_practice, intake_id)


async def test_nothing_is_saved_before_the_form_is_opened(context: ProcessContext, practice: SamplePractice) -> None:
    intake_id = await prepared(context, practice, await faxed_lead(context, practice))
    with pytest.raises(Conflict):
        await saved(context, practice, intake_id, {"goal": "x"})
