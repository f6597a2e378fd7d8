"""The board and search."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from backend.audit import service as audit
from backend.board import queries
from backend.board.schemas import BoardOut, CardPage, FoundPage, LeadCard
from backend.core.actor import Actor
from backend.core.pages import Cursor, Limit, cut, decode_cursor, encode_cursor
from backend.core.problems import Invalid, NotFound
from backend.identity.access import Allowed, Transaction
from backend.identity.owners import OwnerFilter
from backend.leads.schemas import Source

router = APIRouter(prefix="/api/v1", tags=["board"])
Reader = Annotated[Actor, Depends(Allowed("leads:read"))]


def _filter(
    location_id: Annotated[uuid.UUID | None, Query(description="only this clinic")] = None,
    owner: OwnerFilter = None,
    source: Annotated[Source | None, Query(description="only leads that came this way")] = None,
    overdue: Annotated[bool, Query(description="only leads whose next step is overdue")] = False,
    q: Annotated[str | None, Query(description="name, phone, date of birth or record number", max_length=100)] = None,
    duplicates: Annotated[bool, Query(description="only leads whose patient may be somebody else's too")] = False,
) -> queries.BoardFilter:
    return queries.BoardFilter(location_id, owner, source, overdue, q, duplicates)


Filter = Annotated[queries.BoardFilter, Depends(_filter)]


@router.get("/board", operation_id="getBoard", summary="Columns of the board")
async def get_board(_: Reader, session: Transaction, wanted: Filter) -> BoardOut:
    """Stages with counts; the cards come by column."""
    return BoardOut(columns=await queries.columns(session, wanted))


@router.get("/board/columns/{stage}/cards", operation_id="listCards", summary="Cards of a column")
async def list_cards(
    stage: str, _: Reader, session: Transaction, wanted: Filter, cursor: Cursor = None, limit: Limit = 50
) -> CardPage:
    """In the column's order."""
    after = _place(cursor) if cursor else None
    items, more = cut(await queries.column_cards(session, stage, wanted, after, limit + 1), limit)
    await audit.record(session, "board.viewed", f"column:{stage[:60]}", {card.patient.id for card in items})
    next_cursor = encode_cursor([items[-1].rank, items[-1].id]) if more else None
    return CardPage(items=list(items), next_cursor=next_cursor)


def _place(cursor: str) -> tuple[str, uuid.UUID]:
    rank, lead_id = decode_cursor(cursor, 2)
    try:
        return str(rank), uuid.UUID(lead_id)
    except (TypeError, ValueError, AttributeError):
        raise Invalid("Use the next_cursor of the page before.", errors=[("query/cursor", "unknown")]) from None


@router.get("/board/cards/{lead_id}", operation_id="getCard", summary="One card")
async def get_card(lead_id: uuid.UUID, _: Reader, session: Transaction) -> LeadCard:
    """What the board fetches when it hears that a lead changed."""
    card = await queries.card(session, lead_id)
    if card is None:
        raise NotFound("There is no such lead in this practice.")
    await audit.record(session, "card.viewed", f"lead:{lead_id}", [card.patient.id])
    return card


@router.get("/search", operation_id="search", summary="Find a lead")
async def search(
    _: Reader,
    session: Transaction,
    q: Annotated[str, Query(min_length=2, max_length=100, description="name, phone, date of birth or record number")],
) -> FoundPage:
    """Open leads first."""
    found = await queries.search(session, q)
    await audit.record(session, "search.done", "search", {patient_id for patient_id, _ in found})
    return FoundPage(items=[item for _, item in found])
