"""How times are offered: the practice's choice, and what a clinic does otherwise."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import StaleVersion
from backend.identity.calendars import hours_of, may_change
from backend.scheduling.models import SchedulingSettings

NAMES: Final = ("notice_minutes", "horizon_days", "spacing_minutes", "late_cancel_hours")


@dataclass(frozen=True, slots=True)
class Offering:
    """What holds at a clinic."""

    notice_minutes: int = 24 * 60
    horizon_days: int = 60
    spacing_minutes: int = 15
    late_cancel_hours: int = 24


USUAL: Final = Offering()


@dataclass(frozen=True, slots=True)
class Offerings:
    """The practice's, and by clinic."""

    practice: Offering
    clinics: dict[uuid.UUID, Offering]

    def at(self, location_id: uuid.UUID) -> Offering:
        """The clinic's own, else the practice's."""
        return self.clinics.get(location_id, self.practice)


async def rows(session: AsyncSession) -> dict[uuid.UUID | None, SchedulingSettings]:
    """What was chosen, by clinic; the practice's under None."""
    query = select(SchedulingSettings).where(SchedulingSettings.practice_id == practice_of(session))
    return {row.location_id: row for row in await session.scalars(query)}


def resolve(chosen: dict[uuid.UUID | None, SchedulingSettings]) -> Offerings:
    """Clinic over practice over the usual."""

    def over(base: Offering, row: SchedulingSettings | None) -> Offering:
        return Offering(*(value if (value := getattr(row, name, None)) is not None else getattr(base, name)
                          for name in NAMES))  # fmt: skip

    whole = over(USUAL, chosen.get(None))
    return Offerings(whole, {place: over(whole, row) for place, row in chosen.items() if place is not None})


async def offerings(session: AsyncSession) -> Offerings:
    """What holds where."""
    return resolve(await rows(session))


async def change(
    session: AsyncSession, location_id: uuid.UUID | None, version: int, values: dict[str, Any]
) -> SchedulingSettings:
    """Set all of a clinic's (null: as the practice), or the practice's. Raises `StaleVersion`."""
    await may_change(session, location_id)
    if location_id is not None:
        await hours_of(session, location_id, "settings:write", lock=True)
    row = (await rows(session)).get(location_id)
    if version != (row.version if row else 0):
        raise StaleVersion(row.version if row else 0)
    if row is None:
        row = SchedulingSettings(practice_id=practice_of(session), id=new_id(), location_id=location_id, version=0)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    await session.flush()
    return row
