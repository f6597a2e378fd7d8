"""Settings of follow-up: how soon a patient is tried, and who gets what nobody does."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.problems import StaleVersion
from backend.followup import breaches, chain
from backend.followup.schemas import EscalationIn, EscalationOut, FirstContactIn, FirstContactTargetsOut
from backend.identity.access import Allowed, Transaction
from backend.identity.calendars import hours_of, may_change
from backend.identity.models import Practice
from backend.identity.owners import Owner, OwnerOut, owner_names
from backend.leads import first_contact

router = APIRouter(prefix="/api/v1/settings", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
Clinic = Annotated[uuid.UUID | None, Query(description="of this clinic; without it, of the practice")]


@router.get("/first-contact", operation_id="getFirstContactTargets", summary="How soon a patient is tried")
async def get_targets(_: Reader, session: Transaction) -> FirstContactTargetsOut:
    """Working minutes by urgency."""
    return FirstContactTargetsOut.model_validate(await first_contact.targets(session))


@router.put("/first-contact", operation_id="updateFirstContactTargets", summary="Change how soon a patient is tried")
async def update_targets(body: FirstContactIn, _: Writer, session: Transaction) -> FirstContactTargetsOut:
    """Clocks that run follow at once. Stale versions get 409."""
    await may_change(session, None)
    await session.get_one(Practice, practice_of(session), with_for_update={"key_share": True})
    row = await first_contact.targets(session)
    if row.version != body.version:
        raise StaleVersion(row.version)
    for name, value in body.model_dump(exclude={"version"}).items():
        setattr(row, name, value)
    row.version = body.version + 1
    session.add(row)
    await session.flush()
    await breaches.look_again(session)
    await audit.record(session, "first_contact.changed", "first_contact_targets")
    return FirstContactTargetsOut.model_validate(row)


async def _escalation(session: AsyncSession, location_id: uuid.UUID | None) -> EscalationOut:
    own, holds = await chain.own_policy(session, location_id), await chain.policy(session, location_id)
    listed = [chain.owner_of(entry) for entry in own.chain] if own else []
    effective = await chain.owners(session, location_id)
    names = await owner_names(session, [_named(owner) for owner in (*listed, *effective)])
    return EscalationOut(
        location_id=location_id, silent_minutes=holds.silent_minutes, version=own.version if own else 0,
        chain=_shown(listed, names), effective=_shown(effective, names),
    )  # fmt: skip


class _Owned:
    """An owner as a row that has one."""

    def __init__(self, owner: Owner) -> None:
        self.owner_user_id, self.owner_team_id = owner.user_id, owner.team_id


def _named(owner: Owner) -> Any:
    return _Owned(owner)


def _shown(owners: list[Owner], names: dict[uuid.UUID, OwnerOut]) -> list[OwnerOut]:
    ids = [owner.user_id or owner.team_id for owner in owners]
    return [names[one] for one in ids if one in names]


@router.get("/escalation", operation_id="getEscalation", summary="Who gets what nobody does")
async def get_escalation(_: Reader, session: Transaction, location_id: Clinic = None) -> EscalationOut:
    """The chain that is set, and the one that holds."""
    if location_id is not None:
        await hours_of(session, location_id, "settings:read")
    return await _escalation(session, location_id)


@router.put("/escalation", operation_id="updateEscalation", summary="Change who gets what nobody does")
async def update_escalation(body: EscalationIn, _: Writer, session: Transaction) -> EscalationOut:
    """Everyone in the chain must be active and able to work on leads there. Stale versions get 409."""
    await chain.set_policy(session, body.location_id, body.version, body.silent_minutes, body.chain)
    await audit.record(session, "escalation.changed", f"location:{body.location_id or 'all'}")
    return await _escalation(session, body.location_id)
