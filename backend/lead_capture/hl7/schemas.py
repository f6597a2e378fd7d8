"""Who sends HL7 messages, as the API takes and shows it."""

import ipaddress
import uuid
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=False))
    except ValueError:
        raise ValueError("not an address or a network") from None


def _called(value: str) -> str:
    if any(letter in "|^~\\&" or ord(letter) < 32 for letter in value):
        raise ValueError("holds a separator of HL7")
    return value


Network = Annotated[str, Field(max_length=50), AfterValidator(_network)]
Called = Annotated[str, Field(max_length=180), AfterValidator(_called)]


class Hl7SenderIn(RequestModel):
    """An interface. What it calls itself in MSH-3 and MSH-4; empty means any, on a port of its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": 0, "name": "Clinic EMR", "application": "PTEMR", "facility": "NORTHSIDE", "port": None,
                    "peers": ["10.8.0.0/24"], "location_id": None, "active": True,
                }
            ]
        }
    )  # fmt: skip

    version: int
    name: str = Field(min_length=1, max_length=100)
    application: Called = ""
    facility: Called = ""
    port: int | None = Field(default=None, ge=1024, le=65535)
    peers: list[Network] = Field(default_factory=list, max_length=20)
    location_id: uuid.UUID | None = None
    active: bool = True


class Hl7SenderOut(ResponseModel):
    """An interface with what came by it. `listening_on`: the port to send to, where one is open.

    `failed` could not be taken; of the `unclear` a person must say whose they are.
    """

    id: uuid.UUID
    version: int
    name: str
    application: str
    facility: str
    port: int | None
    peers: list[str]
    location_id: uuid.UUID | None
    active: bool
    listening_on: int | None
    received: int
    failed: int
    unclear: int
    last_received_at: datetime | None


class Hl7SenderPage(Page):
    """By name."""

    items: list[Hl7SenderOut]
