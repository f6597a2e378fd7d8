"""What the page of a form sends and gets."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from backend.core.schemas import RequestModel, ResponseModel
from backend.intake_forms.definition import Definition, Language
from backend.intake_forms.schemas import AreaOut
from backend.patient_pages.schemas import example

MOST_AT_ONCE = 100


class BeginIn(RequestModel):
    """The language the patient reads the form in."""

    model_config = example(language="en")

    language: Language


class PatientFormOut(ResponseModel):
    """The form with every answer so far. `revision` goes back with the next save."""

    form: Definition
    answers: dict[str, Any]
    prefilled: list[str] = Field(description="questions we filled in, and the patient has not touched")
    revision: int
    percent: int
    body: list[AreaOut] = Field(description="areas of the body diagram")


class AnswersIn(RequestModel):
    """What changed since the last save, by question; null takes an answer back."""

    model_config = example(revision=3, answers={"fell": False, "goal": "Walk my dog"})

    revision: int = Field(ge=0)
    answers: Annotated[dict[str, Any], Field(max_length=MOST_AT_ONCE)]


class AnswersOut(ResponseModel):
    """`others`: answers written on another device since `revision`."""

    revision: int
    percent: int
    others: dict[str, Any]


class SubmitIn(RequestModel):
    """Hand in what is saved."""

    model_config = example()


class HandedInOut(ResponseModel):
    """When it was handed in."""

    submitted_at: datetime


class HandedOver(ResponseModel):
    """Where the patient's page is."""

    path: str = Field(examples=["/p"])
