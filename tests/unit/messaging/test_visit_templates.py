"""The texts about visits: lawful, without a clinical word, and never asking for a word that carriers take for STOP."""

import re

import pytest

from backend.messaging.linting import findings
from backend.messaging.optout import meaning
from backend.messaging.placeholders import samples
from backend.messaging.templates import fill
from backend.messaging.visit_templates import VISITS, Default

FACTS = {
    "practice": "Northside Physical Therapy", "clinic": "North Clinic", "clinic_phone": "(217) 555-0110",
    "first_name": "Ada", "when": "Tue Dec 1 3:00 PM", "clinician": "Lee Park",
}  # fmt: skip


@pytest.mark.parametrize("template", VISITS, ids=lambda template: template.key)
def test_a_text_about_a_visit(template: Default) -> None:
    sample = fill(template.body, FACTS | samples())
    assert findings(template.body, first=template.first, sample=sample) == []
    asked = re.findall(r"\b(?:[Rr]eply|[Rr]esponda)\s+([A-Z]+)\b", template.body)
    assert all(meaning(word) is None or word in {"STOP", "ALTO"} for word in asked)
