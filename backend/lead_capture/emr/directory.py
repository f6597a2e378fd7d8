"""The practice's clinics, clinicians and kinds of visits by the names the EMR gives them; read once per batch."""

import re
import uuid
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.scheduling.models import AppointmentType, Clinician, ClinicianLocation

TITLES: Final = re.compile(r"(?i)\b(?:pt|dpt|mpt|ot|otr|slp|ccc|ocs|scs|cert|mdt|atc|md|do|dr|mr|mrs|ms|pta|cota)\b\.?")


def plain(name: str) -> tuple[str, ...]:
    """The words of a name in any order, without titles."""
    return tuple(sorted(re.findall(r"[^\W_]+", TITLES.sub(" ", name).lower())))


@dataclass(frozen=True, slots=True)
class Directory:
    """Ids by plain name; a name that two bear means nobody."""

    clinics: dict[tuple[str, ...], uuid.UUID]
    clinicians: dict[tuple[str, ...], uuid.UUID]
    works_at: dict[uuid.UUID, list[uuid.UUID]]
    types: list[AppointmentType]
    zones: dict[uuid.UUID | None, ZoneInfo]

    def clinic(self, name: str | None) -> uuid.UUID | None:
        """By name; the only one where none is named."""
        if not name:
            return next(iter(self.clinics.values())) if len(self.clinics) == 1 else None
        return self.clinics.get(plain(name))

    def clinician(self, name: str | None) -> uuid.UUID | None:
        """By name, in whatever order."""
        return self.clinicians.get(plain(name)) if name else None

    def zone(self, location_id: uuid.UUID | None) -> ZoneInfo:
        """The clinic's; the practice's where there is none."""
        return self.zones.get(location_id) or self.zones[None]


async def read(session: AsyncSession) -> Directory:
    """Four small statements."""
    ours = practice_of(session)
    clinics = list(await session.scalars(select(Location).where(Location.practice_id == ours)))
    people = list(await session.scalars(select(Clinician).where(Clinician.practice_id == ours)))
    places = await session.scalars(
        select(ClinicianLocation).where(ClinicianLocation.practice_id == ours).order_by(ClinicianLocation.location_id)
    )
    works_at: dict[uuid.UUID, list[uuid.UUID]] = {}
    for place in places:
        works_at.setdefault(place.clinician_id, []).append(place.location_id)
    kinds = await session.scalars(
        select(AppointmentType).where(AppointmentType.practice_id == ours).order_by(AppointmentType.name)
    )
    zones: dict[uuid.UUID | None, ZoneInfo] = {place.id: ZoneInfo(place.timezone) for place in clinics}
    zones[None] = ZoneInfo((await practice(session)).timezone)
    return Directory(
        _single([(place.name, place.id) for place in clinics]), _single([(who.name, who.id) for who in people]),
        works_at, list(kinds), zones,
    )  # fmt: skip


def _single(named: list[tuple[str, uuid.UUID]]) -> dict[tuple[str, ...], uuid.UUID]:
    found: dict[tuple[str, ...], uuid.UUID] = {}
    twice = set()
    for name, row_id in named:
        twice |= {plain(name)} if plain(name) in found else set()
        found[plain(name)] = row_id
    return {name: row_id for name, row_id in found.items() if name not in twice}
