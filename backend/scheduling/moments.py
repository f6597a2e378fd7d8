"""`from` and `to` of a query: a moment, or a local date (its beginning; as `to`, its end)."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import Invalid
from backend.identity.models import Location
from backend.identity.queries import practice

From = Annotated[str | None, Query(alias="from", max_length=40, description="a moment, or a local date",
                                   examples=["2026-12-01"])]  # fmt: skip
To = Annotated[str | None, Query(max_length=40, description="a moment, or a local date that is included",
                                 examples=["2026-12-14"])]  # fmt: skip
DAY = timedelta(days=1)


async def zone_of(session: AsyncSession, location_id: uuid.UUID | None) -> ZoneInfo:
    """The clinic's zone, else the practice's."""
    if location_id is not None:
        query = select(Location.timezone).where(
            Location.practice_id == practice_of(session), Location.id == location_id
        )
        if name := await session.scalar(query):
            return ZoneInfo(name)
    return ZoneInfo((await practice(session)).timezone)


def moment(text: str, zone: ZoneInfo, *, name: str, end: bool = False) -> datetime:
    """Raises `Invalid` for anything else."""
    try:
        if len(text) == len("2026-12-01"):
            day = date.fromisoformat(text)
            return datetime.combine(day + DAY if end else day, time(), zone).astimezone(UTC)
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        problem = [(f"query/{name}", "not a date, nor a moment with a time zone")]
        raise Invalid(
            "Use a date such as 2026-12-01 or a moment such as 2026-12-01T15:00:00Z.", errors=problem
        ) from None
