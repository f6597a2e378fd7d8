"""Read referrers with what they sent. A referral is a lead with an order of theirs, at the time it came in."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.board.referrer_schemas import MergedReferrer, ReferrerProfile, ReferrerRow, Sort
from backend.core.clock import now
from backend.core.database import practice_of
from backend.leads.models import Lead, ReferralOrder
from backend.referral_sources import merging, notes, queries
from backend.referral_sources.hearing import hearing
from backend.referral_sources.mergeable import REFERRERS
from backend.referral_sources.models import Referrer, ReferrerPractice, Status
from backend.referral_sources.service import with_office

ACTIVE: Final = timedelta(days=90)
MONTH: Final = timedelta(days=30)
MONTHS: Final = 6
SHOWN: Final = (
    "id", "version", "kind", "name", "credential", "npi", "specialty", "phone", "fax",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReferrerFilter:
    """Which referrers, in which order."""

    q: str | None = None
    status: Status | None = None
    office_id: uuid.UUID | None = None
    sort: Sort = "name"


@dataclass(frozen=True, slots=True)
class Sent:
    """What one referrer sent."""

    recent: int = 0
    before: int = 0
    total: int = 0
    by_month: tuple[int, ...] = (0,) * MONTHS
    last_at: datetime | None = None


def status_of(override: str | None, sent: Sent) -> Any:
    """Set by hand, else: never referred, referred within 90 days, or longer ago."""
    return override or ("active" if sent.recent else "inactive" if sent.total else "lead")


def _referrals(session: AsyncSession, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(ReferralOrder)
        .join(Lead, (Lead.practice_id == ReferralOrder.practice_id) & (Lead.id == ReferralOrder.lead_id))
        .where(ReferralOrder.practice_id == practice_of(session), Lead.merged_into.is_(None))
    )


async def page(
    session: AsyncSession, wanted: ReferrerFilter, after: list[Any] | None, limit: int
) -> tuple[list[ReferrerRow], list[list[Any]]]:
    """Rows after a cursor, each with its own sort keys."""
    name = func.lower(Referrer.name)
    query = with_office(session).where(Referrer.merged_into.is_(None), *_conditions(session, wanted))
    order: tuple[Any, ...] = (name, Referrer.id)
    if wanted.sort == "referrals":
        ranked = (
            _referrals(session, ReferralOrder.referrer_id, func.count(Lead.id.distinct()).label("count"))
            .where(Lead.opened_at > now() - ACTIVE)
            .group_by(ReferralOrder.referrer_id)
            .subquery()
        )
        query = query.outerjoin(ranked, ranked.c.referrer_id == Referrer.id)
        order = (-func.coalesce(ranked.c.count, 0), *order)
    if after:
        query = query.where(tuple_(*order) > tuple_(*after))
    found = (await session.execute(query.add_columns(*order).order_by(*order).limit(limit))).all()
    sent = await sent_by(session, [row[0].id for row in found])
    return [_row(row[0], row[1], sent.get(row[0].id, Sent())) for row in found], [list(row[2:]) for row in found]


def _conditions(session: AsyncSession, wanted: ReferrerFilter) -> list[ColumnElement[bool]]:
    conditions = [_holds(word) for word in (wanted.q or "").split()]
    if wanted.office_id is not None:
        conditions.append(Referrer.referrer_practice_id == wanted.office_id)
    if wanted.status is not None:
        theirs = ReferralOrder.referrer_id == Referrer.id
        ever = _referrals(session, Lead.id).where(theirs).exists()
        recently = _referrals(session, Lead.id).where(theirs, Lead.opened_at > now() - ACTIVE).exists()
        computed = {"active": recently, "inactive": and_(ever, ~recently), "lead": ~ever}
        unset = Referrer.status_override.is_(None)
        set_so = Referrer.status_override == wanted.status
        conditions.append(or_(set_so, and_(unset, computed[wanted.status])) if wanted.status in computed else set_so)
    return conditions


def _holds(word: str) -> ColumnElement[bool]:
    """The word is part of their name, office, specialty or NPI, or its digits of their phone or fax."""
    plain = "%" + word.replace("\\", "").replace("%", r"\%").replace("_", r"\_") + "%"
    texts = (Referrer.name, Referrer.practice_name, ReferrerPractice.name, Referrer.specialty, Referrer.npi)
    found = [text.ilike(plain) for text in texts]
    digits = "".join(letter for letter in word if letter.isdigit())
    if len(digits) > 2:
        found += [number.like(f"%{digits}%") for number in (Referrer.phone, Referrer.fax)]
    return or_(*found)


async def sent_by(session: AsyncSession, referrer_ids: list[uuid.UUID]) -> dict[uuid.UUID, Sent]:
    """What each sent; one statement for all."""
    at, when = now(), Lead.opened_at
    each = Lead.id.distinct()
    months = [
        func.count(each).filter(when > at - MONTH * (back + 1), when <= at - MONTH * back)
        for back in reversed(range(MONTHS))
    ]
    rows = await session.execute(
        _referrals(
            session, ReferralOrder.referrer_id, func.count(each), func.max(when),
            func.count(each).filter(when > at - ACTIVE),
            func.count(each).filter(when > at - ACTIVE * 2, when <= at - ACTIVE), *months,
        )
        .where(ReferralOrder.referrer_id.in_(referrer_ids))
        .group_by(ReferralOrder.referrer_id)
    )  # fmt: skip
    return {row[0]: Sent(row[3], row[4], row[1], tuple(row[5:]), row[2]) for row in rows}


def _numbers(row: Any, sent: Sent) -> dict[str, Any]:
    return {
        "status": status_of(row.status_override, sent), "status_set": row.status_override is not None,
        "referrals_90": sent.recent, "referrals_before": sent.before, "by_month": list(sent.by_month),
        "last_referral_at": sent.last_at,
    }  # fmt: skip


def _row(row: Referrer, office: ReferrerPractice | None, sent: Sent) -> ReferrerRow:
    office_name = office.name if office else row.practice_name
    shown = {name: getattr(row, name) for name in SHOWN} | {"hear_by": hearing(row, office).by}
    return ReferrerRow(**shown, **_numbers(row, sent), office_name=None if office_name == row.name else office_name)


async def profile(session: AsyncSession, referrer_id: uuid.UUID) -> ReferrerProfile:
    """One referrer. Raises `NotFound`."""
    facts = await queries.facts(session, referrer_id)
    sent = (await sent_by(session, [referrer_id])).get(referrer_id, Sent())
    visit = await notes.last_visit(session, referrer_id)
    merges = [
        MergedReferrer(
            id=row.id, version=row.version, name=row.name, at=merge.at, by=merge.by,
            can_undo=merge.into_id == row.merged_into,
        )
        for merge, row in await merging.merges_of(session, REFERRERS, referrer_id)
    ]  # fmt: skip
    return ReferrerProfile(
        **dict(facts), **_numbers(facts, sent), referrals_total=sent.total, merges=merges,
        last_visit_on=visit.visited_on if visit else None, next_visit_on=visit.next_on if visit else None,
    )  # fmt: skip
