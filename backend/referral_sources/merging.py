"""Two referrers turn out to be one, and can become two again.

Everything that refers to the one is the other's then: orders, letters, links, visits, notes, tasks, papers. Taking it
back restores every row as it was, unless somebody changed it since; what came later stays where it came.
"""

import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import Base, practice_of
from backend.core.ids import new_id
from backend.core.moving import CannotMove, Record, undo
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.referral_sources import names, service
from backend.referral_sources.models import Referrer, ReferrerMerge

# About the two themselves.
NOT_MOVED: Final = frozenset({"referrer_merges", "referrer_pairs"})
FILLED: Final = (
    "npi", "credential", "practice_name", "referrer_practice_id", "specialty", "phone", "fax", "email", "address",
)  # fmt: skip


async def merge(
    session: AsyncSession, referrer_id: uuid.UUID, into_id: uuid.UUID, version: int, into_version: int
) -> Referrer:
    """The referrer becomes part of another, which is returned. Raises `StaleVersion`, `Merged`, `Conflict`."""
    if referrer_id == into_id:
        raise Invalid("Choose another referrer than this one.", errors=[("/into", "the same referrer")])
    versions = {referrer_id: version, into_id: into_version}
    found = {each: await service.locked(session, each, versions[each]) for each in sorted(versions)}
    row, into = found[referrer_id], found[into_id]
    if row.npi and into.npi and row.npi != into.npi:
        raise Conflict("These two have different NPIs, so they are two providers. Correct an NPI first.")
    merged = ReferrerMerge(
        practice_id=row.practice_id, id=new_id(), referrer_id=row.id, into_id=into.id, at=now(),
        by=actor_of(session).name,
    )  # fmt: skip
    record = Record()
    try:
        await _join(session, record, row, into)
    except CannotMove as error:
        what = error.table.replace("_", " ")
        raise Conflict(f"Both have {what} of which there may be only one. Settle those of one first.") from None
    merged.changes = record.changes
    session.add(merged)
    await _told(session, row, into)
    return into


async def _join(session: AsyncSession, record: Record, row: Referrer, into: Referrer) -> None:
    table = Base.metadata.tables["referrers"]
    alone = [frozenset({name}) for name in FILLED]
    # In this order, so that taking it back frees the NPI before the other has it again.
    for each in (row, into):
        await record.watch(session, table, table.c.id == each.id, alone)
    row.merged_into = into.id
    await session.flush()
    await record.repoint(session, "referrers", row.id, into.id, but=NOT_MOVED)
    await session.refresh(row)
    await session.refresh(into)
    for name in FILLED:
        if getattr(into, name) is None:
            setattr(into, name, getattr(row, name))
    if not into.first_key and row.first_key:
        into.name, (into.last_key, into.first_key) = row.name, names.keys(row.name, row.kind)
    await record.settle(session)


async def unmerge(session: AsyncSession, referrer_id: uuid.UUID, version: int) -> Referrer:
    """Take a merge back: the referrer, which is returned, is its own again. Raises `Conflict`."""
    merged = await _standing(session, referrer_id)
    found = {each: await _locked(session, each) for each in sorted((referrer_id, merged.into_id))}
    row, into = found[referrer_id], found[merged.into_id]
    if row.version != version:
        raise StaleVersion(row.version)
    if into.merged_into is not None:
        raise Conflict("The other was merged too, later. Take that back first.", merged_into=str(into.merged_into))
    await undo(session, merged.changes)
    merged.undone_at, merged.undone_by = now(), actor_of(session).name
    await _told(session, row, into)
    return row


async def _standing(session: AsyncSession, referrer_id: uuid.UUID) -> ReferrerMerge:
    found = await session.scalar(
        select(ReferrerMerge)
        .where(ReferrerMerge.practice_id == practice_of(session), ReferrerMerge.referrer_id == referrer_id)
        .where(ReferrerMerge.undone_at.is_(None))
        .with_for_update()
    )
    if found is None:
        await service.locked(session, referrer_id)
        raise Conflict("This referrer is not part of another.")
    return found


async def _locked(session: AsyncSession, referrer_id: uuid.UUID) -> Referrer:
    row = await session.scalar(
        select(Referrer)
        .where(Referrer.practice_id == practice_of(session), Referrer.id == referrer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("There is no such referrer in this practice.")
    return row


async def _told(session: AsyncSession, row: Referrer, into: Referrer) -> None:
    for each in (row, into):
        await session.refresh(each)
        each.version += 1
    await session.flush()
    for each in (row, into):
        service.tell(session, each)


async def merges_of(session: AsyncSession, referrer_id: uuid.UUID) -> list[tuple[ReferrerMerge, Referrer]]:
    """Those who became part of this one, newest first."""
    rows = await session.execute(
        select(ReferrerMerge, Referrer)
        .join(Referrer, (Referrer.practice_id == ReferrerMerge.practice_id)
              & (Referrer.id == ReferrerMerge.referrer_id))
        .where(ReferrerMerge.practice_id == practice_of(session), ReferrerMerge.undone_at.is_(None))
        .where(Referrer.merged_into == referrer_id)
        .order_by(ReferrerMerge.at.desc(), ReferrerMerge.id)
    )  # fmt: skip
    return [(merge, row) for merge, row in rows]
