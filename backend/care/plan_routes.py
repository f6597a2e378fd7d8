"""Plans of care over the API."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query

from backend.audit import service as audit
from backend.care import plan_board, plans
from backend.care.routes import Key, Reader, Writer, shown
from backend.care.schemas import EpisodeOut, PlanBoard, PlanChanges, PlanIn, SentIn, SignedIn, VersionIn
from backend.core import idempotency
from backend.identity.access import Transaction

router = APIRouter(prefix="/api/v1", tags=["care"])


@router.get("/plans-of-care", operation_id="getPlanBoard", summary="The plan-of-care board")
async def get_board(
    _: Reader, session: Transaction,
    location_id: Annotated[uuid.UUID | None, Query(description="only at this clinic")] = None,
) -> PlanBoard:  # fmt: skip
    """Due, sent, waiting, signed, overdue: of every patient in care, by deadline."""
    board = await plan_board.whole(session, location_id)
    people = {row.patient_id for column in board.columns for row in column.items}
    await audit.record(session, "plans_of_care.viewed", "plans_of_care", people)
    return board


@router.post(
    "/episodes/{episode_id}/plans", operation_id="createPlanOfCare", summary="Write a plan of care", status_code=201
)
async def create_plan(
    episode_id: uuid.UUID, body: PlanIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> EpisodeOut:
    """The first is the initial plan, those after it recertify. `ready` ones are complete and may be sent."""

    async def create() -> uuid.UUID:
        return (await plans.create(session, episode_id, body)).id

    request = f"plan:{episode_id}:{body.model_dump_json()}".encode()
    await idempotency.once(session, caller.id, idempotency_key, request, create)
    return await shown(session, "plan_of_care.created", episode_id)


@router.patch("/plans-of-care/{plan_id}", operation_id="updatePlanOfCare", summary="Change a plan of care")
async def update_plan(plan_id: uuid.UUID, body: PlanChanges, _: Writer, session: Transaction) -> EpisodeOut:
    """What has gone out keeps its contents; stale versions get 409."""
    plan = await plans.change(session, plan_id, body)
    return await shown(session, "plan_of_care.changed", plan.episode_id)


@router.delete("/plans-of-care/{plan_id}", operation_id="deletePlanOfCare", summary="Delete a plan of care")
async def delete_plan(
    plan_id: uuid.UUID, _: Writer, session: Transaction,
    version: Annotated[int, Query(description="the version somebody looked at")],
) -> EpisodeOut:  # fmt: skip
    """Only the newest of an episode, while it has been neither sent nor signed."""
    episode = await plans.delete(session, plan_id, version)
    return await shown(session, "plan_of_care.deleted", episode.id)


@router.post("/plans-of-care/{plan_id}/ready", operation_id="readyPlanOfCare", summary="It is complete")
async def ready_plan(plan_id: uuid.UUID, body: VersionIn, _: Writer, session: Transaction) -> EpisodeOut:
    """Signed and dated by the therapist; needs a diagnosis and a goal."""
    plan = await plans.ready(session, plan_id, body.version)
    return await shown(session, "plan_of_care.ready", plan.episode_id)


@router.post("/plans-of-care/{plan_id}/sent", operation_id="sentPlanOfCare", summary="It has been sent")
async def sent_plan(plan_id: uuid.UUID, body: SentIn, _: Writer, session: Transaction) -> EpisodeOut:
    """By hand or another way than Frontdesk's own letters, which note it themselves. The first time counts."""
    plan = await plans.sent(session, plan_id, body.at, body.how, body.version)
    return await shown(session, "plan_of_care.sent", plan.episode_id)


@router.post("/plans-of-care/{plan_id}/signed", operation_id="signedPlanOfCare", summary="The referrer signed it")
async def signed_plan(plan_id: uuid.UUID, body: SignedIn, _: Writer, session: Transaction) -> EpisodeOut:
    """The date beside the signature, from the evaluation to today."""
    plan = await plans.signed(session, plan_id, body.fax_id, body.signed_on, body.version)
    return await shown(session, "plan_of_care.signed", plan.episode_id)


@router.post("/plans-of-care/{plan_id}/unsigned", operation_id="unsignedPlanOfCare", summary="It was not signed")
async def unsigned_plan(plan_id: uuid.UUID, body: VersionIn, _: Writer, session: Transaction) -> EpisodeOut:
    """That it was signed had been noted by mistake."""
    plan = await plans.unsigned(session, plan_id, body.version)
    return await shown(session, "plan_of_care.unsigned", plan.episode_id)
