"""A patient as the API takes and shows it."""

import re
import uuid
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field

from backend.core.phones import e164
from backend.core.schemas import RequestModel, ResponseModel

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"


def _phone(value: str) -> str:
    number = e164(value)
    if number is None:
        raise ValueError("not a phone number")
    return number


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        raise ValueError("not an e-mail address")
    return value


def _birth_date(value: date) -> date:
    if not date(1900, 1, 1) <= value <= date.today():
        raise ValueError("not a date of birth")
    return value


Name = Annotated[str, Field(min_length=1, max_length=100)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
BirthDate = Annotated[date, AfterValidator(_birth_date)]
Sex = Literal["F", "M", "X"]


class PatientFacts(RequestModel):
    """What is known of a patient; everything but the name may be missing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09", "phone": "(312) 555-0142"}]
        }
    )

    first_name: Name
    middle_name: Name | None = None
    last_name: Name
    suffix: Name | None = None
    dob: BirthDate | None = None
    sex: Sex | None = None
    phone: Phone | None = None
    phone_alt: Phone | None = None
    email: Email | None = None
    address: str | None = Field(default=None, max_length=300)
    mrn: str | None = Field(default=None, max_length=60)


class PatientChanges(RequestModel):
    """Only what is given changes; null empties a field."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "312-555-0143"}]})

    first_name: Name = "-"
    middle_name: Name | None = None
    last_name: Name = "-"
    suffix: Name | None = None
    dob: BirthDate | None = None
    sex: Sex | None = None
    phone: Phone | None = None
    phone_alt: Phone | None = None
    email: Email | None = None
    address: str | None = Field(default=None, max_length=300)
    mrn: str | None = Field(default=None, max_length=60)


class CoverageOut(ResponseModel):
    """What pays for the care."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    rank: Literal["primary", "secondary", "tertiary"]
    payer_name: str = Field(examples=["Lakeside Mutual"])
    member_id: str | None
    group_number: str | None


class PatientOut(ResponseModel):
    """A patient with coverages."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    first_name: str = Field(examples=["Ada"])
    middle_name: str | None
    last_name: str = Field(examples=["Sample"])
    suffix: str | None
    dob: date | None = Field(examples=["1961-04-09"])
    sex: Sex | None
    phone: str | None = Field(examples=["+13125550142"])
    phone_alt: str | None
    email: str | None
    address: str | None
    mrn: str | None
    coverages: list[CoverageOut]
