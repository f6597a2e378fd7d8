"""Fields of whole pages: labels beside and below, blocks, prose; our own numbers are nobody's."""

import pytest

from backend.faxes.document import ExtractionContext, Field, PageText, Word
from backend.faxes.extraction import extract
from backend.faxes.sorting import kind_of, segments_of, sort_pages

CONTEXT = ExtractionContext(received_on="2026-11-24", own_numbers=frozenset({"+12175550101"}))


def page(*rows: str, number: int = 1) -> PageText:
    """Rows of text on a page; `|` is a wide gap to the next column."""
    words: list[Word] = []
    for row, line in enumerate(rows):
        top = 0.05 + row * 0.025
        for column, cell in enumerate(line.split("|")):
            x = 0.06 + column * 0.32
            for text in cell.split():
                width = 0.009 * len(text)
                words.append(Word(text, (x, top, x + width, top + 0.012), 1.0))
                x += width + 0.008
    return PageText(number, "text", 0, 1.0, tuple(words))


def fields(*rows: str) -> dict[str, Field]:
    return extract([page(*rows)], {1: "referral_order"}, CONTEXT).fields


def normals(*rows: str) -> dict[str, object]:
    return {name: field.normal for name, field in fields(*rows).items()}


def test_labels_beside() -> None:
    found = normals("Patient: Sample, Ada B|DOB: 04/09/1961|Sex: Female", "Home Phone: (312) 555-0142|MRN: 778899")
    assert found["patient_first_name"] == "Ada" and found["patient_last_name"] == "Sample"
    assert (found["patient_dob"], found["patient_sex"]) == ("1961-04-09", "F")
    assert (found["patient_phone"], found["patient_mrn"]) == ("+13125550142", "778899")


def test_labels_above() -> None:
    found = normals("Patient Name|Birth Date|Sex", "Ada Sample|04/09/1961|Male", "Insurance|Member ID|Group #",
                    "Lakeside Mutual|LM12345678|445566")  # fmt: skip
    assert (found["patient_last_name"], found["patient_dob"], found["patient_sex"]) == ("Sample", "1961-04-09", "M")
    assert (found["payer_name"], found["member_id"], found["group_number"]) == (
        "Lakeside Mutual", "LM12345678", "445566",
    )  # fmt: skip


def test_misread_labels() -> None:
    found = normals("Patlent Name: Ada Sample", "Date of Blrth: 04/09/1961", "D0B: 04/09/1961", "NP1: 1234567893")
    assert (found["patient_last_name"], found["patient_dob"]) == ("Sample", "1961-04-09")
    assert found["referrer_npi"] == "1234567893"


def test_blocks_decide_whose_phone_it_is() -> None:
    found = normals(
        "PATIENT INFORMATION", "Name: Ada Sample", "Phone: (312) 555-0142", "EMERGENCY CONTACT", "Name: Bo Other",
        "Phone: (312) 555-0199", "REFERRING PROVIDER", "Name: Rowan Ortho, MD", "Phone: (312) 555-0177",
        "Fax: (312) 555-0178",
    )  # fmt: skip
    assert (found["patient_phone"], found["referrer_phone"], found["referrer_fax"]) == (
        "+13125550142", "+13125550177", "+13125550178",
    )  # fmt: skip
    assert (found["patient_last_name"], found["referrer_name"], found["referrer_credential"]) == (
        "Sample", "Rowan Ortho", "MD",
    )  # fmt: skip
    assert "+13125550199" not in found.values()


def test_our_own_numbers_are_nobodys() -> None:
    found = normals("Fax this form to (217) 555-0101", "Patient: Ada Sample", "Phone: (217) 555-0101")
    assert "+12175550101" not in found.values()


def test_prose() -> None:
    found = normals(
        "RE: Ada Sample", "DOB: 4/9/1961", "I am referring Ms. Sample, a 65-year-old female. The diagnosis is pain in",
        "right shoulder (M25.511). Please evaluate and treat, 2 x per week for 6 weeks.", "Precautions: WBAT.",
        "This referral is urgent. The patient can be reached at (312) 555-0142.", "Sincerely,", "Rowan Ortho, DO",
    )  # fmt: skip
    assert (found["icd10_codes"], found["body_part"], found["side"]) == (["M25.511"], "shoulder", "right")
    assert (found["frequency_per_week"], found["duration_weeks"], found["urgency"]) == (2, 6, "urgent")
    assert (found["patient_sex"], found["patient_phone"]) == ("F", "+13125550142")
    assert (found["referrer_name"], found["referrer_credential"]) == ("Rowan Ortho", "DO")
    assert found["evaluate_and_treat"] is True


