"""Whom a task goes to when its owner is silent: the chain a practice or a clinic set, or the usual one."""

import uuid
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Invalid, StaleVersion
from backend.followup.models import EscalationPolicy
from backend.identity.calendars import may_change
from backend.identity.models import Membership, Practice, Team, TeamMember, User
from backend.identity.owners import Owner, OwnerIn, default_owner
from backend.identity.permissions import ROLES

SILENT_MINUTES: Final = 120
MANAGERS: Final = ("manager", "owner")
# Whoever takes a lead over must be able to work on it.
ABLE: Final = sorted(role for role, may in ROLES.items() if {"leads:write", "tasks:write"} <= may)
WORKING: Final = sorted(role for role, may in ROLES.items() if {"care:write", "tasks:write"} <= may)


async def policy(session: AsyncSession, location_id: uuid.UUID | None) -> EscalationPolicy:
    """The clinic's own, else the practice's, else the usual one (`version` 0)."""
    own = EscalationPolicy.location_id
    rows = select(EscalationPolicy).where(
        EscalationPolicy.practice_id == practice_of(session), or_(own.is_(None), own == location_id)
    )
    found = await session.scalar(rows.order_by(own.is_(None)).limit(1))
    return found or EscalationPolicy(
        practice_id=practice_of(session), location_id=None, silent_minutes=SILENT_MINUTES, chain=[], version=0
    )


async def owners(session: AsyncSession, location_id: uuid.UUID | None) -> list[Owner]:
    """The chain in order; an empty one of a clinic is the practice's, an empty one of the practice the usual one."""
    chosen = await policy(session, location_id)
    if not chosen.chain and chosen.location_id is not None:
        chosen = await policy(session, None)
    if chosen.chain:
        return [owner_of(entry) for entry in chosen.chain]
    return [await default_owner(session, location_id), *await _managers(session, location_id)]


def owner_of(entry: dict[str, Any]) -> Owner:
    """An entry of a chain as the table keeps it."""
    one = uuid.UUID(entry["id"])
    return Owner(user_id=one) if entry["kind"] == "user" else Owner(team_id=one)


async def _managers(session: AsyncSession, location_id: uuid.UUID | None) -> list[Owner]:
    """Managers before the practice's owners."""
    rows = await session.scalars(
        select(Membership.user_id)
        .where(Membership.practice_id == practice_of(session), Membership.role.in_(MANAGERS), _at(location_id))
        .order_by(Membership.role, Membership.user_id)
    )
    return [Owner(user_id=user_id) for user_id in dict.fromkeys(rows)]


def _at(location_id: uuid.UUID | None) -> ColumnElement[bool]:
    if location_id is None:
        return true()
    return or_(Membership.location_id.is_(None), Membership.location_id == location_id)


async def able(session: AsyncSession, owner: Owner, location_id: uuid.UUID | None) -> bool:
    """Whether somebody active stands behind this owner who may work on leads of that clinic."""
    practice_id = practice_of(session)
    people = (
        select(User.id)
        .join(Membership, (Membership.practice_id == User.practice_id) & (Membership.user_id == User.id))
        .where(User.practice_id == practice_id, User.active, Membership.role.in_(ABLE), _at(location_id))
        .limit(1)
    )
    if owner.user_id is not None:
        return await session.scalar(people.where(User.id == owner.user_id)) is not None
    members = select(TeamMember.user_id).where(
        TeamMember.practice_id == practice_id, TeamMember.team_id == owner.team_id
    )
    team = await session.get(Team, (practice_id, owner.team_id))
    elsewhere = team is None or (location_id is not None and team.location_id not in {None, location_id})
    return not elsewhere and await session.scalar(people.where(User.id.in_(members))) is not None


async def works(session: AsyncSession, user_id: uuid.UUID, location_id: uuid.UUID | None) -> bool:
    """Whether this person is active and may do tasks at that clinic."""
    return (
        await session.scalar(
            select(User.id)
            .join(Membership, (Membership.practice_id == User.practice_id) & (Membership.user_id == User.id))
            .where(User.practice_id == practice_of(session), User.id == user_id, User.active)
            .where(Membership.role.in_(WORKING), _at(location_id))
            .limit(1)
        )
        is not None
    )


async def following(session: AsyncSession, owner: Owner, location_id: uuid.UUID | None) -> Owner | None:
    """Who comes after this owner; None at the end of the chain, which therefore never goes round."""
    chain = await owners(session, location_id)
    rest = chain[chain.index(owner) + 1 :] if owner in chain else chain
    for candidate in rest:
        if candidate != owner and await able(session, candidate, location_id):
            return candidate
    return None


async def own_policy(session: AsyncSession, location_id: uuid.UUID | None) -> EscalationPolicy | None:
    """The row of exactly this clinic, or of the practice."""
    return await session.scalar(
        select(EscalationPolicy).where(
            EscalationPolicy.practice_id == practice_of(session),
            EscalationPolicy.location_id.is_not_distinct_from(location_id),
        )
    )


async def set_policy(
    session: AsyncSession, location_id: uuid.UUID | None, version: int, silent_minutes: int, chain: list[OwnerIn]
) -> EscalationPolicy:
    """Change it. Everyone in the chain must be able to work there. Raises `StaleVersion` or `Invalid`."""
    await may_change(session, location_id)
    # Two changes at once wait for each other, also where no row is there to lock.
    await session.get_one(Practice, practice_of(session), with_for_update={"key_share": True})
    row = await own_policy(session, location_id)
    if (row.version if row else 0) != version:
        raise StaleVersion(row.version if row else 0)
    entries = [{"kind": entry.kind, "id": str(entry.id)} for entry in chain]
    if len({entry["id"] for entry in entries}) < len(entries):
        raise Invalid("Name everyone once: a chain never goes round.", errors=[("/chain", "named twice")])
    for place, entry in enumerate(entries):
        if not await able(session, owner_of(entry), location_id):
            raise Invalid(
                "Choose active people, or teams with some, who may work on leads of this clinic.",
                errors=[(f"/chain/{place}", "cannot take leads here")],
            )
    row = row or EscalationPolicy(practice_id=practice_of(session), id=new_id(), location_id=location_id, version=0)
    row.silent_minutes, row.chain, row.version = silent_minutes, entries, version + 1
    session.add(row)
    await session.flush()
    return row
