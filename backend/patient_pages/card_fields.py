"""The three fields of an insurance card. Member and group stand behind labels, as on any paper; the payer is mostly a
logo, and "Plan: PPO" names no payer. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from backend.faxes.document import Field, PageText
from backend.faxes.extraction.lines import Line, PageModel

PLAN: Final = re.compile(
    r"^(?:ppo|hmo|epo|pos|hdhp|hsa|oap|open access.*|choice plus|(?:health )?plan|ppo plan|commercial|medical|dental"
    r"|group|gold|silver|bronze|platinum)\W*$",
    re.I,
)
KNOWN: Final = re.compile(
    r"aetna|cigna|humana|anthem|united\s?health\s?care|uhc|blue\s?cross|blue\s?shield|bcbs|kaiser|medicare|medicaid"
    r"|tricare|molina|centene|ambetter|oscar|wellcare|health\s?net|highmark|carefirst|premera|regence|wellpoint"
    r"|elevance|meritain|umr\b|gehp?a\b|bright health|triwest",
    re.I,
)
TITLE: Final = re.compile(r"\b(?:insurance|mutual|health|life|assurance|benefits?|care)\b", re.I)
WORDY: Final = re.compile(r"[^\W\d_]{3}")
# Only a logo's line was seen: likely, and for a person to say.
LIKELY, GUESS = 0.7, 0.4


def of_card(found: Mapping[str, Field], pages: Sequence[PageText]) -> dict[str, Any]:
    """What to offer for confirming: name → {value, normal, confidence}."""
    fields = {
        name: _kept(found[name].value, found[name].normal, found[name].confidence)
        for name in ("payer_name", "member_id", "group_number")
        if name in found
    }
    if "payer_name" not in fields or PLAN.match(str(fields["payer_name"]["value"])):
        fields.pop("payer_name", None)
        if (payer := _payer([PageModel(page) for page in pages])) is not None:
            fields["payer_name"] = payer
    return fields


def _kept(value: str, normal: Any, confidence: float) -> dict[str, Any]:
    return {"value": value, "normal": normal, "confidence": confidence}


def _payer(pages: Sequence[PageModel]) -> dict[str, Any] | None:
    """A known name anywhere, else a line that sounds like one, else the topmost line in large letters."""
    lines = [line for page in pages for line in page.lines if ":" not in line.text and WORDY.search(line.text)]
    for pattern, confidence in ((KNOWN, LIKELY), (TITLE, LIKELY)):
        if line := next((line for line in lines if pattern.search(line.text) and _short(line)), None):
            return _kept(line.text, line.text, confidence)
    top = [line for line in lines if line.top < 1 / 3 and _short(line)]
    best = max(top, key=lambda line: line.height, default=None)
    return _kept(best.text, best.text, GUESS) if best else None


def _short(line: Line) -> bool:
    return len(line.words) <= 6
