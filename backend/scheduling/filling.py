"""A visit is given up: its time goes to who waits. A few are asked at a time, by priority; the first yes has it.

Each text is written in a transaction of its own that locks the thread first and the opening last, as a reply does.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.jobs import JobRun, later
from backend.leads.models import Lead
from backend.scheduling import acting, asking, slots, visit_settings, visit_texts
from backend.scheduling.appointment_models import OPEN, Appointment, WaitlistEntry
from backend.scheduling.asking import Whom
from backend.scheduling.grid import MINUTES, Grid, tick_of
from backend.scheduling.models import AppointmentType
from backend.scheduling.offer_models import SlotOffer, WaitlistOpening
from backend.scheduling.wishes import fits_windows
from backend.scheduling.words import SlotQuery, Window

FILL: Final = "scheduling.fill_opening"
# A time nearer than this is not offered: nobody could come.
TOO_LATE: Final = timedelta(hours=1)
NEVER: Final = datetime.max.replace(tzinfo=UTC)


async def opened(
    session: AsyncSession, appointment: Appointment, at: datetime, clinician_id: uuid.UUID, location_id: uuid.UUID
) -> None:
    """A time of this appointment's is free; a job offers it to who waits."""
    if not (await visit_settings.of_practice(session)).waitlist or at <= now() + TOO_LATE:
        return
    waiting = select(WaitlistEntry.id).where(
        WaitlistEntry.practice_id == practice_of(session), WaitlistEntry.state == "waiting",
        WaitlistEntry.type_id == appointment.type_id,
    )  # fmt: skip
    if await session.scalar(waiting.limit(1)) is None:
        return
    opening = WaitlistOpening(
        practice_id=practice_of(session), id=new_id(), type_id=appointment.type_id, clinician_id=clinician_id,
        location_id=location_id, starts_at=at, given_up_by=appointment.patient_id, state="open", created_at=now(),
    )  # fmt: skip
    session.add(opening)
    await session.flush()
    await later(session, FILL, opening.id, key=str(opening.id))


async def fill(run: JobRun) -> None:
    """Ask the next few; come back when their time to answer is over."""
    async with run.transaction() as session:
        chosen = await visit_settings.of_practice(session)
        opening = await session.get(WaitlistOpening, (run.practice_id, run.ref_id))
        who = await _next(session, opening) if opening is not None and chosen.waitlist else []
    asked, waits = 0, []
    for entry_id in who:
        if asked == chosen.waitlist_batch:
            break
        async with run.transaction() as session:
            wait = await _ask(session, run.ref_id, entry_id)
        asked += wait is None
        waits += [wait] if wait is not None else []
    async with run.transaction() as session:
        following = now() + timedelta(minutes=chosen.waitlist_minutes) if asked else min(waits, default=NEVER)
        if following < NEVER and opening is not None and following < opening.starts_at - TOO_LATE:
            await run.again(session, following)
        else:
            await run.finish(session)


async def _next(session: AsyncSession, opening: WaitlistOpening | None) -> Sequence[uuid.UUID]:
    """Those whom the time fits and who have not been asked, in their order; nobody once it is taken."""
    if opening is None or opening.state != "open" or not await _free(session, opening):
        return []
    asked = select(SlotOffer.entry_id).where(
        SlotOffer.practice_id == opening.practice_id, SlotOffer.opening_id == opening.id
    )
    row = WaitlistEntry
    query = (
        select(row)
        .where(row.practice_id == opening.practice_id, row.state == "waiting", row.type_id == opening.type_id)
        .where(row.location_id.is_(None) | (row.location_id == opening.location_id))
        .where(row.clinician_id.is_(None) | (row.clinician_id == opening.clinician_id))
        .where(row.id.not_in(asked), row.patient_id != (opening.given_up_by or uuid.UUID(int=0)))
        .order_by(row.priority.desc(), row.created_at, row.id)
    )
    return [entry.id for entry in await session.scalars(query) if await _fits(session, opening, entry)]


async def _free(session: AsyncSession, opening: WaitlistOpening) -> bool:
    """Whether it could still be booked; the practice's notice for patients does not bind an opening."""
    if opening.starts_at <= now() + TOO_LATE:
        return False
    query = SlotQuery(
        opening.type_id, opening.starts_at, opening.starts_at + timedelta(minutes=MINUTES), opening.location_id,
        opening.clinician_id, audience="staff", limit=1,
    )  # fmt: skip
    return any(slot.starts_at == opening.starts_at for slot in await slots.find(session, query))


