"""Bases of request and response models."""

from pydantic import BaseModel, ConfigDict


class RequestModel(BaseModel):
    """A request body: unknown fields are refused, spaces around text are dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ResponseModel(BaseModel):
    """An answer; may be built from table rows."""

    model_config = ConfigDict(from_attributes=True)
