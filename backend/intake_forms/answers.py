"""Answers by kind of question: what may be kept while somebody is typing, and what a finished form must hold.

An empty answer is None: it is as if nothing had been said.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from backend.core.clock import now
from backend.core.phones import e164
from backend.core.schemas import RequestModel
from backend.intake_forms import body
from backend.intake_forms.conditions import shown
from backend.intake_forms.definition import Definition, Language

MOST_POINTS: Final = 4000
UPLOAD: Final = r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$"
Short = Annotated[str, Field(max_length=200)]


class Wrong(Exception):
    """This is no answer to this question; `detail` says why, without repeating it."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class AddressAnswer(RequestModel):
    """A postal address."""

    street: Short = ""
    unit: Short = ""
    city: Short = ""
    state: Annotated[str, Field(max_length=30)] = ""
    zip: Annotated[str, Field(max_length=12)] = ""


class Medicine(RequestModel):
    """One medicine as the patient takes it."""

    name: Short
    dose: Short = ""
    often: Short = ""


class MedicationsAnswer(RequestModel):
    """A list, or the word that there are none."""

    none: bool = False
    items: list[Medicine] = Field(default_factory=list, max_length=60)


class ActivityAnswer(RequestModel):
    """Something that is hard now, and how hard."""

    activity: Short
    score: Annotated[int, Field(ge=0, le=10, strict=True)] | None = None


Coordinate = Annotated[int, Field(ge=0, le=1000, strict=True)]
Stroke = Annotated[list[tuple[Coordinate, Coordinate]], Field(max_length=MOST_POINTS)]


def _few_points(strokes: list[Stroke]) -> list[Stroke]:
    if sum(map(len, strokes)) > MOST_POINTS:
        raise ValueError("too many points")
    return strokes


class SignatureAnswer(RequestModel):
    """Strokes on a field 1000 wide and 300 high, or the name typed."""

    kind: Literal["drawn", "typed"]
    name: Short = ""
    strokes: Annotated[list[Stroke], Field(max_length=200), AfterValidator(_few_points)] = Field(default_factory=list)


class CardAnswer(RequestModel):
    """Ids of the uploaded photos."""

    front: Annotated[str, Field(pattern=UPLOAD)] = ""
    back: Annotated[str, Field(pattern=UPLOAD)] = ""


class AgreementAnswer(RequestModel):
    """A yes to the words of this version in this language, with the name typed where it is asked for."""

    agreed: Annotated[bool, Field(strict=True)] = False
    version: Annotated[int, Field(ge=0, strict=True)] = 0
    language: Language = "en"
    name: Short = ""


def _areas(areas: list[str]) -> list[str]:
    if unknown := set(areas) - body.AREAS.keys():
        raise ValueError(f"{len(unknown)} unknown areas")
    return list(dict.fromkeys(areas))


Areas = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=200), AfterValidator(_areas)]
SHAPES: Final[dict[str, TypeAdapter[Any]]] = {
    "address": TypeAdapter(AddressAnswer),
    "medications": TypeAdapter(MedicationsAnswer),
    "activities": TypeAdapter(Annotated[list[ActivityAnswer], Field(max_length=5)]),
    "signature": TypeAdapter(SignatureAnswer),
    "card_photo": TypeAdapter(CardAnswer),
    "agreement": TypeAdapter(AgreementAnswer),
    "body_diagram": TypeAdapter(Areas),
    "multi_choice": TypeAdapter(Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=60)]),
}
LONGEST: Final = {"phone": 40, "email": 254, "date": 10, "choice": 60}


def accept(question: Any, raw: Any) -> Any:
    """What is kept of an answer as it is being given. Raises `Wrong` for what can never become one."""
    if raw is None:
        return None
    if question.type == "note":
        raise Wrong("there is nothing to answer here")
    if question.type in SHAPES:
        return _compact(question.type, _known(question, _shaped(question.type, raw)))
    match question.type:
        case "yes_no":
            return _typed(raw, bool, "must be true or false")
        case "scale":
            number = _typed(raw, int, "must be a whole number from 0 to 10")
            return number if 0 <= number <= 10 else _refuse("must be a whole number from 0 to 10")
        case "number":
            if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < 1e12:
                raise Wrong("must be a number")
            return raw
    return _known(question, _text(question, raw))


def _refuse(detail: str) -> Any:
    raise Wrong(detail)


def _typed(raw: Any, kind: type, detail: str) -> Any:
    if type(raw) is not kind:
        raise Wrong(detail)
    return raw


def _text(question: Any, raw: Any) -> str | None:
    if not isinstance(raw, str):
        raise Wrong("must be text")
    most = LONGEST.get(question.type) or question.max_length
    # What a keyboard does not type must not reach the chart; lines stay.
    clean = "".join(sign for sign in raw if sign.isprintable() or sign in "\n\t")
    if question.type != "long_text":
        clean = " ".join(clean.split())
    if len(clean) > most:
        raise Wrong(f"must have at most {most} characters")
    return clean if clean.strip() else None


def _shaped(kind: str, raw: Any) -> Any:
    try:
        return SHAPES[kind].dump_python(SHAPES[kind].validate_python(raw), mode="json")
    except ValidationError:
        raise Wrong("does not look like an answer to this question") from None


