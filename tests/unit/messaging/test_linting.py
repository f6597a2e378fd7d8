"""What may be in a text, what is only said about it, and that no template grows without bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.messaging.linting import MOST_SEGMENTS, findings, lint
from backend.messaging.placeholders import FACTS
from backend.messaging.segments import encoding, length, segments, strangers
from backend.messaging.templates import DEFAULTS, FIRST, bounded, fill

GOOD = "{practice}: hi {first_name}, when may we call you? Reply STOP to opt out."
LONGEST = {name: "x" * most for name, most in FACTS.items()}


def levels(body: str, *, first: bool = False) -> list[str]:
    return [item.level for item in findings(body, first=first)]


@pytest.mark.parametrize("template", DEFAULTS, ids=lambda template: template.key)
def test_the_standard_texts_are_clean(template: object) -> None:
    found = findings(template.body, first=template.key in FIRST)  # type: ignore[attr-defined]
    assert found == []
    assert segments(fill(template.body, LONGEST)) <= MOST_SEGMENTS  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        "{practice}: your knee needs care", "{practice}: about your SURGERY", "{practice}: su cirugía",
        "{practice}: dolor",
        "{practice}: la rodilla", "{practice}: your insurance", "{practice}: copago", "{practice}: see bit.ly/x",
        "{practice}: https://10.0.0.1/x", "{practice}: 192.168.1.20", "{practice}: {diagnosis}", 
        "{practice}: {first name}",
        "{practice}: {{first_name}}", "{practice}: {first_name", "{practice}: " + "a" * 460, "{practice}: a\u202eb",
    ],
)  # fmt: skip
def test_errors(body: str) -> None:
    assert "error" in levels(body)


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        ("{practice}: we’re here", "’"), ("{practice}: great 😀", "😀"), ("{practice}: call – us", "–"),
        ("{practice}: ACT NOW and hurry", "ACT NOW"), ("{practice}: PLEASE CALL US TODAY", "PLEASE CALL US TODAY"),
        ("{practice}: yes!!", "!!"), ("{practice}: http://example.org", "http://example.org"), ("hello there", None),
    ],
)  # fmt: skip
def test_warnings(body: str, excerpt: str | None) -> None:
    found = findings(body, first=False)
    assert {item.level for item in found} == {"warning"}
    assert excerpt in [item.excerpt for item in found]


@pytest.mark.parametrize(
    "body", ["{practice}: our hours of operation are 9 to 5", "{practice}: hip hip is not it".replace("hip hip", "we"),
             "{practice}: José, responda ALTO para no recibir textos", "{practice}: see desk.example.org/paint"],
)  # fmt: skip
def test_harmless(body: str) -> None:
    assert lint(body, first=False) == []


@pytest.mark.parametrize("body", ["{practice}: hi", "{practice}: stop by any time", "hi, reply STOP to opt out"])
def test_a_first_text_names_the_practice_and_the_way_out(body: str) -> None:
    assert "error" in levels(body, first=True)
    assert levels(GOOD, first=True) == []


def test_one_letter_turns_it_into_ucs2_and_says_what_it_costs() -> None:
    body = "{practice}: " + "a" * 120 + " we’re"
    found = next(item for item in findings(body, first=False) if item.level == "warning")
    assert found.excerpt == "’"
    assert "3 SMS instead of 1" in found.detail


@given(st.text(max_size=500))
def test_segments_agree_with_letters(text: str) -> None:
    most, joined = (70, 67) if strangers(text) else (160, 153)
    assert encoding(text) == ("UCS-2" if strangers(text) else "GSM-7")
    assert segments(text) == (1 if length(text) <= most else -(-length(text) // joined))


@given(st.dictionaries(st.sampled_from(sorted(FACTS)), st.text(max_size=200)))
def test_no_fact_is_longer_than_its_bound(facts: dict[str, str]) -> None:
    assert all(len(value) <= FACTS[name] for name, value in bounded(facts).items())


@pytest.mark.parametrize("name", ["Left Knee", "M17.11", "a" * 30, "x{y}"])
def test_what_is_no_first_name_is_left_out(name: str) -> None:
    assert bounded({"first_name": name}) == {"first_name": ""}
    assert bounded({"first_name": "Mary-Ann O’Neil"})["first_name"] == "Mary-Ann O’Neil"


@given(st.text(max_size=300))
def test_the_linter_takes_anything(text: str) -> None:
    assert all(item.detail for item in findings(text, first=True))
