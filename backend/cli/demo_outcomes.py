"""Outcome scores of the demo: shoulders improve by about two fifths by week six, and some never answer again."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service as care
from backend.care.measures.catalog import INSTRUMENTS, Key
from backend.care.models import Episode
from backend.care.outcomes import recording
from backend.care.outcomes.models import OutcomeScore
from backend.care.outcomes.recording import Taken, Whose
from backend.core.actor import act_as, frontdesk_itself
from backend.core.clock import now
from backend.core.database import practice_of

WEEK_THREE, WEEK_SIX = 21, 42
# How much of the trouble is gone by then, give or take.
GONE: Final = {0: 0.0, WEEK_THREE: 0.2, WEEK_SIX: 0.41}
GONE_AT_END: Final = 0.5
GIVE_OR_TAKE: Final = 0.08
# The share of the worst possible at the beginning.
TROUBLE: Final[dict[Key, float]] = {
    "quickdash": 0.62, "lefs": 0.6, "koos_jr": 0.55, "odi": 0.46, "psfs": 0.65, "nprs": 0.6,
}  # fmt: skip
BY_REGION: Final[dict[str, tuple[Key, ...]]] = {
    "shoulder": ("quickdash", "nprs"), "knee": ("lefs", "koos_jr"), "lumbar spine": ("odi", "psfs"),
}  # fmt: skip
ACTIVITIES: Final = ("Lift my grandchild", "Put on my shoes", "Sit through a film")
# Of every so many patients one answers nothing after the first time, one not in week six, one too little.
SILENT, ABSENT, SPARSE = 11, 6, 13


async def seed_scores(session: AsyncSession) -> None:
    """Make them once, for every episode there is."""
    practice_id = practice_of(session)
    if await session.scalar(select(OutcomeScore.id).where(OutcomeScore.practice_id == practice_id).limit(1)):
        return
    act_as(session, replace(frontdesk_itself(practice_id), name="Cleo Clinician"))
    rows = select(Episode).where(Episode.practice_id == practice_id).order_by(Episode.started_on, Episode.id)
    for number, episode in enumerate(await session.scalars(rows)):
        await _of(session, episode, number)


async def _of(session: AsyncSession, episode: Episode, number: int) -> None:
    zone = await care.zone_of(session, episode.location_id)
    dice = random.Random(f"outcomes {number}")
    pace = dice.uniform(1 - GIVE_OR_TAKE, 1 + GIVE_OR_TAKE)
    for day, occasion, gone in _days(episode, number):
        at = datetime.combine(day, time(10, 30), zone)
        if at > now():
            continue
        for key in BY_REGION.get(episode.body_region or "", ("psfs", "nprs")):
            items = _items(key, TROUBLE[key] * (1 - gone * pace), dice)
            if occasion == "progress" and number % SPARSE == SPARSE - 1:
                items = [*items[:-4], *[None] * 4] if len(items) > 6 else items
            source = "patient" if INSTRUMENTS[key].ours else "staff"
            activities = list(ACTIVITIES) if key == "psfs" else None
            taken = Taken(key, items, source, activities=activities, occasion=occasion, taken_at=at)
            await recording.record(session, Whose(episode.patient_id, episode.id, episode.lead_id), taken)


def _days(episode: Episode, number: int) -> Sequence[tuple[date, str, float]]:
    """When this patient answered, and how much of the trouble was gone."""
    found = [(episode.started_on, "intake", GONE[0])]
    last = episode.ended_on or now().date()
    if number % SILENT == SILENT - 1:
        return found
    for days in (WEEK_THREE, WEEK_SIX):
        day = episode.started_on + timedelta(days=days)
        if day <= last and not (days == WEEK_SIX and number % ABSENT == ABSENT - 1):
            found.append((day, "progress", GONE[days]))
    if episode.ended_on is not None and episode.discharge_reason != "no_return":
        found.append((episode.ended_on, "discharge", GONE_AT_END))
    return found


def _items(key: Key, trouble: float, dice: random.Random) -> list[int | None]:
    """Answers that amount to this share of the worst, scattered a little."""
    one = INSTRUMENTS[key]
    count = 3 if key in {"psfs", "nprs"} else one.most_items
    span = one.highest - one.lowest
    # Where a higher answer is better the trouble is what lacks.
    share = 1 - trouble if key in {"lefs", "psfs"} else trouble
    total = round(share * span * count)
    items = [one.lowest + total // count] * count
    for index in dice.sample(range(count), total % count):
        items[index] += 1
    return _scattered(items, one.lowest, one.highest, dice.sample)


def _scattered(
    items: list[int], lowest: int, highest: int, sample: Callable[[range, int], list[int]]
) -> list[int | None]:
    """The same sum, less even."""
    for _ in range(len(items) // 2):
        up, down = sample(range(len(items)), 2)
        if items[up] < highest and items[down] > lowest:
            items[up], items[down] = items[up] + 1, items[down] - 1
    return [*items]
