"""Badges of cards. Every provider answers for all cards of a page at once, with one query at most."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.board.cards import CardRow
from backend.board.schemas import CardBadge, Tone
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.insurance import queries as insurance
from backend.insurance.standing import Mark
from backend.leads import duplicates
from backend.leads.models import Lead
from backend.scheduling import first_slots
from backend.scheduling.first_slots import FirstSlots
from backend.scheduling.saying import short

Badges = dict[uuid.UUID, list[CardBadge]]
Provider = Callable[[AsyncSession, Sequence[CardRow]], Awaitable[Badges]]

Marks = Callable[[AsyncSession, Sequence[uuid.UUID]], Awaitable[dict[uuid.UUID, Mark]]]

URGENCY: Final[dict[str, Tone]] = {"stat": "danger", "urgent": "warning"}


async def of_order(_: AsyncSession, rows: Sequence[CardRow]) -> Badges:
    """Warnings from the newest order, which the card's own query brought."""
    return {row.lead.id: _of_order(row) for row in rows}


def _of_order(row: CardRow) -> list[CardBadge]:
    found = []
    if tone := URGENCY.get(row.lead.urgency):
        found.append(CardBadge(kind="urgency", label=row.lead.urgency, tone=tone))
    if (order := row.order) is None:
        return found
    warnings = {
        "not signed": order.signed is False,
        "weight bearing": bool(order.weight_bearing),
        "precautions": bool(order.precautions),
    }
    return found + [CardBadge(kind="order", label=text, tone="neutral") for text, holds in warnings.items() if holds]


async def of_benefits(session: AsyncSession, rows: Sequence[CardRow]) -> Badges:
    """Whether the benefits are verified, while that matters."""
    open_rows = [row for row in rows if row.lead.open]
    return await _marks(session, open_rows, "benefits", insurance.benefits)


async def of_authorizations(session: AsyncSession, rows: Sequence[CardRow]) -> Badges:
    """What is left of an authorization, or that one is missing; also where care has begun."""
    wanted = [row for row in rows if row.lead.lost_reason is None]
    return await _marks(session, wanted, "authorization", insurance.leaves)


async def _marks(session: AsyncSession, rows: Sequence[CardRow], kind: str, find: Marks) -> Badges:
    if not rows:
        return {}
    marks = await find(session, [row.patient.id for row in rows])
    return {
        row.lead.id: [CardBadge(kind=kind, label=mark.label, tone=mark.tone)]
        for row in rows
        if (mark := marks.get(row.patient.id)) is not None
    }


async def of_duplicates(session: AsyncSession, rows: Sequence[CardRow]) -> Badges:
    """The patient may be known by another lead too."""
    mine = [row.lead.id for row in rows]
    found = select(Lead.id).where(Lead.practice_id == practice_of(session), Lead.id.in_(mine))
    badge = CardBadge(kind="duplicate", label="possible duplicate", tone="info")
    return {lead_id: [badge] for lead_id in await session.scalars(found.where(duplicates.has_some(session)))}


async def of_intake(_: AsyncSession, rows: Sequence[CardRow]) -> Badges:
    """How far the patient is with the intake form, as the lead keeps it."""
    return {row.lead.id: [badge] for row in rows if (badge := _of_intake(row.lead))}


def _of_intake(lead: Lead) -> CardBadge | None:
    match lead.intake_state:
        case "sent":
            return CardBadge(kind="intake", label="intake sent", tone="neutral")
        case "started":
            return CardBadge(kind="intake", label=f"intake {lead.intake_percent} %", tone="info")
        case "done":
            return CardBadge(kind="intake", label="intake done", tone="good")
    return None


async def of_calendar(session: AsyncSession, rows: Sequence[CardRow]) -> Badges:
    """The first times that fit who has none yet; what is free is read once for all of them."""
    waiting = [row.lead for row in rows if row.lead.open and row.lead.evaluation_state not in {"booked", "attended"}]
    at = now()
    return {lead_id: [_first(found, at)] for lead_id, found in (await first_slots.of_leads(session, waiting)).items()}


def _first(found: FirstSlots, at: datetime) -> CardBadge:
    if not found.slots:
        return CardBadge(kind="slots", label="No free time in 3 weeks", tone="warning")
    times = " · ".join(short(slot, at) for slot in found.slots)
    latest = found.need.window.latest
    if found.in_window or latest is None:
        return CardBadge(kind="slots", label=times, tone="info")
    return CardBadge(kind="slots", label=f"None by {latest:%b} {latest.day}. {times}", tone="warning")


# What the caller must hold, and who tells; shown in this order.
PROVIDERS: Final[tuple[tuple[str, Provider], ...]] = (
    ("leads:read", of_duplicates),
    ("clinical:read", of_order),
    ("intake:read", of_intake),
    ("coverage:read", of_benefits),
    ("coverage:read", of_authorizations),
    ("schedule:read", of_calendar),
)


async def of_cards(session: AsyncSession, rows: Sequence[CardRow]) -> Badges:
    """By lead, what every provider says that the caller may hear at the lead's clinic."""
    caller, found = actor_of(session), Badges()
    for permission, provider in PROVIDERS:
        places = caller.places(permission)
        visible = [row for row in rows if places is None or row.lead.location_id in {None, *places}]
        if not visible or not caller.may(permission):
            continue
        for lead_id, badges in (await provider(session, visible)).items():
            found.setdefault(lead_id, []).extend(badges)
    return found
