"""What replies say."""

import pytest

from backend.messaging.understanding import Window, understand

W = Window


@pytest.mark.parametrize(
    ("text", "windows", "certain"),
    [
        ("Tues after 3 or Thurs morning", (W("tue", "15:00", "18:00"), W("thu", "08:00", "12:00")), True),
        ("Mon or Wed", (W("mon", "08:00", "18:00"), W("wed", "08:00", "18:00")), True),
        ("mondays and fridays before 10am", (W("mon", "08:00", "18:00"), W("fri", "08:00", "10:00")), True),
        ("Thursday between 1 and 3", (W("thu", "13:00", "15:00"),), True),
        ("any time after 4:30", tuple(W(d, "16:30", "18:00") for d in ("mon", "tue", "wed", "thu", "fri")), True),
        ("weekday mornings", tuple(W(d, "08:00", "12:00") for d in ("mon", "tue", "wed", "thu", "fri")), True),
        ("after work is best", (W("any", "17:00", "20:00"),), True),
        ("martes por la tarde", (W("tue", "12:00", "17:00"),), True),
        ("Fri at 2pm", (W("fri", "14:00", "14:00"),), True),
        ("Tuesday, but my daughter drives me", (W("tue", "08:00", "18:00"),), False),
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


@pytest.mark.parametrize("text", ["", "my knee is swollen", "who are you?", "ok but what does it cost", "😀"])
def test_the_rest_is_for_a_person(text: str) -> None:
    assert understand(text) is None
