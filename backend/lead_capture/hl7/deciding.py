"""People say whose messages are; the job that takes messages then takes them, in their order and once."""

import uuid
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.crypto import open_sealed
from backend.core.database import practice_of
from backend.core.inbox import WebhookDelivery
from backend.core.jobs import later
from backend.core.problems import Conflict, Invalid, NotFound
from backend.lead_capture.hl7 import questions
from backend.lead_capture.hl7.models import Hl7Question
from backend.lead_capture.hl7.question_schemas import Asked, Hl7DecideIn, PersonSaid
from backend.patients import service as patients
from backend.patients.matching import Identity
from backend.patients.pool import Pool
from backend.patients.schemas import PatientFacts

TOO_LITTLE = "The message says too little to make somebody new. Choose the patient, or add them first."


def opened(row: Hl7Question, key: bytes) -> Asked:
    """What is shown of it."""
    return Asked.model_validate_json(open_sealed(key, row.sealed, questions.place(row.id)))


def may_be_new(person: PersonSaid) -> bool:
    """Whether it is somebody with a name and something to know them by again."""
    return bool(person.first_name and person.last_name and (person.mrn or person.dob))


async def one(session: AsyncSession, question_id: uuid.UUID) -> Hl7Question:
    """Raises `NotFound`."""
    found = await session.get(Hl7Question, (practice_of(session), question_id))
    if found is None:
        raise NotFound("There is no such message in this practice.")
    return found


async def same_words(session: AsyncSession, question: Hl7Question, state: str) -> Sequence[Hl7Question]:
    """It and the others about a patient called so, in their order, locked."""
    query = select(Hl7Question).where(Hl7Question.practice_id == practice_of(session), Hl7Question.state == state)
    if question.said is None:
        query = query.where(Hl7Question.id == question.id)
    else:
        query = query.where(Hl7Question.sender_id == question.sender_id, Hl7Question.said == question.said)
    locked = query.order_by(Hl7Question.id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()


async def decide(session: AsyncSession, question_id: uuid.UUID, body: Hl7DecideIn, key: bytes) -> uuid.UUID:
    """For all of these words. Raises `NotFound`, `Conflict` once it is decided, `Invalid`."""
    question = await one(session, question_id)
    open_ones = await same_words(session, question, "open")
    if question.id not in {row.id for row in open_ones}:
        raise Conflict("Somebody has said already whose this is. Load the page again.")
    if body.decision == "leave_out":
        await _leave_out(session, open_ones)
        return question.id
    person = opened(question, key).person
    patient_id = body.patient_id or await _somebody_new(session, person)
    patient = await patients.get(session, patient_id)
    for row in open_ones:
        row.state, row.patient_id = "decided", patient.merged_into or patient.id
        row.decided_at, row.decided_by = now(), actor_of(session).name
        questions.tell(session, row.id)
    await session.flush()
    for delivery in await _deliveries(session, open_ones):
        delivery.state, delivery.error_code, delivery.processed_at = "pending", None, None
        delivery.replays += 1
        await later(session, delivery.kind, delivery.id, key=f"{delivery.id}:{delivery.replays}")
    await session.flush()
    return question.id


async def _leave_out(session: AsyncSession, rows: Sequence[Hl7Question]) -> None:
    for row in rows:
        row.state, row.decided_at, row.decided_by = "left", now(), actor_of(session).name
        questions.tell(session, row.id)
    for delivery in await _deliveries(session, rows):
        delivery.state, delivery.error_code, delivery.processed_at = "ignored", None, now()
    await session.flush()


async def _deliveries(session: AsyncSession, rows: Sequence[Hl7Question]) -> Sequence[WebhookDelivery]:
    found = await session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.practice_id == practice_of(session), WebhookDelivery.id.in_([row.id for row in rows]))
        .order_by(WebhookDelivery.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def _somebody_new(session: AsyncSession, person: PersonSaid) -> uuid.UUID:
    """A record number somebody else has stays theirs."""
    facts: dict[str, Any] = person.model_dump()
    identity = Identity(**facts)
    if not may_be_new(person):
        raise Invalid(TOO_LITTLE, errors=[("/decision", "too little is said")])
    pool = await Pool.load(session, [identity])
    if person.mrn and pool.of_record(person.mrn):
        facts["mrn"] = None
    try:
        return (await patients.create(session, PatientFacts.model_validate(facts))).id
    except ValidationError:
        raise Invalid(TOO_LITTLE, errors=[("/decision", "too little is said")]) from None


async def forget(session: AsyncSession, question_id: uuid.UUID) -> uuid.UUID:
    """What comes next of these words is asked about again. Raises `NotFound`, `Conflict`."""
    question = await one(session, question_id)
    decided = await same_words(session, question, "decided")
    if question.id not in {row.id for row in decided}:
        raise Conflict("Nothing is remembered of this.")
    for row in decided:
        row.state = "settled"
        questions.tell(session, row.id)
    await session.flush()
    return question.id
