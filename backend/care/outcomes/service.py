"""Whose score it is, and the verbs of the API: enter, correct, take back."""

import uuid
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service as care
from backend.care.measures.catalog import instrument_of
from backend.care.models import Episode
from backend.care.outcomes import recording
from backend.care.outcomes.models import OutcomeScore
from backend.care.outcomes.recording import Taken, Whose
from backend.care.outcomes.schemas import OutcomeCorrection, OutcomeFacts, OutcomeScoreIn
from backend.core.actor import Actor, within
from backend.core.database import practice_of
from backend.core.problems import Invalid, NotFound
from backend.leads import queries as leads
from backend.leads.models import Lead
from backend.patients.models import Patient

READ, WRITE = "care:read", "care:write"
MISSING = "There is no such score in this practice."


async def enter(session: AsyncSession, body: OutcomeScoreIn, caller: Actor) -> OutcomeScore:
    """A score somebody or some program gives. Raises `Invalid`, `NotFound`."""
    source = body.source or ("api" if caller.kind == "api_key" else "staff")
    whose = await _whose(session, body)
    if (known := await _external(session, source, body.external_id)) is not None:
        return known
    return await recording.record(session, whose, _taken(body, source, body.external_id))


def _taken(body: OutcomeScoreIn, source: str, external_id: str | None) -> Taken:
    _one_of(body)
    return Taken(
        instrument=body.instrument, items=body.items, source=source, version=body.instrument_version,
        activities=body.activities, total=_exact(body.score), unit=body.unit, occasion=body.occasion,
        taken_at=body.taken_at, language=body.language, external_id=external_id,
    )  # fmt: skip


def _one_of(body: OutcomeFacts) -> None:
    if (body.items is None) == (body.score is None):
        raise Invalid("Give either items or score.", errors=[("/items", "required, or score alone")])


def _exact(score: float | None) -> Decimal | None:
    """The number as it was written, not its nearest binary fraction."""
    return None if score is None else Decimal(repr(score))


async def _whose(session: AsyncSession, body: OutcomeScoreIn) -> Whose:
    """The episode's, or the lead's, or the patient's; what is said besides must agree."""
    if body.episode_id is not None:
        episode = await care.get(session, body.episode_id, WRITE)
        found = Whose(episode.patient_id, episode.id, episode.lead_id)
    elif body.lead_id is not None:
        lead = await leads.lead(session, body.lead_id, WRITE)
        found = await of_lead(session, lead)
    elif body.patient_id is not None:
        found = await _of_patient(session, body.patient_id)
    else:
        raise Invalid("Say whose score it is.", errors=[("/episode_id", "required, or lead_id or patient_id")])
    for name in ("lead_id", "patient_id"):
        said = getattr(body, name)
        if said is not None and said != getattr(found, name):
            raise Invalid("These belong to different people or courses of care.", errors=[(f"/{name}", "differs")])
    return found


async def of_lead(session: AsyncSession, lead: Lead) -> Whose:
    """The lead's episode, or the lead alone as long as care has not begun."""
    episode = await care.of_lead(session, lead.id)
    return Whose(lead.patient_id, episode.id if episode else None, lead.id)


async def _of_patient(session: AsyncSession, patient_id: uuid.UUID) -> Whose:
    """Their one active episode; with none, or several, it is the patient's alone. Raises `NotFound`."""
    practice_id = practice_of(session)
    if await session.get(Patient, (practice_id, patient_id)) is None:
        raise NotFound("There is no such patient in this practice.")
    rows = await session.scalars(
        select(Episode)
        .where(Episode.practice_id == practice_id, Episode.patient_id == patient_id, Episode.state == "active")
        .where(within(session, WRITE, Episode.location_id))
        .limit(2)
    )
    active = rows.all()
    if len(active) == 1:
        return Whose(patient_id, active[0].id, active[0].lead_id)
    return Whose(patient_id)


async def _external(session: AsyncSession, source: str, external_id: str | None) -> OutcomeScore | None:
    """The same score sent again by the same source."""
    if external_id is None:
        return None
    row = OutcomeScore
    return await session.scalar(
        select(row).where(
            row.practice_id == practice_of(session), row.source == source, row.external_id == external_id,
            recording.COUNTS,
        )
    )  # fmt: skip


async def get(
    session: AsyncSession, score_id: uuid.UUID, permission: str = READ, *, for_update: bool = False
) -> OutcomeScore:
    """One score of a clinic where the caller works. Raises `NotFound`."""
    row = OutcomeScore
    clinics = within(session, permission, Episode.location_id)
    theirs = within(session, permission, Lead.location_id)
    query = (
        select(row)
        .outerjoin(Episode, (Episode.practice_id == row.practice_id) & (Episode.id == row.episode_id))
        .outerjoin(Lead, (Lead.practice_id == row.practice_id) & (Lead.id == row.lead_id))
        .where(row.practice_id == practice_of(session), row.id == score_id)
        .where(or_(row.episode_id.is_not(None) & clinics, row.episode_id.is_(None) & theirs))
        .execution_options(populate_existing=True)
    )
    found = await session.scalar(query.with_for_update(of=row) if for_update else query)
    if found is None:
        raise NotFound(MISSING)
    return found


async def correct(session: AsyncSession, score_id: uuid.UUID, body: OutcomeCorrection) -> OutcomeScore:
    """A new score in the place of one. Raises `NotFound`, `Conflict`, `Invalid`."""
    old = await get(session, score_id, WRITE, for_update=True)
    _one_of(body)
    taken = Taken(
        instrument=instrument_of(old.instrument).key, items=body.items, source=old.source,
        version=body.instrument_version or _said(old, body),
        activities=body.activities or (old.activities if _as_many(old, body) else None), total=_exact(body.score),
        unit=body.unit, occasion=body.occasion or old.occasion, taken_at=body.taken_at or old.taken_at,
        language=body.language or old.language, external_id=old.external_id, request_id=old.request_id,
    )  # fmt: skip
    return await recording.correct(session, old, taken, body.reason)


def _said(old: OutcomeScore, body: OutcomeCorrection) -> str | None:
    """The version stays, but that of NPRS follows from its ratings."""
    return None if old.instrument == "nprs" and body.items is not None else old.instrument_version


def _as_many(old: OutcomeScore, body: OutcomeCorrection) -> bool:
    return body.items is not None and old.activities is not None and len(body.items) == len(old.activities)


async def take_back(session: AsyncSession, score_id: uuid.UUID, reason: str) -> OutcomeScore:
    """It counts for nothing from now on. Raises `NotFound`, `Conflict`."""
    old = await get(session, score_id, WRITE, for_update=True)
    await recording.take_back(session, old, reason)
    return old
