"""The referrer's session: one link, one browser, a short while. Everything a route knows of its caller comes from here.

Every request but the first names the session's token in `X-CSRF-Token`, reading ones too: where an office opens the
links of two providers in one browser, the page of the first must not show or change what belongs to the second.
"""

import hashlib
import secrets
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import act_as, the_referrer
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.identity.access import Context, same_site
from backend.referral_sources.models import Referrer, ReferrerLink
from backend.referrer_portal.errors import CheckFirst, OtherPage, PageClosed
from backend.referrer_portal.models import ReferrerBrowser

COOKIE: Final = "__Host-frontdesk-referrer"
IDLE: Final = timedelta(minutes=30)
LASTS: Final = timedelta(hours=4)
# Writing the time of every request would make each read a write.
TOUCH_AFTER: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ReferrerSession:
    """Who is on the page. Unless `verified`, nothing may be shown or changed."""

    id: uuid.UUID
    practice_id: uuid.UUID
    referrer_id: uuid.UUID
    link_id: uuid.UUID
    verified: bool
    csrf_token: str


def start(session: AsyncSession, link: ReferrerLink) -> tuple[str, ReferrerBrowser]:
    """Open a session for a link; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    row = ReferrerBrowser(
        practice_id=link.practice_id, link_id=link.id, token_hash=_hash(token), csrf_token=secrets.token_urlsafe(32),
        created_at=now(), last_seen_at=now(),
    )  # fmt: skip
    session.add(row)
    return token, row


def set_cookie(response: Response, token: str) -> None:
    """Put the token into the browser, for as long as it stays open."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")


async def resumed_referrer(request: Request, context: Context) -> ReferrerSession:
    """The session of the browser's cookie. Raises `PageClosed`."""
    token = request.cookies.get(COOKIE)
    if not token:
        raise PageClosed
    async with context.database.system() as session:
        found = (
            await session.execute(
                select(ReferrerBrowser, ReferrerLink)
                .join(
                    ReferrerLink,
                    (ReferrerLink.practice_id == ReferrerBrowser.practice_id)
                    & (ReferrerLink.id == ReferrerBrowser.link_id),
                )
                .where(ReferrerBrowser.token_hash == _hash(token))
            )
        ).one_or_none()
        if found is None:
            raise PageClosed
        row, link = found
        idle = now() - row.last_seen_at
        if link.revoked_at is not None or idle > IDLE or now() - row.created_at > LASTS:
            raise PageClosed
        if idle > TOUCH_AFTER:
            mine = (ReferrerBrowser.practice_id == row.practice_id) & (ReferrerBrowser.id == row.id)
            await session.execute(update(ReferrerBrowser).where(mine).values(last_seen_at=now()))
    return ReferrerSession(
        id=row.id, practice_id=row.practice_id, referrer_id=link.referrer_id, link_id=link.id,
        verified=row.verified_at is not None, csrf_token=row.csrf_token,
    )  # fmt: skip


Resumed = Annotated[ReferrerSession, Depends(resumed_referrer)]


def opened(request: Request, context: Context, found: Resumed) -> ReferrerSession:
    """The session this very page belongs to, checked or not. Raises `OtherPage`."""
    if not same_site(request, found.csrf_token, context):
        raise OtherPage
    return found


Opened = Annotated[ReferrerSession, Depends(opened)]


def verified(found: Opened) -> ReferrerSession:
    """The same, once the second check was passed. Raises `CheckFirst`."""
    if not found.verified:
        raise CheckFirst
    return found


Verified = Annotated[ReferrerSession, Depends(verified)]


@asynccontextmanager
async def transaction_of(context: ProcessContext, known: ReferrerSession) -> AsyncIterator[AsyncSession]:
    """A transaction of the practice in which the referrer acts, for routes that do something outside of it too."""
    async with context.database.transaction(known.practice_id) as session:
        referrer = await session.get_one(Referrer, (known.practice_id, known.referrer_id))
        act_as(session, the_referrer(known.practice_id, referrer.id, referrer.name))
        yield session


async def _transaction(context: Context, known: Verified) -> AsyncIterator[AsyncSession]:
    async with transaction_of(context, known) as session:
        yield session


ReferrerTransaction = Annotated[AsyncSession, Depends(_transaction, scope="function")]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
