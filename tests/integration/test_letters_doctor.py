"""The doctor on letters (P5): what nobody was told, what only says it arrived, what arrived twice."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from backend.cli import demo_care
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.operations.checks import letters
from tests.conftest import SamplePractice
from tests.integration.desk_clock import Desk
from tests.integration.test_doctor import Ward
from tests.scheduling import calendar


@pytest.fixture
async def ward(context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection") -> AsyncIterator[Ward]:
    """At the real time: the database's clock is asked too."""
    yield await Ward(Desk(context, practice, admin)).prepare()


async def test_p5_a_referral_nobody_was_told_of(ward: Ward) -> None:
    order, referrer = new_id(), new_id()
    await ward.insert("referrers", id=referrer, name="Rowan Ortho", first_key="rowan", last_key="ortho")
    await ward.insert("referral_orders", id=order, lead_id=ward.lead, referrer_id=referrer)
    await ward.names("P5", "order", order, "nobody was told that it came")


LETTER = {"cause": "c", "asks": "[]", "code": "A" * 20, "written_by": "x", "kind": "scorecard"}


@pytest.mark.parametrize(
    ("state", "note"), [("sent", "without proof"), ("waiting", "nothing sends it"), ("sending", "for days")]
)
async def test_p5_a_letter_that_only_says_so(ward: Ward, state: str, note: str) -> None:
    letter, long_ago = new_id(), datetime.now(UTC) - timedelta(days=5)
    due = datetime.now(UTC) if state == "waiting" else long_ago
    sent = long_ago if state == "sent" else None
    await ward.insert(
        "letters", id=letter, referrer_id=new_id(), state=state, due_at=due, created_at=long_ago, sent_at=sent, **LETTER
    )  # fmt: skip
    await ward.names("P5", "letter", letter, note)


async def test_p5_a_letter_that_arrived_twice(ward: Ward) -> None:
    letter, at = new_id(), datetime.now(UTC)
    await ward.insert(
        "letters", id=letter, referrer_id=new_id(), state="sent", due_at=at, created_at=at, sent_at=at, **LETTER
    )  # fmt: skip
    for number in (1, 2):
        await ward.insert(
            "letter_sendings", letter_id=letter, number=number, way="fax", line_id=new_id(), provider="documo",
            from_address="a", to_address="b", ref=f"r{number}", document_id=new_id(), page_count=1, state="delivered",
            external_id=f"e{number}", started_at=at, finished_at=at,
        )  # fmt: skip
    await ward.names("P5", "letter", letter, "arrived 2 times")


async def test_p5_the_demos_history_is_from_before_letters(
    context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    await calendar(context, practice)
    await demo_care.seed(context, practice.id)
    async with context.database.transaction(practice.id) as session:
        found = await letters.unheard(session)
    assert await admin.fetchval("SELECT count(*) FROM episodes WHERE state = 'discharged'") > 10
    assert found.total == 0
