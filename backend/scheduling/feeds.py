"""Secret addresses that calendar programs read: made, changed for another, taken back. Only a hash of each is kept."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Conflict, NotFound, StaleVersion
from backend.identity.calendars import may_change
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.scheduling import icalendar, queries
from backend.scheduling.appointment_models import CalendarFeed
from backend.scheduling.models import Clinician, ClinicianLocation
from backend.scheduling.schemas import AppointmentOut
from backend.scheduling.setup import known

BACK, AHEAD, MOST = timedelta(days=30), timedelta(days=180), 2000
TOUCH_AFTER = timedelta(minutes=5)
SHOWN = ("booked", "confirmed", "checked_in", "held")
NO_FEED = "There is no calendar at this address."


def hash_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def address(context: ProcessContext, token: str) -> str:
    """Where the feed is read."""
    return f"{context.settings.base_url}/calendars/{token}.ics"


async def listed(session: AsyncSession) -> Sequence[CalendarFeed]:
    """In use, newest first."""
    theirs = select(ClinicianLocation.clinician_id).where(
        ClinicianLocation.practice_id == practice_of(session),
        within(session, "settings:read", ClinicianLocation.location_id),
    )
    query = select(CalendarFeed).where(
        CalendarFeed.practice_id == practice_of(session), CalendarFeed.revoked_at.is_(None),
        within(session, "settings:read", CalendarFeed.location_id),
        or_(CalendarFeed.clinician_id.is_(None), CalendarFeed.clinician_id.in_(theirs)),
    )  # fmt: skip
    return (await session.scalars(query.order_by(CalendarFeed.id.desc()))).all()


async def add(
    session: AsyncSession, clinician_id: uuid.UUID | None, location_id: uuid.UUID | None, names: str
) -> tuple[CalendarFeed, str]:
    """A feed, and its token, which is shown once."""
    await may_change(session, location_id)
    if clinician_id:
        await known(session, Clinician, [clinician_id], "/clinician_id")
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        practice_id=practice_of(session), id=new_id(), clinician_id=clinician_id, location_id=location_id, names=names,
        token_hash=hash_of(token), created_at=now(), version=1,
    )  # fmt: skip
    session.add(feed)
    await session.flush()
    return feed, token


async def rotate(session: AsyncSession, feed_id: uuid.UUID, version: int) -> tuple[CalendarFeed, str]:
    """Another address; the old one is gone at once. Raises `StaleVersion`."""
    feed = await _locked(session, feed_id)
    if feed.version != version:
        raise StaleVersion(feed.version)
    token = secrets.token_urlsafe(32)
    feed.token_hash, feed.rotated_at, feed.version = hash_of(token), now(), version + 1
    await session.flush()
    return feed, token


async def revoke(session: AsyncSession, feed_id: uuid.UUID) -> None:
    """Nobody reads it any longer."""
    feed = await _locked(session, feed_id)
    feed.revoked_at = now()
    feed.version += 1
    await session.flush()


async def _locked(session: AsyncSession, feed_id: uuid.UUID) -> CalendarFeed:
    query = select(CalendarFeed).where(CalendarFeed.practice_id == practice_of(session), CalendarFeed.id == feed_id)
    feed = await session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if feed is None:
        raise NotFound("There is no such calendar feed in this practice.")
    await may_change(session, feed.location_id)
    if feed.revoked_at is not None:
        raise Conflict("This feed was taken back. Make a new one.")
    return feed


async def of_token(session: AsyncSession, token: str) -> CalendarFeed:
    """In a system transaction: whose feed it is. Raises `NotFound`."""
    query = select(CalendarFeed).where(CalendarFeed.token_hash == hash_of(token), CalendarFeed.revoked_at.is_(None))
    feed = await session.scalar(query)
    if feed is None:
        raise NotFound(NO_FEED)
    return feed


async def read(session: AsyncSession, feed: CalendarFeed) -> tuple[bytes, list[uuid.UUID]]:
    """The feed as it is now, and the patients it is about."""
    at = now()
    wanted = queries.AppointmentFilter(at - BACK, at + AHEAD, feed.clinician_id, feed.location_id, statuses=SHOWN)
    visits = await queries.listed(session, wanted, None, MOST)
    table, owner = (Clinician, feed.clinician_id) if feed.clinician_id else (Location, feed.location_id)
    name = await session.scalar(select(table.name).where(table.practice_id == feed.practice_id, table.id == owner))
    if feed.last_read_at is None or at - feed.last_read_at > TOUCH_AFTER:
        row = await session.get_one(CalendarFeed, (feed.practice_id, feed.id))
        row.last_read_at = at
    patients = [visit.patient_id for visit in visits if visit.patient_id]
    return icalendar.feed(visits, name or "", initials=feed.names == "initials"), patients


async def visit_file(session: AsyncSession, shown: AppointmentOut) -> bytes:
    """One visit for the patient's own calendar."""
    place = await session.get_one(Location, (practice_of(session), shown.location_id))
    return icalendar.one_visit(shown, (await practice(session)).name, place.address, place.phone)
