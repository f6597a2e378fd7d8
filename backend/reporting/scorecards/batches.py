"""Scorecards of all referrers of a period: prepared by a job, looked at by a person, then sent as letters by a job."""

import asyncio
import uuid
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.jobs import JobRun, later
from backend.core.problems import Conflict, NotFound, StaleVersion
from backend.identity.queries import practice_key
from backend.loop import letters, rules
from backend.loop.content import Sender
from backend.loop.facts import sender_at
from backend.loop.models import Letter
from backend.referral_sources.models import Referrer
from backend.reporting.models import LeadFact
from backend.reporting.saved_models import ScorecardBatch, ScorecardRow
from backend.reporting.scorecards import content, page
from backend.reporting.scorecards.schemas import ScorecardOut
from backend.reporting.scorecards.showing import shown

PREPARE: Final = "reporting.prepare_scorecards"
SEND: Final = "reporting.send_scorecards"
# Referrers in one transaction: a few seconds of work.
AT_ONCE: Final = 25


async def begin(session: AsyncSession, start: date, end: date, *, monthly: bool = False) -> uuid.UUID | None:
    """A batch, and the job that prepares it; None when the month has its own already."""
    row = {
        "practice_id": practice_of(session), "id": new_id(), "start": start, "ends": end, "monthly": monthly,
        "state": "preparing", "made_at": now(), "made_by": actor_of(session).name, "version": 1,
    }  # fmt: skip
    statement = insert(ScorecardBatch).values(row).on_conflict_do_nothing().returning(ScorecardBatch.id)
    batch_id = await session.scalar(statement)
    if batch_id is not None:
        await later(session, PREPARE, batch_id, key=str(batch_id))
    return batch_id


async def each_month(session: AsyncSession, today: date) -> None:
    """The batch of the twelve months that ended last, where there are referrals to tell of."""
    start, end = content.usual_period(today)
    known = select(ScorecardBatch.id).where(
        ScorecardBatch.practice_id == practice_of(session), ScorecardBatch.monthly, ScorecardBatch.ends == end
    )
    if await session.scalar(known) is None and await session.scalar(_referrers(session, start, end).limit(1)):
        await begin(session, start, end, monthly=True)


def _referrers(session: AsyncSession, start: date, end: date) -> Select[Any]:
    """Those whose referrals came in the period."""
    return select(LeadFact.referrer_id).distinct().where(
        LeadFact.practice_id == practice_of(session), LeadFact.received_on.between(start, end),
        LeadFact.referrer_id.is_not(None), LeadFact.excluded.is_(None),
    )  # fmt: skip


async def prepare(run: JobRun) -> None:
    """The job: one scorecard per referrer, some at a time, so that it goes on where it stopped."""
    while True:
        async with run.transaction() as session:
            batch = await session.get(ScorecardBatch, (run.practice_id, run.ref_id), with_for_update=True)
            if batch is None or batch.state != "preparing":
                await run.finish(session)
                return
            done = select(ScorecardRow.referrer_id).where(
                ScorecardRow.practice_id == run.practice_id, ScorecardRow.batch_id == batch.id
            )
            query = _referrers(session, batch.start, batch.ends).where(LeadFact.referrer_id.not_in(done))
            missing = (await session.scalars(query.limit(AT_ONCE))).all()
            for referrer_id in missing:
                session.add(await _card(session, batch.id, referrer_id, batch.start, batch.ends))
            if not missing:
                batch.state, batch.version = "ready", batch.version + 1
                await run.finish(session)
            _tell(session, batch)
            await session.flush()


async def _card(
    session: AsyncSession, batch_id: uuid.UUID | None, referrer_id: uuid.UUID, start: date, end: date
) -> ScorecardRow:
    card = await content.of(session, referrer_id, start, end)
    skip = await reason_not_to(session, await letters.referrer_of(session, referrer_id))
    skip = skip or (None if card.said else "nothing_to_say")
    return ScorecardRow(
        practice_id=practice_of(session), id=new_id(), batch_id=batch_id, referrer_id=referrer_id, start=start,
        ends=end, made_at=now(), content=shown(card).model_dump(mode="json", by_alias=True), said=card.said,
        chosen=skip is None, skip=skip, state="prepared", version=1,
    )  # fmt: skip


async def reason_not_to(session: AsyncSession, referrer: Referrer) -> str | None:
    """Why this referrer would not get one."""
    quiet = await rules.quiet(session, referrer, "scorecard")
    if quiet is not None:
        return quiet
    return None if await rules.way_to(session, referrer) else "no_address"


async def single(session: AsyncSession, referrer_id: uuid.UUID, start: date, end: date) -> ScorecardRow:
    """One scorecard beside any batch. Raises `Conflict` when there is nothing to say."""
    row = await _card(session, None, referrer_id, start, end)
    if not row.said:
        raise Conflict("The data of this period carry none of the sentences, so there is nothing to send.")
    row.chosen = True
    session.add(row)
    await session.flush()
    return row


