"""Settings of outcome measures: what is asked and when, and the questions of licensed measures."""

import uuid
from typing import Annotated, get_args

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.care.measures.catalog import Key
from backend.care.outcomes import settings
from backend.care.outcomes.models import OutcomeWording
from backend.care.outcomes.schemas import Language
from backend.care.outcomes.setting_schemas import (
    OutcomeRegionOut,
    OutcomeSettingsIn,
    OutcomeSettingsOut,
    OutcomeWordingIn,
    OutcomeWordingOut,
    OutcomeWordingPage,
    Region,
)
from backend.core.actor import Actor
from backend.identity.access import Allowed, Transaction

router = APIRouter(prefix="/api/v1", tags=["outcomes"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]


async def _shown(session: AsyncSession) -> OutcomeSettingsOut:
    row = await settings.of_practice(session)
    possible = settings.can_ask(await settings.wordings(session))
    regions = []
    for region in get_args(Region):
        keys = list(settings.measures_for(row, region, None))
        sent = [key for key in keys if key in possible]
        regions.append(OutcomeRegionOut(region=region, chosen=region in row.by_region, instruments=keys, sent=sent))
    facts = {name: getattr(row, name) for name in OutcomeSettingsOut.model_fields if hasattr(row, name)}
    return OutcomeSettingsOut(**facts, regions=regions)


@router.get("/outcome-settings", operation_id="getOutcomeSettings", summary="What patients are asked, and when")
async def get_outcome_settings(_: Reader, session: Transaction) -> OutcomeSettingsOut:
    """Until `by_text` is on nothing goes out by itself."""
    return await _shown(session)


@router.put("/outcome-settings", operation_id="updateOutcomeSettings", summary="Choose what patients are asked")
async def update_outcome_settings(body: OutcomeSettingsIn, _: Writer, session: Transaction) -> OutcomeSettingsOut:
    """Counts for care that is going on, too. Stale versions get 409."""
    await settings.change(session, body.version, body.model_dump(exclude={"version"}))
    await audit.record(session, "outcome_settings.changed", "practice")
    return await _shown(session)


@router.get("/outcome-wordings", operation_id="listOutcomeWordings", summary="Licensed questions")
async def list_outcome_wordings(_: Reader, session: Transaction) -> OutcomeWordingPage:
    """Questions of measures that belong to others, entered under the practice's own licence."""
    return OutcomeWordingPage(items=[_out(row) for row in await settings.listed(session)])


@router.put(
    "/outcome-wordings/{instrument}/{version}/{language}", operation_id="putOutcomeWording",
    summary="Enter licensed questions",
)  # fmt: skip
async def put_outcome_wording(
    instrument: Key, version: str, language: Language, body: OutcomeWordingIn, _: Writer, session: Transaction
) -> OutcomeWordingOut:
    """From then on patients who read this language can be sent the measure. Stale versions get 409."""
    values = body.model_dump(exclude={"version"})
    row = await settings.word(session, instrument, version, language, values, body.version)
    await audit.record(session, "outcome_wording.changed", f"outcome_wording:{row.id}")
    return _out(row)


@router.delete(
    "/outcome-wordings/{wording_id}", operation_id="deleteOutcomeWording", summary="Remove licensed questions",
    status_code=204,
)  # fmt: skip
async def delete_outcome_wording(wording_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """Patients are not asked it any more; their scores stay."""
    await settings.remove(session, wording_id)
    await audit.record(session, "outcome_wording.removed", f"outcome_wording:{wording_id}")


def _out(row: OutcomeWording) -> OutcomeWordingOut:
    return OutcomeWordingOut.model_validate(row)
