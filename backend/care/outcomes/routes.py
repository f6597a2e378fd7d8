"""Outcome scores: the catalog, one episode's, enter, correct, take back; questions sent to patients."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.care import service as care
from backend.care.measures.catalog import INSTRUMENTS, RULE_VERSION
from backend.care.measures.change import DEFINITION
from backend.care.measures.suggesting import suggest
from backend.care.outcomes import asking, filling, queries, service, settings, texts
from backend.care.outcomes.models import OutcomeRequest
from backend.care.outcomes.recording import Whose
from backend.care.outcomes.schemas import (
    AskOutcomesIn,
    EpisodeOutcomesOut,
    OutcomeCatalogOut,
    OutcomeCorrection,
    OutcomeRequestOut,
    OutcomeScoreIn,
    OutcomeScoreOut,
    TakeBackOutcomeIn,
    TriedOutcomeOut,
    TryOutcomeIn,
)
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.clock import now
from backend.core.database import practice_of
from backend.identity.access import Allowed, Transaction
from backend.leads import queries as leads
from backend.messaging.models import Message

router = APIRouter(prefix="/api/v1", tags=["outcomes"])
Reader = Annotated[Actor, Depends(Allowed("care:read"))]
Writer = Annotated[Actor, Depends(Allowed("care:write"))]
Sender = Annotated[Actor, Depends(Allowed("messages:write"))]
Key = Annotated[str | None, Header()]


async def _score(session: AsyncSession, action: str, score_id: uuid.UUID) -> OutcomeScoreOut:
    row = await service.get(session, score_id)
    await audit.record(session, action, f"outcome_score:{score_id}", [row.patient_id])
    return queries.score_out(row)


async def _request(session: AsyncSession, request: OutcomeRequest) -> OutcomeRequestOut:
    message = (
        await session.get(Message, (practice_of(session), request.message_id), populate_existing=True)
        if request.message_id
        else None
    )
    facts = {name: getattr(request, name) for name in OutcomeRequestOut.model_fields if hasattr(request, name)}
    return OutcomeRequestOut.model_validate(
        facts
        | {
            "instruments": [one["key"] for one in request.measures], "percent": filling.percent(request),
            "expired": asking.expired(request, now()), "message_status": message.status if message else None,
            "message_reason": message.reason if message else None,
        }
    )  # fmt: skip


@router.get("/outcome-measures", operation_id="listOutcomeMeasures", summary="Measures and their thresholds")
async def list_outcome_measures(_: Reader) -> OutcomeCatalogOut:
    """What can be scored, by which rule, which change counts and who says so."""
    items = [queries.instrument_out(one, version) for one in INSTRUMENTS.values() for version in one.versions]
    return OutcomeCatalogOut(rule_version=RULE_VERSION, definition=DEFINITION, items=items)


@router.post("/outcome-measures/try", operation_id="tryOutcomeScore", summary="Score answers without keeping them")
async def try_outcome_score(body: TryOutcomeIn, _: Reader) -> TriedOutcomeOut:
    """What a form shows while somebody types. Nothing is stored."""
    return queries.try_out(body)


Superseded = Annotated[bool, Query(description="also scores that were corrected or taken back")]


@router.get("/episodes/{episode_id}/outcomes", operation_id="getOutcomes", summary="How a patient is doing")
async def get_outcomes(
    episode_id: uuid.UUID, _: Reader, session: Transaction, superseded: Superseded = False
) -> EpisodeOutcomesOut:
    """Scores by measure with the change since the baseline, what fits this patient, what was asked by link."""
    episode = await care.get(session, episode_id)
    whose = Whose(episode.patient_id, episode.id, episode.lead_id)
    found = await _outcomes(session, whose, episode.body_region, episode.procedure, superseded)
    await audit.record(session, "outcomes.viewed", f"episode:{episode_id}", [episode.patient_id])
    return found


@router.get("/leads/{lead_id}/outcomes", operation_id="getLeadOutcomes", summary="How a lead's patient is doing")
async def get_lead_outcomes(
    lead_id: uuid.UUID, _: Reader, session: Transaction, superseded: Superseded = False
) -> EpisodeOutcomesOut:
    """The same of the lead's episode; before care begins, what the intake form said."""
    lead = await leads.lead(session, lead_id, service.READ)
    whose = await service.of_lead(session, lead)
    episode = await care.get(session, whose.episode_id) if whose.episode_id else None
    region, procedure = (episode.body_region, episode.procedure) if episode else (None, None)
    found = await _outcomes(session, whose, region, procedure, superseded)
    await audit.record(session, "outcomes.viewed", f"lead:{lead_id}", [lead.patient_id])
    return found


