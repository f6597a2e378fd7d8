"""The payer on a card: a label's value, a known name, a line that sounds like one; never the kind of plan."""

import pytest

from backend.faxes.document import ExtractionContext, PageText, Word
from backend.faxes.extraction import extract
from backend.patient_pages.card_fields import of_card


def page(*lines: str) -> PageText:
    words = []
    for row, line in enumerate(lines):
        at = 0.05
        for text in line.split():
            wide = 0.012 * len(text)
            words.append(Word(text, (at, 0.05 + row * 0.08, at + wide, 0.09 + row * 0.08), 0.95))
            at += wide + 0.012
    return PageText(1, "ocr", 0, 0.95, tuple(words))


def read(*lines: str) -> dict[str, str]:
    card = page(*lines)
    found = extract([card], {1: "insurance_card"}, ExtractionContext(received_on="2026-11-24")).fields
    return {name: field["value"] for name, field in of_card(found, [card]).items()}


@pytest.mark.parametrize(
    ("lines", "payer"),
    [
        (["Aetna", "Member ID: W123456789", "Plan: PPO"], "Aetna"),
        (["Member ID: XYZ99120012", "BlueCross BlueShield of Ohio", "PPO"], "BlueCross BlueShield of Ohio"),
        (["Lakeside Mutual", "Member ID: LKM44170926", "Plan: Choice Plus"], "Lakeside Mutual"),
        (["Payer: Cigna Healthcare", "Member ID: U1234567801"], "Cigna Healthcare"),
    ],
)
def test_the_payer_is_found(lines: list[str], payer: str) -> None:
    assert read(*lines)["payer_name"] == payer


def test_the_kind_of_plan_is_no_payer() -> None:
    assert "payer_name" not in read("Plan: PPO", "Member ID: W123456789")


def test_member_and_group_are_read_behind_their_labels() -> None:
    found = read("Aetna", "Member ID: W123456789", "Group Number: 70021")
    assert (found["member_id"], found["group_number"]) == ("W123456789", "70021")
