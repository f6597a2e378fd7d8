"""Leads of people who may be one person, with the score and what speaks for and against it."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.database import practice_of, publish
from backend.core.problems import Invalid
from backend.identity.models import Location
from backend.leads import queries, stages
from backend.leads.duplicate_schemas import DuplicateOut, FactOut, ScoreOut
from backend.leads.models import Lead
from backend.patients import duplicates, matching
from backend.patients import queries as patients
from backend.patients.events import PairsChanged
from backend.patients.matching import Match
from backend.patients.models import Patient
from backend.patients.scoring import AGREES, AT_MOST, DIFFERS, WORTH, Score

LISTED = 20


async def of_lead(session: AsyncSession, lead: Lead) -> list[DuplicateOut]:
    """Leads that may be the same request for care: of who may be this person, and others of this very one."""
    patient = await session.get_one(Patient, (lead.practice_id, lead.patient_id))
    matches = {match.patient_id: match for match in await duplicates.of_patient(session, patient)}
    ruled_out = await duplicates.dismissed(session, patient.id)
    found = await _leads_of(session, [*matches, patient.id], Lead.id != lead.id)
    return [
        await _out(session, other, matches.get(other.patient_id), ruled_out.get(other.patient_id))
        for other in sorted(found, key=lambda other: _order(other, matches))
    ]


def _order(lead: Lead, matches: dict[uuid.UUID, Match]) -> tuple[float, bool, float]:
    match = matches.get(lead.patient_id)
    return (-(match.score if match else 1.0), not lead.open, -lead.opened_at.timestamp())


async def of_matches(session: AsyncSession, matches: Sequence[Match]) -> list[DuplicateOut]:
    """The newest lead of each, best match first."""
    by_patient = {match.patient_id: match for match in matches}
    newest: dict[uuid.UUID, Lead] = {}
    for lead in await _leads_of(session, list(by_patient)):
        newest.setdefault(lead.patient_id, lead)
    return [
        await _out(session, newest[match.patient_id], match, None)
        for match in matches if match.patient_id in newest
    ]  # fmt: skip


async def like(
    session: AsyncSession, identity: matching.Identity, at_least: float, but: uuid.UUID | None = None
) -> list[DuplicateOut]:
    """Who of the known people somebody described may be."""
    return await of_matches(session, await matching.find(session, identity, at_least=at_least, nameless=True, but=but))


async def possible(session: AsyncSession, patient_id: uuid.UUID) -> list[DuplicateOut]:
    """Who else this patient may be, nobody having ruled it out."""
    patient = await session.get_one(Patient, (practice_of(session), patient_id))
    ruled_out = await duplicates.dismissed(session, patient_id)
    found = [match for match in await duplicates.of_patient(session, patient) if match.patient_id not in ruled_out]
    return await of_matches(session, found)


async def dismiss(session: AsyncSession, lead_id: uuid.UUID, other_id: uuid.UUID, *, same: bool) -> list[uuid.UUID]:
    """A person says that these are two people, or (`same`) takes it back; returns the two. Raises `Invalid`."""
    lead, other = [await queries.lead(session, each, "leads:write") for each in (lead_id, other_id)]
    if lead.patient_id == other.patient_id:
        raise Invalid("Both leads are of the same patient.", errors=[("path/other_id", "same patient")])
    if same:
        await duplicates.reconsider(session, lead.patient_id, other.patient_id)
    else:
        one = await session.get_one(Patient, (lead.practice_id, lead.patient_id))
        score = next(
            (found.score for found in await duplicates.of_patient(session, one)
             if found.patient_id == other.patient_id), 0.0,
        )  # fmt: skip
        await duplicates.dismiss(session, lead.patient_id, other.patient_id, score)
    people = [lead.patient_id, other.patient_id]
    await publish(session, PairsChanged(tuple(people)))
    return people


def has_some(session: AsyncSession) -> ColumnElement[bool]:
    """SQL condition: the lead's patient may be somebody else who has a lead the caller may see."""
    practice_id = practice_of(session)
    others = select(Lead.patient_id).where(
        Lead.practice_id == practice_id, Lead.merged_into.is_(None), within(session, "leads:read", Lead.location_id)
    )
    return or_(*(Lead.patient_id.in_(pairs) for pairs in duplicates.standing(practice_id, others)))


async def _leads_of(
    session: AsyncSession, patient_ids: list[uuid.UUID], *conditions: ColumnElement[bool]
) -> list[Lead]:
    """Open ones and newest first."""
    rows = await session.scalars(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.patient_id.in_(patient_ids))
        .where(Lead.merged_into.is_(None), within(session, "leads:read", Lead.location_id), *conditions)
        .order_by(Lead.open.desc(), Lead.opened_at.desc())
        .limit(LISTED)
    )
    return list(rows)


async def _out(session: AsyncSession, lead: Lead, match: Match | None, ruled_out: str | None) -> DuplicateOut:
    known = await stages.of_practice(session)
    place = await session.get(Location, (lead.practice_id, lead.location_id)) if lead.location_id else None
    return DuplicateOut.model_validate(
        {
            "lead_id": lead.id, "version": lead.version, "open": lead.open, "stage_name": known[lead.stage].name,
            "position": known[lead.stage].position, "source": lead.source, "opened_at": lead.opened_at,
            "location_name": place.name if place else None, "patient": await patients.whole(session, lead.patient_id),
            "score": score_out(match.facts) if match else None, "dismissed_by": ruled_out,
        }
    )  # fmt: skip


def score_out(score: Score) -> ScoreOut:
    """With each fact, its words and what it is worth."""
    return ScoreOut(
        value=score.value, verdict=score.verdict, words=score.words,
        agrees=[FactOut(fact=fact, words=AGREES[fact], value=WORTH[fact]) for fact in score.agrees],
        differs=[FactOut(fact=each, words=DIFFERS[each], value=AT_MOST[each]) for each in score.differs],
    )  # fmt: skip