async def one(session: AsyncSession, batch_id: uuid.UUID, *, lock: bool = False) -> ScorecardBatch:
    """A batch. Raises `NotFound`."""
    batch = await session.get(
        ScorecardBatch, (practice_of(session), batch_id), with_for_update=lock or None, populate_existing=True
    )
    if batch is None:
        raise NotFound("There is no such batch in this practice.")
    return batch


async def card(session: AsyncSession, scorecard_id: uuid.UUID) -> ScorecardRow:
    """A prepared scorecard. Raises `NotFound`."""
    row = await session.get(ScorecardRow, (practice_of(session), scorecard_id), populate_existing=True)
    if row is None:
        raise NotFound("There is no such scorecard in this practice.")
    return row


async def choose(session: AsyncSession, scorecard_id: uuid.UUID, version: int, *, chosen: bool) -> ScorecardRow:
    """Send this one with its batch, or not. Raises `StaleVersion`, `Conflict`."""
    row = await card(session, scorecard_id)
    if row.batch_id is not None and (await one(session, row.batch_id, lock=True)).state != "ready":
        raise Conflict("This batch has been sent, or is still being prepared.")
    row = await card(session, scorecard_id)
    if row.version != version:
        raise StaleVersion(row.version)
    if chosen and row.skip is not None:
        raise Conflict("This referrer does not get scorecards, or there is nothing to say; see skip.")
    row.chosen, row.version = chosen, row.version + 1
    await session.flush()
    return row


async def send(session: AsyncSession, batch_id: uuid.UUID, version: int) -> ScorecardBatch:
    """Those chosen go out. Raises `StaleVersion`, `Conflict`."""
    batch = await one(session, batch_id, lock=True)
    if batch.version != version:
        raise StaleVersion(batch.version)
    if batch.state != "ready":
        raise Conflict("This batch has been sent, or is still being prepared.")
    batch.state, batch.version = "sending", batch.version + 1
    batch.sent_at, batch.sent_by = now(), actor_of(session).name
    await later(session, SEND, batch.id, key=str(batch.id))
    _tell(session, batch)
    await session.flush()
    return batch


async def send_all(context: ProcessContext, run: JobRun) -> None:
    """The job: draw and store each outside of any transaction, then write its letter; goes on where it stopped."""
    while True:
        async with run.transaction() as session:
            query = select(ScorecardRow).where(
                ScorecardRow.practice_id == run.practice_id, ScorecardRow.batch_id == run.ref_id, ScorecardRow.chosen,
                ScorecardRow.state != "sent",
            )  # fmt: skip
            rows = (await session.scalars(query.order_by(ScorecardRow.id).limit(AT_ONCE))).all()
            key, sender = await practice_key(session, context), await sender_at(session, None)
            if not rows:
                batch = await one(session, run.ref_id, lock=True)
                batch.state, batch.version = "sent", batch.version + 1
                _tell(session, batch)
                await run.finish(session)
                return
        for row in rows:
            stored = await draw(context, run.practice_id, key, row, sender)
            async with run.transaction() as session:
                await write(session, row.id, stored)


async def draw(
    context: ProcessContext, practice_id: uuid.UUID, key: bytes, row: ScorecardRow, sender: Sender
) -> documents.StoredDocument:
    """The page, sealed in the object store."""
    data = await asyncio.to_thread(page.build, ScorecardOut.model_validate(row.content), sender)
    return await context.documents.put(practice_id, key, data, "application/pdf")


async def write(session: AsyncSession, scorecard_id: uuid.UUID, stored: documents.StoredDocument) -> Letter:
    """The letter that carries it; a scorecard that has one keeps it."""
    query = select(ScorecardRow).where(
        ScorecardRow.practice_id == practice_of(session), ScorecardRow.id == scorecard_id
    )
    row = (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).one()
    if row.letter_id is not None:
        return await session.get_one(Letter, (row.practice_id, row.letter_id))
    documents.record(session, stored)
    await session.flush()
    letter = await letters.write(
        session, "scorecard", referrer_id=row.referrer_id, ref_id=row.id, document=stored.id, at_once=True
    )
    row.document_id, row.letter_id, row.state, row.version = stored.id, letter.id, "sent", row.version + 1
    await session.flush()
    return letter


async def counts(session: AsyncSession, batch_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int, int]]:
    """By batch: how many cards, chosen, sent."""
    query = (
        select(
            ScorecardRow.batch_id, func.count(), func.count().filter(ScorecardRow.chosen),
            func.count().filter(ScorecardRow.state == "sent"),
        )
        .where(ScorecardRow.practice_id == practice_of(session), ScorecardRow.batch_id.in_(batch_ids))
        .group_by(ScorecardRow.batch_id)
    )  # fmt: skip
    rows = (await session.execute(query)).all()
    return {row[0]: (row[1], row[2], row[3]) for row in rows if row[0] is not None}


def _tell(session: AsyncSession, batch: ScorecardBatch) -> None:
    tell_live(session, [LiveEvent("scorecards.changed", str(batch.id), batch.version, actor_of(session).mutation_id)])
