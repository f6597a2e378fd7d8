"""Who is the same person: certain only when nothing contradicts."""

from datetime import date

import pytest

from backend.core.ids import new_id
from backend.patients.matching import LIKELY, Identity, compare
from backend.patients.models import Patient

DOB = date(1961, 4, 9)


def known(**facts: object) -> Patient:
    base = {"first_name": "Ada", "last_name": "Sample", "dob": DOB, "phone": "+13125550142", "id": new_id()}
    return Patient(**(base | facts))


ADA = Identity("Ada", None, "Sample", None, DOB, "+13125550142")


@pytest.mark.parametrize(
    "patient",
    [
        known(),
        known(first_name="ADA", last_name="sample"),
        known(phone=None),
        known(first_name="Áda"),
        known(middle_name="B"),
    ],
)
def test_same_name_and_birth_date_are_certain(patient: Patient) -> None:
    assert compare(ADA, patient, frozenset()).certain


@pytest.mark.parametrize(
    "patient",
    [
        known(first_name="Eda"),  # a twin
        known(dob=date(1961, 9, 4)),
        known(dob=None),
        known(last_name="Sampleton"),
        known(suffix="Jr"),
    ],
)
def test_anything_else_is_not(patient: Patient) -> None:
    identity = Identity("Ada", None, "Sample", "Sr" if patient.suffix else None, DOB, "+13125550142")
    match = compare(identity, patient, frozenset())
    assert not match.certain
    assert match.score >= LIKELY or patient.dob is None


def test_middle_initials_that_differ_contradict() -> None:
    identity = Identity("Ada", "C", "Sample", None, DOB)
    assert not compare(identity, known(middle_name="B"), frozenset()).certain


def test_a_shared_family_phone_alone_is_no_match() -> None:
    other = known(first_name="Bo", last_name="Other", dob=date(1990, 1, 1))
    assert compare(ADA, other, frozenset()).score < LIKELY


def test_reasons_say_what_agrees_and_what_does_not() -> None:
    match = compare(ADA, known(first_name="Eda"), frozenset())
    assert set(match.reasons) == {"same last name", "same date of birth", "same phone", "another first name"}
