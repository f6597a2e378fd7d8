"""Two referrers, or two of their offices, turn out to be one, and can become two again.

Everything that refers to the one is the other's then: orders, letters, links, visits, notes, tasks, papers; of an
office, those who work there. Taking it back restores every row as it was, unless somebody changed it since; what came
later stays where it came.
"""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import Base, practice_of
from backend.core.ids import new_id
from backend.core.moving import CannotMove, Record, undo
from backend.core.problems import Conflict, Invalid, StaleVersion
from backend.referral_sources import mergeable, names
from backend.referral_sources.mergeable import Row, Sort
from backend.referral_sources.models import AnyMerge, Referrer


async def merge(
    session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID, into_id: uuid.UUID, versions: tuple[int, int]
) -> Row:
    """The row becomes part of another, which is returned. Raises `StaleVersion`, `Merged`, `Conflict`."""
    if row_id == into_id:
        same = [("/into", f"the same {sort.word}")]
        raise Invalid(f"Choose another {sort.word} than this one.", errors=same)
    seen = dict(zip((row_id, into_id), versions, strict=True))
    await _people_of(session, sort, seen)
    found = {each: await mergeable.locked(session, sort, each, seen[each]) for each in sorted(seen)}
    row, into = found[row_id], found[into_id]
    if row.npi and into.npi and row.npi != into.npi:
        raise Conflict(f"These two have different NPIs, so they are two {sort.word}s. Correct an NPI first.")
    merged = sort.merges(
        practice_id=row.practice_id, id=new_id(), into_id=into.id, at=now(), by=actor_of(session).name,
        **{sort.gone: row.id},
    )  # fmt: skip
    record = Record()
    try:
        await _join(session, sort, record, row, into)
    except CannotMove as error:
        what = error.table.replace("_", " ")
        raise Conflict(f"Both have {what} of which there may be only one. Settle those of one first.") from None
    merged.changes = record.changes
    session.add(merged)
    await _told(session, sort, row, into)
    return into


async def _people_of(session: AsyncSession, sort: Sort[Row], office_ids: Collection[uuid.UUID]) -> None:
    """Lock who works there before the office itself, in the order in which everybody else does."""
    if sort.rows is Referrer:
        return
    await session.execute(
        select(Referrer.id)
        .where(Referrer.practice_id == practice_of(session), Referrer.referrer_practice_id.in_(office_ids))
        .order_by(Referrer.id)
        .with_for_update()
    )


async def _join(session: AsyncSession, sort: Sort[Row], record: Record, row: Row, into: Row) -> None:
    table = Base.metadata.tables[sort.rows.__tablename__]
    alone = [frozenset({name}) for name in sort.filled]
    # In this order, so that taking it back frees the NPI before the other has it again.
    for each in (row, into):
        await record.watch(session, table, table.c.id == each.id, alone)
    row.merged_into = into.id
    await session.flush()
    # Rows about the two themselves stay.
    about = {sort.merges.__tablename__, sort.pairs.__tablename__}
    await record.repoint(session, table.name, row.id, into.id, but=about)
    await session.refresh(row)
    await session.refresh(into)
    for name in sort.filled:
        if getattr(into, name) is None:
            setattr(into, name, getattr(row, name))
    if isinstance(into, Referrer) and isinstance(row, Referrer) and not into.first_key and row.first_key:
        into.name, (into.last_key, into.first_key) = row.name, names.keys(row.name, row.kind)
    await record.settle(session)


async def unmerge(session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID, version: int) -> Row:
    """Take a merge back: the row, which is returned, is its own again. Raises `Conflict`."""
    merged = await _standing(session, sort, row_id)
    await _people_of(session, sort, (row_id, merged.into_id))
    found = {each: await mergeable.found(session, sort, each) for each in sorted((row_id, merged.into_id))}
    row, into = found[row_id], found[merged.into_id]
    if row.version != version:
        raise StaleVersion(row.version)
    if into.merged_into is not None:
        raise Conflict("The other was merged too, later. Take that back first.", merged_into=str(into.merged_into))
    await undo(session, merged.changes)
    merged.undone_at, merged.undone_by = now(), actor_of(session).name
    await _told(session, sort, row, into)
    return row


async def _standing(session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID) -> AnyMerge:
    found = await session.scalar(
        select(sort.merges)
        .where(sort.merges.practice_id == practice_of(session), getattr(sort.merges, sort.gone) == row_id)
        .where(sort.merges.undone_at.is_(None))
        .with_for_update()
    )
    if found is None:
        await mergeable.locked(session, sort, row_id)
        raise Conflict(f"This {sort.word} is not part of another.")
    return found


async def _told(session: AsyncSession, sort: Sort[Row], row: Row, into: Row) -> None:
    for each in (row, into):
        await session.refresh(each)
        each.version += 1
    await session.flush()
    for each in (row, into):
        mergeable.tell(session, sort, each)


async def merges_of(session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID) -> list[tuple[AnyMerge, Row]]:
    """Those that became part of this one, newest first."""
    merges, gone = sort.merges, sort.rows
    rows = await session.execute(
        select(merges, gone)
        .join(gone, (gone.practice_id == merges.practice_id) & (gone.id == getattr(merges, sort.gone)))
        .where(merges.practice_id == practice_of(session), merges.undone_at.is_(None), gone.merged_into == row_id)
        .order_by(merges.at.desc(), merges.id)
    )
    return [(merge, row) for merge, row in rows]
