"""Write a score: from answers by the catalog's rules, or as a program gives it. Nothing is ever overwritten."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.measures.answers import Scored
from backend.care.measures.catalog import INSTRUMENTS, RULE_VERSION, Instrument, Key, score_range
from backend.care.measures.scoring import problems, score
from backend.care.outcomes.models import OutcomeScore
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid

CLOCKS_DIFFER: Final = timedelta(minutes=5)
COUNTS: Final = OutcomeScore.superseded_by.is_(None)


@dataclass(frozen=True, slots=True)
class Whose:
    """The patient, and the course of care it belongs to."""

    patient_id: uuid.UUID
    episode_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was answered, or said. `items` in the measure's order; without them `total` is the score itself."""

    instrument: Key
    items: list[int | None] | None
    source: str
    version: str | None = None
    activities: list[str] | None = None
    total: Decimal | None = None
    unit: str | None = None
    occasion: str | None = None
    taken_at: datetime | None = None
    language: str = "en"
    external_id: str | None = None
    request_id: uuid.UUID | None = None


async def record(session: AsyncSession, whose: Whose, taken: Taken) -> OutcomeScore:
    """A new score. Raises `Invalid`."""
    one = INSTRUMENTS[taken.instrument]
    version = _version(one, taken)
    if taken.taken_at is not None and taken.taken_at > now() + CLOCKS_DIFFER:
        raise Invalid("A score cannot be from the future.", errors=[("/taken_at", "in the future")])
    before = await _before(session, whose, one, version)
    occasion = taken.occasion or ("progress" if before else "intake")
    activities = _activities(one, taken, None if occasion == "intake" else before)
    row = OutcomeScore(
        practice_id=practice_of(session), id=new_id(), patient_id=whose.patient_id, episode_id=whose.episode_id,
        lead_id=whose.lead_id, instrument=one.key, instrument_version=version, language=taken.language,
        rule_version=RULE_VERSION, unit=one.unit, items=taken.items, activities=activities, occasion=occasion,
        taken_at=taken.taken_at or now(), source=taken.source, external_id=taken.external_id,
        request_id=taken.request_id, recorded_by=actor_of(session).name, higher_better=one.higher_better,
        created_at=now(), **(_total(one, taken) if taken.items is None else _scored(one, taken.items)),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    tell(session, row)
    return row


def _version(one: Instrument, taken: Taken) -> str:
    """Which version it is; of NPRS the number of ratings says."""
    if one.key == "nprs" and taken.items is not None:
        said = one.versions[1] if len(taken.items) > 1 else one.versions[0]
        if taken.version not in {None, said}:
            raise Invalid("This version has another number of items.", errors=[("/instrument_version", "differs")])
        return said
    if taken.version is None:
        return one.versions[0]
    if taken.version not in one.versions:
        known = ", ".join(one.versions)
        raise Invalid(f"Versions of {one.name}: {known}.", errors=[("/instrument_version", f"one of {known}")])
    return taken.version


def tried(taken: Taken) -> tuple[str, Scored]:
    """The version and the score of answers that are not kept. Raises `Invalid`."""
    one = INSTRUMENTS[taken.instrument]
    return _version(one, taken), _score(one, taken.items or [])


def _score(one: Instrument, items: list[int | None]) -> Scored:
    if wrong := problems(one.key, items):
        errors = [("/items" if index is None else f"/items/{index}", what) for index, what in wrong]
        raise Invalid(f"These are not answers to {one.name}.", errors=errors)
    return score(one.key, items)


def _scored(one: Instrument, items: list[int | None]) -> dict[str, Any]:
    found = _score(one, items)
    return {
        "score": found.score, "null_reason": found.null_reason, "completeness": found.completeness,
        "parts": {name: float(value) for name, value in found.parts.items()},
    }  # fmt: skip


def _total(one: Instrument, taken: Taken) -> dict[str, Any]:
    """The score as another system computed it: within the scale, that is all we know."""
    if taken.total is None:
        raise Invalid("Give the answers as items.", errors=[("/items", "required")])
    if taken.source not in {"api", "import"}:
        raise Invalid(
            "A score without its answers comes from another system only. Enter the answers.",
            errors=[("/items", "required")],
        )
    total = taken.total
    lowest, highest = score_range(one)
    if one.key == "ndi" and taken.unit == "points":
        total, highest = total * 2, 100
    elif taken.unit not in {None, one.unit}:
        raise Invalid(f"{one.name} is kept in {one.unit}.", errors=[("/unit", f"{one.unit}, or left out")])
    if not lowest <= total <= highest:
        scale = f"{lowest} to {highest // 2 if taken.unit == 'points' and one.key == 'ndi' else highest}"
        raise Invalid(f"{one.name} goes from {scale}.", errors=[("/score", f"from {scale}")])
    return {"score": total, "null_reason": None, "completeness": None, "parts": {}}


def _activities(one: Instrument, taken: Taken, before: OutcomeScore | None) -> list[str] | None:
    """PSFS rates the same activities each time, or the change would be of something else."""
    if one.key != "psfs" or taken.items is None:
        if taken.activities:
            raise Invalid(f"{one.name} does not name activities.", errors=[("/activities", "leave it out")])
        return None
    given = taken.activities
    if given is not None and len(given) != len(taken.items):
        raise Invalid("Each activity needs its rating, or null.", errors=[("/activities", "as many as items")])
    known = before.activities if before is not None and before.score is not None else None
    if known is None:
        return given
    if given is None and len(taken.items) == len(known):
        return known
    if given is None or not same_activities(given, known):
        raise Invalid(
            "Rate the same activities as before, in their order; new ones begin a new baseline (occasion intake).",
            errors=[("/activities", "other activities than before")],
        )
    return known


def same_activities(first: list[Any] | None, second: list[Any] | None) -> bool:
    """Whether two ratings are of the same things. Where neither names them, the count must do."""
    return [str(name).casefold() for name in first or ()] == [str(name).casefold() for name in second or ()]


async def _before(session: AsyncSession, whose: Whose, one: Instrument, version: str) -> OutcomeScore | None:
    """The latest score of the same version in the same course of care."""
    row = OutcomeScore
    if whose.episode_id is not None:
        course = row.episode_id == whose.episode_id
    elif whose.lead_id is not None:
        course = row.lead_id == whose.lead_id
    else:
        course = (row.patient_id == whose.patient_id) & row.episode_id.is_(None) & row.lead_id.is_(None)
    return await session.scalar(
        select(row)
        .where(row.practice_id == practice_of(session), course, COUNTS)
        .where(row.instrument == one.key, row.instrument_version == version)
        .order_by(row.taken_at.desc(), row.id.desc())
        .limit(1)
    )


async def correct(session: AsyncSession, old: OutcomeScore, taken: Taken, reason: str) -> OutcomeScore:
    """A new row in the old one's place, which stays and says why. The old one is locked. Raises `Conflict`."""
    await _retire(session, old, reason)
    whose = Whose(old.patient_id, old.episode_id, old.lead_id)
    new = await record(session, whose, taken)
    old.superseded_by = new.id
    await session.flush()
    return new


async def take_back(session: AsyncSession, old: OutcomeScore, reason: str) -> None:
    """It should never have been there. It stays on record and counts for nothing. Raises `Conflict`."""
    await _retire(session, old, reason)
    tell(session, old)


async def _retire(session: AsyncSession, old: OutcomeScore, reason: str) -> None:
    if old.superseded_by is not None:
        raise Conflict("This score was corrected or taken back already. Load it again.")
    old.superseded_by, old.correction = old.id, reason
    await session.flush()


def tell(session: AsyncSession, row: OutcomeScore) -> None:
    """Tell other screens, once committed."""
    about = row.episode_id or row.lead_id or row.patient_id
    tell_live(session, [LiveEvent("outcomes.changed", str(about), 1, actor_of(session).mutation_id)])
