"""A reply in the desk's words."""

from datetime import date

import pytest

from backend.messaging.understanding import understand
from backend.messaging.wording import in_words

SAID = {
    "Tues after 3 or Thurs morning": ["Tue after 3:00 pm", "Thu morning"],
    "call me at 5": ["Wants a call at 5:00 pm"],
    "please call": ["Wants a call"],
    "weekdays": ["Mon–Fri"],
    "any day before 10": ["Mon–Fri before 10:00 am"],
    "Monday at 9:30": ["Mon at 9:30 am"],
    "Wed between 1 and 3": ["Wed 1:00 pm to 3:00 pm"],
    "after 4": ["after 4:00 pm"],
    "saturday afternoon": ["Sat afternoon"],
    "el martes por la tarde": ["Tue afternoon"],
    "Dec 3 at 2": ["Thu Dec 3 at 2:00 pm"],
    "call me tomorrow": ["Wants a call Thu Nov 26"],
    "not Monday": ["Tue–Fri"],
    "yes": ["Yes"],
    "nope": ["No"],
    "2": ["Chose 2"],
    "already seeing someone": ["Goes elsewhere, or declines"],
}


@pytest.mark.parametrize("text", SAID)
def test_in_words(text: str) -> None:
    understood = understand(text, date(2026, 11, 25))
    assert understood is not None
    assert in_words(understood.as_json()) == SAID[text]
