"""The letterhead as settings take and show it."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from backend.core.phones import e164
from backend.core.schemas import RequestModel, ResponseModel


def _phone(text: str) -> str:
    number = e164(text)
    if number is None:
        raise ValueError("a phone number with area code")
    return number


def _line(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=r"^[^\x00-\x1f\x7f]*$")


class LetterheadIn(RequestModel):
    """The whole letterhead but its logo; null: as the practice and the clinic are known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": 0,
                    "name": "Northside Physical Therapy & Sports Medicine",
                    "tagline": "Orthopedic, sports and pelvic health rehabilitation",
                    "website": "northside.example.org",
                    "address": "500 N Clark St, Chicago, IL 60654",
                    "phone": "312-555-0100",
                }
            ]
        }
    )

    version: int
    name: Annotated[str, _line(80)] | None = None
    tagline: Annotated[str, _line(90)] | None = None
    website: Annotated[str, _line(80)] | None = None
    address: Annotated[str, _line(160)] | None = Field(
        default=None, description="on letters that are about no clinic, or where the clinic has none"
    )
    phone: Annotated[str, Field(max_length=40), AfterValidator(_phone)] | None = Field(
        default=None, description="as the address"
    )


class LetterheadOut(ResponseModel):
    """What stands at the head of letters and pages."""

    version: int
    practice: str = Field(description="its name where the letterhead has none", examples=["Northside PT"])
    name: str | None
    tagline: str | None
    website: str | None
    address: str | None
    phone: str | None
    logo_url: str | None = Field(description="for screens; on paper it is black and white")
