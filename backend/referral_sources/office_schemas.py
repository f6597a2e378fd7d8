"""Offices of referrers as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.referral_sources.models import HearBy, LetterKind
from backend.referral_sources.schemas import Email, Npi, OfficeOut, Phone, Short, example


class OfficeChanges(RequestModel):
    """Only what is given changes; null empties a field, of `hear_by` and `hear_of` it means: as usual."""

    model_config = example(version=1, fax="312-555-0156", hear_by="fax", hear_of=["seen", "discharge"])

    version: int
    name: Short = "-"
    npi: Npi | None = None
    phone: Phone | None = None
    fax: Phone | None = None
    email: Email | None = None
    address: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    hear_by: HearBy | None = None
    hear_of: list[LetterKind] | None = None

    def given(self) -> dict[str, Any]:
        """What shall change."""
        return self.model_dump(exclude_unset=True, exclude={"version"})


class OfficeRow(OfficeOut):
    """One row of the list."""

    providers: int = Field(description="referrers who work there")


class OfficePage(Page):
    """Offices that are not part of another, by name."""

    items: list[OfficeRow]


class MergedOffice(ResponseModel):
    """What became part of this office."""

    id: uuid.UUID
    version: int
    name: str
    at: datetime
    by: str
    can_undo: bool


class OfficeProfile(OfficeRow):
    """One office, merged or not."""

    merges: list[MergedOffice]


class OfficeDoubleOut(ResponseModel):
    """Two offices that may be one, with what speaks for and against it."""

    first: OfficeOut
    second: OfficeOut
    likely: bool
    agrees: list[str] = Field(examples=[["same name", "same phone or fax"]])
    differs: list[str]
    dismissed_by: str | None


class OfficeDoubleList(ResponseModel):
    """The likeliest first."""

    items: list[OfficeDoubleOut]
