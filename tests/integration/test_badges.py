"""Badges of cards: one query per provider for a whole page, and nothing the caller may not see."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import event

from backend.core.context import ProcessContext
from tests.conftest import SamplePractice


async def open_lead(client: httpx.AsyncClient, first_name: str, **facts: Any) -> dict[str, Any]:
    """A lead as the desk types it in."""
    body = {"source": "phone", "patient": {"first_name": first_name, "last_name": "Sample"}, **facts}
    answer = await client.post("/api/v1/leads", json=body)
    assert answer.status_code == 201, answer.text
    lead: dict[str, Any] = answer.json()
    return lead


async def cards(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/board/columns/new/cards")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@contextmanager
def counted(context: ProcessContext) -> Iterator[list[str]]:
    """Statements sent meanwhile."""
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(context.database.engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(context.database.engine.sync_engine, "before_cursor_execute", note)


async def test_the_order_shows_on_the_card(client: httpx.AsyncClient) -> None:
    await open_lead(client, "Ada", urgency="stat", order={"precautions": "no lifting", "weight_bearing": "NWB"})
    assert (await cards(client))[0]["badges"] == [
        {"kind": "urgency", "label": "stat", "tone": "danger"},
        {"kind": "order", "label": "weight bearing", "tone": "neutral"},
        {"kind": "order", "label": "precautions", "tone": "neutral"},
    ]


async def test_a_liaison_sees_no_badge_of_the_order(client: httpx.AsyncClient, admin: Any) -> None:
    await open_lead(client, "Ada", urgency="stat", order={"precautions": "no lifting"})
    await admin.execute("UPDATE memberships SET role = 'liaison'")
    assert (await cards(client))[0]["badges"] == []


async def test_a_page_of_cards_needs_as_many_queries_as_one(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    await open_lead(client, "Ada", order={"precautions": "no lifting"})
    await cards(client)
    with counted(context) as alone:
        await cards(client)
    for number in range(8):
        await open_lead(client, f"Person{number}", urgency="urgent", order={"weight_bearing": "NWB"})
    with counted(context) as together:
        assert len(await cards(client)) == 9
    assert len(together) == len(alone)
