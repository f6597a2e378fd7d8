"""The live promise: a page of 50 cards, each with the first times that fit it; no two of them need quite the same."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import httpx
from sqlalchemy import event, select

from backend.bench.ground import Desk, at, repeated
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.leads import orders, service
from backend.leads.models import Lead
from backend.leads.orders import OrderFacts
from backend.leads.service import NewLead
from backend.messaging.models import Conversation, ConversationPatient, Message, PhoneLine
from backend.scheduling import first_slots

CARDS: Final = 50
CALLS: Final = 40
DAYS: Final = ("mon", "tue", "wed", "thu", "fri")


async def cards(context: ProcessContext, http: httpx.AsyncClient, desk: Desk, people: list[UUID]) -> dict[str, Any]:
    """p50 and p95 of the times alone and of the whole page, with the statements each needs."""
    await _leads(context, desk, people[:CARDS])

    async def times() -> None:
        async with context.database.transaction(desk.practice_id) as session:
            leads = (await session.scalars(select(Lead).limit(CARDS))).all()
            found = await first_slots.of_leads(session, leads)
            assert len(found) == CARDS and all(one.slots for one in found.values())

    async def page() -> None:
        answer = await http.get("/api/v1/board/columns/new/cards", params={"limit": CARDS})
        badges = [badge for card in answer.json()["items"] for badge in card["badges"]]
        assert sum(badge["kind"] == "slots" for badge in badges) == CARDS

    figures: dict[str, Any] = {}
    for label, ask in (("first times of 50 cards", times), ("the page of 50 cards", page)):
        await ask()
        figures[f"{label}, statements"] = await _counted(context, ask)
        taken = await repeated(CALLS, ask)
        figures |= {f"{label}, p50, ms": at(taken, 0.5), f"{label}, p95, ms": at(taken, 0.95)}
    return figures


async def _counted(context: ProcessContext, ask: Any) -> int:
    counted: Counter[str] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        counted[statement] += 1

    engine = context.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    await ask()
    event.remove(engine, "before_cursor_execute", count)
    return counted.total()


async def _leads(context: ProcessContext, desk: Desk, people: list[UUID]) -> None:
    """Two thirds have said when they can come, a third was operated lately, some are urgent."""
    chance, today = random.Random(11), now().date()
    async with context.database.transaction(desk.practice_id) as session:
        line = PhoneLine(
            practice_id=practice_of(session), id=new_id(), provider="twilio", account_key="bench",
            number="+12175550110", sealed_secrets=b"", active=True,
        )  # fmt: skip
        session.add(line)
        await session.flush()
        for number, patient in enumerate(people):
            urgency = "urgent" if number % 10 == 0 else "routine"
            lead = await service.open_lead(session, NewLead(patient, "phone", desk.location_id, urgency))
            operated = today - timedelta(days=number % 5) if number % 3 == 0 else None
            await orders.add(session, lead, OrderFacts(discipline="PT", surgery_date=operated))
            if number % 3:
                await _said(session, line, patient, number, chance.choice(DAYS))


async def _said(session: Any, line: PhoneLine, patient: UUID, number: int, day: str) -> None:
    conversation = Conversation(
        practice_id=line.practice_id, id=new_id(), line_id=line.id, phone=f"+1217555{number:04}", last_at=now()
    )
    session.add(conversation)
    await session.flush()
    session.add(ConversationPatient(practice_id=line.practice_id, conversation_id=conversation.id, patient_id=patient))
    understood = {"kind": "availability", "windows": [{"day": day, "start": f"{8 + number % 7:02}:00", "end": "18:00"}]}
    session.add(
        Message(
            practice_id=line.practice_id, id=new_id(), conversation_id=conversation.id, direction="in", body="",
            status="received", author="", understood=understood, created_at=now(),
        )
    )  # fmt: skip
    await session.flush()
