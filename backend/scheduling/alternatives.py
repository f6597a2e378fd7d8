"""What to offer whoever was too late: the next free times.

When fifty are too late for one time they ask for the same at once: for a second, one answer is enough for all of them.
It is advice, not a promise; whoever takes it up is checked like anybody else.
"""

import asyncio
import time
import uuid
from collections.abc import Hashable
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.scheduling import slots
from backend.scheduling.claiming import payer_of
from backend.scheduling.words import Slot, SlotQuery, Wish

# The next free times are usually near; only where they are not the weeks after are read.
NEXT: Final = 3
SPANS: Final = (timedelta(days=2), timedelta(days=21))
SECONDS, MOST_KEPT = 1.0, 200

_Answer = tuple[float, list[Slot]]
_answers: dict[Hashable, _Answer] = {}
_asking: dict[Hashable, asyncio.Lock] = {}


async def following(session: AsyncSession, wish: Wish, ignore: uuid.UUID | None = None) -> list[Slot]:
    """The next free times of this type at this clinic, from the wanted one on."""
    payer = await payer_of(session, wish.patient_id) if wish.patient_id else None
    key = (practice_of(session), wish.type_id, wish.location_id, wish.starts_at, payer, wish.audience, ignore)
    if len(_answers) > MOST_KEPT:
        _answers.clear()
    lock = _asking.setdefault(key, asyncio.Lock())
    try:
        async with lock:
            known = _answers.get(key)
            if known is None or known[0] < time.monotonic():
                found = await _find(session, wish, payer, ignore)
                known = _answers[key] = (time.monotonic() + SECONDS, found)
    finally:
        _asking.pop(key, None)
    return known[1]


async def _find(session: AsyncSession, wish: Wish, payer: str | None, ignore: uuid.UUID | None) -> list[Slot]:
    start, free = max(wish.starts_at, now()), list[Slot]()
    for span in SPANS:
        query = SlotQuery(
            wish.type_id, start, start + span, wish.location_id, payer=payer, audience=wish.audience, limit=NEXT,
            one_per_time=True, ignore=ignore,
        )  # fmt: skip
        free = await slots.find(session, query)
        if len(free) >= NEXT:
            break
    return free[:NEXT]