async def _fits(session: AsyncSession, opening: WaitlistOpening, entry: WaitlistEntry) -> bool:
    visit = await visit_texts.visit(session, opening.starts_at, opening.clinician_id, opening.location_id)
    zone = ZoneInfo(visit.location.timezone)
    day = opening.starts_at.astimezone(zone).date()
    if (entry.earliest and day < entry.earliest) or (
        entry.expires_on and now().astimezone(zone).date() > entry.expires_on
    ):
        return False
    theirs = await acting.later_visit(session, entry)
    if theirs is not None and (theirs.status not in OPEN or theirs.starts_at <= opening.starts_at):
        return False
    windows: tuple[Window, ...] = tuple((day, start, end) for day, start, end in entry.windows)
    if not windows:
        return True
    kind = await session.get_one(AppointmentType, (entry.practice_id, opening.type_id))
    grid = Grid.over(opening.starts_at - timedelta(days=1), opening.starts_at + timedelta(days=1))
    return fits_windows(zone, windows, grid, tick_of(opening.starts_at) - grid.base, kind.minutes // MINUTES)


async def _ask(session: AsyncSession, opening_id: uuid.UUID, entry_id: uuid.UUID) -> datetime | None:
    """One text, if it may go out now. None when it does; else when it might, and the thread begun for it is undone."""
    undo = await session.begin_nested()
    wait = await _may_ask(session, opening_id, entry_id)
    await (undo.commit() if wait is None else undo.rollback())
    return wait


async def _may_ask(session: AsyncSession, opening_id: uuid.UUID, entry_id: uuid.UUID) -> datetime | None:
    practice_id = practice_of(session)
    entry = await session.get_one(WaitlistEntry, (practice_id, entry_id), populate_existing=True)
    opening = await session.get_one(WaitlistOpening, (practice_id, opening_id))
    conversation = await visit_texts.thread(session, entry.patient_id, opening.location_id)
    if conversation is None:
        return NEVER
    verdict = await visit_texts.may_send(session, conversation)
    if verdict.action != "send":
        return verdict.until or NEVER
    if entry.lead_id:
        await session.get_one(Lead, (practice_id, entry.lead_id), with_for_update=True, populate_existing=True)
    opening = await session.get_one(
        WaitlistOpening, (practice_id, opening_id), with_for_update=True, populate_existing=True
    )
    if opening.state != "open" or entry.state != "waiting":
        return NEVER
    visit = await visit_texts.visit(session, opening.starts_at, opening.clinician_id, opening.location_id)
    body = await visit_texts.body(session, "waitlist_opening", conversation, visit)
    message = await visit_texts.write(session, conversation, body, entry.lead_id)
    # A yes that comes after others were asked still counts while nobody else has said it.
    asking.ask(
        session, "opening", Whom(conversation.id, entry.patient_id, entry.lead_id), opening.starts_at,
        opening_id=opening.id, entry_id=entry.id, message_id=message.id, about_at=opening.starts_at,
    )  # fmt: skip
    await asking.note(session, entry.lead_id, "opening_offered", text=visit.known(None)["when"])
    return None


async def tell_gone(run: JobRun) -> None:
    """The time has gone to somebody: the others who were asked are told."""
    async with run.transaction() as session:
        rows = await session.execute(
            select(SlotOffer.id, SlotOffer.patient_id).where(
                SlotOffer.practice_id == run.practice_id, SlotOffer.opening_id == run.ref_id,
                SlotOffer.state == "open",
            )
        )  # fmt: skip
        asked = rows.all()
        opening = await session.get_one(WaitlistOpening, (run.practice_id, run.ref_id))
    for offer_id, patient_id in asked:
        async with run.transaction() as session:
            await _tell_gone(session, opening, offer_id, patient_id)
    async with run.transaction() as session:
        await run.finish(session)


async def _tell_gone(
    session: AsyncSession, opening: WaitlistOpening, offer_id: uuid.UUID, patient_id: uuid.UUID
) -> None:
    conversation = await visit_texts.thread(session, patient_id, opening.location_id)
    offer = await session.get_one(
        SlotOffer, (practice_of(session), offer_id), with_for_update=True, populate_existing=True
    )
    if offer.state != "open" or conversation is None:
        return
    asking.close(offer, "lost")
    if (await visit_texts.may_send(session, conversation)).action == "send":
        visit = await visit_texts.visit(session, opening.starts_at, opening.clinician_id, opening.location_id)
        body = await visit_texts.body(session, "waitlist_gone", conversation, visit)
        await visit_texts.write(session, conversation, body, offer.lead_id)
