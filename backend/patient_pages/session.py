"""The patient's session: one link, one browser, a short while. Everything a route knows of its caller comes from here.

Every request but the first names the session's token in `X-CSRF-Token`, reading ones too: where a family opens two
links in one browser, the page of the first must not show or change what belongs to the second.
"""

import asyncio
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

from backend.core.actor import act_as, the_patient
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.identity.access import Context, same_site
from backend.patient_links.models import PatientLink
from backend.patient_pages.errors import CheckFirst, LinkNotUsable, OtherPage, PageClosed
from backend.patient_pages.models import PatientBrowser

COOKIE: Final = "__Host-frontdesk-patient"
IDLE: Final = timedelta(minutes=30)
LASTS: Final = timedelta(hours=4)
# Writing the time of every request would make each read a write.
TOUCH_AFTER: Final = timedelta(seconds=60)
AT_ONCE: Final = 6
_turns = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class PatientSession:
    """Who is on the page, and what their link is for. Unless `verified`, nothing may be shown or changed."""

    id: uuid.UUID
    practice_id: uuid.UUID
    patient_id: uuid.UUID
    lead_id: uuid.UUID | None
    link_id: uuid.UUID
    purpose: str
    ref_id: uuid.UUID | None
    used: bool
    verified: bool
    csrf_token: str


def start(session: AsyncSession, link: PatientLink, *, verified: bool) -> tuple[str, PatientBrowser]:
    """Open a session for a link; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    row = PatientBrowser(
        practice_id=link.practice_id, link_id=link.id, token_hash=_hash(token), csrf_token=secrets.token_urlsafe(32),
        created_at=now(), last_seen_at=now(), verified_at=now() if verified else None,
    )  # fmt: skip
    session.add(row)
    return token, row


def set_cookie(response: Response, token: str) -> None:
    """Put the token into the browser, for as long as it stays open."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")


async def resumed(request: Request, context: Context) -> PatientSession:
    """The session of the browser's cookie. Raises `PageClosed`, and `LinkNotUsable` once the link was revoked."""
    token = request.cookies.get(COOKIE)
    if not token:
        raise PageClosed
    async with turn(), context.database.system() as session:
        found = (
            await session.execute(
                select(PatientBrowser, PatientLink)
                .join(
                    PatientLink,
                    (PatientLink.practice_id == PatientBrowser.practice_id)
                    & (PatientLink.id == PatientBrowser.link_id),
                )
                .where(PatientBrowser.token_hash == _hash(token))
            )
        ).one_or_none()
        if found is None:
            raise PageClosed
        row, link = found
        idle = now() - row.last_seen_at
        if link.revoked_at is not None:
            raise LinkNotUsable
        if idle > IDLE or now() - row.created_at > LASTS:
            raise PageClosed
        if idle > TOUCH_AFTER:
            mine = (PatientBrowser.practice_id == row.practice_id) & (PatientBrowser.id == row.id)
            await session.execute(update(PatientBrowser).where(mine).values(last_seen_at=now()))
    return PatientSession(
        id=row.id, practice_id=row.practice_id, patient_id=link.patient_id, lead_id=link.lead_id, link_id=link.id,
        purpose=link.purpose, ref_id=link.ref_id, used=link.used_at is not None,
        verified=row.verified_at is not None, csrf_token=row.csrf_token,
    )  # fmt: skip


Resumed = Annotated[PatientSession, Depends(resumed)]


def opened(request: Request, context: Context, found: Resumed) -> PatientSession:
    """The session this very page belongs to, checked or not. Raises `OtherPage`."""
    if not same_site(request, found.csrf_token, context):
        raise OtherPage
    return found


Opened = Annotated[PatientSession, Depends(opened)]


def verified(found: Opened) -> PatientSession:
    """The same, once the second check was passed. Raises `CheckFirst`."""
    if not found.verified:
        raise CheckFirst
    return found


Verified = Annotated[PatientSession, Depends(verified)]


@asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """Patients wait for each other here rather than for a connection, which the desk needs too and which times out."""
    async with _turns:
        yield


@asynccontextmanager
async def transaction_of(context: ProcessContext, patient: PatientSession) -> AsyncIterator[AsyncSession]:
    """A transaction of the patient's practice, for routes that must do something outside of it too."""
    async with turn(), context.database.transaction(patient.practice_id) as session:
        act_as(session, the_patient(patient.practice_id, patient.patient_id))
        yield session


async def _transaction(context: Context, patient: Verified) -> AsyncIterator[AsyncSession]:
    async with transaction_of(context, patient) as session:
        yield session


PatientTransaction = Annotated[AsyncSession, Depends(_transaction, scope="function")]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
