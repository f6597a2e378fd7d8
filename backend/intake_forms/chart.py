"""What the patient wrote, against the chart: what is the same or new goes in, what differs a person decides."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.intake_forms import addresses
from backend.intake_forms.definition import Definition
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.patients import service as patients
from backend.patients.models import Coverage
from backend.patients.schemas import PatientChanges
from backend.patients.service import CoverageFacts

# Known gaps that anybody may fill; who somebody is, and where texts go, is always a person's decision.
FILLED: Final = frozenset({"patient.email", "patient.address", "patient.phone_alt", "patient.sex"})
RANKS: Final = ("primary", "secondary")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field such as `patient.email` or `coverage.primary`, as the chart has it and as the patient wrote it."""

    field: str
    ours: Any
    theirs: Any


def said(form: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """By binding, what the finished answers say, in the chart's own shape."""
    found = {}
    for question in form.questions():
        if question.prefill and question.id in answers:
            found[question.prefill] = _charted(question, answers[question.id])
    return found


def _charted(question: Any, value: Any) -> Any:
    if question.type == "address":
        return addresses.line(value)
    return value.upper() if question.prefill == "patient.sex" else value


async def take(session: AsyncSession, lead: Lead, given: Mapping[str, Any]) -> list[Difference]:
    """Fill what the chart lacks and return what it has otherwise. The lead is locked."""
    patient = await patients.get(session, lead.patient_id, for_update=True)
    fills, differing = {}, []
    for field, theirs in given.items():
        kind, _, name = field.partition(".")
        if kind != "patient":
            continue
        ours = getattr(patient, name)
        if ours is None and field in FILLED:
            fills[name] = theirs
        elif not _same(name, ours, theirs):
            differing.append(Difference(field, _plain(ours), theirs))
    if fills:
        await patients.change(session, patient.id, _checked(fills))
    return [*differing, *[one async for one in _coverages(session, lead, given)]]


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    return PatientChanges.model_validate(values).model_dump(exclude_unset=True)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _same(name: str, ours: Any, theirs: Any) -> bool:
    ours = _plain(ours)
    if ours is None:
        return False
    if name == "address":
        return addresses.same(ours, theirs)
    return bool(" ".join(str(ours).split()).casefold() == " ".join(str(theirs).split()).casefold())


async def _coverages(session: AsyncSession, lead: Lead, given: Mapping[str, Any]) -> AsyncIterator[Difference]:
    rows = await session.scalars(
        select(Coverage).where(Coverage.practice_id == practice_of(session), Coverage.patient_id == lead.patient_id)
    )
    known = {row.rank: row for row in rows}
    for rank in RANKS:
        theirs = {name: given[f"coverage.{rank}.{name}"] for name in _given_names(rank, given)}
        if "payer_name" not in theirs:
            continue
        row = known.get(rank)
        ours = {name: getattr(row, name) for name in NAMES if row is not None and getattr(row, name)}
        if any(name in theirs and not _same(name, value, theirs[name]) for name, value in ours.items()):
            yield Difference(f"coverage.{rank}", ours, theirs)
        elif theirs.keys() - ours.keys():
            await patients.cover(session, lead.patient_id, [CoverageFacts(rank, **(theirs | ours))])


NAMES: Final = ("payer_name", "member_id", "group_number")


def _given_names(rank: str, given: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in NAMES if f"coverage.{rank}.{name}" in given)


async def accept(session: AsyncSession, lead: Lead, taken: Mapping[str, Any]) -> None:
    """Put what a person accepted into the chart: by field, what the patient wrote."""
    changes = {field.removeprefix("patient."): value for field, value in taken.items() if field.startswith("patient.")}
    if changes:
        await leads.change(session, lead.id, lead.version, {"patient": _checked(changes)})
    facts = [
        CoverageFacts(rank, **taken[f"coverage.{rank}"]) for rank in RANKS if f"coverage.{rank}" in taken
    ]  # fmt: skip
    if facts:
        await patients.cover(session, lead.patient_id, facts)
