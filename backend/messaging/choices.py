"""What the choices for the first text mean, and what somebody agrees to who chooses the risky one.

A wording that changes gets a new id: what was agreed to is kept word by word with the choice.
"""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Agreement:
    """Words to agree to."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice in plain words."""

    first_text: Literal["consent_first", "send", "off"]
    title: str
    text: str
    agreement: Agreement | None = None


CHOICES: Final = (
    Choice(
        "consent_first", "Ask first (recommended)",
        "A patient whose number came by fax gets one text that names the practice and asks whether we may text. "
        "Everything else waits for a yes. The question says nothing about the patient's health.",
    ),
    Choice(
        "send", "Text at once",
        "A patient whose number came by fax is texted without being asked. The doctor's office gave us the number, "
        "not the patient, so we may lack the consent the law wants (TCPA): $500 to $1,500 for each such text.",
        Agreement(
            "send-1",
            "I know that patients referred by fax have not given us their number themselves, that texting them without "
            "their consent may break the TCPA ($500 to $1,500 per text), and that the practice answers for it. "
            "We have taken legal advice.",
        ),
    ),
    Choice(
        "off", "Never by itself",
        "No patient gets a first text unless a person writes it. New patients are called; fewer are reached in time.",
    ),
)  # fmt: skip
BY_NAME: Final = {choice.first_text: choice for choice in CHOICES}
