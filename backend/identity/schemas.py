"""Requests and answers of sign-in, people and API keys."""

import uuid
from datetime import datetime

from pydantic import ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"


class SignIn(RequestModel):
    """Credentials of a person."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "dana@northside.example.org", "password": "a long sentence"}]}
    )

    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=1000)


class UserOut(ResponseModel):
    """A person of the practice."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["Dana Desk"])
    email: str = Field(examples=["dana@northside.example.org"])
    role: str = Field(examples=["front_desk"])
    active: bool = True


class LocationOut(ResponseModel):
    """A clinic."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["North"])
    timezone: str = Field(examples=["America/Chicago"])


class TeamOut(ResponseModel):
    """A group that can own leads and tasks."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["Front desk"])
    location_id: uuid.UUID | None = None


class PracticeOut(ResponseModel):
    """The tenant."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["Northside Physical Therapy"])
    slug: str = Field(examples=["northside"])
    timezone: str = Field(examples=["America/Chicago"])


class Me(ResponseModel):
    """Who is signed in, what they may do, and the CSRF token their page sends back."""

    user: UserOut
    practice: PracticeOut
    permissions: list[str] = Field(examples=[["leads:read", "faxes:read"]])
    locations: list[LocationOut]
    csrf_token: str = Field(examples=["kB3mZ0example"])
    sandbox: bool = Field(description="whether the carrier sandbox is mounted at /sandbox")


class UserPage(Page):
    """People."""

    items: list[UserOut]


class TeamPage(Page):
    """Teams."""

    items: list[TeamOut]


class LocationPage(Page):
    """Clinics."""

    items: list[LocationOut]


class NewApiKey(RequestModel):
    """Name and scopes of a key to be made."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "EMR bridge", "scopes": ["leads:read", "faxes:write"]}]}
    )

    name: str = Field(min_length=1, max_length=100)
    scopes: list[str] = Field(min_length=1, max_length=50)


class ApiKeyOut(ResponseModel):
    """A key without its secret."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["EMR bridge"])
    scopes: list[str] = Field(examples=[["leads:read", "faxes:write"]])
    created_at: datetime
    last_used_at: datetime | None = None


class CreatedApiKey(ApiKeyOut):
    """A new key; `secret` is shown this once."""

    secret: str = Field(examples=["fd_live_q0example0example0example"])


class ApiKeyPage(Page):
    """API keys in use."""

    items: list[ApiKeyOut]
