"""Referral orders: what a provider ordered, with its proof."""

import uuid
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.leads import history
from backend.leads.events import OrderAdded, ReferralReceived
from backend.leads.models import Lead, ReferralOrder
from backend.referral_sources.service import ReferrerFacts, find_or_create


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The order's fields of contract §3 in normal form; `referrer` is found or made, `referrer_id` is known."""

    referrer: ReferrerFacts | None = None
    referrer_id: uuid.UUID | None = None
    fax_id: uuid.UUID | None = None
    fax_segment: int | None = None
    referral_date: date | None = None
    diagnosis_text: str | None = None
    icd10_codes: tuple[str, ...] = ()
    body_part: str | None = None
    side: str | None = None
    order_text: str | None = None
    discipline: str | None = None
    evaluate_and_treat: bool | None = None
    frequency_per_week: int | None = None
    duration_weeks: int | None = None
    visits_authorized: int | None = None
    authorization_number: str | None = None
    surgery_date: date | None = None
    procedure: str | None = None
    precautions: str | None = None
    weight_bearing: str | None = None
    urgency: str | None = None
    signed: bool | None = None
    notes: str | None = None


async def add(session: AsyncSession, lead: Lead, facts: OrderFacts) -> ReferralOrder:
    """Add an order to a lead; the same segment of the same fax is one order, so a repeat rewrites it."""
    practice_id = practice_of(session)
    referrer = await find_or_create(session, facts.referrer) if facts.referrer else None
    order, again = await _of_segment(session, facts), False
    if order is None:
        earlier = select(func.count()).where(
            ReferralOrder.practice_id == practice_id, ReferralOrder.lead_id == lead.id
        )  # fmt: skip
        again = bool(await session.scalar(earlier))
        order = ReferralOrder(practice_id=practice_id, id=new_id())
        session.add(order)
        history.note(session, lead.id, "order_added", order_id=str(order.id), again=again)
    order.lead_id = lead.id
    order.referrer_id = referrer.id if referrer else facts.referrer_id
    for field in fields(facts):
        if field.name not in {"referrer", "referrer_id", "icd10_codes"}:
            setattr(order, field.name, getattr(facts, field.name))
    order.icd10_codes = list(facts.icd10_codes)
    await session.flush()
    if again:
        await publish(session, OrderAdded(lead.id))
    if order.referrer_id is not None:
        await publish(session, ReferralReceived(lead.id, order.id, order.referrer_id))
    return order


async def _of_segment(session: AsyncSession, facts: OrderFacts) -> ReferralOrder | None:
    if facts.fax_id is None:
        return None
    return await session.scalar(
        select(ReferralOrder).where(
            ReferralOrder.practice_id == practice_of(session),
            ReferralOrder.fax_id == facts.fax_id,
            ReferralOrder.fax_segment == facts.fax_segment,
        )
    )
