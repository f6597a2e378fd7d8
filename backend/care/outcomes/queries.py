"""Read the scores of an episode: measure by measure, with what became of the patient."""

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.measures.answers import REASONS
from backend.care.measures.catalog import Instrument, Threshold, instrument_of, score_range
from backend.care.measures.change import WHY_NOT, Change, NoChange, change, in_common
from backend.care.outcomes import recording
from backend.care.outcomes.models import OutcomeScore
from backend.care.outcomes.schemas import (
    OutcomeChangeOut,
    OutcomeInstrumentOut,
    OutcomeMeasureOut,
    OutcomeScoreOut,
    OutcomeThresholdOut,
    TriedOutcomeOut,
    TryOutcomeIn,
)
from backend.core.database import practice_of

EXPLAINED = {str(code): words for code, words in REASONS.items()}


async def scores_of(
    session: AsyncSession, episode_id: uuid.UUID | None, *, lead_id: uuid.UUID | None = None, superseded: bool = False
) -> list[OutcomeScore]:
    """The earliest first: of the episode, or of the lead before it. With `superseded` also those that count no more."""
    row = OutcomeScore
    course = row.episode_id == episode_id if episode_id else (row.lead_id == lead_id) & row.episode_id.is_(None)
    query = select(row).where(row.practice_id == practice_of(session), course)
    if not superseded:
        query = query.where(recording.COUNTS)
    query = query.order_by(row.taken_at, row.created_at, row.id).execution_options(populate_existing=True)
    return list(await session.scalars(query))


def score_out(row: OutcomeScore) -> OutcomeScoreOut:
    """As the API shows it."""
    facts = {name: getattr(row, name) for name in OutcomeScoreOut.model_fields if hasattr(row, name)}
    return OutcomeScoreOut.model_validate(facts | {"null_explained": EXPLAINED.get(row.null_reason or "")})


def try_out(body: TryOutcomeIn) -> TriedOutcomeOut:
    """What these answers would be. Raises `Invalid`."""
    version, found = recording.tried(
        recording.Taken(body.instrument, body.items, "staff", version=body.instrument_version)
    )
    compared = None
    if found.score is not None and body.before is not None:
        compared = change(body.instrument, version, Decimal(repr(body.before)), found.score)
    return TriedOutcomeOut(
        instrument_version=version, score=found.score, null_reason=found.null_reason,
        null_explained=EXPLAINED.get(found.null_reason or ""), completeness=float(found.completeness),
        change=OutcomeChangeOut.model_validate(compared) if compared else None,
    )  # fmt: skip


def instrument_out(one: Instrument, version: str | None = None) -> OutcomeInstrumentOut:
    """A measure as one version of it is used."""
    version = version or one.versions[0]
    lowest, highest = score_range(one)
    own = {name: getattr(one, name) for name in OutcomeInstrumentOut.model_fields if hasattr(one, name)}
    computed = {
        "version": version, "versions": list(one.versions), "items": list(one.items),
        "worst_score": lowest if one.higher_better else highest, "best_score": highest if one.higher_better else lowest,
        "mdc": _threshold(one.mdc_of(version)), "mcid": _threshold(one.mcid_of(version)),
    }  # fmt: skip
    return OutcomeInstrumentOut(**own | computed)


def _threshold(found: Threshold | None) -> OutcomeThresholdOut | None:
    return OutcomeThresholdOut(value=float(found.value), source=found.source, note=found.note) if found else None


def measures_of(rows: Iterable[OutcomeScore]) -> list[OutcomeMeasureOut]:
    """The rows measure by measure; versions of one apart, since they do not compare."""
    grouped: dict[tuple[str, str], list[OutcomeScore]] = {}
    for row in rows:
        grouped.setdefault((row.instrument, row.instrument_version), []).append(row)
    return [_measure(scores) for scores in grouped.values()]


def _measure(rows: Sequence[OutcomeScore]) -> OutcomeMeasureOut:
    one = instrument_of(rows[0].instrument)
    scored = [row for row in rows if row.score is not None and row.superseded_by is None]
    first, last = (scored[0], scored[-1]) if scored else (None, None)
    found, reason = between(first, last) if len(scored) > 1 else (None, None)
    return OutcomeMeasureOut(
        instrument=instrument_out(one, rows[0].instrument_version), scores=[score_out(row) for row in rows],
        n=len(scored), baseline_id=first.id if first else None, latest_id=last.id if last else None,
        change=OutcomeChangeOut.model_validate(found) if found else None, no_change=reason,
        no_change_explained=WHY_NOT[reason] if reason else None,
    )  # fmt: skip


def between(first: OutcomeScore | None, last: OutcomeScore | None) -> tuple[Change | None, NoChange | None]:
    """The change between two rows of the same measure, or why there is none to state."""
    if first is None or last is None or first.score is None or last.score is None:
        return None, "no_score"
    if (first.instrument, first.instrument_version) != (last.instrument, last.instrument_version):
        return None, "other_version"
    if not recording.same_activities(first.activities, last.activities):
        return None, "other_activities"
    key = instrument_of(first.instrument).key
    scores: tuple[Decimal, Decimal] | None = (Decimal(first.score), Decimal(last.score))
    if key == "psfs" and first.items is not None and last.items is not None:
        scores = in_common(first.items, last.items)
    if scores is None:
        return None, "few_in_common"
    return change(key, first.instrument_version, *scores), None
