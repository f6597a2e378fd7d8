"""What replies say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.messaging import understanding
from backend.messaging.availability import WEEK, WORKING_DAYS, Window, availability, clock

W = Window
WEDNESDAY = date(2026, 11, 25)


def understand(text: str) -> understanding.Understood | None:
    return understanding.understand(text, WEDNESDAY)


@pytest.mark.parametrize(
    ("text", "windows", "certain"),
    [
        ("Tues after 3 or Thurs morning", (W("tue", "15:00", "18:00"), W("thu", "08:00", "12:00")), True),
        ("Mon or Wed", (W("mon", "08:00", "18:00"), W("wed", "08:00", "18:00")), True),
        ("mondays and fridays before 10am", (W("mon", "08:00", "10:00"), W("fri", "08:00", "10:00")), True),
        ("Thursday between 1 and 3", (W("thu", "13:00", "15:00"),), True),
        ("any time after 4:30", tuple(W(d, "16:30", "18:00") for d in ("mon", "tue", "wed", "thu", "fri")), True),
        ("weekday mornings", tuple(W(d, "08:00", "12:00") for d in ("mon", "tue", "wed", "thu", "fri")), True),
        ("after work is best", (W("any", "17:00", "20:00"),), True),
        ("martes por la tarde", (W("tue", "12:00", "17:00"),), True),
        ("Fri at 2pm", (W("fri", "14:00", "14:00"),), True),
        ("Tuesday, but my daughter drives me", (W("tue", "08:00", "18:00"),), False),
        ("Mon-Fri after 5", tuple(W(d, "17:00", "18:00") for d in WORKING_DAYS), True),
        ("Fri thru Mon", tuple(W(d) for d in ("fri", "sat", "sun", "mon")), True),
        ("Mon, Wed, Fri afternoons", tuple(W(d, "12:00", "17:00") for d in ("mon", "wed", "fri")), True),
        ("Mon/Wed 8am", (W("mon", "08:00", "08:00"), W("wed", "08:00", "08:00")), True),
        ("mornings on Tue and Thu", (W("tue", "08:00", "12:00"), W("thu", "08:00", "12:00")), True),
        ("after 3 on Tuesdays or Thursday morning", (W("tue", "15:00", "18:00"), W("thu", "08:00", "12:00")), True),
        ("mornings or after 5", (W("any", "08:00", "12:00"), W("any", "17:00", "18:00")), True),
        ("Tue 3", (W("tue", "15:00", "15:00"),), True),
        ("1-3 thursday", (W("thu", "13:00", "15:00"),), True),
        ("between 10 and 2 on wed", (W("wed", "10:00", "14:00"),), True),
        ("noon on monday", (W("mon", "12:00", "12:00"),), True),
        ("Either Tues or Thurs, before noon", (W("tue", "08:00", "12:00"), W("thu", "08:00", "12:00")), True),
        ("tomorrow at 3", (W("2026-11-26", "15:00", "15:00"),), True),
        ("Dec 3 at 2", (W("2026-12-03", "14:00", "14:00"),), True),
        ("1/5 after 1pm", (W("2027-01-05", "13:00", "18:00"),), True),
        ("not Monday", tuple(W(d) for d in ("tue", "wed", "thu", "fri")), False),
        ("I can't do Tuesdays", tuple(W(d) for d in ("mon", "wed", "thu", "fri")), False),
        ("any day except Wednesday", tuple(W(d) for d in ("mon", "tue", "thu", "fri")), False),
        ("Tuesday works, Thursday doesn't work", (W("tue"),), False),
        ("not before 10", (W("any", "10:00", "18:00"),), False),
        ("no mornings please", (W("any", "12:00", "18:00"),), False),
        ("lunes a viernes después de las 4", tuple(W(d, "16:00", "18:00") for d in WORKING_DAYS), True),
        ("mañana a las 10", (W("2026-11-26", "10:00", "10:00"),), True),
        ("los martes y jueves por la mañana", (W("tue", "08:00", "12:00"), W("thu", "08:00", "12:00")), True),
        ("entre las 2 y las 4 el jueves", (W("thu", "14:00", "16:00"),), True),
        ("cualquier día menos el viernes", tuple(W(d) for d in ("mon", "tue", "wed", "thu")), False),
        ("el 3 de diciembre", (W("2026-12-03"),), True),
    ],
)
def test_availability(text: str, windows: tuple[Window, ...], certain: bool) -> None:
    found = understand(text)
    assert found is not None
    assert (found.kind, found.windows, found.certain) == ("availability", windows, certain)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("call me at 5", "17:00"),
        ("Can you call me after 9:30 am?", "09:30"),
        ("please call", None),
        ("llámame a las 4", "16:00"),
        ("Call me tomorrow before 10", "10:00"),
    ],
)
def test_callback(text: str, at: str | None) -> None:
    found = understand(text)
    assert found is not None
    assert (found.kind, found.at) == ("callback", at)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("yes", "yes"), ("Yes!", "yes"), ("YES PLEASE", "yes"), ("Sí", "yes"), ("ok", "yes"),
        ("sure 👍", "yes"), ("no", "no"),
        ("No thanks", "no"),
        ("already seeing someone", "decline"), ("I found another clinic, thanks", "decline"),
        ("not interested", "decline"), ("ya tengo terapeuta", "decline"), ("2", "choice"), 
        ("#3", "choice"), ("option 1", "choice"),
    ],
)  # fmt: skip
def test_short_answers(text: str, kind: str) -> None:
    found = understand(text)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my knee is swollen",
        "who are you?",
        "ok but what does it cost",
        "😀",
        "I am 72 years old",
        "I got hit by a car 3 weeks ago",
        "I'll call you back",
        "don't call me",
        "next week",
        "I called but no answer",
    ],
)
def test_the_rest_is_for_a_person(text: str) -> None:
    assert understand(text) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_stumble(text: str) -> None:
    found = availability(text, WEDNESDAY)
    for window in found.windows if found else ():
        assert window.day in {*WEEK, "any"} or date.fromisoformat(window.day) >= WEDNESDAY
        assert "00:00" <= window.start <= "23:59"
        assert "00:00" <= window.end <= "23:59"


@given(st.lists(st.sampled_from(WEEK), min_size=1, max_size=4, unique=True), st.integers(8, 17))
def test_what_is_said_plainly_is_understood(days: list[str], hour: int) -> None:
    said = " or ".join(days) + f" after {hour}:00"
    found = availability(said, WEDNESDAY)
    assert found is not None
    assert found.windows == tuple(W(day, f"{hour:02d}:00", "18:00") for day in days)
    assert not found.left


@pytest.mark.parametrize(("said", "time"), [("5", "17:00"), ("9:30 am", "09:30"), ("12am", "00:00"), ("noon", "12:00"),
                                            ("25", None), ("13pm", None), ("soon", None)])  # fmt: skip
def test_clock(said: str, time: str | None) -> None:
    assert clock(said) == time
