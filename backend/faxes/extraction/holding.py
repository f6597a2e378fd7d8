"""When a person must look: filing without one needs identity that checks itself.

Measured on fax OCR (CONTRIBUTING, "Accuracy"): no threshold on a single reading is precise enough, so a fax files
itself only from a text layer or when two places of the fax say the same.
"""

from collections.abc import Mapping, Sequence

from backend.faxes.document import Field
from backend.faxes.extraction.lines import PageModel

REFERRAL_KINDS = frozenset({"referral_order"})
IDENTITY = ("patient_first_name", "patient_last_name", "patient_dob")
SURE = 0.9
# More than one reading by OCR can reach (0.97), so two places must agree.
CONFIRMED = 0.972
LEGIBLE = 0.5


def reasons(fields: Mapping[str, Field], kinds: Sequence[str], pages: Sequence[PageModel]) -> tuple[str, ...]:
    """Stable codes, empty when the segment may be filed without a person."""
    found: list[str] = []
    if not set(kinds) & REFERRAL_KINDS:
        found.append("not_a_referral")
    if not any(page.lines for page in pages):
        found.append("unreadable")
    if not {"patient_first_name", "patient_last_name"} <= set(fields):
        found.append("patient_name_missing")
    if "patient_dob" not in fields:
        found.append("patient_dob_missing")
    if not found and not all(_certain(fields[name]) for name in IDENTITY):
        found.append("identity_uncertain")
    phone = fields.get("patient_phone")
    if not found and phone is not None and not _certain(phone):
        found.append("phone_uncertain")
    return tuple(found)


def _certain(field: Field) -> bool:
    """Read from a text layer behind its label, or confirmed by another place; and not contradicted."""
    contradicted = any(other.confidence > LEGIBLE for other in field.candidates)
    return field.confidence >= (SURE if field.source == "text" else CONFIRMED) and not contradicted
