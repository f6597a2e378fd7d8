"""What a form is made of. Kept as JSON; a published version never changes, so a submission can always be read by it."""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from backend.core.schemas import RequestModel

Language = Literal["en", "es"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "es")
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
MOST_QUESTIONS: Final = 300

Binding = Literal[
    "patient.first_name", "patient.middle_name", "patient.last_name", "patient.suffix", "patient.dob", "patient.sex",
    "patient.phone", "patient.phone_alt", "patient.email", "patient.address",
    "coverage.primary.payer_name", "coverage.primary.member_id", "coverage.primary.group_number",
    "coverage.secondary.payer_name", "coverage.secondary.member_id", "coverage.secondary.group_number",
    "order.referrer_name", "order.body_part", "order.side", "order.surgery_date", "order.procedure",
    "order.diagnosis_text",
]  # fmt: skip


class Words(RequestModel):
    """A text in English and Spanish; where Spanish is missing, English is shown."""

    en: str = Field(default="", max_length=20_000)
    es: str = Field(default="", max_length=20_000)

    def text(self, language: str) -> str:
        """In this language, or in English."""
        return (self.es if language == "es" else "") or self.en


class Rule(RequestModel):
    """One thing another, earlier question's answer must be."""

    question: Id
    op: Literal["equals", "not_equals", "contains", "answered", "not_answered", "at_least", "at_most"]
    value: str | bool | int | float | None = None


class Condition(RequestModel):
    """When a question or section is shown: all of the rules hold, or any of them."""

    match: Literal["all", "any"] = "all"
    rules: list[Rule] = Field(default_factory=list, max_length=10)


class Option(RequestModel):
    """One possible answer. `alone`: it takes back the others, as “none of these” does. `alert`: the desk is warned."""

    id: Id
    label: Words
    alone: bool = False
    alert: bool = False


class _Question(RequestModel):
    id: Id
    label: Words
    help: Words | None = None
    required: bool = False
    show_if: Condition | None = None
    prefill: Binding | None = None


class ShortText(_Question):
    """One line."""

    type: Literal["short_text"]
    max_length: int = Field(default=200, ge=1, le=500)


class LongText(_Question):
    """Several lines."""

    type: Literal["long_text"]
    max_length: int = Field(default=2000, ge=1, le=5000)


class Number(_Question):
    """A number within bounds."""

    type: Literal["number"]
    least: float | None = None
    most: float | None = None
    decimals: int = Field(default=0, ge=0, le=2)
    unit: Words | None = None


class Date(_Question):
    """A day; `when` says on which side of today."""

    type: Literal["date"]
    when: Literal["any", "past", "future"] = "any"


class Choice(_Question):
    """One of several."""

    type: Literal["choice"]
    options: list[Option] = Field(default_factory=list, max_length=60)


class MultiChoice(_Question):
    """Any of several."""

    type: Literal["multi_choice"]
    options: list[Option] = Field(default_factory=list, max_length=60)


class YesNo(_Question):
    """Yes or no."""

    type: Literal["yes_no"]


class Scale(_Question):
    """0 to 10, with what the ends mean."""

    type: Literal["scale"]
    low: Words = Field(default_factory=Words)
    high: Words = Field(default_factory=Words)


class Phone(_Question):
    """A phone number."""

    type: Literal["phone"]


class Email(_Question):
    """An e-mail address."""

    type: Literal["email"]


class Address(_Question):
    """Where somebody lives."""

    type: Literal["address"]


class Medications(_Question):
    """Name, dose and how often; or none."""

    type: Literal["medications"]


class BodyDiagram(_Question):
    """Areas of the body."""

    type: Literal["body_diagram"]


class Activities(_Question):
    """The patient's own activities, each from 0 (cannot do it) to 10 (as before). PSFS has a score from three on."""

    type: Literal["activities"]
    least: int = Field(default=3, ge=1, le=5)
    most: int = Field(default=5, ge=1, le=5)


class Signature(_Question):
    """Drawn or typed."""

    type: Literal["signature"]


class CardPhoto(_Question):
    """Photos of an insurance card, front and back; what is read from them is the patient's to confirm."""

    type: Literal["card_photo"]


class Agreement(_Question):
    """Words a patient agrees to. `version` rises when a published wording differs from the one before."""

    type: Literal["agreement"]
    text: Words = Field(default_factory=Words)
    version: int = Field(default=0, ge=0)
    sign: Literal["check", "name"] = "check"


class Note(_Question):
    """Words to read; nothing to answer."""

    type: Literal["note"]


Question = Annotated[
    ShortText | LongText | Number | Date | Choice | MultiChoice | YesNo | Scale | Phone | Email | Address
    | Medications | BodyDiagram | Activities | Signature | CardPhoto | Agreement | Note,
    Field(discriminator="type"),
]  # fmt: skip


class Section(RequestModel):
    """One page on the phone."""

    id: Id
    title: Words
    help: Words | None = None
    show_if: Condition | None = None
    questions: list[Question] = Field(default_factory=list, max_length=80)


class Definition(RequestModel):
    """A whole form."""

    title: Words
    intro: Words | None = None
    sections: list[Section] = Field(default_factory=list, max_length=40)

    def questions(self) -> Iterator[Any]:
        """Every question in order, notes too. Typed as any of the kinds above."""
        for section in self.sections:
            yield from section.questions

    def question(self, question_id: str) -> Any:
        """One question, or None."""
        return next((question for question in self.questions() if question.id == question_id), None)


def stored(definition: Definition) -> dict[str, Any]:
    """As it is kept."""
    return definition.model_dump(mode="json", exclude_none=True)
