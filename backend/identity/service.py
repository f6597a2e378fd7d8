"""Sign people in and out; make practices, people and API keys."""

import re
import uuid
from datetime import timedelta
from zoneinfo import available_timezones

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.crypto import Keyring
from backend.core.database import Database, practice_of, publish
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, SlowDown, Unauthenticated
from backend.identity import passwords, sessions
from backend.identity.events import LocationAdded
from backend.identity.models import (
    ApiKey,
    BrowserSession,
    Location,
    Membership,
    Practice,
    SecurityEvent,
    Team,
    TeamMember,
    User,
)
from backend.identity.permissions import ROLES

FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=15)
FRONT_DESK = "Front desk"


class BadCredentials(Unauthenticated):
    """E-mail or password is wrong; which one is not said."""

    type = "bad-credentials"
    title = "Sign-in failed"


def wait_after(failures: int) -> timedelta:
    """How long an account is closed after this many failures in a row: 0, 0, 0, then 2, 4, 8 … seconds to 15 min."""
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - FREE_TRIES + 1, 20)))


async def sign_in(database: Database, email: str, password: str) -> tuple[User, str, BrowserSession]:
    """Check credentials and open a session. Raises `BadCredentials` or `SlowDown`."""
    async with database.system() as session:
        user = await session.scalar(select(User).where(func.lower(User.email) == email.lower()))
    if user and user.blocked_until and user.blocked_until > now():
        seconds = int((user.blocked_until - now()).total_seconds()) + 1
        raise SlowDown(f"Too many failed sign-ins. Try again in {seconds} seconds.", seconds)
    right = await passwords.matches(password, user.password_hash if user and user.active else None)
    if user is None or not right:
        await _count_failure(database, user)
        raise BadCredentials("E-mail or password is not right.")
    async with database.transaction(user.practice_id) as session:
        await session.execute(
            update(User)
            .where(User.practice_id == user.practice_id, User.id == user.id)
            .values(failed_sign_ins=0, blocked_until=None)
        )
        token, row = sessions.start(session, user)
    return user, token, row


async def _count_failure(database: Database, user: User | None) -> None:
    async with database.system() as session:
        session.add(
            SecurityEvent(
                practice_id=user.practice_id if user else None,
                kind="sign_in_failed",
                subject=str(user.id) if user else "unknown",
            )
        )
        if user is None:
            return
        failures = await session.scalar(
            update(User)
            .where(User.practice_id == user.practice_id, User.id == user.id)
            .values(failed_sign_ins=User.failed_sign_ins + 1)
            .returning(User.failed_sign_ins)
        )
        wait = wait_after(failures or 0)
        if wait:
            await session.execute(
                update(User)
                .where(User.practice_id == user.practice_id, User.id == user.id)
                .values(blocked_until=now() + wait)
            )


async def create_practice(session: AsyncSession, keyring: Keyring, *, name: str, slug: str, timezone: str) -> Practice:
    """Make a practice with its first location and front-desk team; `session` is a system transaction."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?", slug):
        raise Invalid("A slug is lower-case letters, digits and hyphens.", errors=[("/slug", "shape")])
    if timezone not in available_timezones():
        raise Invalid("Use an IANA time zone such as America/Chicago.", errors=[("/timezone", "unknown")])
    if await session.scalar(select(Practice.id).where(Practice.slug == slug)):
        raise Conflict("A practice with this slug exists already.")
    practice_id = new_id()
    practice = Practice(
        id=practice_id,
        slug=slug,
        name=name,
        timezone=timezone,
        wrapped_key=keyring.new_practice_key(practice_id),
    )
    session.add(practice)
    await session.flush()
    return practice


async def create_location(
    session: AsyncSession,
    *,
    name: str,
    timezone: str,
    fax: str | None = None,
    phone: str | None = None,
    address: str | None = None,
) -> Location:
    """Add a clinic and, with the first one, the practice's front-desk team."""
    practice_id = practice_of(session)
    location = Location(practice_id=practice_id, name=name, timezone=timezone, fax=fax, phone=phone, address=address)
    session.add(location)
    if await session.scalar(select(Team.id).where(Team.practice_id == practice_id, Team.name == FRONT_DESK)) is None:
        session.add(Team(practice_id=practice_id, name=FRONT_DESK, location_id=None))
    await session.flush()
    await publish(session, LocationAdded(location.id))
    return location


async def create_user(session: AsyncSession, *, email: str, name: str, password: str, role: str) -> User:
    """Add a person with one role at all locations; desk staff join the front-desk team."""
    if role not in ROLES:
        raise Invalid(f"Choose a role from: {', '.join(ROLES)}.", errors=[("/role", "unknown")])
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise Invalid("Give a full e-mail address.", errors=[("/email", "shape")])
    practice_id = practice_of(session)
    user = User(
        practice_id=practice_id,
        id=new_id(),
        email=email.lower(),
        name=name,
        password_hash=passwords.hash_password(password),
    )
    session.add(user)
    await session.flush()
    session.add(Membership(practice_id=practice_id, user_id=user.id, role=role, location_id=None))
    team_id = await session.scalar(select(Team.id).where(Team.practice_id == practice_id, Team.name == FRONT_DESK))
    if team_id and role in {"owner", "manager", "front_desk"}:
        session.add(TeamMember(practice_id=practice_id, team_id=team_id, user_id=user.id))
    await session.flush()
    return user


async def revoke_api_key(session: AsyncSession, key_id: uuid.UUID) -> None:
    """Revoke a key for good. Raises `NotFound`."""
    revoked = await session.scalar(
        update(ApiKey)
        .where(ApiKey.practice_id == practice_of(session), ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(ApiKey.id)
    )
    if revoked is None:
        raise NotFound("There is no such API key in use.")
