"""The stages of a lead's path. A practice may rename and reorder them; the group carries the meaning."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import Invalid
from backend.leads.models import Stage

NEW: Final = "new"
CONTACTED: Final = "contacted"
IN_CARE: Final = "in_care"
DISCHARGED: Final = "discharged"
LOST: Final = "lost"
OPEN_GROUPS: Final = frozenset({"open", "in_progress"})

DEFAULTS: Final = (
    (NEW, "New", "open"),
    (CONTACTED, "Contacted", "in_progress"),
    ("scheduled", "Scheduled", "in_progress"),
    ("intake_sent", "Intake sent", "in_progress"),
    ("first_visit_complete", "First visit complete", "won"),
    (IN_CARE, "In care", "won"),
    (DISCHARGED, "Discharged", "won"),
    (LOST, "Lost", "lost"),
)


async def create_defaults(session: AsyncSession) -> None:
    """Give the practice its first stages; those it has stay as they are."""
    practice_id = practice_of(session)
    rows = [
        {"practice_id": practice_id, "key": key, "name": name, "group": group, "position": position}
        for position, (key, name, group) in enumerate(DEFAULTS)
    ]
    await session.execute(insert(Stage).values(rows).on_conflict_do_nothing(index_elements=["practice_id", "key"]))


async def of_practice(session: AsyncSession) -> dict[str, Stage]:
    """Stages by key, in board order."""
    rows = await session.scalars(
        select(Stage).where(Stage.practice_id == practice_of(session)).order_by(Stage.position)
    )
    return {stage.key: stage for stage in rows}


async def named(session: AsyncSession, key: str) -> Stage:
    """One stage. Raises `Invalid`."""
    stage = (await of_practice(session)).get(key)
    if stage is None:
        raise Invalid("Choose a stage of this practice; see /board.", errors=[("/stage", "unknown")])
    return stage
