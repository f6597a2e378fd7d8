"""The account at the clearinghouse as the API takes and shows it."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from backend.core.schemas import RequestModel, ResponseModel
from backend.insurance.schemas import Identifier, Short


def _npi(value: str) -> str:
    """The check digit of an NPI is that of the card number 80840 + NPI (45 CFR 162.406)."""
    digits = [int(digit) for digit in f"80840{value}"]
    total = sum(sum(divmod(2 * digit, 10)) if index % 2 else digit for index, digit in enumerate(reversed(digits)))
    if total % 10:
        raise ValueError("not an NPI: the check digit is wrong")
    return value


Npi = Annotated[str, Field(pattern=r"^[12]\d{9}$"), AfterValidator(_npi)]


class ClearinghouseIn(RequestModel):
    """Who asks. A password that is not given stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": 0, "sender_id": "NORTHSIDE", "receiver_id": "CLEARING", "organization": "Northside PT",
                    "npi": "1234567893", "username": "northside", "password": "from the clearinghouse",
                }
            ]
        }
    )  # fmt: skip

    version: int
    sender_id: Annotated[Identifier, Field(max_length=15)]
    receiver_id: Annotated[Identifier, Field(max_length=15)]
    organization: Annotated[Short, Field(max_length=60)]
    npi: Npi
    username: Annotated[str, Field(min_length=1, max_length=50)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=100)] | None = None


class ClearinghouseOut(ResponseModel):
    """The account. `reachable`: this installation knows an address to ask; `sandbox`: the answers are made up."""

    version: int
    sender_id: str | None
    receiver_id: str | None
    organization: str | None
    npi: str | None
    username: str | None
    reachable: bool
    sandbox: bool
