"""Values into normal forms, forgiving what a fax does to letters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.faxes.extraction import codes, normal
from backend.faxes.extraction.numbers import parse_address
from backend.referral_sources.npi import is_npi


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4/9/1961", date(1961, 4, 9)), ("04-09-61", date(1961, 4, 9)), ("Apr 9, 1961", date(1961, 4, 9)),
        ("9 April 1961", date(1961, 4, 9)), ("1961-04-09", date(1961, 4, 9)), ("O4/O9/1961", date(1961, 4, 9)),
        ("4.9.2004", date(2004, 4, 9)), ("l2/3l/99", date(1999, 12, 31)),
    ],
)  # fmt: skip
def test_dates(text: str, day: date) -> None:
    assert [found for _, _, found in normal.dates(f"DOB: {text} (x)")] == [day]


@pytest.mark.parametrize("text", ["13/45/1961", "2/30/2001", "312-555-0142", "page 1/2", "1/2"])
def test_no_dates(text: str) -> None:
    assert normal.dates(text) == []


@pytest.mark.parametrize(
    "text", ["(312) 555-0142", "312.555.0142", "1-312-555-0142", "+1 312 555 0142", "(3I2)555-OI42", "3125550142"]
)
def test_phones(text: str) -> None:
    assert [number for _, _, number in normal.phones(f"call {text} now")] == ["+13125550142"]


@given(st.integers(100_000_000, 299_999_999))
def test_every_npi_found_has_a_valid_check_digit(nine: int) -> None:
    for last in range(10):
        found = normal.npis(f"NPI {nine}{last}")
        assert all(is_npi(digits) for _, _, digits in found)
        assert bool(found) == is_npi(f"{nine}{last}")


@pytest.mark.parametrize(
    ("text", "first", "middle", "last", "suffix"),
    [
        ("Choi, Harold", "Harold", None, "Choi", None),
        ("Van Der Berg Jr, Lakshmi Q", "Lakshmi", "Q", "Van Der Berg", "Jr"),
        ("Gloria T. Fernandez Jr", "Gloria", "T", "Fernandez", "Jr"),
        ("MCALLISTER, FATIMA N", "Fatima", "N", "McAllister", None),
        ("Mr. Hannah E De La Cruz Sr", "Hannah", "E", "De La Cruz", "Sr"),
        ("Mei-Ling O'Brien-Núñez", "Mei-Ling", None, "O'Brien-Núñez", None),
    ],
)
def test_names(text: str, first: str, middle: str | None, last: str, suffix: str | None) -> None:
    name = normal.name(text)
    assert name is not None
    assert (name.first, name.middle, name.last, name.suffix) == (first, middle, last, suffix)


@pytest.mark.parametrize(
    "text", ["Physical Therapy", "New PT referral", "555-0142", "Ada", "", "Date of Birth", "Fax Number"]
)
def test_no_names(text: str) -> None:
    assert normal.name(text) is None


@pytest.mark.parametrize(
    ("lines", "street", "city"),
    [
        (["3317 Fremont Pl Unit 12 Mesa, AZ 85280"], "3317 Fremont Pl Unit 12", "Mesa"),
        (["9403 Desert Blvd", "Grand Rapids, MI 49538"], "9403 Desert Blvd", "Grand Rapids"),
        (["12 Elm St, Oak Park, IL 60302-1234"], "12 Elm St", "Oak Park"),
        (["2898 63rd Ct Apt 4B"], "2898 63rd Ct Apt 4B", ""),
    ],
)
def test_addresses(lines: list[str], street: str, city: str) -> None:
    parsed = parse_address(lines)
    assert parsed is not None and (parsed[0], parsed[2][0]) == (street, city)


def test_codes_exist_and_are_repaired_only_when_one_fits() -> None:
    found = {code: clean for _, _, code, clean in codes.find("M25.511, (S83.241A) $83.512D Z96.65l M99.999 B2B.123")}
    assert found == {"M25.511": True, "S83.241A": True, "S83.512D": False, "Z96.651": False}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("right shoulder", "right"),
        ("Lt. knee", "left"),
        ("bilateral hips", "bilateral"),
        ("left and right", None),
        ("knee", None),
    ],
)
def test_sides(text: str, side: str | None) -> None:
    assert codes.side_in(f" {text} ") == side
