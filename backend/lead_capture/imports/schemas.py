"""Imports as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel

KindName = Literal["patients", "leads", "visits", "appointments"]
State = Literal["checking", "checked", "running", "done", "failed"]
Outcome = Literal["created", "updated", "skipped", "asked", "failed"]
Duplicates = Literal["ask", "skip", "attach"]


class ImportFieldOut(ResponseModel):
    """What a column may mean."""

    name: str = Field(examples=["dob"])
    label: str = Field(examples=["Date of birth"])


class ImportCounts(ResponseModel):
    """Rows by what became of them; in a dry run, what would."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    asked: int = 0
    failed: int = 0


class ImportOut(ResponseModel):
    """A file, how it is read, and how far it has come."""

    id: uuid.UUID
    version: int
    kind: KindName
    state: State
    file_name: str
    encoding: str
    delimiter: str
    columns: list[str]
    mapping: dict[str, str] = Field(description="field by column; columns that mean nothing are left out")
    day_first: list[str] = Field(description="columns whose dates are written day first")
    fields: list[ImportFieldOut]
    duplicates: Duplicates
    total: int
    processed: int
    counts: ImportCounts
    failure: str | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    preview: list[list[str]] = Field(description="the first rows; empty in lists")


class ImportPage(Page):
    """Newest first."""

    items: list[ImportOut]


class RowError(ResponseModel):
    """What is wrong in one cell, or (without column) in the row."""

    column: str
    detail: str


class ImportRowOut(ResponseModel):
    """One row that needs a look."""

    number: int = Field(description="1 is the first row below the head")
    outcome: Outcome
    errors: list[RowError]
    detail: str | None
    cells: list[str]
    patient_id: uuid.UUID | None
    lead_id: uuid.UUID | None


class ImportRowPage(Page):
    """In the order of the file."""

    items: list[ImportRowOut]


class RunIn(RequestModel):
    """Check again (`dry_run`) or carry out, with this reading of the columns."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"version": 2, "mapping": {"DOB": "dob", "Name": "full_name"}, "duplicates": "ask", "dry_run": False}
            ]
        }
    )

    version: int
    mapping: dict[str, str] = Field(max_length=200)
    duplicates: Duplicates = "ask"
    dry_run: bool = False


class DecideIn(RequestModel):
    """The row is somebody `new`, or the `same` person as was found; `skip` leaves it out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "same"}]})

    decision: Literal["new", "same", "skip"]
