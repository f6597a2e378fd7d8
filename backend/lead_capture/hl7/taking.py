"""Messages become patients, appointments and visits: those of one sender one after the other, in their order."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import Actor, act_as
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.crypto import open_sealed
from backend.core.database import practice_of
from backend.core.inbox import WebhookDelivery
from backend.core.jobs import Discard, JobRun, LostLease
from backend.core.logging import get_logger
from backend.identity.queries import practice_key
from backend.lead_capture.emr import appointments, directory
from backend.lead_capture.emr.appointments import DELETED, Planned
from backend.lead_capture.emr.directory import Directory
from backend.lead_capture.emr.words import kind_of, moment, state_of
from backend.lead_capture.hl7 import persons, questions
from backend.lead_capture.hl7.models import Hl7Sender
from backend.lead_capture.hl7.ports import Content, Reader, Refused
from backend.lead_capture.hl7.questions import Choice
from backend.lead_capture.hl7.receiving import PROVIDER
from backend.lead_capture.imports.done import Done
from backend.patients.pool import Pool

CANCELS: Final = {"S15": "canceled", "S17": "canceled", "S26": "no_show"}
# What a person finds under Settings, Provider events.
CODES: Final = {"failed": "not_accepted"}
log = get_logger(__name__)


async def take(context: ProcessContext, reader: Reader, run: JobRun) -> None:
    """This message, and before it whatever came earlier from the same sender and waits."""
    stuck: set[uuid.UUID] = set()
    while True:
        try:
            current = run.ref_id
            async with run.transaction() as session:
                mine = await _delivery(session, run.ref_id)
                await _one_at_a_time(session, mine.account_key)
                await session.refresh(mine)
                first = await _first(session, mine, stuck)
                if mine.state == "pending" and first is not None:
                    current = first.id
                    await _settle(session, context, reader, first)
                if mine.state != "pending":
                    await run.finish(session)
                    return
        except LostLease:
            raise
        except Exception as error:
            if current == run.ref_id:
                raise
            # It has a job of its own, which will tell; those behind it go on.
            log.warning("hl7_skipped", error=type(error).__name__)
            stuck.add(current)


async def _delivery(session: AsyncSession, delivery_id: uuid.UUID) -> WebhookDelivery:
    found = await session.scalar(
        select(WebhookDelivery).where(
            WebhookDelivery.practice_id == practice_of(session), WebhookDelivery.id == delivery_id
        )
    )
    if found is None:
        raise Discard("delivery_gone")
    return found


async def _one_at_a_time(session: AsyncSession, account_key: str) -> None:
    lock = int.from_bytes(uuid.UUID(account_key).bytes[-8:], "big", signed=True)
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


async def _first(session: AsyncSession, mine: WebhookDelivery, stuck: set[uuid.UUID]) -> WebhookDelivery | None:
    """The earliest that waits, as far as it came."""
    return await session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.practice_id == mine.practice_id, WebhookDelivery.provider == PROVIDER)
        .where(WebhookDelivery.account_key == mine.account_key, WebhookDelivery.state == "pending")
        .where(WebhookDelivery.id <= mine.id, WebhookDelivery.id.not_in(stuck))
        .order_by(WebhookDelivery.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )


async def _settle(session: AsyncSession, context: ProcessContext, reader: Reader, delivery: WebhookDelivery) -> None:
    key = await practice_key(session, context)
    sender = await session.get_one(Hl7Sender, (delivery.practice_id, uuid.UUID(delivery.account_key)))
    act_as(session, Actor(delivery.practice_id, "system", "frontdesk", f"HL7 from {sender.name}", frozenset()))
    try:
        content = reader.content(open_sealed(key, delivery.sealed, f"delivery:{delivery.id}"))
    except Refused:
        _note(delivery, Done("failed", "unreadable"))
        return
    said = questions.said_by(key, content.person)
    done = await _apply(session, sender, content, await questions.choice(session, delivery.id, sender.id, said))
    _note(delivery, done)
    await session.flush()
    if questions.unclear(done):
        found = await directory.read(session)
        at = _moment(_planned(content, sender, found), found) if content.slot else None
        await questions.ask(session, delivery, sender.id, said, content, at, done.detail or "", key)
    else:
        await questions.answered(session, delivery.id, done)


def _moment(said: Planned | Done, found: Directory) -> datetime | None:
    return moment(said.day, said.at, found.zone(found.clinic(said.clinic))) if isinstance(said, Planned) else None


def _note(delivery: WebhookDelivery, done: Done) -> None:
    # As an administrator sees it.
    delivery.state = {"asked": "failed", "failed": "failed", "skipped": "ignored"}.get(done.outcome, "processed")
    delivery.error_code = questions.UNCLEAR if questions.unclear(done) else CODES.get(done.outcome)
    delivery.processed_at = now()


async def _apply(session: AsyncSession, sender: Hl7Sender, content: Content, choice: Choice) -> Done:
    event = content.envelope.event
    if content.envelope.message == "ADT":
        merges = event == "A40" and content.prior_mrn
        return await (persons.merged if merges else persons.told)(session, content, choice)
    found = await directory.read(session)
    said = _planned(content, sender, found)
    if isinstance(said, Done):
        return said
    if choice.decided is not None and choice.decided.patient_id is not None:
        pool = await Pool.load(session, [content.person])
        await persons.completed(session, pool, choice.decided.patient_id, content.person)
    return await appointments.take(
        session, said, found, "hl7", decided=choice.decided, remembered=choice.remembered
    )  # fmt: skip


def _planned(content: Content, sender: Hl7Sender, found: Directory) -> Planned | Done:
    slot, event = content.slot, content.envelope.event
    assert slot is not None
    clinic = found.clinic(slot.clinic) or sender.location_id
    at = _local(slot.starts_at, found, clinic)
    if at is None:
        return Done("failed", "no time")
    state = CANCELS.get(event) or state_of(slot.status or "") or "to_come"
    if event in {"S12", "S13"} and state in {"canceled", "clinic_canceled"}:
        # "Rescheduled" and the like are said of appointments that stand.
        state = "to_come"
    names = {place: name for name, place in found.clinics.items()}
    called = slot.clinic if found.clinic(slot.clinic) else " ".join(names[clinic]) if clinic in names else slot.clinic
    return Planned(
        content.person, slot.number, at.date(), at.time().replace(tzinfo=None), state, kind_of(slot.called or ""),
        slot.called, slot.clinician, called, DELETED if event == "S17" else slot.reason,
    )  # fmt: skip


def _local(at: datetime | None, found: Directory, clinic: uuid.UUID | None) -> datetime | None:
    """At the clinic's own clock; a message that names no zone means it."""
    if at is None or at.tzinfo is None:
        return at
    return at.astimezone(found.zone(clinic))
