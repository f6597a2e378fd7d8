"""What the practice chose to be texted about visits by itself."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import StaleVersion
from backend.scheduling.offer_models import VisitTextSettings


async def of_practice(session: AsyncSession) -> VisitTextSettings:
    """The practice's choice, or the usual (`version` 0)."""
    found = await session.get(VisitTextSettings, practice_of(session))
    return found or VisitTextSettings(
        practice_id=practice_of(session), book_by_reply=True, reminders=True, reminder_hours=[48, 3], waitlist=True,
        waitlist_batch=2, waitlist_minutes=20, offer_hours=48, version=0,
    )  # fmt: skip


async def change(session: AsyncSession, version: int, values: dict[str, Any]) -> VisitTextSettings:
    """Set all of it. Raises `StaleVersion`."""
    row = await of_practice(session)
    if row.version != version:
        raise StaleVersion(row.version)
    for name, value in values.items():
        setattr(row, name, value)
    row.version = version + 1
    session.add(row)
    await session.flush()
    return row
