"""Who owns a piece of work: a person or a team."""

import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field
from sqlalchemy import ColumnElement, and_, case, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.database import practice_of
from backend.core.problems import Invalid
from backend.core.schemas import RequestModel, ResponseModel
from backend.identity.models import Team, TeamMember, User

OwnerFilter = Annotated[
    str | None,
    Query(description="`me`, `unassigned` (a team's, nobody's own) or the id of a user or team", max_length=40),
]


class OwnerOut(ResponseModel):
    """A person or team."""

    kind: Literal["user", "team"]
    id: uuid.UUID
    name: str = Field(examples=["Front desk"])


class OwnerIn(RequestModel):
    """Choose a person or team."""

    kind: Literal["user", "team"]
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Owner:
    """Exactly one of the two is set."""

    user_id: uuid.UUID | None = None
    team_id: uuid.UUID | None = None


async def default_owner(session: AsyncSession, location_id: uuid.UUID | None) -> Owner:
    """The clinic's own team, else the practice's front desk."""
    own_first = case((Team.location_id == location_id, 0), else_=1) if location_id else Team.name
    usable = Team.location_id.is_(None) if location_id is None else or_(
        Team.location_id.is_(None), Team.location_id == location_id
    )  # fmt: skip
    teams = select(Team.id).where(Team.practice_id == practice_of(session), usable)
    team_id = await session.scalar(teams.order_by(own_first, Team.id).limit(1))
    if team_id is None:
        raise Invalid("Add a clinic first: its front-desk team owns new work.")
    return Owner(team_id=team_id)


async def chosen_owner(session: AsyncSession, chosen: OwnerIn) -> Owner:
    """Check that the person is active, or the team exists, in this practice. Raises `Invalid`."""
    practice_id = practice_of(session)
    if chosen.kind == "user":
        query = select(User.id).where(User.practice_id == practice_id, User.id == chosen.id, User.active)
    else:
        query = select(Team.id).where(Team.practice_id == practice_id, Team.id == chosen.id)
    if await session.scalar(query) is None:
        raise Invalid("Choose an owner from /users or /teams.", errors=[("/owner/id", "unknown")])
    return Owner(user_id=chosen.id) if chosen.kind == "user" else Owner(team_id=chosen.id)


def owned_by(session: AsyncSession, wanted: str, table: Any) -> ColumnElement[bool]:
    """SQL condition for an `OwnerFilter` on a table with owner_user_id and owner_team_id. Raises `Invalid`."""
    if wanted == "unassigned":
        unassigned: ColumnElement[bool] = table.owner_user_id.is_(None)
        return unassigned
    if wanted == "me":
        user_id = actor_of(session).user_id
        if user_id is None:
            return false()
        return or_(table.owner_user_id == user_id, table.owner_team_id.in_(_teams_of(session, user_id)))
    try:
        chosen = uuid.UUID(wanted)
    except ValueError:
        raise Invalid("Use me, unassigned, or an id.", errors=[("query/owner", "unknown")]) from None
    return or_(table.owner_user_id == chosen, table.owner_team_id == chosen)


def _teams_of(session: AsyncSession, user_id: uuid.UUID) -> Any:
    mine = and_(TeamMember.practice_id == practice_of(session), TeamMember.user_id == user_id)
    return select(TeamMember.team_id).where(mine)


async def team_ids(session: AsyncSession) -> frozenset[uuid.UUID]:
    """The caller's teams."""
    user_id = actor_of(session).user_id
    return frozenset(await session.scalars(_teams_of(session, user_id))) if user_id else frozenset()


async def owner_names(session: AsyncSession, owners: list[Any]) -> dict[uuid.UUID, OwnerOut]:
    """Owners of rows with owner_user_id/owner_team_id, by id."""
    practice_id = practice_of(session)
    users = {row.owner_user_id for row in owners if row.owner_user_id}
    teams = {row.owner_team_id for row in owners if row.owner_team_id}
    found: dict[uuid.UUID, OwnerOut] = {}
    if users:
        rows = await session.execute(
            select(User.id, User.name).where(User.practice_id == practice_id, User.id.in_(users))
        )
        found |= {user_id: OwnerOut(kind="user", id=user_id, name=name) for user_id, name in rows}
    if teams:
        rows = await session.execute(
            select(Team.id, Team.name).where(Team.practice_id == practice_id, Team.id.in_(teams))
        )
        found |= {team_id: OwnerOut(kind="team", id=team_id, name=name) for team_id, name in rows}
    return found
