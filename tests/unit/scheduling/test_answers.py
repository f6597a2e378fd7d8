"""Which replies choose a time, and which leave it to a person."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.messaging.optout import meaning
from backend.scheduling.answers import Answer, about_visit, chosen

MONDAY = date(2026, 11, 30)
TIMES = [datetime(2026, 12, 1, 15), datetime(2026, 12, 2, 9, 15), datetime(2026, 12, 3, 14)]
CERTAIN = [
    ("2", 1), ("2.", 1), (" #2 ", 1), ("2 please", 1), ("option 2", 1), ("the second one", 1), ("2nd", 1), ("two", 1),
    ("I'll take 2 thanks!", 1), ("dos", 1), ("la segunda por favor", 1), ("one", 0), ("the first one", 0), ("3!!", 2),
    ("Tuesday", 0), ("wed works", 1), ("Thu 2pm", 2), ("dec 2", 1), ("el miercoles", 1), ("tomorrow", 0),
    ("at 2:00 pm", 2),
]  # fmt: skip
UNSURE = [
    "1 or 2", "2?", "not 2", "2 but can it be later", "Tues after 3", "Tuesday or Wednesday", "Friday", "4", "0",
    "none", "no", "2 works for my husband", "22", "call me at 2", "in 2 weeks", "not Tuesday", "2 pm or 3", "later", "",
    "any time after 2", "my 2 kids are sick", "Tuesday?", "uno o dos", "1/2",
]  # fmt: skip


@pytest.mark.parametrize(("text", "place"), CERTAIN)
def test_a_plain_choice_is_taken(text: str, place: int) -> None:
    assert chosen(text, TIMES, MONDAY) == Answer("choice", place)


@pytest.mark.parametrize("text", UNSURE)
def test_anything_else_is_left_to_a_person(text: str) -> None:
    found = chosen(text, TIMES, MONDAY)
    assert found is None or not found.certain


@given(st.text(max_size=80), st.integers(1, 5))
def test_a_certain_choice_is_one_of_those_offered(text: str, count: int) -> None:
    times = [TIMES[0] + timedelta(days=number, hours=number) for number in range(count)]
    found = chosen(text, times, MONDAY)
    assert found is None or found.choice is None or 0 <= found.choice < count


@given(st.lists(st.sampled_from("1 2 3 or and not the one yes no please pm ? tue wed".split()), max_size=6))
def test_two_numbers_are_never_a_choice(words: list[str]) -> None:
    found = chosen(" ".join(words), TIMES, MONDAY)
    if len({word for word in words if word in {"1", "2", "3"}}) > 1 or "?" in words:
        assert found is None or not found.certain


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("C", "confirm"), ("c please", "confirm"), ("Confirmed!", "confirm"), ("I'll be there", "confirm"),
        ("Si, confirmo", "confirm"), ("R", "other_time"), ("reschedule", "other_time"),
        ("can I get another time", "other_time"), ("Cambiar mi cita", "other_time"), ("can't make it", "give_up"),
        ("I need to cancel my appointment", "give_up"), ("no puedo ir", "give_up"),
        ("I can't come, another day please", "other_time"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_visit(text: str, kind: str) -> None:
    found = about_visit(text, None)
    assert found is not None and found.kind == kind
    assert meaning(text) is None, "never an opt-out"


@pytest.mark.parametrize(
    "text", ["don't cancel my appointment", "can I come earlier?", "what is the address", "ok see"]
)
def test_what_says_nothing_of_it(text: str) -> None:
    assert about_visit(text, None) is None


@pytest.mark.parametrize("word", ["CANCEL", "cancel", "Cancelar", "STOP", "quit"])
def test_an_opt_out_stays_one(word: str) -> None:
    assert meaning(word) == "stop"
