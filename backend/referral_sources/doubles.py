"""Referrers who may be one, with what speaks for and against it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, and_, delete, func, or_, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import Invalid, NotFound
from backend.referral_sources import matching, service
from backend.referral_sources.matching import Judgement
from backend.referral_sources.models import Referrer, ReferrerPair, ReferrerPractice

LOOKED_AT: Final = 2000
LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Double:
    """Two who may be one. `dismissed_by`: who said that they are two."""

    first: Referrer
    second: Referrer
    judgement: Judgement
    dismissed_by: str | None = None


async def pairs(session: AsyncSession) -> list[Double]:
    """Everybody who may be somebody else, those nobody has looked at; the likeliest first."""
    return [double for double in await _found(session) if double.dismissed_by is None][:LISTED]


async def of(session: AsyncSession, referrer_id: uuid.UUID) -> list[Double]:
    """Who this one may be too, those ruled out last."""
    found = await _found(session, referrer_id)
    turned = [double if double.first.id == referrer_id else _turned(double) for double in found]
    return sorted(turned, key=lambda double: double.dismissed_by is not None)[:LISTED]


def _turned(double: Double) -> Double:
    return Double(double.second, double.first, double.judgement, double.dismissed_by)


async def _found(session: AsyncSession, referrer_id: uuid.UUID | None = None) -> list[Double]:
    near = union(*(_near(session, referrer_id, *alike) for alike in _ALIKE)).limit(LOOKED_AT).subquery()
    one, two = aliased(Referrer), aliased(Referrer)
    practice_id = practice_of(session)
    query = (
        select(one, two, ReferrerPair.dismissed_by)
        .join(near, near.c.first_id == one.id)
        .join(two, (two.practice_id == practice_id) & (two.id == near.c.second_id))
        .outerjoin(
            ReferrerPair,
            (ReferrerPair.practice_id == practice_id)
            & (ReferrerPair.first_id == one.id)
            & (ReferrerPair.second_id == two.id),
        )
        .where(one.practice_id == practice_id)
        .order_by(one.last_key, one.id, two.id)
    )
    rows = [(first, second, by) for first, second, by in await session.execute(query)]
    known = await offices(session, [row for first, second, _ in rows for row in (first, second)])
    doubles = [
        Double(first, second, matching.judge(service.as_known(first, known.get(first.id)),
                                             service.as_known(second, known.get(second.id))), by)
        for first, second, by in rows
    ]  # fmt: skip
    likely = [double for double in doubles if double.judgement.verdict != "other"]
    return sorted(likely, key=lambda double: (double.judgement.verdict != "same", -len(double.judgement.agrees)))


# Worth a look: the same last name, or a number in common with the same first name. Each is an index of its own.
_ALIKE: Final = (("last_key",), ("fax", "first_key"), ("phone", "first_key"))


def _near(session: AsyncSession, referrer_id: uuid.UUID | None, *alike: str) -> Select[uuid.UUID, uuid.UUID]:
    """Pairs of one kind, with no two NPIs and first names that begin alike, who have these columns in common."""
    one, two = aliased(Referrer), aliased(Referrer)
    initial = or_(func.left(one.first_key, 1) == func.left(two.first_key, 1), one.first_key == "", two.first_key == "")
    no_two_npis = or_(one.npi.is_(None), two.npi.is_(None), one.npi == two.npi)
    same = [getattr(one, name) == getattr(two, name) for name in alike]
    query = (
        select(one.id.label("first_id"), two.id.label("second_id"))
        .join(two, and_(two.practice_id == one.practice_id, one.id < two.id, one.kind == two.kind, *same))
        .where(one.practice_id == practice_of(session), one.merged_into.is_(None), two.merged_into.is_(None))
        .where(initial, no_two_npis)
    )
    return query if referrer_id is None else query.where(or_(one.id == referrer_id, two.id == referrer_id))


async def offices(session: AsyncSession, rows: Sequence[Referrer]) -> dict[uuid.UUID, ReferrerPractice]:
    ids = {row.referrer_practice_id for row in rows if row.referrer_practice_id}
    found = await session.scalars(
        select(ReferrerPractice).where(
            ReferrerPractice.practice_id == practice_of(session), ReferrerPractice.id.in_(ids)
        )
    )
    known = {office.id: office for office in found}
    return {row.id: known[row.referrer_practice_id] for row in rows if row.referrer_practice_id in known}


async def dismiss(session: AsyncSession, referrer_id: uuid.UUID, other_id: uuid.UUID, *, same: bool) -> None:
    """A person says that these are two, or (`same`) takes it back. Raises `NotFound`, `Invalid`."""
    if referrer_id == other_id:
        raise Invalid("Choose another referrer.", errors=[("path/other_id", "the same referrer")])
    ours = select(func.count()).where(
        Referrer.practice_id == practice_of(session), Referrer.id.in_((referrer_id, other_id))
    )
    if await session.scalar(ours) != 2:
        raise NotFound("There is no such referrer in this practice.")
    first, second = sorted((referrer_id, other_id))
    if same:
        pair = (ReferrerPair.practice_id == practice_of(session)) & (ReferrerPair.first_id == first)
        await session.execute(delete(ReferrerPair).where(pair, ReferrerPair.second_id == second))
        return
    row = {
        "practice_id": practice_of(session), "first_id": first, "second_id": second, "dismissed_at": now(),
        "dismissed_by": actor_of(session).name,
    }  # fmt: skip
    await session.execute(insert(ReferrerPair).values(row).on_conflict_do_nothing())
