"""Badges of cards. Every provider answers for all cards of a page at once, with one query at most."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.board.cards import CardRow
from backend.board.schemas import CardBadge, Tone
from backend.core.actor import actor_of
from backend.leads.models import Lead

Badges = dict[uuid.UUID, list[CardBadge]]
Provider = Callable[[AsyncSession, Sequence[CardRow]], Awaitable[Badges]]

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


# What the caller must hold, and who tells; shown in this order.
PROVIDERS: Final[tuple[tuple[str, Provider], ...]] = (
    ("clinical:read", of_order),
    ("intake:read", of_intake),
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
