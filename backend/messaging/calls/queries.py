"""Read calls."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.leads.models import Lead
from backend.messaging.calls.models import Call
from backend.messaging.calls.schemas import CallOut
from backend.messaging.calls.states import UNANSWERED
from backend.messaging.calls.textback import QUIET
from backend.messaging.models import Conversation, ConversationPatient, PhoneLine


async def missed_lately(session: AsyncSession, phone: str) -> bool:
    """Whether they called a while ago and reached nobody: the text-back speaks to them, no greeting does."""
    query = select(Call.id).where(
        Call.practice_id == practice_of(session), Call.phone == phone, Call.outcome.in_(UNANSWERED),
        Call.handled_at.is_(None), Call.started_at > now() - QUIET,
    ).limit(1)  # fmt: skip
    return await session.scalar(query) is not None


def _visible(session: AsyncSession) -> Select[Call]:
    return (
        select(Call)
        .join(PhoneLine, (PhoneLine.practice_id == Call.practice_id) & (PhoneLine.id == Call.line_id))
        .outerjoin(
            Conversation,
            (Conversation.practice_id == Call.practice_id) & (Conversation.id == Call.conversation_id),
        )
        .where(Call.practice_id == practice_of(session))
        .where(within(session, "messages:read", Conversation.location_id))
        .where(or_(Call.conversation_id.is_not(None), within(session, "messages:read", PhoneLine.location_id)))
    )


async def one(session: AsyncSession, call_id: uuid.UUID) -> Call:
    """One call the caller may see, by the clinic of its conversation or its number. Raises `NotFound`."""
    found = await session.scalar(_visible(session).where(Call.id == call_id))
    if found is None:
        raise NotFound("There is no such call in this practice.")
    return found


async def people_of(session: AsyncSession, call: Call) -> list[uuid.UUID]:
    """Whose call it may be."""
    practice_id = practice_of(session)
    in_thread = select(ConversationPatient.patient_id).where(
        ConversationPatient.practice_id == practice_id, ConversationPatient.conversation_id == call.conversation_id
    )
    of_lead = select(Lead.patient_id).where(Lead.practice_id == practice_id, Lead.id == call.lead_id)
    return list(await session.scalars(in_thread.union(of_lead)))


async def by_ids(session: AsyncSession, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, CallOut]:
    """Calls of a thread."""
    if not ids:
        return {}
    rows = await session.scalars(select(Call).where(Call.practice_id == practice_of(session), Call.id.in_(ids)))
    return {row.id: shown(row) for row in rows}


async def of_lead(session: AsyncSession, lead: Lead, limit: int) -> list[CallOut]:
    """Calls the caller may see that led to this lead, or came from its patient's phones, newest first."""
    practice_id = practice_of(session)
    threads = select(ConversationPatient.conversation_id).where(
        ConversationPatient.practice_id == practice_id, ConversationPatient.patient_id == lead.patient_id
    )
    rows = await session.scalars(
        _visible(session)
        .where(or_(Call.lead_id == lead.id, Call.conversation_id.in_(threads)))
        .order_by(Call.started_at.desc(), Call.id.desc())
        .limit(limit)
    )
    return [shown(row) for row in rows]


def shown(call: Call) -> CallOut:
    """As the API shows it."""
    ready = call.voicemail_document_id is not None
    lost = call.recording_lost and not ready
    return CallOut(
        id=call.id, direction=_literal(call.direction), outcome=_literal(call.outcome), phone=call.phone,
        conversation_id=call.conversation_id, lead_id=call.lead_id, started_at=call.started_at,
        after_hours=call.after_hours, duration_seconds=call.duration_seconds,
        voicemail="ready" if ready else "lost" if lost else "coming" if call.recording_external_id else "none",
        voicemail_seconds=call.voicemail_seconds,
        voicemail_url=f"/api/v1/calls/{call.id}/voicemail" if ready else None, transcript=call.transcript,
        handled_at=call.handled_at,
    )  # fmt: skip


def _literal(value: str) -> Any:
    """The table's CHECK keeps the value inside the literal."""
    return value
