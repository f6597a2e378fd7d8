"""Columns, cards and search. One query for the counts; one for a page of cards, and one each for what adorns them."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from backend.board import badges, cards
from backend.board.replies import unanswered
from backend.board.schemas import ColumnOut, Found, LeadCard
from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.identity.models import Location
from backend.identity.owners import owned_by, owner_names
from backend.leads import duplicates, first_contact, stages
from backend.leads.models import Lead, ReferralOrder
from backend.patients.models import Coverage, Patient
from backend.patients.queries import display_name, found_by
from backend.referral_sources.models import Referrer

SEARCH_LIMIT = 20


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which leads the board shows."""

    location_id: uuid.UUID | None = None
    owner: str | None = None
    source: str | None = None
    overdue: bool = False
    q: str | None = None
    duplicates: bool = False


def _conditions(session: AsyncSession, wanted: BoardFilter) -> ColumnElement[bool]:
    practice_id = practice_of(session)
    conditions: list[ColumnElement[bool]] = [
        Lead.practice_id == practice_id,
        Lead.merged_into.is_(None),
        within(session, "leads:read", Lead.location_id),
    ]
    if wanted.location_id:
        conditions.append(Lead.location_id == wanted.location_id)
    if wanted.owner:
        conditions.append(owned_by(session, wanted.owner, Lead))
    if wanted.source:
        conditions.append(Lead.source == wanted.source)
    if wanted.overdue:
        conditions.append(and_(Lead.open, Lead.next_due_at < now()))
    if wanted.duplicates:
        conditions.append(duplicates.has_some(session))
    if wanted.q:
        conditions.append(Lead.patient_id.in_(found_by(practice_id, wanted.q)))
    return and_(*conditions)


async def columns(session: AsyncSession, wanted: BoardFilter) -> list[ColumnOut]:
    """Every stage with its counts."""
    overdue = func.count().filter(and_(Lead.open, Lead.next_due_at < now()))
    rows = await session.execute(
        select(Lead.stage, func.count(), overdue, func.min(Lead.opened_at))
        .where(_conditions(session, wanted))
        .group_by(Lead.stage)
    )
    counts = {stage: (count, late, oldest) for stage, count, late, oldest in rows}
    found = []
    for stage in (await stages.of_practice(session)).values():
        count, late, oldest = counts.get(stage.key, (0, 0, None))
        facts = {"stage": stage.key, "name": stage.name, "group": stage.group, "count": count}
        found.append(ColumnOut.model_validate(facts | {"overdue_count": late, "oldest_at": oldest}))
    return found


def _card_query(session: AsyncSession) -> Select[Any]:
    """Leads with patient, newest order, its referrer, primary payer and clinic."""
    newest = (
        select(ReferralOrder)
        .where(ReferralOrder.practice_id == Lead.practice_id, ReferralOrder.lead_id == Lead.id)
        .order_by(ReferralOrder.created_at.desc(), ReferralOrder.id.desc())
        .limit(1)
        .lateral()
    )
    order = aliased(ReferralOrder, newest)
    primary = and_(
        Coverage.practice_id == Lead.practice_id, Coverage.patient_id == Lead.patient_id, Coverage.rank == "primary",
        Coverage.active,
    )  # fmt: skip
    payer = select(Coverage.payer_name).where(primary).limit(1).correlate(Lead).scalar_subquery()
    return (
        select(Lead, Patient, order, Referrer.name, payer, Location.name)
        .join(Patient, and_(Patient.practice_id == Lead.practice_id, Patient.id == Lead.patient_id))
        .outerjoin(order, true())
        .outerjoin(Referrer, and_(Referrer.practice_id == order.practice_id, Referrer.id == order.referrer_id))
        .outerjoin(Location, and_(Location.practice_id == Lead.practice_id, Location.id == Lead.location_id))
        .execution_options(populate_existing=True)
    )


async def _rows(session: AsyncSession, query: Select[Any]) -> list[cards.CardRow]:
    return [cards.CardRow(*row) for row in await session.execute(query)]


async def column_cards(
    session: AsyncSession, stage: str, wanted: BoardFilter, after: tuple[str, uuid.UUID] | None, limit: int
) -> list[LeadCard]:
    """Cards of one column after a cursor of (rank, id)."""
    query = _card_query(session).where(_conditions(session, wanted), Lead.stage == stage)
    if after:
        query = query.where(tuple_(Lead.rank, Lead.id) > after)
    return await _cards(session, await _rows(session, query.order_by(Lead.rank, Lead.id).limit(limit)))


async def card(session: AsyncSession, lead_id: uuid.UUID) -> LeadCard | None:
    """One card, as the board wants it when a lead changed."""
    query = _card_query(session).where(_conditions(session, BoardFilter()), Lead.id == lead_id)
    found = await _cards(session, await _rows(session, query))
    return found[0] if found else None


async def _cards(session: AsyncSession, rows: list[cards.CardRow]) -> list[LeadCard]:
    leads = [row.lead for row in rows]
    names, clock = await owner_names(session, leads), await first_contact.reader(session, leads)
    caller = actor_of(session)
    clinical = caller.may("clinical:read")
    open_people = [row.patient.id for row in rows if row.lead.open]
    replies = await unanswered(session, open_people) if open_people and caller.may("messages:read") else {}
    marks = await badges.of_cards(session, rows)
    return [
        cards.card(
            row, names, clock(row.lead), clinical, marks.get(row.lead.id, []),
            replies.get(row.patient.id) if row.lead.open else None,
        )
        for row in rows
    ]  # fmt: skip


async def search(session: AsyncSession, q: str) -> list[tuple[uuid.UUID, Found]]:
    """Leads by patient name, phone, date of birth or record number: (patient id, lead), open and newest first."""
    query = _card_query(session).where(_conditions(session, BoardFilter(q=q)))
    rows = await _rows(session, query.order_by(Lead.open.desc(), Lead.opened_at.desc()).limit(SEARCH_LIMIT))
    names = {key: stage.name for key, stage in (await stages.of_practice(session)).items()}
    clinical = actor_of(session).may("clinical:read")
    return [
        (
            row.patient.id,
            Found(
                lead_id=row.lead.id, patient_display_name=display_name(row.patient), dob=row.patient.dob,
                stage_name=names[row.lead.stage], headline=cards.headline(row.order) if clinical else "",
            ),
        )
        for row in rows
    ]  # fmt: skip
