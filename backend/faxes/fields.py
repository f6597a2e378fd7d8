"""Every field of a referral fax (contract §3) and the normal form a person's correction must have."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from backend.core.phones import e164
from backend.core.problems import Invalid
from backend.faxes.document import Normal
from backend.referral_sources.npi import is_npi

BODY_PARTS: Final = (
    "cervical spine",
    "thoracic spine",
    "lumbar spine",
    "sacroiliac",
    "shoulder",
    "elbow",
    "wrist",
    "hand",
    "hip",
    "knee",
    "ankle",
    "foot",
    "jaw",
    "pelvic floor",
    "vestibular",
    "gait",
    "other",
)
PAGE_KINDS: Final = (
    "referral_order",
    "face_sheet",
    "insurance_card",
    "cover_sheet",
    "clinical_note",
    "signed_plan_of_care",
    "authorization",
    "records_request",
    "lab_or_imaging",
    "junk",
    "other",
)
ICD_SHAPE = re.compile(r"[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")


class _NotNormal(Exception):
    """`what` says which form is wanted."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 2000:
        raise _NotNormal("text of 1 to 2000 characters")
    return " ".join(value.split())


def _date(value: object) -> str:
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError:
        raise _NotNormal("a date as YYYY-MM-DD") from None


def _birth_date(value: object) -> str:
    day = _date(value)
    if not "1900-01-01" <= day <= date.today().isoformat():
        raise _NotNormal("a date of birth since 1900 and not in the future")
    return day


def _phone(value: object) -> str:
    number = e164(_text(value))
    if number is None:
        raise _NotNormal("a phone number with area code")
    return number


def _npi(value: object) -> str:
    digits = _text(value)
    if not is_npi(digits):
        raise _NotNormal("ten digits with a valid NPI check digit")
    return digits


def _codes(value: object) -> list[str]:
    codes = value if isinstance(value, list) else re.split(r"[,;\s]+", _text(value))
    cleaned = [str(code).strip().upper() for code in codes if str(code).strip()]
    if not cleaned or not all(ICD_SHAPE.fullmatch(code) for code in cleaned):
        raise _NotNormal("ICD-10-CM codes with the dot, such as M25.511")
    return cleaned


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in {"true", "false"}:
        return value == "true"
    raise _NotNormal("true or false")


def _count(value: object) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,3}", str(value)):
        raise _NotNormal("a whole number")
    return int(str(value))


def _one_of(*choices: str) -> Callable[[object], str]:
    def choose(value: object) -> str:
        if value not in choices:
            raise _NotNormal("one of " + ", ".join(choices))
        return str(value)

    return choose


_TEXTS = (
    "patient_first_name patient_middle_name patient_last_name patient_suffix patient_email patient_address "
    "patient_city patient_state patient_zip patient_mrn payer_name member_id group_number secondary_payer_name "
    "authorization_number referrer_name referrer_credential referrer_practice referrer_address diagnosis_text "
    "order_text procedure precautions weight_bearing notes"
).split()

FIELDS: Final[dict[str, Callable[[object], Normal]]] = {
    **dict.fromkeys(_TEXTS, _text),
    "patient_dob": _birth_date,
    "patient_sex": _one_of("F", "M", "X"),
    **dict.fromkeys(("patient_phone", "patient_phone_alt", "referrer_phone", "referrer_fax"), _phone),
    "referrer_npi": _npi,
    "referrer_signed": _flag,
    "referral_date": _date,
    "surgery_date": _date,
    "icd10_codes": _codes,
    "body_part": _one_of(*BODY_PARTS),
    "side": _one_of("left", "right", "bilateral"),
    "discipline": _one_of("PT", "OT", "SLP", "other"),
    "evaluate_and_treat": _flag,
    **dict.fromkeys(("frequency_per_week", "duration_weeks", "visits_authorized"), _count),
    "urgency": _one_of("routine", "urgent", "stat"),
}


def normalize(corrections: dict[str, object], pointer: str) -> dict[str, Normal | None]:
    """Check a person's corrections; None removes a field. Raises `Invalid` naming the fields, not the values."""
    errors, normals = [], dict[str, Normal | None]()
    for name, value in corrections.items():
        if name not in FIELDS:
            errors.append((f"{pointer}/?", "unknown field name"))
        elif value is None or value in ("", []):
            normals[name] = None
        else:
            try:
                normals[name] = FIELDS[name](value)
            except _NotNormal as wanted:
                errors.append((f"{pointer}/{name}", f"must be {wanted.what}"))
    if errors:
        raise Invalid("Some fields do not have the expected form; see errors.", errors=errors)
    return normals
