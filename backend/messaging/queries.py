"""Read conversations and messages."""

import re
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, func, select, tuple_, union, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from backend.core.actor import actor_of, within
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.identity.owners import owner_names, team_ids
from backend.leads.models import Lead
from backend.messaging import attachments, consent, facts, mentions
from backend.messaging.calls import queries as calls
from backend.messaging.models import Conversation, ConversationPatient, Message, PhoneLine
from backend.messaging.schemas import (
    ConsentRecordOut,
    ConversationCounts,
    ConversationOut,
    MessageOut,
    OpenConversation,
    PersonOut,
    VerdictOut,
)
from backend.patient_links import marks
from backend.patients.models import Patient
from backend.patients.queries import display_name, found_by

Filter = Literal["waiting", "mine", "unassigned", "undeliverable", "mentioned", "all"]
WORDLESS = "Picture or file"
# A list shows how a text begins, not all of it.
PREVIEW = 160
FEWEST_DIGITS = 3


def _visible(session: AsyncSession) -> Select[Conversation]:
    return (
        select(Conversation)
        .where(Conversation.practice_id == practice_of(session))
        .where(within(session, "messages:read", Conversation.location_id))
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations: of a list, and (with `q`) of a person or number."""

    filter: Filter = "all"
    q: str | None = None


async def latest(
    session: AsyncSession, wanted: Wanted, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> Sequence[Conversation]:
    """Conversations, the latest first, after a cursor of (last_at, id)."""
    query = _visible(session)
    match wanted.filter:
        case "waiting":
            query = query.where(Conversation.waiting)
        case "unassigned":
            query = query.where(Conversation.owner_user_id.is_(None), Conversation.owner_team_id.is_(None))
        case "undeliverable":
            query = query.where(Conversation.undeliverable)
        case "mentioned":
            query = query.where(Conversation.id.in_(mentions.naming_me(session)))
    if wanted.q:
        query = query.where(Conversation.id.in_(_found_by(session, wanted.q)))
    if before:
        query = query.where(tuple_(Conversation.last_at, Conversation.id) < before)
    if wanted.filter == "mine":
        return await _mine(session, query, limit)
    rows = await session.scalars(query.order_by(Conversation.last_at.desc(), Conversation.id.desc()).limit(limit))
    return rows.all()


async def _mine(session: AsyncSession, query: Select[Conversation], limit: int) -> Sequence[Conversation]:
    """The caller's own and their teams': each read off its own index, since an OR would walk them all."""
    me, of_teams = actor_of(session).user_id, await team_ids(session)
    owned = [*([Conversation.owner_user_id == me] if me else []), *(Conversation.owner_team_id == t for t in of_teams)]
    if not owned:
        return []
    newest_first = (Conversation.last_at.desc(), Conversation.id.desc())
    parts = [query.where(condition).order_by(*newest_first).limit(limit) for condition in owned]
    found = aliased(Conversation, union_all(*parts).subquery())
    rows = await session.scalars(select(found).order_by(found.last_at.desc(), found.id.desc()).limit(limit))
    return rows.all()


def _found_by(session: AsyncSession, q: str) -> Select[uuid.UUID]:
    """Ids of conversations with a person found by these words, or with a number that begins so."""
    practice_id = practice_of(session)
    of_person = select(ConversationPatient.conversation_id).where(
        ConversationPatient.practice_id == practice_id, ConversationPatient.patient_id.in_(found_by(practice_id, q))
    )
    digits = re.sub(r"\D", "", q)
    if len(digits) < FEWEST_DIGITS or re.search(r"[a-z]", q, re.I):
        return of_person
    number, begins = Conversation.phone.collate("C"), f"+{digits}" if digits.startswith("1") else f"+1{digits}"
    of_number = select(Conversation.id).where(
        Conversation.practice_id == practice_id, number >= begins, number < begins + "~"
    )
    return select(union(of_person, of_number).subquery().c[0])


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
    waiting = _visible(session).where(Conversation.waiting).subquery()
    row = (await session.execute(select(func.count(), func.coalesce(func.sum(waiting.c.unread), 0)))).one()
    undeliverable = _visible(session).where(Conversation.undeliverable).subquery()
    red = await session.scalar(select(func.count(undeliverable.c.id)))
    return ConversationCounts(
        waiting=row[0], unread=row[1], undeliverable=red or 0, mentions_unseen=await mentions.unseen(session)
    )


async def shown(session: AsyncSession, rows: Sequence[Conversation]) -> list[ConversationOut]:
    """Conversations with people, owners, the last text and mentions: seven queries, however many."""
    ids = [row.id for row in rows]
    people, last = await _people(session, ids), await _last_texts(session, ids)
    named, of_teams = await mentions.of_caller(session, ids), await team_ids(session)
    me = actor_of(session).user_id
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
            mine=(row.owner_user_id is not None and row.owner_user_id == me) or row.owner_team_id in of_teams,
            mention=None if row.id not in named else "seen" if named[row.id] else "unseen",
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
        select(func.left(Message.body, PREVIEW).label("body"), Message.direction)
        .where(Message.practice_id == Conversation.practice_id, Message.conversation_id == Conversation.id)
        # What never went out, and never will, is not what was said last.
        .where(Message.direction != "note", Message.status.not_in(("blocked", "canceled")))
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
        .lateral()
    )
    rows = await session.execute(
        select(Conversation.id, of_thread.c.body, of_thread.c.direction)
        .join(of_thread, Conversation.id.is_not(None))
        .where(Conversation.practice_id == practice_of(session), Conversation.id.in_(ids))
    )
    return {
        conversation_id: (marks.shown_cut(body) or WORDLESS, direction) for conversation_id, body, direction in rows
    }


async def opened(session: AsyncSession, conversation: Conversation) -> OpenConversation:
    """The thread as its page shows it."""
    base = (await shown(session, [conversation]))[0]
    verdict = await facts.verdict(session, conversation, "care")
    record = await consent.latest(session, conversation.phone)
    return OpenConversation(
        **base.model_dump(), consent=await consent.state(session, conversation.phone),
        consent_record=ConsentRecordOut.model_validate(record) if record else None,
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
    rows = await session.scalars(query.order_by(Message.created_at.desc(), Message.id.desc()).limit(limit))
    return await whole(session, rows.all())


async def whole(session: AsyncSession, rows: Sequence[Message]) -> list[MessageOut]:
    """Messages as the API shows them, with their files and calls."""
    files = await attachments.shown(session, [row.id for row in rows])
    of_thread = await calls.by_ids(session, [row.call_id for row in rows if row.call_id])
    return [
        MessageOut.model_validate(row).model_copy(
            update={"attachments": files[row.id], "call": of_thread.get(row.call_id) if row.call_id else None}
        )
        for row in rows
    ]
