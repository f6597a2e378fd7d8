"""Referrers, or offices of theirs, that may be one, with what speaks for and against it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import Invalid, NotFound
from backend.referral_sources import matching, service
from backend.referral_sources.matching import Described, Judgement
from backend.referral_sources.mergeable import Row, Sort
from backend.referral_sources.models import Referrer, ReferrerPractice

LOOKED_AT: Final = 2000
LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Double(Generic[Row]):
    """Two who may be one. `dismissed_by`: who said that they are two."""

    first: Row
    second: Row
    judgement: Judgement
    dismissed_by: str | None = None


async def pairs(session: AsyncSession, sort: Sort[Row]) -> list[Double[Row]]:
    """Everybody who may be somebody else, those nobody has looked at; the likeliest first."""
    return [double for double in await _found(session, sort) if double.dismissed_by is None][:LISTED]


async def of(session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID) -> list[Double[Row]]:
    """Who this one may be too, those ruled out last."""
    found = await _found(session, sort, row_id)
    turned = [double if double.first.id == row_id else _turned(double) for double in found]
    return sorted(turned, key=lambda double: double.dismissed_by is not None)[:LISTED]


def _turned(double: Double[Row]) -> Double[Row]:
    return Double(double.second, double.first, double.judgement, double.dismissed_by)


async def _found(session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID | None = None) -> list[Double[Row]]:
    near = union(*(_near(session, sort, row_id, alike) for alike in sort.alike)).limit(LOOKED_AT).subquery()
    one, two, ruled_out = aliased(sort.rows), aliased(sort.rows), sort.pairs
    practice_id = practice_of(session)
    query = (
        select(one, two, ruled_out.dismissed_by)
        .join(near, near.c.first_id == one.id)
        .join(two, (two.practice_id == practice_id) & (two.id == near.c.second_id))
        .outerjoin(
            ruled_out,
            (ruled_out.practice_id == practice_id) & (ruled_out.first_id == one.id) & (ruled_out.second_id == two.id),
        )
        .where(one.practice_id == practice_id)
        .order_by(func.lower(one.name), one.id, two.id)
    )
    rows = [(first, second, by) for first, second, by in await session.execute(query)]
    known = await _described(session, [row for first, second, _ in rows for row in (first, second)])
    doubles = [Double(one, two, matching.judge(known[one.id], known[two.id]), by) for one, two, by in rows]
    likely = [double for double in doubles if double.judgement.verdict != "other"]
    return sorted(likely, key=lambda double: (double.judgement.verdict != "same", -len(double.judgement.agrees)))


def _near(
    session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID | None, alike: Sequence[str]
) -> Select[uuid.UUID, uuid.UUID]:
    """Pairs that have these columns in common and not two NPIs."""
    one, two = aliased(sort.rows), aliased(sort.rows)
    no_two_npis = or_(one.npi.is_(None), two.npi.is_(None), one.npi == two.npi)
    same = [getattr(one, name) == getattr(two, name) for name in alike]
    query = (
        select(one.id.label("first_id"), two.id.label("second_id"))
        .join(two, and_(two.practice_id == one.practice_id, one.id < two.id, *same))
        .where(one.practice_id == practice_of(session), one.merged_into.is_(None), two.merged_into.is_(None))
        .where(no_two_npis, *_first_names(one, two))
    )
    return query if row_id is None else query.where(or_(one.id == row_id, two.id == row_id))


def _first_names(one: Any, two: Any) -> list[ColumnElement[bool]]:
    """People's begin alike."""
    if not hasattr(one, "first_key"):
        return []
    initial = func.left(one.first_key, 1) == func.left(two.first_key, 1)
    return [or_(initial, one.first_key == "", two.first_key == "")]


async def _described(
    session: AsyncSession, rows: Sequence[Referrer] | Sequence[ReferrerPractice]
) -> dict[uuid.UUID, Described]:
    known = await offices(session, [row for row in rows if isinstance(row, Referrer)])
    return {
        row.id: service.as_known(row, known.get(row.id)) if isinstance(row, Referrer) else service.office_as_known(row)
        for row in rows
    }


async def offices(session: AsyncSession, rows: Sequence[Referrer]) -> dict[uuid.UUID, ReferrerPractice]:
    ids = {row.referrer_practice_id for row in rows if row.referrer_practice_id}
    if not ids:
        return {}
    found = await session.scalars(
        select(ReferrerPractice).where(
            ReferrerPractice.practice_id == practice_of(session), ReferrerPractice.id.in_(ids)
        )
    )
    known = {office.id: office for office in found}
    return {row.id: known[row.referrer_practice_id] for row in rows if row.referrer_practice_id in known}


async def dismiss(
    session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID, other_id: uuid.UUID, *, same: bool
) -> None:
    """A person says that these are two, or (`same`) takes it back. Raises `NotFound`, `Invalid`."""
    if row_id == other_id:
        raise Invalid(f"Choose another {sort.word}.", errors=[("path/other_id", f"the same {sort.word}")])
    ours = select(func.count()).where(
        sort.rows.practice_id == practice_of(session), sort.rows.id.in_((row_id, other_id))
    )
    if await session.scalar(ours) != 2:
        raise NotFound(f"There is no such {sort.word} in this practice.")
    first, second = sorted((row_id, other_id))
    if same:
        pair = (sort.pairs.practice_id == practice_of(session)) & (sort.pairs.first_id == first)
        await session.execute(delete(sort.pairs).where(pair, sort.pairs.second_id == second))
        return
    row = {
        "practice_id": practice_of(session), "first_id": first, "second_id": second, "dismissed_at": now(),
        "dismissed_by": actor_of(session).name,
    }  # fmt: skip
    await session.execute(insert(sort.pairs).values(row).on_conflict_do_nothing())
