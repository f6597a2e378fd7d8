"""What the page of a patient's questions sends and gets."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from backend.care.measures.catalog import Key
from backend.care.outcomes.schemas import Language, Occasion
from backend.core.schemas import RequestModel, ResponseModel
from backend.patient_pages.schemas import example

# Empty while the patient is still typing.
Typed = Annotated[str, StringConstraints(max_length=120)]


class MeasureItemOut(ResponseModel):
    """One licensed question."""

    text: str
    options: list[str] | None


class MeasureWordsOut(ResponseModel):
    """Licensed questions in one language; `options` label the answers, lowest first, or both ends."""

    intro: str | None
    items: list[MeasureItemOut]
    options: list[str]


class MeasureAnswers(ResponseModel):
    """What is answered of one measure."""

    items: list[int | None]
    activities: list[str] | None = None


class PatientMeasureOut(ResponseModel):
    """One measure to fill in. `words`: by language; none where the page has its own. `activities`: to rate again."""

    key: Key
    name: str
    items: int
    lowest: int
    highest: int
    activities: list[str] | None
    words: dict[Language, MeasureWordsOut]


class PatientMeasuresOut(ResponseModel):
    """Everything that is asked, with what is answered so far."""

    occasion: Occasion
    measures: list[PatientMeasureOut]
    answers: dict[str, MeasureAnswers]


class MeasureAnswersIn(RequestModel):
    """Answers of one measure, all of them, in its order."""

    items: Annotated[list[int | None], Field(max_length=30)]
    activities: Annotated[list[Typed], Field(max_length=5)] | None = None


class MeasuresSaveIn(RequestModel):
    """What changed since the last save, whole measures at a time."""

    model_config = example(answers={"nprs": {"items": [4, 2, 7]}})

    answers: Annotated[dict[str, MeasureAnswersIn], Field(max_length=10)]


class MeasuresSavedOut(ResponseModel):
    """How much is answered."""

    percent: int


class MeasuresSubmitIn(RequestModel):
    """Hand in what is saved; `language` is that of the page."""

    model_config = example(language="en")

    language: Language


class MeasuresSentOut(ResponseModel):
    """When it was handed in."""

    submitted_at: datetime
