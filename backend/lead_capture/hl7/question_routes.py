"""Whose an HL7 message is, asked of the desk."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from sqlalchemy import String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.inbox import WebhookDelivery
from backend.core.pages import Cursor, Limit, cut, decode_cursor, encode_cursor
from backend.core.problems import Invalid
from backend.identity import queries as identity
from backend.identity.access import Allowed, Context, Transaction
from backend.lead_capture.hl7 import deciding
from backend.lead_capture.hl7.models import Hl7Question, Hl7Sender
from backend.lead_capture.hl7.question_schemas import (
    Hl7DecideIn,
    Hl7MessageSaid,
    Hl7QuestionCount,
    Hl7QuestionOut,
    Hl7QuestionPage,
    MaybePatient,
    MaybePatients,
    PersonSaid,
    State,
)
from backend.patients import matching
from backend.patients.matching import Identity
from backend.patients.models import Patient
from backend.patients.queries import display_name, found_by

router = APIRouter(prefix="/api/v1/hl7-questions", tags=["lead capture"])
# Not for the liaison: appointments and record numbers are shown.
Reader = Annotated[Actor, Depends(Allowed("schedule:read"))]
Writer = Annotated[Actor, Depends(Allowed("leads:write"))]
# Of one patient; the others are counted.
SHOWN: Final = 5
CANDIDATES: Final = 6


@router.get("", operation_id="listHl7Questions", summary="HL7 messages whose patient is unclear")
async def list_hl7_questions(
    _: Reader,
    context: Context,
    session: Transaction,
    state: Annotated[State, Query(description="still asked, or decided and remembered")] = "open",
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Hl7QuestionPage:
    """By patient as the EMR calls them, newest first, with who may be meant."""
    newest = await _newest(session, state, _place(cursor), min(limit, 50) + 1)
    heads, more = cut(newest, min(limit, 50))
    key = await identity.practice_key(session, context)
    items = await _shown(session, [row_id for row_id, _ in heads], dict(heads), key)
    people = {each.patient_id for item in items for each in (*item.candidates, item.patient) if each is not None}
    await audit.record(session, "hl7_questions.viewed", f"hl7_questions:{state}", people)
    return Hl7QuestionPage(items=items, next_cursor=encode_cursor([heads[-1][0]]) if more else None)


@router.get("/count", operation_id="countHl7Questions", summary="How many patients are asked about")
async def count_hl7_questions(_: Reader, session: Transaction) -> Hl7QuestionCount:
    """For the notice on My day."""
    found = select(func.count(func.distinct(_group()))).where(
        Hl7Question.practice_id == practice_of(session), Hl7Question.state == "open"
    )
    return Hl7QuestionCount(open=await session.scalar(found) or 0)


@router.get("/patients", operation_id="findPatientsForHl7", summary="Find the patient who is meant")
async def find_patients_for_hl7(
    _: Writer,
    session: Transaction,
    q: Annotated[str, Query(min_length=2, max_length=100, description="name, phone, date of birth or record number")],
) -> MaybePatients:
    """Also those without a lead."""
    rows = await session.scalars(
        select(Patient)
        .where(Patient.id.in_(found_by(practice_of(session), q)), Patient.practice_id == practice_of(session))
        .where(Patient.merged_into.is_(None))
        .order_by(Patient.last_name, Patient.first_name, Patient.id)
        .limit(10)
    )
    items = [_patient(row, []) for row in rows]
    await audit.record(session, "search.done", "hl7_questions", {item.patient_id for item in items})
    return MaybePatients(items=items)


@router.post("/{question_id}/decide", operation_id="decideHl7Question", summary="Say whose a message is")
async def decide_hl7_question(
    question_id: uuid.UUID, body: Hl7DecideIn, _: Writer, context: Context, session: Transaction
) -> Hl7QuestionOut:
    """Holds for all this interface has sent and will send about a patient called so. 409 once it is decided."""
    key = await identity.practice_key(session, context)
    await deciding.decide(session, question_id, body, key)
    return await _told(session, question_id, key, "hl7_question.decided")


@router.post("/{question_id}/forget", operation_id="forgetHl7Decision", summary="Ask again next time")
async def forget_hl7_decision(
    question_id: uuid.UUID, _: Writer, context: Context, session: Transaction
) -> Hl7QuestionOut:
    """What was taken stays; messages that come later are asked about."""
    await deciding.forget(session, question_id)
    return await _told(session, question_id, await identity.practice_key(session, context), "hl7_question.forgotten")


async def _told(session: AsyncSession, question_id: uuid.UUID, key: bytes, event: str) -> Hl7QuestionOut:
    (item,) = await _shown(session, [question_id], {}, key)
    people = [item.patient.patient_id] if item.patient else []
    await audit.record(session, event, f"hl7_question:{question_id}", people)
    return item


def _place(cursor: str | None) -> uuid.UUID | None:
    if not cursor:
        return None
    try:
        return uuid.UUID(decode_cursor(cursor, 1)[0])
    except (TypeError, ValueError, AttributeError):
        raise Invalid("Use the next_cursor of the page before.", errors=[("query/cursor", "unknown")]) from None


def _group() -> Any:
    words = func.encode(Hl7Question.said, "hex")
    return func.coalesce(cast(Hl7Question.sender_id, String) + words, cast(Hl7Question.id, String))


async def _newest(
    session: AsyncSession, state: str, before: uuid.UUID | None, limit: int
) -> list[tuple[uuid.UUID, int]]:
    """The newest question of each patient, and how many there are."""
    last = func.max(cast(Hl7Question.id, String))
    query = (
        select(last, func.count())
        .where(Hl7Question.practice_id == practice_of(session), Hl7Question.state == state)
        .group_by(_group())
        .order_by(last.desc())
        .limit(limit)
    )
    if before:
        query = query.having(last < str(before))
    return [(uuid.UUID(row[0]), row[1]) for row in await session.execute(query)]


async def _shown(
    session: AsyncSession, ids: Sequence[uuid.UUID], counts: dict[uuid.UUID, int], key: bytes
) -> list[Hl7QuestionOut]:
    rows = await session.scalars(
        select(Hl7Question)
        .where(Hl7Question.practice_id == practice_of(session), Hl7Question.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in rows}
    heads = [found[each] for each in ids if each in found]
    chosen = await _patients(session, {row.patient_id for row in heads if row.patient_id})
    named = await session.scalars(
        select(Hl7Sender)
        .where(Hl7Sender.practice_id == practice_of(session), Hl7Sender.id.in_({row.sender_id for row in heads}))
    )  # fmt: skip
    senders = {sender.id: sender.name for sender in named}
    items = []
    for row in heads:
        asked = deciding.opened(row, key)
        messages = await _messages(session, row, key)
        maybe = await _candidates(session, asked.person) if row.state == "open" else []
        items.append(
            Hl7QuestionOut(
                id=row.id, sender_name=senders[row.sender_id], state="open" if row.state == "open" else "decided",
                why=row.why, person=asked.person, messages=messages, count=counts.get(row.id, len(messages)),
                candidates=maybe, may_be_new=deciding.may_be_new(asked.person),
                patient=chosen.get(row.patient_id) if row.patient_id else None, decided_by=row.decided_by,
                decided_at=row.decided_at, outcome=row.outcome, detail=row.detail,
            )
        )  # fmt: skip
    return items


async def _messages(session: AsyncSession, head: Hl7Question, key: bytes) -> list[Hl7MessageSaid]:
    query = select(Hl7Question, WebhookDelivery.received_at).join(WebhookDelivery, WebhookDelivery.id == Hl7Question.id)
    query = query.where(Hl7Question.practice_id == practice_of(session), Hl7Question.state == head.state)
    if head.said is None:
        query = query.where(Hl7Question.id == head.id)
    else:
        query = query.where(Hl7Question.sender_id == head.sender_id, Hl7Question.said == head.said)
    said = []
    for row, received_at in await session.execute(query.order_by(Hl7Question.id.desc()).limit(SHOWN)):
        asked = deciding.opened(row, key)
        said.append(Hl7MessageSaid(event=asked.event, starts_at=asked.starts_at, received_at=received_at))
    return said


async def _candidates(session: AsyncSession, person: PersonSaid) -> list[MaybePatient]:
    matches = await matching.find(session, Identity(**person.model_dump()), at_least=0, nameless=True)
    reasons = {match.patient_id: list(match.reasons) for match in matches[:CANDIDATES]}
    rows = await _patients(session, reasons)
    return [rows[each].model_copy(update={"reasons": reasons[each]}) for each in reasons if each in rows]


async def _patients(session: AsyncSession, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, MaybePatient]:
    rows = await session.scalars(
        select(Patient).where(Patient.practice_id == practice_of(session), Patient.id.in_(list(ids)))
    )
    return {row.id: _patient(row, []) for row in rows}


def _patient(row: Patient, reasons: list[str]) -> MaybePatient:
    return MaybePatient(
        patient_id=row.id, display_name=display_name(row), dob=row.dob, phone=row.phone, mrn=row.mrn, reasons=reasons
    )