async def _outcomes(
    session: AsyncSession, whose: Whose, region: str | None, procedure: str | None, superseded: bool
) -> EpisodeOutcomesOut:
    rows = await queries.scores_of(session, whose.episode_id, lead_id=whose.lead_id, superseded=superseded)
    asked = await asking.of_episode(session, whose.episode_id) if whose.episode_id else []
    suggested = suggest(region, procedure)
    return EpisodeOutcomesOut(
        episode_id=whose.episode_id, lead_id=whose.lead_id, patient_id=whose.patient_id, definition=DEFINITION,
        measures=queries.measures_of(rows), requests=[await _request(session, one) for one in asked],
        suggested=[queries.instrument_out(INSTRUMENTS[key], settings.version_asked(key)) for key in suggested],
        can_ask=settings.can_ask(await settings.wordings(session)),
    )  # fmt: skip


@router.post("/outcome-scores", operation_id="createOutcomeScore", summary="Enter a score", status_code=201)
async def create_outcome_score(
    body: OutcomeScoreIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> OutcomeScoreOut:
    """From the answers, by the published rule; missing beyond it → `score` null with `null_reason`.

    A program whose source has only the total gives `score` instead (source `api` or `import`). 422 out of range.
    """

    async def create() -> uuid.UUID:
        return (await service.enter(session, body, caller)).id

    made, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    return await _score(session, "outcome.recorded", made)


@router.get("/outcome-scores/{score_id}", operation_id="getOutcomeScore", summary="One score")
async def get_outcome_score(score_id: uuid.UUID, _: Reader, session: Transaction) -> OutcomeScoreOut:
    """Also one that was corrected: `superseded_by` names what counts instead."""
    return await _score(session, "outcome.viewed", score_id)


@router.post(
    "/outcome-scores/{score_id}/correct", operation_id="correctOutcomeScore", summary="Correct a score", status_code=201
)
async def correct_outcome_score(
    score_id: uuid.UUID, body: OutcomeCorrection, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> OutcomeScoreOut:
    """A new score counts, the old one stays on record with the reason. 409 when it was corrected before."""

    async def create() -> uuid.UUID:
        return (await service.correct(session, score_id, body)).id

    request = f"correct:{score_id}:{body.model_dump_json()}".encode()
    made, _ = await idempotency.once(session, caller.id, idempotency_key, request, create)
    return await _score(session, "outcome.corrected", made)


@router.post("/outcome-scores/{score_id}/take-back", operation_id="takeBackOutcomeScore", summary="Take a score back")
async def take_back_outcome_score(
    score_id: uuid.UUID, body: TakeBackOutcomeIn, _: Writer, session: Transaction
) -> OutcomeScoreOut:
    """It was another patient's, or entered twice: it counts for nothing, and stays on record."""
    await service.take_back(session, score_id, body.reason)
    return await _score(session, "outcome.taken_back", score_id)


@router.post(
    "/episodes/{episode_id}/outcome-requests", operation_id="askForOutcomes", summary="Send a patient the questions",
    status_code=201,
)  # fmt: skip
async def ask_for_outcomes(
    episode_id: uuid.UUID, body: AskOutcomesIn, caller: Sender, session: Transaction, idempotency_key: Key = None
) -> OutcomeRequestOut:
    """By text, with a link; what became of the text is in `message_status` and `message_reason`."""

    async def create() -> uuid.UUID:
        return (await texts.send_now(session, episode_id, body.instruments)).id

    request = f"ask:{episode_id}:{body.model_dump_json()}".encode()
    made, _ = await idempotency.once(session, caller.id, idempotency_key, request, create)
    return await _asked(session, "outcomes.asked", await asking.locked(session, made))


@router.post(
    "/outcome-requests/{request_id}/send-again", operation_id="askForOutcomesAgain", summary="Send the questions again"
)
async def ask_again(request_id: uuid.UUID, _: Sender, session: Transaction) -> OutcomeRequestOut:
    """The same questions with a fresh link. 409 once they are answered or canceled."""
    return await _asked(session, "outcomes.asked", await texts.send_again(session, request_id))


@router.post(
    "/outcome-requests/{request_id}/cancel", operation_id="cancelOutcomeRequest", summary="Cancel the questions"
)
async def cancel_request(request_id: uuid.UUID, _: Sender, session: Transaction) -> OutcomeRequestOut:
    """Its links open nothing any more. 409 once they are answered."""
    return await _asked(session, "outcomes.ask_canceled", await asking.cancel(session, request_id))


async def _asked(session: AsyncSession, action: str, request: OutcomeRequest) -> OutcomeRequestOut:
    shown = await _request(session, request)
    await audit.record(session, action, f"outcome_request:{request.id}", [request.patient_id])
    return shown
