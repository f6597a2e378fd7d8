"""Who writes Spanish is answered in Spanish; in doubt, nobody is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.messaging.languages import language
from backend.messaging.segments import encoding
from backend.messaging.templates import STANDARD


@pytest.mark.parametrize(
    "text",
    ["Sí", "si", "ALTO", "ayuda", "gracias", "Martes por la tarde", "no quiero más mensajes", "número equivocado",
     "puedo el lunes después de las 3", "Hola, llámeme mañana por favor"],
)  # fmt: skip
def test_spanish(text: str) -> None:
    assert language(text) == "es"


@pytest.mark.parametrize(
    "text",
    ["yes", "STOP", "Tues after 3 or Thurs morning", "please call me at 5", "wrong number", "I live in Palo Alto",
     "my doctor is Dr. Martes", "what is the cost", "Is Monday possible?", "I can do the afternoon"],
)  # fmt: skip
def test_english(text: str) -> None:
    assert language(text) != "es"


@pytest.mark.parametrize("text", ["", "2", "👍", "3:30", "no", "Alto Vista", "???"])
def test_in_doubt_nobody_is_taken_to_speak_either(text: str) -> None:
    assert language(text) is None


@given(st.text(max_size=200))
def test_any_text_may_be_asked(text: str) -> None:
    assert language(text) in {"en", "es", None}


def test_every_spanish_text_stands_for_an_english_one_and_costs_no_more_letters() -> None:
    spanish = [key for key in STANDARD if key.endswith("_es")]
    assert len(spanish) == 28
    for key in spanish:
        assert STANDARD[key.removesuffix("_es")].first == STANDARD[key].first
        assert encoding(STANDARD[key].body.replace("{", "").replace("}", "")) == "GSM-7"
