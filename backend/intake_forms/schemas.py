"""Forms and intakes as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.intake_forms.definition import Definition, Language, Words

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
Name = Annotated[str, Field(min_length=1, max_length=120)]
State = Literal["prepared", "sent", "started", "submitted", "canceled"]


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


QUESTION: dict[str, Any] = {"type": "yes_no", "id": "fell", "label": {"en": "Have you fallen?", "es": "¿Se ha caído?"}}
DEFINITION: dict[str, Any] = {
    "title": {"en": "New patient form", "es": "Formulario de paciente nuevo"},
    "sections": [{"id": "health", "title": {"en": "Your health", "es": "Su salud"}, "questions": [QUESTION]}],
}


class NewFormIn(RequestModel):
    """A new form, empty or a copy of another one's draft."""

    model_config = _example(name="Pelvic health", copy_of=None)

    name: Name
    copy_of: uuid.UUID | None = None


class DraftIn(RequestModel):
    """The draft as it stands. It may be unfinished: publishing checks it."""

    model_config = _example(version=3, name="New patient", definition=DEFINITION)

    version: int
    name: Name
    definition: Definition


class FormVersionIn(RequestModel):
    """The version of the draft that was seen."""

    model_config = _example(version=4)

    version: int


class RestoreIn(RequestModel):
    """Makes a published version the draft."""

    model_config = _example(version=4, number=1)

    version: int
    number: int = Field(ge=1)


class FormOut(ResponseModel):
    """A form in the list. `changed`: the draft differs from what is published."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["New patient"])
    version: int
    published: int | None = Field(description="number of the published version")
    published_at: datetime | None
    standard: bool = Field(description="sent where nobody chooses another")
    changed: bool
    sections: int
    questions: int
    running: int = Field(description="patients who have it now")


class FormList(Page):
    """The practice's forms, the default one first."""

    items: list[FormOut]


class FormFinding(ResponseModel):
    """Something about the draft, at its place. An error keeps it from being published."""

    pointer: str = Field(examples=["/sections/0/questions/2/label/en"])
    detail: str
    level: Literal["error", "warning"]


class FormVersionOut(ResponseModel):
    """A version as it was published."""

    number: int
    published_at: datetime
    published_by: str
    changes: list[str]


class FormDetail(FormOut):
    """A form with its draft, what is wrong with it and what it would change."""

    draft: Definition
    problems: list[FormFinding]
    changes: list[str]
    versions: list[FormVersionOut]


class PublishedForm(ResponseModel):
    """A version with everything in it."""

    number: int
    published_at: datetime
    published_by: str
    changes: list[str]
    definition: Definition


class AreaOut(ResponseModel):
    """An area of the body diagram: its corners on a view 200 wide and 440 high."""

    id: str = Field(examples=["front_knee_left"])
    view: Literal["front", "back"]
    words: Words
    points: list[tuple[int, int]]


class AreaList(Page):
    """Every area, from the head down."""

    items: list[AreaOut]


class IntakeIn(RequestModel):
    """Give a lead's patient the form: by text, or only a link to be opened here."""

    model_config = _example(form_id=None, language="en", by="text")

    form_id: uuid.UUID | None = Field(default=None, description="the default form if null")
    language: Language | None = Field(default=None, description="what the patient texts in if null")
    by: Literal["text", "desk"] = "text"


class TextOut(ResponseModel):
    """One of the two texts there may be about it."""

    id: uuid.UUID
    status: str = Field(examples=["delivered"])
    reason: str | None
    send_at: datetime | None


class LineOut(ResponseModel):
    """A question and what was answered, in words."""

    question_id: str
    kind: str
    label: str
    words: list[str]
    alert: bool
    prefilled: bool
    missing: bool
    value: Any = Field(description="of signatures, photos and the body diagram, for drawing")


class PartOut(ResponseModel):
    """A section."""

    title: str
    lines: list[LineOut]


class AgreementOut(ResponseModel):
    """What was agreed to, word by word."""

    question_id: str
    agreement_version: int
    language: Language
    title: str
    words: str
    name_typed: str
    agreed_at: datetime


class DifferenceOut(ResponseModel):
    """A fact that the chart has otherwise."""

    field: str = Field(examples=["patient.email"])
    label: str = Field(examples=["E-mail"])
    ours: str | None
    theirs: str
    state: Literal["open", "accepted", "rejected"]
    decided_by: str | None
    decided_at: datetime | None


class DecisionIn(RequestModel):
    """Which of the patient's facts go into the chart, and which do not."""

    model_config = _example(version=4, accept=["patient.email"], reject=["patient.first_name"])

    version: int
    accept: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=20)
    reject: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=20)


class IntakeOut(ResponseModel):
    """A form a patient got, and how far they are."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    lead_id: uuid.UUID
    form_id: uuid.UUID
    form_name: str = Field(examples=["New patient"])
    form_version: int | None
    state: State
    percent: int
    language: Language
    version: int
    created_by: str
    created_at: datetime
    sent_at: datetime | None
    started_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None
    welcome: TextOut | None
    reminder: TextOut | None
    pdf: bool = Field(description="whether the PDF is ready")
    to_decide: int
    alerts: int = Field(description="answers the desk is warned of")


class QrOut(ResponseModel):
    """A link for the patient's own phone, as a code to scan."""

    url: str
    svg: str
    expires_at: datetime


class IntakePage(Page):
    """A lead's forms, newest first."""

    items: list[IntakeOut]


class IntakeDetail(IntakeOut):
    """With the answers so far, what is missing, what was agreed to, and what differs from the chart."""

    parts: list[PartOut]
    missing: list[str]
    agreements: list[AgreementOut]
    differences: list[DifferenceOut]
