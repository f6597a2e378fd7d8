"""Faxes, texts and people's steps, counted by hand; what the refresh makes of changes in them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.faxes.models import Fax, FaxSegment, FaxStep
from backend.identity.queries import practice_key
from backend.leads import service as leads
from backend.messaging import lines
from backend.messaging.models import Conversation, Message
from backend.reporting import answering, rows
from backend.reporting.asking import Question
from backend.reporting.figures import Figure
from backend.reporting.metrics import named
from backend.reporting.rows import Asked
from tests.conftest import make_practice
from tests.integration.reporting.forty_referrals import ASKED, Referral
from tests.integration.reporting.world import World, at

DAY = ASKED - timedelta(days=5)
BOX = [0.1, 0.1, 0.2, 0.2]
SECRETS = {"account_sid": "AC" + "0" * 32, "auth_token": "t" * 32}


def field(normal: str, source: str = "ocr", text: str = "words", candidates: Any = ()) -> dict[str, Any]:
    """One field of a fax."""
    return {
        "value": normal, "normal": normal, "confidence": 0.9, "source": source, "page": 1, "box": BOX, "text": text,
        "candidates": list(candidates),
    }  # fmt: skip


# A runner-up of another place; what was read before a person changed it; nothing, where they added it.
OTHER_PLACE = {**field("Adams"), "box": [0.5, 0.5, 0.6, 0.6], "text": "elsewhere"}
BEFORE = {key: value for key, value in field("Smyth").items() if key != "candidates"}
REVIEWED = {
    "patient_first_name": field("Ada"),
    "patient_last_name": field("Smith", "person", candidates=[BEFORE]),
    "referrer_name": field("Adam", "person", candidates=[OTHER_PLACE]),
    "payer_name": field("Lakeside", "person", text="", candidates=[]),
    "side": field("left", "person"),
}  # fmt: skip


@pytest.fixture
async def desk(context: ProcessContext, admin: "asyncpg.Connection") -> World:
    """A practice with one clinic."""
    world = World(context, await make_practice(context, "northside"), admin)
    await world.clinic("North")
    return world


async def whole(world: World, key: str, **more: Any) -> Figure:
    with at(ASKED):
        found: Figure = (await world.act(answering.answer, Question(named(key), **more))).whole
    return found


async def fax(session: Any, status: str, *, reviewed: bool = False, fields: Any = None, **more: Any) -> None:
    """One fax of five days ago, filed after 90 minutes where it is filed."""
    filed = DAY + timedelta(minutes=90) if status == "filed" else None
    failed = {"failure_code": "unreadable", "failure_step": "read"} if status == "failed" else {}
    facts = {"status": status, "channel": "documo", "received_at": DAY, "filed_at": filed, **failed, **more}
    practice_id = session.info["practice_id"]
    row = Fax(practice_id=practice_id, id=more.pop("id", new_id()), **{k: v for k, v in facts.items() if k != "id"})
    session.add(row)
    await session.flush()
    if reviewed:
        session.add(FaxStep(practice_id=practice_id, fax_id=row.id, step="needs_review"))
    segment = FaxSegment(practice_id=practice_id, fax_id=row.id, index=0, kind="referral_order", pages=[1])
    segment.fields = fields or {"patient_first_name": field("Ada")}
    session.add(segment)
    await session.flush()


async def test_faxes(desk: World) -> None:
    """Two are filed, one of them after a review; one waits; a rejected, a failed and a copied one count nowhere."""
    first = new_id()
    await desk.act(fax, "filed", id=first)
    await desk.act(fax, "filed", reviewed=True, fields=REVIEWED)
    await desk.act(fax, "needs_review", reviewed=True)
    await desk.act(fax, "rejected")
    await desk.act(fax, "failed")
    await desk.act(fax, "filed", duplicate_of=first)
    await desk.fresh()
    untouched = await whole(desk, "fax_untouched_rate")
    assert (untouched.n, untouched.also["hits"]) == (2, 1)
    # Five fields were read or added; the last name was changed, the payer added; two were confirmed as they were.
    accuracy = await whole(desk, "fax_field_accuracy")
    assert (accuracy.n, accuracy.also["hits"]) == (5, 3)
    with at(ASKED):
        touched = await desk.act(rows.page, Asked(Question(named("fax_touches"))), None, 10)
        waits = await desk.act(rows.page, Asked(Question(named("time_to_file"))), None, 10)
    assert sorted(row.value for row in touched.rows) == [0, 3]
    assert sorted(row.value for row in waits.rows) == [90, 90, 5 * 24 * 60]


async def texts(session: Any, context: ProcessContext, place: Any, sent: list[tuple[str, datetime]]) -> None:
    key = await practice_key(session, context)
    line = await lines.add_line(session, key, account_key="k" * 32, number="+13125550100", secrets=SECRETS)
    practice_id = session.info["practice_id"]
    thread = Conversation(
        practice_id=practice_id, id=new_id(), line_id=line.id, phone="+12175550142", location_id=place
    )
    session.add(thread)
    await session.flush()
    for status, when in sent:
        session.add(
            Message(
                practice_id=practice_id, id=new_id(), conversation_id=thread.id, direction="out", body="Hello",
                status=status, author="Dana", created_at=when, sent_at=when,
            )
        )  # fmt: skip
    await session.flush()


async def test_texts(desk: World) -> None:
    """Three of five arrived; what became of the sixth is not known. Midnight is the practice's."""
    late = datetime(2026, 12, 11, 5, 30, tzinfo=UTC)  # still the tenth in Chicago
    sent = [("delivered", DAY), ("delivered", DAY), ("delivered", late), ("undelivered", DAY), ("failed", DAY)]
    await desk.act(texts, desk.context, desk.clinics["North"], [*sent, ("sent", DAY)])
    await desk.fresh()
    found = await whole(desk, "text_delivery_rate")
    assert (found.n, found.also["hits"]) == (5, 3)
    tenth = await whole(desk, "text_delivery_rate", start=DAY.date(), end=DAY.date())
    assert (tenth.n, tenth.also["hits"]) == (5, 3)
    # The carrier's news of the sixth comes later.
    await desk.admin.execute("UPDATE messages SET status = 'delivered' WHERE status = 'sent'")
    await desk.admin.execute("UPDATE report_freshness SET days_from = $1", DAY.date())
    await desk.fresh()
    assert (await whole(desk, "text_delivery_rate")).n == 6