def _known(question: Any, value: Any) -> Any:
    """Options are chosen, not written."""
    if value is None or question.type not in {"choice", "multi_choice"}:
        return value
    chosen = [value] if question.type == "choice" else list(dict.fromkeys(value))
    if not set(chosen) <= {option.id for option in question.options}:
        raise Wrong("is not one of the answers")
    return value if question.type == "choice" else chosen


def _compact(kind: str, value: Any) -> Any:
    """None where nothing was said."""
    match kind:
        case "signature":
            said = value["name"] or any(value["strokes"])
        case "agreement":
            said = value["agreed"]
        case "medications":
            said = value["none"] or value["items"]
        case "address" | "card_photo":
            said = any(value.values())
        case _:
            said = value
    return value if said else None


Check = Callable[[Any, Any], str | None]


def _phone(_: Any, value: str) -> str | None:
    return None if e164(value) else "is not a phone number we can call"


def _email(_: Any, value: str) -> str | None:
    name, _at, domain = value.partition("@")
    return None if name and "." in domain.strip(".") and " " not in value else "is not an e-mail address"


def _date(question: Any, value: str) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "is not a date"
    today = now().date()
    if not 1900 <= day.year <= today.year + 20:
        return "is not a date we can use"
    if question.when == "past" and day > today:
        return "must not be in the future"
    return "must not be in the past" if question.when == "future" and day < today else None


def _number(question: Any, value: float) -> str | None:
    if question.least is not None and value < question.least:
        return f"must be at least {question.least:g}"
    if question.most is not None and value > question.most:
        return f"must be at most {question.most:g}"
    return "has too many decimals" if round(value, question.decimals) != value else None


def _choices(question: Any, value: list[str]) -> str | None:
    alone = {option.id for option in question.options if option.alone}
    return "cannot go with the others" if len(value) > 1 and alone & set(value) else None


def _address(_: Any, value: dict[str, str]) -> str | None:
    missing = [name for name in ("street", "city", "state", "zip") if not value.get(name)]
    return f"needs {', '.join(missing)}" if missing else None


def _activities(question: Any, value: list[dict[str, Any]]) -> str | None:
    if len(value) > question.most:
        return f"takes at most {question.most} activities"
    if any(not item["activity"] or item["score"] is None for item in value):
        return "needs words and a number for each activity"
    if len({item["activity"].casefold() for item in value}) < len(value):
        return "names an activity twice"
    return f"needs at least {question.least}" if len(value) < question.least else None


def _signature(_: Any, value: dict[str, Any]) -> str | None:
    if value["kind"] == "drawn" and not any(value["strokes"]):
        return "is not drawn yet"
    return None if value["name"] else "needs your name"


def _agreement(question: Any, value: dict[str, Any]) -> str | None:
    if value["version"] != question.version:
        return "has other words now; please read them again"
    return "needs your name" if question.sign == "name" and not value["name"] else None


def _card(_: Any, value: dict[str, str]) -> str | None:
    return None if value["front"] else "needs a photo of the front"


def _medications(_: Any, value: dict[str, Any]) -> str | None:
    if value["none"] and value["items"]:
        return "cannot say none and name some"
    return "needs a name for each" if any(not item["name"] for item in value["items"]) else None


CHECKS: Final[dict[str, Check]] = {
    "phone": _phone, "email": _email, "date": _date, "number": _number, "multi_choice": _choices, "address": _address,
    "activities": _activities, "signature": _signature, "agreement": _agreement, "card_photo": _card,
    "medications": _medications,
}  # fmt: skip


def wrong(question: Any, value: Any) -> str | None:
    """What keeps this from being a finished answer, or None. A missing one is wrong where it is required."""
    if value is None:
        return "is required" if question.required and question.type != "note" else None
    check = CHECKS.get(question.type)
    return check(question, value) if check else None


def unfinished(definition: Definition, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(question id, what is missing or wrong) of everything shown, in order."""
    visible = shown(definition, answers)
    return [
        (question.id, detail)
        for question in definition.questions()
        if question.id in visible and (detail := wrong(question, answers.get(question.id)))
    ]


def percent(definition: Definition, answers: Mapping[str, Any]) -> int:
    """How much of what must be answered is answered, as a whole number; 100 only when nothing is missing."""
    visible = shown(definition, answers)
    asked = [question for question in definition.questions() if question.id in visible and question.required]
    if not asked:
        return 100
    done = sum(1 for question in asked if wrong(question, answers.get(question.id)) is None)
    return done * 100 // len(asked)


def finished(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept at the end: only what was shown, phone numbers in one form."""
    visible = shown(definition, answers)
    return {
        question.id: _normal(question, answers[question.id])
        for question in definition.questions()
        if question.id in visible and answers.get(question.id) is not None
    }


def _normal(question: Any, value: Any) -> Any:
    return e164(value) or value if question.type == "phone" else value


def alerts(definition: Definition, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(question id, option id) of every chosen answer the desk is warned of."""
    found = []
    for question in definition.questions():
        if question.type in {"choice", "multi_choice"} and question.id in answers:
            given = answers[question.id]
            chosen = {given} if isinstance(given, str) else set(given)
            found += [(question.id, option.id) for option in question.options if option.alert and option.id in chosen]
    return found
