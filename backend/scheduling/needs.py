"""What each of many leads needs of a first visit: type, discipline, payer, clinic, stated times, surgeon's window.

A fixed number of statements, however many leads.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.identity.queries import practice
from backend.leads.models import Lead, ReferralOrder
from backend.messaging.models import ConversationPatient, Message
from backend.patients.models import Coverage
from backend.scheduling.models import AppointmentType
from backend.scheduling.surgeon_window import Order, Window, window
from backend.scheduling.words import Window as Times

# What somebody said about their week is good for so long.
SAID_LATELY: Final = timedelta(days=45)
DISCIPLINES: Final = frozenset({"PT", "OT", "SLP"})
WORDS: Final = ("order_text", "notes", "precautions", "diagnosis_text")


@dataclass(frozen=True, slots=True)
class Need:
    """What fits one lead. `said` are the windows of their latest text about days and times."""

    type_id: uuid.UUID
    location_id: uuid.UUID | None
    discipline: str | None
    payer: str | None
    said: tuple[Times, ...]
    window: Window


async def of_leads(session: AsyncSession, leads: Sequence[Lead]) -> dict[uuid.UUID, Need]:
    """By lead; those for whom the practice has no type of evaluation are left out."""
    types = await evaluations(session)
    if not types:
        return {}
    orders, payers = await _orders(session, leads), await _payers(session, leads)
    today = now().astimezone(ZoneInfo((await practice(session)).timezone)).date()
    said = await _said(session, [lead.patient_id for lead in leads], today)
    found = {}
    for lead in leads:
        order = orders.get(lead.id)
        discipline = order.discipline if order and order.discipline in DISCIPLINES else None
        kind = type_for(types, discipline)
        if kind is not None:
            found[lead.id] = Need(
                kind.id, lead.location_id, discipline, payers.get(lead.patient_id), said.get(lead.patient_id, ()),
                window(_facts(lead, order), today),
            )  # fmt: skip
    return found


async def evaluations(session: AsyncSession) -> Sequence[AppointmentType]:
    """Types of a first visit that patients may be offered."""
    query = select(AppointmentType).where(
        AppointmentType.practice_id == practice_of(session), AppointmentType.kind == "evaluation",
        AppointmentType.active, AppointmentType.self_schedulable,
    )  # fmt: skip
    return (await session.scalars(query.order_by(AppointmentType.virtual, AppointmentType.name))).all()


def type_for(types: Iterable[AppointmentType], discipline: str | None) -> AppointmentType | None:
    """The discipline's own, else one for all; never another discipline's."""
    fitting = [kind for kind in types if kind.discipline in {None, discipline} or discipline is None]
    return min(fitting, key=lambda kind: kind.discipline != discipline, default=None)


def _facts(lead: Lead, order: ReferralOrder | None) -> Order:
    opened = lead.opened_at.date()
    if order is None:
        return Order(lead.urgency, opened)
    words = ". ".join(value for name in WORDS if (value := getattr(order, name)))
    return Order(lead.urgency, opened, order.surgery_date, order.referral_date, words)


async def _orders(session: AsyncSession, leads: Sequence[Lead]) -> dict[uuid.UUID, ReferralOrder]:
    """The newest of each."""
    row = ReferralOrder
    query = (
        select(row)
        .where(row.practice_id == practice_of(session), row.lead_id.in_([lead.id for lead in leads]))
        .ext(distinct_on(row.lead_id))
        .order_by(row.lead_id, row.created_at.desc(), row.id.desc())
    )
    return {order.lead_id: order for order in await session.scalars(query)}


async def _payers(session: AsyncSession, leads: Sequence[Lead]) -> dict[uuid.UUID, str]:
    people = [lead.patient_id for lead in leads]
    query = select(Coverage.patient_id, Coverage.payer_name).where(
        Coverage.practice_id == practice_of(session), Coverage.patient_id.in_(people), Coverage.rank == "primary"
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def _said(session: AsyncSession, people: Sequence[uuid.UUID], today: date) -> dict[uuid.UUID, tuple[Times, ...]]:
    """Of the latest text that names days or times; dates that are past say nothing any more."""
    link, since = ConversationPatient, now() - SAID_LATELY
    query = (
        select(link.patient_id, Message.understood)
        .join(
            Message,
            and_(Message.practice_id == link.practice_id, Message.conversation_id == link.conversation_id),
        )
        .where(link.practice_id == practice_of(session), link.patient_id.in_(people))
        .where(Message.direction == "in", Message.understood["kind"].astext == "availability")
        .where(Message.created_at > since)
        .ext(distinct_on(link.patient_id))
        .order_by(link.patient_id, Message.created_at.desc(), Message.id.desc())
    )
    rows = (await session.execute(query)).all()
    return {row[0]: _windows(row[1], today) for row in rows}


def _windows(understood: Any, today: date) -> tuple[Times, ...]:
    return tuple(
        (said["day"], said["start"], said["end"])
        for said in understood.get("windows") or ()
        if not said["day"][:1].isdigit() or date.fromisoformat(said["day"]) >= today
    )


def starts(need: Need, at: datetime, timezone: str) -> datetime:
    """Not before now, nor before the surgeon allows it."""
    if need.window.earliest is None:
        return at
    return max(at, datetime.combine(need.window.earliest, datetime.min.time(), ZoneInfo(timezone)))
