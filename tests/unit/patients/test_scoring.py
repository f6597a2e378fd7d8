"""Pairs of people and what the score makes of them: never two of a family for one, never one overlooked."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.messaging.people import UNKNOWN
from backend.patients import names
from backend.patients.scoring import Person, score

DOB, OTHER_DOB = date(1961, 4, 9), date(1987, 11, 23)
PHONE, OTHER_PHONE = frozenset({"+13125550142"}), frozenset({"+13125550143"})
HOME = "1 Main Street, Springfield, IL 62701"
ADA = Person("Ada", None, "Sample", None, DOB, "F", PHONE, "ada@example.org", HOME, "M1", frozenset({"ABC123"}))
BARE = Person("Robert", None, "Garcia", dob=DOB)
# What everybody under one roof may share.
ROOF = Person(None, None, "Rivera", None, DOB, None, PHONE, "home@example.org", HOME, None, frozenset({"FAM1"}))


def roof(first: str, **more: object) -> Person:
    return replace(ROOF, first_name=first, **more)  # type: ignore[arg-type]


TWINS = [
    ("Jayden", "Hayden"), ("Ella", "Emma"), ("Mia", "Mya"), ("Jon", "Ron"), ("Ada", "Ida"), ("Tim", "Tom"),
    ("Mary", "Marie"), ("Lisa", "Liz"), ("Aiden", "Jaiden"), ("Jaden", "Jayden"), ("Carla", "Karla"),
    ("Maria Elena", "Maria Luisa"), ("Ana", "Anna"), ("Luis", "Luisa"), ("Juan", "Juana"), ("Alex", "Alexandra"),
    ("Daniel", "Daniela"), ("Gabriel", "Gabriela"), ("Kate", "Katie"), ("John", "Jon"), ("Mark", "Marc"),
    ("Olivia", "Oliver"), ("Faith", "Hope"), ("Jose", "Josefa"), ("Erin", "Eric"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_twins_are_never_one_person(one: str, other: str) -> None:
    """They share date of birth, last name, phone, e-mail, address and insurance."""
    assert score(roof(one), roof(other)).verdict != "same"


FAMILY = [
    (roof("Rosa", dob=date(1962, 1, 5)), roof("Carlos", dob=date(1960, 8, 30))),
    (roof("Rosa", dob=date(1962, 1, 5)), roof("Carlos", dob=None)),
    (roof("Rosa", dob=None), roof("Carlos", dob=None)),
    (roof("Luis", suffix="Sr"), roof("Luis", suffix="Jr", dob=OTHER_DOB)),
    (roof("Luis", suffix="Sr", dob=None), roof("Luis", suffix="Jr", dob=None)),
    (roof("Luis", suffix="Jr", dob=None), roof("Luis", dob=None)),
    (roof("Luis"), roof("Luis", dob=OTHER_DOB)),
    (roof("Luis", dob=date(1961, 4, 9)), roof("Luis", dob=date(1991, 4, 9))),
    (roof("Luis", dob=date(1990, 3, 1)), roof("Luisa", dob=date(1992, 7, 1))),
    (roof("Mia", dob=date(2015, 3, 1)), roof("Leo", dob=date(2018, 7, 1))),
    (roof("Marta", last_name="Ortega", dob=date(1955, 2, 2)), roof("Rosa")),
    (roof("Rosa", sex="F"), roof("Pedro", sex="M")),
    (roof("Ann", middle_name="Lee"), roof("Beth", middle_name="Lee")),
    (roof("J"), roof("Jose", dob=OTHER_DOB)),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), FAMILY)
def test_a_family_is_never_one_person(one: Person, other: Person) -> None:
    found = score(one, other)
    assert found.verdict != "same" and found.value <= 0.6


ONE = [
    (ADA, ADA, "same"),
    (ADA, replace(ADA, first_name="ADA", last_name="SAMPLE"), "same"),
    (ADA, replace(ADA, first_name="Áda"), "same"),
    (ADA, Person("Ada", None, "Sample", dob=DOB), "same"),
    (ADA, Person("Ada", "Lou", "Sample", dob=DOB), "same"),
    (ADA, replace(ADA, phones=OTHER_PHONE, address="9 Oak Ave, Peoria, IL 61602"), "same"),
    (ADA, replace(ADA, member_ids=frozenset({"NEW9"})), "same"),
    (replace(ADA, middle_name="Lou"), replace(ADA, middle_name="L"), "same"),
    (ADA, Person("Ada", None, "Sample", mrn="m1"), "same"),
    (replace(ADA, last_name="O'Neil"), replace(ADA, last_name="ONeil"), "same"),
    (replace(ADA, first_name="Mary Ann"), replace(ADA, first_name="Maryann"), "same"),
    (ADA, replace(ADA, suffix="Jr"), "same"),
    (ADA, Person("Ada", None, "Sample", phones=PHONE), "possible"),
    (ADA, Person("Ada", None, "Sample", email="ADA@example.org"), "possible"),
    (ADA, Person("Ada", None, "Sample", address="1 Main St, Springfield, IL 62701"), "possible"),
    (ADA, replace(ADA, last_name="Brown"), "possible"),
    (ADA, replace(ADA, last_name="Sample-Brown"), "possible"),
    (ADA, replace(ADA, last_name="Samqle"), "possible"),
    (ADA, replace(ADA, dob=date(1961, 9, 4)), "possible"),
    (ADA, replace(ADA, dob=date(1961, 4, 8)), "possible"),
    (ADA, replace(ADA, sex="M"), "possible"),
    (replace(ADA, middle_name="Lou"), replace(ADA, middle_name="Kay"), "possible"),
    (replace(ADA, first_name="Robert"), replace(ADA, first_name="Bob"), "possible"),
    (replace(ADA, first_name="Guadalupe"), replace(ADA, first_name="Lupe"), "possible"),
    (replace(ADA, first_name="Margaret"), replace(ADA, first_name="Peggy"), "possible"),
    (replace(ADA, first_name="Sharon"), replace(ADA, first_name="Sharom"), "possible"),
    (replace(ADA, first_name="Maria"), replace(ADA, first_name="Maria Elena"), "possible"),
    (replace(ADA, first_name="A"), ADA, "possible"),
    (Person(UNKNOWN[0], None, UNKNOWN[1], phones=PHONE), ADA, "possible"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "verdict"), ONE)
def test_one_person_written_twice_is_found(one: Person, other: Person, verdict: str) -> None:
    assert score(one, other).verdict == verdict, score(one, other).words


OTHERS = [
    (BARE, Person("Robert", None, "Garcia", dob=OTHER_DOB)),
    (Person("Robert", None, "Garcia"), Person("Robert", None, "Garcia")),
    (BARE, Person("Ada", None, "Sample", dob=DOB)),
    (BARE, Person("Robert", None, "Sample", dob=DOB)),
    (BARE, Person("Bob", None, "Garcia")),
    (ADA, Person("Bo", None, "Other", dob=OTHER_DOB, phones=PHONE)),
    (ADA, Person("Bo", None, "Other", address=HOME)),
    (ADA, Person("Bo", None, "Other", member_ids=frozenset({"ABC123"}), dob=OTHER_DOB)),
    (ADA, Person("Ada", None, "Other", dob=OTHER_DOB)),
    (ADA, Person()),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_strangers_are_not_asked_about(one: Person, other: Person) -> None:
    assert score(one, other).verdict == "unlikely", score(one, other).words


def test_there_are_enough_pairs() -> None:
    assert len(TWINS) + len(FAMILY) + len(ONE) + len(OTHERS) >= 60


def test_the_score_explains_itself() -> None:
    nameless = score(Person(dob=DOB, phones=PHONE), replace(ADA, first_name=None, last_name=None))
    assert nameless.words == "same phone and date of birth: 0.93"
    assert nameless.verdict == "possible"  # either of two twins
    told = score(replace(ADA, first_name="Robert"), replace(ADA, first_name="Bob")).words
    assert told.endswith("but a first name that is alike only: 0.84")


def test_the_nameless_are_who_called_before() -> None:
    assert names.UNKNOWN == UNKNOWN


people = st.builds(
    Person,
    first_name=st.sampled_from(["Ada", "Eda", "Bob", "Robert", "Unknown", None]),
    middle_name=st.sampled_from([None, "Lou", "K"]),
    last_name=st.sampled_from(["Sample", "Sample-Brown", "Caller", None]),
    suffix=st.sampled_from([None, "Jr", "Sr"]),
    dob=st.sampled_from([None, DOB, OTHER_DOB, date(1961, 9, 4)]),
    sex=st.sampled_from([None, "F", "M", "X"]),
    phones=st.sampled_from([frozenset(), PHONE, OTHER_PHONE, PHONE | OTHER_PHONE]),
    email=st.sampled_from([None, "a@example.org"]),
    address=st.sampled_from([None, HOME, "9 Oak Ave, Peoria, IL 61602"]),
    mrn=st.sampled_from([None, "M1", "M2"]),
    member_ids=st.sampled_from([frozenset(), frozenset({"X1"})]),
)


@given(people, people)
def test_the_order_of_two_people_does_not_matter(one: Person, other: Person) -> None:
    assert score(one, other).value == score(other, one).value
    assert 0 <= score(one, other).value <= 0.99


@given(people, people)
def test_another_first_name_is_never_the_same_person(one: Person, other: Person) -> None:
    found = score(one, other)
    if "first_name" in found.differs or "dob" in found.differs:
        assert found.value <= 0.45