async def test_steps_of_people(desk: World) -> None:
    """Dana opens a lead, calls and notes on one day, and calls on another; what rules did is nobody's."""
    one = Referral(1, "12-07 09:00", "12-07 09:30", source="phone")
    await desk.refer(one)
    with at(ASKED):
        await desk.act(leads.add_note, desk.leads[1], "a note")
        await desk.act(leads.log_call, desk.leads[1], "reached", None)
    await desk.fresh()
    with at(ASKED):
        found = await desk.act(rows.page, Asked(Question(named("staff_touches"))), None, 10)
    assert {(str(row.on), row.person) for row in found.rows} == {
        ("2026-12-07", "Dana Desk"), ("2026-12-15", "Dana Desk"),
    }  # fmt: skip
    counted = await desk.admin.fetch("SELECT calls, bookings, moves, other FROM staff_days ORDER BY day")
    assert [(row["calls"], row["bookings"]) for row in counted] == [(1, 0), (1, 0)]


async def test_tasks_overdue(desk: World) -> None:
    await desk.refer(Referral(1, "12-07 09:00", source="phone"))
    await desk.refer(Referral(2, "12-15 11:59", source="phone"))
    await desk.fresh()
    found = await whole(desk, "overdue_tasks")
    assert (found.n, found.also["hits"]) == (2, 1)
