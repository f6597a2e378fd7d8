"""Read who is who."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.identity.models import ApiKey, Location, Membership, Practice, Team, User
from backend.identity.schemas import UserOut


async def practice(session: AsyncSession) -> Practice:
    """The practice of this transaction."""
    found = await session.get(Practice, practice_of(session))
    if found is None:
        raise NotFound("There is no such practice.")
    return found


async def practice_key(session: AsyncSession, context: ProcessContext) -> bytes:
    """The practice's data key in the clear, for sealing and opening documents."""
    if opened := context.keyring.opened(practice_of(session)):
        return opened
    found = await practice(session)
    return context.keyring.practice_key(found.id, found.wrapped_key)


async def users(session: AsyncSession) -> list[UserOut]:
    """Everyone of the practice with their first role, by name."""
    rows = await session.execute(
        select(User, func.min(Membership.role))
        .join(Membership, (Membership.practice_id == User.practice_id) & (Membership.user_id == User.id))
        .where(User.practice_id == practice_of(session))
        .group_by(User.practice_id, User.id)
        .order_by(User.name, User.id)
    )
    return [UserOut(id=user.id, name=user.name, email=user.email, role=role, active=user.active) for user, role in rows]


async def user(session: AsyncSession, user_id: uuid.UUID) -> UserOut:
    """One person. Raises `NotFound`."""
    for found in await users(session):
        if found.id == user_id:
            return found
    raise NotFound("There is no such user in this practice.")


async def locations(session: AsyncSession) -> Sequence[Location]:
    """Clinics by name."""
    rows = await session.scalars(
        select(Location).where(Location.practice_id == practice_of(session)).order_by(Location.name)
    )
    return rows.all()


async def teams(session: AsyncSession) -> Sequence[Team]:
    """Teams by name."""
    rows = await session.scalars(select(Team).where(Team.practice_id == practice_of(session)).order_by(Team.name))
    return rows.all()


async def api_keys(session: AsyncSession) -> Sequence[ApiKey]:
    """Keys in use, newest first."""
    rows = await session.scalars(
        select(ApiKey)
        .where(ApiKey.practice_id == practice_of(session), ApiKey.revoked_at.is_(None))
        .order_by(ApiKey.id.desc())
    )
    return rows.all()
