"""Do the promises of design §1 hold right now? Every check names what breaks one, by id."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Literal

from redis.exceptions import RedisError

from backend.core.context import ProcessContext
from backend.operations.checks import calendar, care, insurance, leads, letters, reports, tenancy, texts, timers, work
from backend.operations.checks.naming import MOST_NAMED, Check, Named, Violation

State = Literal["ok", "broken", "note"]
TEXT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One check over all practices. A `note` says what is not kept yet, or slower; it breaks nothing."""

    promise: str
    title: str
    state: State
    total: int = 0
    violations: tuple[Violation, ...] = ()
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return self.state != "broken"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def checks(context: ProcessContext, days: int) -> tuple[tuple[str, str, Check], ...]:
    """Every check of a practice: promise, what it says when it holds, how to find what breaks it."""
    lease = timedelta(seconds=context.settings.lease_seconds)
    return (
        ("P1", "every fax is worked on or finished", work.stuck_faxes),
        ("P1", "no provider event waits longer than ten minutes", work.waiting_events),
        ("P1", "no work gave up", work.dead_jobs),
        ("P2", "every page of a finished fax belongs somewhere", work.lost_pages),
        ("P3", "every open lead has an owner, a next step and a due time", leads.aimless),
        ("P3", "the owner of every open lead still works here", leads.left_behind),
        ("P3", "every open task has an owner and a due time", leads.ownerless),
        ("P3", "what is due in care without a lead is done in time", care.overdue),
        ("P3", "no visit is long over without an outcome", calendar.unnoted),
        ("P4", f"every text of {days} days was allowed when it went out", partial(texts.unlawful, days=days)),
        ("P4", "no text waits for a number that opted out", texts.waiting),
        ("P4", "no text is on its way for more than an hour", texts.stuck),
        ("P4", "no carrier id belongs to two texts", texts.same_id),
        ("P4", "every text that waits has a job that sends it", texts.forgotten),
        ("P5", "of every referral, first visit and discharge the referrer hears, or it says why not", letters.unheard),
        ("P5", "every letter that arrived has its proof", letters.unproven),
        ("P5", "no letter arrived twice", letters.twice),
        ("P5", "every letter arrives, fails or waits for a person", letters.stuck),
        ("P6", "clocks and stages of leads are what the history says", leads.clocks),
        ("P6", "every authorization counts the visits that used it up", insurance.miscounted),
        ("P6", "leads and their evaluations in the calendar agree", calendar.disagreeing),
        ("P6", "nobody is double booked by accident", calendar.overlapping),
        ("P6", "facts of reports are what the history says", reports.differing),
        ("P6", "sums of visits are the visits behind them", reports.uncounted),
        ("P6", "figures are made fresh within five minutes", reports.stale),
        ("P7", "the audit chain is whole", tenancy.audit_chain),
        ("P8", "due work is picked up within a minute", work.late_jobs),
        ("P8", "no lease outlives its worker", partial(work.old_leases, lease=lease)),
        ("P8", "every open task has its timer", work.task_timers),
        ("P8", "every lead nobody tried has its timer", work.lead_timers),
        ("P8", "every running sequence has its timer", timers.running),
        ("P8", "every open lead has the timer of its silence", timers.silence),
        ("P8", "every booked evaluation has its check", timers.booked),
        ("P8", "care without a lead has a task, or the timer that makes one", care.unseen),
        ("P8", "every question to a payer has a job that asks it", insurance.forgotten),
    )


async def examine(context: ProcessContext, practices: Sequence[uuid.UUID], days: int = TEXT_DAYS) -> list[Finding]:
    """Every promise, over all practices."""
    found = [await _of_practices(context, practices, *check) for check in checks(context, days)]
    found += [await _of_installation(context, title, check) for title, check in INSTALLATION]
    found.append(await _redis(context))
    return sorted(found, key=lambda finding: finding.promise)


INSTALLATION: tuple[tuple[str, Check], ...] = (
    ("row-level security is forced on every table", tenancy.tables),
    ("the database role is bound by it", tenancy.role),
)


async def _of_practices(
    context: ProcessContext, practices: Sequence[uuid.UUID], promise: str, title: str, check: Check
) -> Finding:
    named = []
    for practice_id in practices:
        async with context.database.transaction(practice_id) as session:
            named.append(await check(session))
    return _finding(promise, title, named)


async def _of_installation(context: ProcessContext, title: str, check: Check) -> Finding:
    async with context.database.system() as session:
        return _finding("P7", title, [await check(session)])


def _finding(promise: str, title: str, named: Sequence[Named]) -> Finding:
    total = sum(found.total for found in named)
    first = tuple(violation for found in named for violation in found.violations)[:MOST_NAMED]
    return Finding(promise, title, "broken" if total else "ok", total, first)


async def _redis(context: ProcessContext) -> Finding:
    try:
        await context.redis.ping()
    except (RedisError, OSError):
        return Finding("P8", "Redis rings the bell", "note", detail="no answer: work goes on without it, slower")
    return Finding("P8", "Redis rings the bell", "ok")
