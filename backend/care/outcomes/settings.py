"""What the practice asks its patients and when; the questions of licensed measures it has entered."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.measures.catalog import INSTRUMENTS, Instrument, Key, instrument_of
from backend.care.measures.suggesting import suggest
from backend.care.outcomes.due import Plan
from backend.care.outcomes.models import OutcomeSettings, OutcomeWording
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.problems import Invalid, NotFound, StaleVersion

LOOK_AGAIN = "outcomes.look_again"
Wordings = Mapping[Key, Mapping[str, OutcomeWording]]


async def of_practice(session: AsyncSession) -> OutcomeSettings:
    """The practice's choice, or the usual (`version` 0): nothing goes out by itself."""
    found = await session.get(OutcomeSettings, practice_of(session), populate_existing=True)
    return found or OutcomeSettings(
        practice_id=practice_of(session), by_text=False, at_intake=True, at_discharge=True, every_visits=None,
        every_weeks=3, by_region={}, version=0,
    )  # fmt: skip


def plan_of(chosen: OutcomeSettings) -> Plan:
    """When to ask."""
    return Plan(chosen.at_intake, chosen.at_discharge, chosen.every_visits, chosen.every_weeks)


async def change(session: AsyncSession, version: int, values: dict[str, Any]) -> OutcomeSettings:
    """Set all of it; every episode is looked at by it. Raises `StaleVersion`."""
    row = await of_practice(session)
    if row.version != version:
        raise StaleVersion(row.version)
    for name, value in values.items():
        setattr(row, name, value)
    row.version = version + 1
    session.add(row)
    await session.flush()
    await later(session, LOOK_AGAIN, practice_of(session), key=str(new_id()))
    return row


def measures_for(chosen: OutcomeSettings, region: str | None, procedure: str | None) -> Sequence[Key]:
    """What a patient with this problem is asked: as the practice wants, else one for the region, activities, pain."""
    if (listed := chosen.by_region.get(region or "other")) is not None:
        return [key for key in INSTRUMENTS if key in listed]
    fitting = suggest(region, procedure)
    return list(dict.fromkeys([*fitting[:1], "psfs", "nprs"]))


async def wordings(session: AsyncSession) -> Wordings:
    """The licensed questions by measure and language, of the version each measure is asked in."""
    rows = await session.scalars(select(OutcomeWording).where(OutcomeWording.practice_id == practice_of(session)))
    found: dict[Key, dict[str, OutcomeWording]] = {}
    for row in rows:
        key = instrument_of(row.instrument).key
        if row.instrument_version == version_asked(key):
            found.setdefault(key, {})[row.language] = row
    return found


def version_asked(key: Key) -> str:
    """The version patients are asked: of NPRS the three ratings, as the intake form has them."""
    return "mean_of_three" if key == "nprs" else INSTRUMENTS[key].versions[0]


def can_ask(known: Wordings, language: str | None = None) -> list[Key]:
    """Measures a patient can fill in: our own words, and licensed ones in their language."""
    return [
        key
        for key, one in INSTRUMENTS.items()
        if one.ours or (language in known.get(key, {}) if language else key in known)
    ]


async def listed(session: AsyncSession) -> list[OutcomeWording]:
    """Every wording the practice has entered."""
    row = OutcomeWording
    ours = select(row).where(row.practice_id == practice_of(session))
    return list(await session.scalars(ours.order_by(row.instrument, row.instrument_version, row.language)))


async def word(
    session: AsyncSession, key: Key, version: str, language: str, values: dict[str, Any], based_on: int
) -> OutcomeWording:
    """Enter the questions of a licensed measure. Raises `Invalid`, `StaleVersion`."""
    one = _licensed(key, version)
    _check(one, values["items"], values["options"])
    row = await _found(session, key, version, language)
    if based_on != (row.version if row else 0):
        raise StaleVersion(row.version if row else 0)
    if row is None:
        row = OutcomeWording(
            practice_id=practice_of(session), id=new_id(), instrument=key, instrument_version=version,
            language=language, version=0,
        )  # fmt: skip
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.entered_by, row.updated_at, row.version = actor_of(session).name, now(), based_on + 1
    await session.flush()
    return row


def _licensed(key: Key, version: str) -> Instrument:
    one = INSTRUMENTS[key]
    if one.ours:
        raise Invalid(f"{one.name} is asked in our own words.", errors=[("path/instrument", "needs no wording")])
    if version not in one.versions:
        raise Invalid(f"Versions: {', '.join(one.versions)}.", errors=[("path/version", "unknown")])
    return one


def _check(one: Instrument, items: list[Any], options: list[Any]) -> None:
    """As many questions as the measure has; answers labelled one by one, or at both ends."""
    if len(items) != one.most_items:
        raise Invalid(f"{one.name} has {one.most_items} questions.", errors=[("/items", f"exactly {one.most_items}")])
    answers = one.highest - one.lowest + 1
    for index, item in enumerate(items):
        given = item["options"] or options
        if len(given) not in {2, answers}:
            pointer = f"/items/{index}/options" if item["options"] else "/options"
            raise Invalid(
                f"Label each of the {answers} answers, or both ends.", errors=[(pointer, f"{answers} or 2 labels")]
            )


async def remove(session: AsyncSession, wording_id: uuid.UUID) -> None:
    """Patients are not asked it any more. Raises `NotFound`."""
    row = await session.get(OutcomeWording, (practice_of(session), wording_id))
    if row is None:
        raise NotFound("There are no such questions in this practice.")
    await session.delete(row)
    await session.flush()


async def _found(session: AsyncSession, key: Key, version: str, language: str) -> OutcomeWording | None:
    row = OutcomeWording
    return await session.scalar(
        select(row)
        .where(row.practice_id == practice_of(session), row.instrument == key)
        .where(row.instrument_version == version, row.language == language)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
