"""What a patient's page sends and gets. Nothing about the visit or the form leaves before the second check."""

from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from backend.core.schemas import RequestModel, ResponseModel
from backend.patient_links.rules import Purpose
from backend.patient_pages.checks import Check


def example(**facts: Any) -> ConfigDict:
    """One example for the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [facts]})


class ExchangeIn(RequestModel):
    """What stands after `#` in the link."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"token": "mzuxg2dsnf2gkzlsmvqgk5dpme"}]})

    token: str = Field(min_length=1, max_length=200)


class CheckIn(RequestModel):
    """The answer to the page's question: a date of birth, or a last name where none is on file."""

    model_config = example(dob="1961-04-09")

    dob: date | None = None
    last_name: str | None = Field(default=None, min_length=1, max_length=100)

    @model_validator(mode="after")
    def _one(self) -> "CheckIn":
        if (self.dob is None) == (self.last_name is None):
            raise ValueError("either dob or last_name")
        return self


class PatientPageOut(ResponseModel):
    """What the page shows first. `check`: what must be answered before anything else."""

    purpose: Purpose
    check: Check
    verified: bool
    tries_left: int
    person: str | None = Field(description="first name and initial", examples=["Ada S."])
    practice: str = Field(examples=["Northside PT"])
    logo: str | None = Field(description="address of the practice's logo", examples=[None])
    phone: str | None = Field(description="where to call", examples=["+13125550110"])
    language: Literal["en", "es"] | None = Field(description="the language the patient texts in, if known")
    csrf_token: str
