"""The first-contact clock: from the moment a lead came in to the first attempt to reach the patient. Pure but `of`.

It stops at the first attempt (a call, a text that was sent, a card moved on by hand) or when the patient is reached by
themselves; being reached is counted apart. A lead closed before either stops it too. Times run in wall minutes and in
minutes of the clinic's working calendar; only these decide whether it was late.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.working_time import Calendar
from backend.identity.calendars import calendar_of
from backend.leads.models import FirstContactTargets, Lead

State = Literal["met", "running", "due_soon", "breached"]
USUAL: Final = {"stat": 30, "urgent": 60, "routine": 120}
MINUTE = timedelta(minutes=1)
# Soon: the last quarter of the time, and never less than this.
SOON_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Minutes until it happened, or so far."""

    wall_minutes: int
    business_minutes: int


@dataclass(frozen=True, slots=True)
class FirstContact:
    """The clock of one lead. `stopped_at` is None while it runs."""

    state: State
    target_minutes: int
    due_soon_at: datetime
    breach_at: datetime
    stopped_at: datetime | None
    first_attempt_at: datetime | None
    first_contact_at: datetime | None
    attempt: Elapsed
    contact: Elapsed

    @property
    def running(self) -> bool:
        """Whether the patient still waits for the first attempt."""
        return self.stopped_at is None


def clock(lead: Lead, calendar: Calendar, target_minutes: int, at: datetime) -> FirstContact:
    """The clock of a lead as of `at`."""
    breach_at = calendar.after(lead.opened_at, target_minutes / 60)
    soon = max(target_minutes // 4, SOON_MINUTES)
    due_soon_at = calendar.after(lead.opened_at, max(target_minutes - soon, 0) / 60)
    moments = [moment for moment in (lead.first_attempt_at, lead.first_contact_at) if moment]
    stopped_at = min(moments) if moments else lead.closed_at
    tried = lead.first_attempt_at or stopped_at or at
    reached = lead.first_contact_at or lead.closed_at or at
    return FirstContact(
        _state(stopped_at, due_soon_at, breach_at, at), target_minutes, due_soon_at, breach_at, stopped_at,
        lead.first_attempt_at, lead.first_contact_at, _elapsed(calendar, lead.opened_at, tried),
        _elapsed(calendar, lead.opened_at, reached),
    )  # fmt: skip


def _state(stopped_at: datetime | None, due_soon_at: datetime, breach_at: datetime, at: datetime) -> State:
    if stopped_at is not None:
        return "met" if stopped_at <= breach_at else "breached"
    if at >= breach_at:
        return "breached"
    return "due_soon" if at >= due_soon_at else "running"


def _elapsed(calendar: Calendar, start: datetime, end: datetime) -> Elapsed:
    return Elapsed(max(end - start, timedelta(0)) // MINUTE, calendar.between(start, end) // MINUTE)


async def targets(session: AsyncSession) -> FirstContactTargets:
    """Working minutes by urgency, as the practice set them or the usual ones (`version` 0)."""
    found = await session.get(FirstContactTargets, practice_of(session))
    return found or FirstContactTargets(practice_id=practice_of(session), **USUAL, version=0)


def minutes_of(chosen: FirstContactTargets) -> Mapping[str, int]:
    """By urgency."""
    return {urgency: getattr(chosen, urgency) for urgency in USUAL}


async def of(session: AsyncSession, lead: Lead) -> FirstContact:
    """The lead's clock now."""
    minutes = minutes_of(await targets(session))[lead.urgency]
    return clock(lead, await calendar_of(session, lead.location_id), minutes, now())


async def reader(session: AsyncSession, leads: list[Lead]) -> Callable[[Lead], FirstContact]:
    """For a page of leads: everything is read once, then each clock is only arithmetic."""
    minutes, at = minutes_of(await targets(session)), now()
    calendars = {place: await calendar_of(session, place) for place in {lead.location_id for lead in leads}}
    return lambda lead: clock(lead, calendars[lead.location_id], minutes[lead.urgency], at)
