"""Read the offices referrers work in."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.referral_sources import merging
from backend.referral_sources.doubles import Double
from backend.referral_sources.mergeable import OFFICES
from backend.referral_sources.models import Referrer, ReferrerPractice
from backend.referral_sources.office_schemas import MergedOffice, OfficeDoubleOut, OfficeProfile, OfficeRow
from backend.referral_sources.schemas import OfficeOut


def _query(session: AsyncSession) -> Select[ReferrerPractice, int]:
    """Each with how many work there."""
    there = (
        select(func.count())
        .where(Referrer.practice_id == ReferrerPractice.practice_id, Referrer.merged_into.is_(None))
        .where(Referrer.referrer_practice_id == ReferrerPractice.id)
        .scalar_subquery()
    )
    return select(ReferrerPractice, there).where(ReferrerPractice.practice_id == practice_of(session))


async def page(session: AsyncSession, q: str | None, after: list[Any] | None, limit: int) -> list[OfficeRow]:
    """By name, after a cursor of (name, id)."""
    name = func.lower(ReferrerPractice.name)
    query = _query(session).where(ReferrerPractice.merged_into.is_(None))
    for word in (q or "").split():
        plain = "%" + word.replace("\\", "").replace("%", r"\%").replace("_", r"\_") + "%"
        found = [ReferrerPractice.name.ilike(plain), ReferrerPractice.address.ilike(plain)]
        digits = "".join(letter for letter in word if letter.isdigit())
        if len(digits) > 2:
            numbers = (ReferrerPractice.phone, ReferrerPractice.fax, ReferrerPractice.npi)
            found += [number.like(f"%{digits}%") for number in numbers]
        query = query.where(or_(*found))
    if after:
        query = query.where(tuple_(name, ReferrerPractice.id) > tuple_(*after))
    rows = await session.execute(query.order_by(name, ReferrerPractice.id).limit(limit))
    return [_row(office, count) for office, count in rows]


def shown(office: ReferrerPractice) -> OfficeOut:
    """As the API shows it."""
    return OfficeOut.model_validate(office, from_attributes=True)


def _row(office: ReferrerPractice, providers: int) -> OfficeRow:
    return OfficeRow(**dict(shown(office)), providers=providers)


async def profile(session: AsyncSession, office_id: uuid.UUID) -> OfficeProfile:
    """One office. Raises `NotFound`."""
    query = _query(session).where(ReferrerPractice.id == office_id).execution_options(populate_existing=True)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound("There is no such office in this practice.")
    merges = [
        MergedOffice(
            id=row.id, version=row.version, name=row.name, at=merge.at, by=merge.by,
            can_undo=merge.into_id == row.merged_into,
        )
        for merge, row in await merging.merges_of(session, OFFICES, office_id)
    ]  # fmt: skip
    return OfficeProfile(**dict(_row(*found)), merges=merges)


def doubles(found: Sequence[Double[ReferrerPractice]]) -> list[OfficeDoubleOut]:
    """As the API shows them."""
    return [
        OfficeDoubleOut(
            first=shown(double.first), second=shown(double.second), likely=double.judgement.verdict == "same",
            agrees=list(double.judgement.agrees), differs=list(double.judgement.differs),
            dismissed_by=double.dismissed_by,
        )
        for double in found
    ]  # fmt: skip
