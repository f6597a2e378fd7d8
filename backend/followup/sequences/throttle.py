"""How many automatic texts a clinic sends an hour, so that the replies do not swamp its desk.

Who must wait stands in line: stat and urgent leads first, then in order. The line is the enrollments that wait for it.
"""

import hashlib
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.followup.sequences.models import Enrollment, EnrollmentStep, FollowupRules

HOUR: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=7)
# No line is longer: whoever stands behind this many passes the text over anyway.
LONGEST_LINE: Final = 20_000
# None: as many as there are.
LimitAt = Callable[[datetime], int | None]


def slot(
    at: datetime, sent: Sequence[datetime], ahead: int, limit_at: LimitAt, edges: Sequence[time], zone: str
) -> datetime | None:
    """When the next text may go with `ahead` others in line before it: `at`, later, or never within a week."""
    moment, left = at, ahead + 1
    recent = deque((one, 1) for one in sorted(sent))
    while moment - at < LONGEST:
        while recent and recent[0][0] <= moment - HOUR:
            recent.popleft()
        limit = limit_at(moment)
        if limit is None:
            return moment
        free = max(0, limit - sum(count for _, count in recent))
        if free >= left:
            return moment
        if free:
            left -= free
            recent.append((moment, free))
        freed = recent[0][0] + HOUR if recent else moment + LONGEST
        moment = min(freed, _next_edge(moment, edges, zone))
    return None


def _next_edge(moment: datetime, edges: Sequence[time], zone: str) -> datetime:
    """When the limit may change next: a window begins or ends."""
    local = moment.astimezone(ZoneInfo(zone))
    coming = [
        datetime.combine(local.date() + timedelta(days=day), edge, local.tzinfo) for day in (0, 1) for edge in edges
    ]
    later = [edge.astimezone(moment.tzinfo) for edge in coming if edge > local]
    return min(later, default=moment + LONGEST)


def limits(rules: FollowupRules, zone: str) -> tuple[LimitAt, list[time]]:
    """The limit at a moment of the clinic's day, and when it may change."""
    windows = [
        (time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"]), row["per_hour"])
        for row in rules.text_windows
    ]

    def limit_at(moment: datetime) -> int | None:
        there = moment.astimezone(ZoneInfo(zone)).time()
        found: list[Any] = [per_hour for opens, closes, per_hour in windows if opens <= there < closes]
        chosen: int | None = found[0] if found else rules.texts_per_hour
        return chosen

    return limit_at, [edge for opens, closes, _ in windows for edge in (opens, closes)]


async def turn(session: AsyncSession, enrollment: Enrollment, rules: FollowupRules, zone: str) -> datetime | None:
    """When this text may go: now, or later; None for not within a week. Others of the clinic wait until commit."""
    limit_at, edges = limits(rules, zone)
    at = now()
    if rules.texts_per_hour is None and not edges:
        return at
    practice_id, place = practice_of(session), enrollment.location_id
    await session.execute(select(func.pg_advisory_xact_lock(_lock(practice_id, place))))
    sent = await session.scalars(
        select(EnrollmentStep.at).where(
            EnrollmentStep.practice_id == practice_id, _at(EnrollmentStep.location_id, place),
            EnrollmentStep.kind == "text", EnrollmentStep.outcome == "done", EnrollmentStep.at > at - HOUR,
        )
    )  # fmt: skip
    since = enrollment.waiting_since or at
    mine = (enrollment.urgency_rank, since, enrollment.id)
    waits = (Enrollment.state == "active") & (Enrollment.wait_reason == "throttle") & (Enrollment.id != enrollment.id)
    before = (
        select(Enrollment.id)
        .where(Enrollment.practice_id == practice_id, _at(Enrollment.location_id, place), waits)
        .where(tuple_(Enrollment.urgency_rank, Enrollment.waiting_since, Enrollment.id) < mine)
        .limit(LONGEST_LINE)
    )
    ahead = await session.scalar(select(func.count()).select_from(before.subquery()))
    return slot(at, list(sent), ahead or 0, limit_at, edges, zone)


def _at(column: Any, place: uuid.UUID | None) -> ColumnElement[bool]:
    """Equality that an index serves, also for leads of no clinic."""
    found: ColumnElement[bool] = column.is_(None) if place is None else column == place
    return found


def _lock(practice_id: uuid.UUID, place: uuid.UUID | None) -> int:
    digest = hashlib.sha256(f"texts:{practice_id}:{place}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
