"""What is held for a person, and what a patient may well write."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.lead_capture import spam, tokens

KEY = b"k" * 32
NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("See https://example.com/offer", "links"),
        ("go to cheap-meds.ru now", "links"),
        ("[url=x]y[/url]", "links"),
        ("We offer SEO and backlinks for your site", "selling"),
        ("Get on the first page of Google", "selling"),
        ("Dear Sir, business loan offer", "selling"),
        ("CASINO bonus", "selling"),
    ],
)
def test_advertising_is_suspicious(text: str, reason: str) -> None:
    assert reason in spam.suspicions(["Ada", "Sample"], [text])


@pytest.mark.parametrize("name", ["http://x", "Ada1234", "<b>Ada</b>", "ada@example.org", "Buy.com"])
def test_what_is_no_name_is_suspicious(name: str) -> None:
    assert "name" in spam.suspicions([name, "Sample"], [])


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("Ada", "Sample"), "My right knee hurts since the surgery on 3/14. Dr. Silva sent me."),
        (("María José", "Núñez-O'Neil Jr."), "Me duele la espalda, prefiero por la tarde."),
        (("Ana", "de la Cruz"), "I work at a marketing firm, mornings are bad"),
        (("Lee", "Wu"), None),
    ],
)
def test_patients_are_not(names: tuple[str, str], text: str | None) -> None:
    assert spam.suspicions(names, [text]) == []


def test_a_token_tells_when_it_was_made_and_by_whom() -> None:
    token = tokens.make(KEY, NOW)
    later = NOW + timedelta(seconds=20)
    assert tokens.complaint(KEY, token, later) is None
    assert tokens.complaint(KEY, token, NOW + timedelta(seconds=1)) == "too_fast"
    assert tokens.complaint(KEY, token, NOW + timedelta(hours=25)) == "bad_token"
    assert tokens.complaint(KEY, token, NOW - timedelta(seconds=5)) == "bad_token"
    assert tokens.complaint(b"x" * 32, token, later) == "bad_token"
    assert tokens.complaint(KEY, token[:-2] + "zz", later) == "bad_token"
    assert tokens.complaint(KEY, "é" * 40, later) == "bad_token"
    assert tokens.complaint(KEY, None, later) == "no_token"
    assert tokens.make(KEY, NOW) != token
