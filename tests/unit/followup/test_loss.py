"""What is lost first, and the words for it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.core.working_time import Calendar
from backend.followup.loss import OTHER, PRESSING, WAITING, Facts, group, section, why

CHICAGO = ZoneInfo("America/Chicago")
USUAL = Calendar("America/Chicago")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=CHICAGO)  # a Tuesday


def facts(loss_group: int, minutes: float, **more: object) -> Facts:
    return Facts(loss_group, NOW + timedelta(minutes=minutes), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "place", "shown", "reason"),
    [
        (facts(WAITING, 5, waiting_since=NOW - timedelta(minutes=25)), 0, "now", "Waiting 25 min for an answer"),
        (
            facts(WAITING, -60, waiting_since=NOW - timedelta(hours=16)), 0, "now",
            "Waiting for an answer since Mon 6:00 PM",
        ),
        (facts(WAITING, 2000, snoozed=True, waiting_since=NOW), 2, "later", "Due Wednesday"),
        (facts(PRESSING, -40, first=True), 1, "now", "First call late by 40 min"),
        (
            facts(PRESSING, 0, first=True, promised_at=NOW - timedelta(hours=3)), 1, "now",
            "First call late by 2 h",
        ),
        (facts(PRESSING, 20, first=True), 1, "now", "First call within 20 min"),
        (facts(PRESSING, 45, first=True), 2, "today", "First call within 45 min"),
        (facts(PRESSING, -90, urgency="urgent"), 1, "now", "Urgent referral, overdue by 1 h"),
        (facts(PRESSING, -90, fax=True), 1, "now", "A fax waits for a person, late by 1 h"),
        (facts(OTHER, -60 * 24), 2, "now", "Overdue by 1 day"),
        (facts(OTHER, -60 * 24, alert="escalated"), 2, "now", "Overdue by 1 day; its owner before did not act"),
        (facts(OTHER, 300), 2, "today", "Due today at 3:00 PM"),
        (facts(OTHER, 60 * 48), 2, "later", "Due Thursday"),
        (facts(OTHER, 60 * 24 * 30), 2, "later", "Due Dec 24"),
    ],
)  # fmt: skip
def test_reasons(known: Facts, place: int, shown: str, reason: str) -> None:
    assert (section(known, NOW), group(known, USUAL, NOW), why(known, USUAL, NOW)) == (place, shown, reason)
