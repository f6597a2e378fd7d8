"""Read conversations and messages."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.identity.owners import owned_by, owner_names
from backend.leads.models import Lead
from backend.messaging import consent, facts
from backend.messaging.calls import queries as calls
from backend.messaging.models import Conversation, ConversationPatient, Message, PhoneLine
from backend.messaging.schemas import (
    ConversationCounts,
    ConversationOut,
    MessageOut,
    OpenConversation,
    PersonOut,
    VerdictOut,
)
from backend.patients.models import Patient
from backend.patients.queries import display_name

Filter = Literal["waiting", "mine", "unassigned", "undeliverable", "all"]


def _visible(session: AsyncSession) -> Select[Conversation]:
    return (
        select(Conversation)
        .where(Conversation.practice_id == practice_of(session))
        .where(within(session, "messages:read", Conversation.location_id))
    )


async def latest(
    session: AsyncSession, wanted: Filter, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> Sequence[Conversation]:
    """Conversations, the latest first, after a cursor of (last_at, id)."""
    query = _visible(session)
    match wanted:
        case "waiting":
            query = query.where(Conversation.waiting)
        case "mine":
            query = query.where(owned_by(session, "me", Conversation))
        case "unassigned":
            query = query.where(Conversation.owner_user_id.is_(None), Conversation.owner_team_id.is_(None))
        case "undeliverable":
            query = query.where(Conversation.undeliverable)
    if before:
        query = query.where(tuple_(Conversation.last_at, Conversation.id) < before)
    rows = await session.scalars(query.order_by(Conversation.last_at.desc(), Conversation.id.desc()).limit(limit))
    return rows.all()


async def one(session: AsyncSession, conversation_id: uuid.UUID) -> Conversation:
    """One conversation the caller may see. Raises `NotFound`."""
    await session.flush()
    query = _visible(session).where(Conversation.id == conversation_id)
    found = await session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such conversation in this practice.")
    return found


async def of_patient(session: AsyncSession, patient_id: uuid.UUID) -> Conversation:
    """The patient's latest conversation. Raises `NotFound` before the first text."""
    query = (
        _visible(session)
        .join(
            ConversationPatient,
            (ConversationPatient.practice_id == Conversation.practice_id)
            & (ConversationPatient.conversation_id == Conversation.id),
        )
        .where(ConversationPatient.patient_id == patient_id)
        .order_by(Conversation.last_at.desc())
        .limit(1)
    )
    found = await session.scalar(query)
    if found is None:
        raise NotFound("Nobody has texted with this patient yet.")
    return found


async def counts(session: AsyncSession) -> ConversationCounts:
    """For badges."""
    visible = _visible(session).where(Conversation.waiting).subquery()
    row = (await session.execute(select(func.count(), func.coalesce(func.sum(visible.c.unread), 0)))).one()
    return ConversationCounts(waiting=row[0], unread=row[1])


async def shown(session: AsyncSession, rows: Sequence[Conversation]) -> list[ConversationOut]:
    """Conversations with people, owners and the last text: four queries, however many."""
    ids = [row.id for row in rows]
    people, last = await _people(session, ids), await _last_texts(session, ids)
    owners = await owner_names(session, list(rows))
    lines = await session.scalars(select(PhoneLine).where(PhoneLine.practice_id == practice_of(session)))
    number_of = {line.id: line.number for line in lines}
    return [
        ConversationOut(
            id=row.id, version=row.version, phone=row.phone, our_number=number_of[row.line_id],
            location_id=row.location_id, people=people[row.id],
            owner=owners.get(row.owner_user_id or row.owner_team_id or row.id), waiting=row.waiting, unread=row.unread,
            undeliverable=row.undeliverable, last_at=row.last_at, last_text=last.get(row.id, (None, None))[0],
            last_direction=last.get(row.id, (None, None))[1],
        )
        for row in rows
    ]  # fmt: skip


async def _people(session: AsyncSession, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[PersonOut]]:
    newest = (
        select(Lead.id)
        .where(Lead.practice_id == Patient.practice_id, Lead.patient_id == Patient.id)
        .order_by(Lead.open.desc(), Lead.opened_at.desc())
        .limit(1)
        .correlate(Patient)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(ConversationPatient.conversation_id, Patient, newest)
        .join(
            Patient,
            (Patient.practice_id == ConversationPatient.practice_id) & (Patient.id == ConversationPatient.patient_id),
        )
        .where(ConversationPatient.practice_id == practice_of(session), ConversationPatient.conversation_id.in_(ids))
        .order_by(Patient.id)
    )
    found: dict[uuid.UUID, list[PersonOut]] = defaultdict(list)
    for conversation_id, patient, lead_id in rows:
        person = PersonOut(patient_id=patient.id, lead_id=lead_id, display_name=display_name(patient))
        found[conversation_id].append(person)
    return found


async def _last_texts(session: AsyncSession, ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[str, Any]]:
    of_thread = (
        select(Message.body, Message.direction)
        .where(Message.practice_id == Conversation.practice_id, Message.conversation_id == Conversation.id)
        .where(Message.direction != "note")
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
        .lateral()
    )
    rows = await session.execute(
        select(Conversation.id, of_thread.c.body, of_thread.c.direction)
        .join(of_thread, Conversation.id.is_not(None))
        .where(Conversation.practice_id == practice_of(session), Conversation.id.in_(ids))
    )
    return {conversation_id: (body, direction) for conversation_id, body, direction in rows}


async def opened(session: AsyncSession, conversation: Conversation) -> OpenConversation:
    """The thread as its page shows it."""
    base = (await shown(session, [conversation]))[0]
    verdict = await facts.verdict(session, conversation, "care")
    return OpenConversation(
        **base.model_dump(), consent=await consent.state(session, conversation.phone),
        verdict=VerdictOut.model_validate(verdict),
    )  # fmt: skip


async def messages(
    session: AsyncSession, conversation_id: uuid.UUID, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[MessageOut]:
    """The thread, newest first, after a cursor of (created_at, id)."""
    await session.flush()
    query = select(Message).where(
        Message.practice_id == practice_of(session), Message.conversation_id == conversation_id
    )
    if before:
        query = query.where(tuple_(Message.created_at, Message.id) < before)
    rows = (await session.scalars(query.order_by(Message.created_at.desc(), Message.id.desc()).limit(limit))).all()
    of_thread = await calls.by_ids(session, [row.call_id for row in rows if row.call_id])
    found = [(row.call_id, MessageOut.model_validate(row)) for row in rows]
    return [out.model_copy(update={"call": of_thread[call_id]}) if call_id else out for call_id, out in found]
