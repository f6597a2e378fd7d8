"""Browser sessions: an opaque 256-bit token in a `__Host-` cookie, its hash in the table, CSRF token beside it."""

import hashlib
import hmac
import secrets
import uuid
from datetime import timedelta

from fastapi import Response
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import Actor, Grant
from backend.core.clock import now
from backend.core.database import Database
from backend.core.problems import Unauthenticated
from backend.core.settings import Settings
from backend.identity import permissions
from backend.identity.models import BrowserSession, Membership, User

COOKIE = "__Host-frontdesk"
# Writing the time of every request would make each read a write.
TOUCH_AFTER = timedelta(seconds=60)


def same(given: str, expected: str) -> bool:
    """Compare secrets in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def start(session: AsyncSession, user: User) -> tuple[str, BrowserSession]:
    """Open a session for a user who proved who they are; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    row = BrowserSession(
        practice_id=user.practice_id,
        user_id=user.id,
        token_hash=_hash(token),
        csrf_token=secrets.token_urlsafe(32),
        created_at=now(),
        last_seen_at=now(),
    )
    session.add(row)
    return token, row


def set_cookie(response: Response, token: str, settings: Settings) -> None:
    """Put the token into the browser."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.session_hours * 3600,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response) -> None:
    """Take the token out of the browser."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


async def actor(database: Database, token: str, settings: Settings) -> tuple[Actor, str]:
    """The user behind a token and the CSRF token of the session. Raises `Unauthenticated`."""
    async with database.system() as session:
        found = (
            await session.execute(
                select(BrowserSession, User)
                .join(
                    User,
                    (User.practice_id == BrowserSession.practice_id) & (User.id == BrowserSession.user_id),
                )
                .where(BrowserSession.token_hash == _hash(token))
            )
        ).one_or_none()
        if found is None:
            raise Unauthenticated("Your session has ended. Sign in again.")
        row, user = found
        idle = now() - row.last_seen_at
        ended = row.ended_at is not None or not user.active
        too_old = now() - row.created_at > timedelta(hours=settings.session_hours)
        if ended or too_old or idle > timedelta(minutes=settings.session_idle_minutes):
            raise Unauthenticated("Your session has ended. Sign in again.")
        if idle > TOUCH_AFTER:
            await session.execute(
                update(BrowserSession).where(BrowserSession.token_hash == row.token_hash).values(last_seen_at=now())
            )
        return await acting(session, user), row.csrf_token


async def acting(session: AsyncSession, user: User) -> Actor:
    """A person with what they may do, and where."""
    of_user = (Membership.practice_id == user.practice_id) & (Membership.user_id == user.id)
    rows = await session.execute(select(Membership.location_id, Membership.role).where(of_user))
    grants = tuple(Grant(location_id, permissions.ROLES[role]) for location_id, role in rows)
    allowed = frozenset[str]().union(*(grant.permissions for grant in grants))
    return Actor(user.practice_id, "user", str(user.id), user.name, allowed, grants=grants)


async def end(session: AsyncSession, practice_id: uuid.UUID, token: str) -> None:
    """Close the session of this token for good."""
    await session.execute(
        update(BrowserSession)
        .where(BrowserSession.practice_id == practice_id, BrowserSession.token_hash == _hash(token))
        .values(ended_at=now())
    )
