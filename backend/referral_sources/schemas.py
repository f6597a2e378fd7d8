"""A referrer as the API shows it."""

import uuid

from pydantic import Field

from backend.core.schemas import ResponseModel


class ReferrerOut(ResponseModel):
    """A provider who refers."""

    id: uuid.UUID = Field(examples=["0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"])
    name: str = Field(examples=["Rowan Ortho"])
    credential: str | None = Field(examples=["MD"])
    npi: str | None = Field(examples=["1234567893"])
    practice_name: str | None
    phone: str | None
    fax: str | None
    address: str | None
