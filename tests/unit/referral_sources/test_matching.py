"""Who a paper can mean: rules that hold for every pair of descriptions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.referral_sources import names
from backend.referral_sources.matching import Described, judge
from backend.referral_sources.npi import is_npi
from tests.referrers import npi

NAMES = ("Emily Jimenez", "Emily C Jimenez", "Emily D. Jimenez, MD", "E Jimenez", "Emely Jimenez", "Jimenez, Emily",
         "Jimenez", "Rowan Ortho", "Lakeside Orthopedics, PLLC")  # fmt: skip
described = st.builds(
    Described,
    name=st.sampled_from(NAMES),
    kind=st.sampled_from(("provider", "practice")),
    npi=st.sampled_from((None, npi(1), npi(2))),
    office=st.sampled_from((None, "Lakeside Orthopedics", "The Lakeside Orthopedics LLC", "Northgate")),
    numbers=st.frozensets(st.sampled_from(("+13125550155", "+13125550156", "+13125550157")), max_size=2),
)


@given(described, described)
def test_it_is_the_same_from_both_sides(one: Described, other: Described) -> None:
    there, back = judge(one, other), judge(other, one)
    assert (there.verdict, set(there.agrees), set(there.differs)) == (
        back.verdict, set(back.agrees), set(back.differs),
    )  # fmt: skip


@given(described)
def test_everybody_is_who_they_are(one: Described) -> None:
    assert judge(one, one).verdict == "same"


@given(described, described)
def test_never_the_same_with_two_npis_or_another_name(one: Described, other: Described) -> None:
    verdict = judge(one, other).verdict
    if one.npi and other.npi and one.npi != other.npi:
        assert verdict == "other"
    if verdict == "same" and one.kind == "provider" and not (one.npi and one.npi == other.npi):
        assert names.likeness(one.person, other.person) == "same"


@given(st.integers(0, 99_999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_no_npi(number: int, place: int, more: int) -> None:
    right = npi(number)
    wrong = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]
    assert is_npi(right)
    assert not is_npi(wrong)


def test_the_npi_of_the_standard() -> None:
    assert is_npi("1234567893")
    assert not is_npi("1234567890")
    assert not is_npi("808401234567893")


@pytest.mark.parametrize(
    ("written", "name", "credential"),
    [
        ("Dr. Rowan Ortho, M.D., FAAOS", "Rowan Ortho", "MD"),
        ("Rowan Ortho MD", "Rowan Ortho", "MD"),
        ("Tien Do", "Tien Do", None),
        ("Ada Sample, PA-C", "Ada Sample", "PA-C"),
        ("MD", "MD", None),
        ("Smith, John, DO", "Smith, John", "DO"),
    ],
)
def test_names_lose_what_is_no_name(written: str, name: str, credential: str | None) -> None:
    assert names.plain_name(written) == (name, credential)


def test_people_who_marry_keep_their_npi() -> None:
    before, after = Described("Emily Jimenez", npi=npi(1)), Described("Emily Brown", npi=npi(1))
    stranger = Described("Rowan Ortho", npi=npi(1))
    assert judge(before, after).verdict == "same"
    assert (judge(before, stranger).verdict, judge(before, stranger).differs) == ("unsure", ("another name",))