@pytest.mark.parametrize(
    "text", ["2-3x/week x 6 weeks", "2x week for 6 wks", "twice a week for six weeks", "2x6 weeks"]
)
def test_courses(text: str) -> None:
    found = normals("Patient: Ada Sample", f"Frequency: {text}" if "x6" not in text else "Frequency: 2x/wk x 6 wks")
    assert (found["frequency_per_week"], found["duration_weeks"]) == (2, 6)


def test_printed_choices_say_nothing() -> None:
    assert "frequency_per_week" not in normals("Hip|Evaluate|1x / week", "Knee|Treat|2x / week", "Foot|Gait|3x / week")


def test_places_lie_on_the_page() -> None:
    field = fields("Patient: Ada Sample|DOB: 04/09/1961")["patient_dob"]
    assert field.page == 1 and field.box is not None
    assert 0.38 < field.box[0] < field.box[2] < 0.6


def test_a_referral_without_certain_identity_is_held() -> None:
    assert extract([page("Please evaluate and treat")], {1: "referral_order"}, CONTEXT).hold_reasons == (
        "patient_name_missing", "patient_dob_missing",
    )  # fmt: skip
    contradicted = page("Patient: Ada Sample|DOB: 04/09/1961", "", "Date of Birth: 09/04/1961")
    assert "identity_uncertain" in extract([contradicted], {1: "referral_order"}, CONTEXT).hold_reasons
    assert "not_a_referral" in extract([page("Patient: Ada Sample")], {1: "junk"}, CONTEXT).hold_reasons


def test_nothing_at_all() -> None:
    assert extract([PageText(1, "ocr", 0, 0.0, ())], {1: "other"}, CONTEXT).fields == {}


def test_another_patient_begins_another_segment() -> None:
    pages = [
        page("FAX COVER SHEET", "TO: Us", "FROM: Lakeside Clinic", "PAGES: 4", number=1),
        page("Referral for physical therapy", "Patient: Ada Sample|DOB: 04/09/1961", "Diagnosis: M25.511", number=2),
        page("Face sheet", "Name: Sample, Ada|DOB: 04/09/1961", number=3),
        page("Referral for physical therapy", "Patient: Bo Other|DOB: 01/02/1990", number=4),
    ]
    segments = segments_of(sort_pages(pages))
    assert [segment.pages for segment in segments] == [(1, 2, 3), (4,)]
    assert {segment.kind for segment in segments} == {"referral_order"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("FAX COVER SHEET To: Us From: Them Pages: 3 including cover", "cover_sheet"),
        ("Patient face sheet demographics Emergency contact Marital status", "face_sheet"),
        ("Referral for physical therapy Diagnosis Evaluate and treat NPI", "referral_order"),
        ("Plan of care Short term goals I have reviewed this plan certify", "signed_plan_of_care"),
        ("Authorization number A1 12 visits authorized valid through", "authorization"),
        ("Request for medical records send complete chart attorney", "records_request"),
        ("MRI right knee Technique: Findings: Impression: tear", "lab_or_imaging"),
        ("Chief complaint History of present illness Physical exam Assessment and plan", "clinical_note"),
        ("RxBIN 004336 RxPCN ADV Copay Customer service Member ID", "insurance_card"),
        ("Special offer 40% off call now to be removed from our fax list", "junk"),
        ("lorem ipsum", "other"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert kind_of(text)[0] == kind


def test_marked_boxes_say_what_was_chosen() -> None:
    found = normals(
        "Patient: Ada Sample",
        "☐ Hip|☑ Knee|☑ Evaluate & Treat",
        "☑ Left|☐ Right|☑ 2x / week",
        "☐ Routine|☑ Urgent|☐ 3x / week",
    )
    assert (found["body_part"], found["side"], found["frequency_per_week"]) == ("knee", "left", 2)
    assert (found["urgency"], found["evaluate_and_treat"]) == ("urgent", True)
