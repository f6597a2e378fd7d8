"""Conversations: list, read, write, hand over."""

import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.pages import Cursor, Limit, cut, encode_cursor, moment_of
from backend.core.problems import Invalid
from backend.identity.access import Allowed, Transaction
from backend.identity.owners import Owner, chosen_owner
from backend.leads import queries as leads
from backend.leads import service as lead_service
from backend.leads.models import Lead
from backend.messaging import composing, people, queries, service, standard
from backend.messaging.gate import Purpose
from backend.messaging.models import Conversation, Message
from backend.messaging.schemas import (
    AssignConversationIn,
    ConsentIn,
    ConversationCounts,
    ConversationPage,
    MessageIn,
    MessageOut,
    MessagePage,
    NoteIn,
    OpenConversation,
    ReadIn,
)
from backend.messaging.service import NewText

router = APIRouter(prefix="/api/v1", tags=["messages"])
Reader = Annotated[Actor, Depends(Allowed("messages:read"))]
Writer = Annotated[Actor, Depends(Allowed("messages:write"))]
Key = Annotated[str | None, Header()]


async def _shown(session: AsyncSession, action: str, conversation: Conversation) -> OpenConversation:
    opened = await queries.opened(session, await queries.one(session, conversation.id))
    people = [person.patient_id for person in opened.people]
    await audit.record(session, action, f"conversation:{conversation.id}", people)
    return opened


@router.get("/conversations", operation_id="listConversations", summary="Conversations")
async def list_conversations(
    _: Reader, session: Transaction,
    wanted: Annotated[queries.Filter, Query(alias="filter", description="waiting: the patient spoke last")] = "all",
    q: Annotated[str | None, Query(description="a patient's name, or a number", min_length=2, max_length=80)] = None,
    cursor: Cursor = None, limit: Limit = 50,
) -> ConversationPage:  # fmt: skip
    """The latest first."""
    asked = queries.Wanted(wanted, q)
    rows, more = cut(await queries.latest(session, asked, moment_of(cursor), limit + 1), limit)
    items = await queries.shown(session, rows)
    people = {person.patient_id for item in items for person in item.people}
    await audit.record(session, "conversation.listed", "conversations", people)
    next_cursor = encode_cursor([rows[-1].last_at.isoformat(), rows[-1].id]) if more else None
    return ConversationPage(items=items, next_cursor=next_cursor)


@router.get("/conversations/counts", operation_id="countConversations", summary="How many wait")
async def count_conversations(_: Reader, session: Transaction) -> ConversationCounts:
    """For badges."""
    return await queries.counts(session)


@router.get("/conversations/{conversation_id}", operation_id="getConversation", summary="One conversation")
async def get_conversation(conversation_id: uuid.UUID, _: Reader, session: Transaction) -> OpenConversation:
    """With consent, and what the gate says about the next text."""
    return await _shown(session, "conversation.viewed", await queries.one(session, conversation_id))


@router.get("/conversations/{conversation_id}/messages", operation_id="listMessages", summary="The thread")
async def list_messages(
    conversation_id: uuid.UUID, _: Reader, session: Transaction, cursor: Cursor = None, limit: Limit = 50
) -> MessagePage:
    """Newest first."""
    conversation = await queries.one(session, conversation_id)
    items, more = cut(await queries.messages(session, conversation.id, moment_of(cursor), limit + 1), limit)
    people = [person.patient_id for person in (await queries.shown(session, [conversation]))[0].people]
    await audit.record(session, "conversation.messages_viewed", f"conversation:{conversation_id}", people)
    next_cursor = encode_cursor([items[-1].created_at.isoformat(), items[-1].id]) if more else None
    return MessagePage(items=list(items), next_cursor=next_cursor)


async def _body(session: AsyncSession, body: MessageIn, conversation: Conversation, lead: Lead | None) -> str:
    if body.attachment_ids and body.template_id is None:
        return await standard.own_words(session, body.body or "", conversation, lead)
    if (body.body is None) == (body.template_id is None):
        raise Invalid("Send either body or template_id.", errors=[("/body", "exactly one of the two")])
    if body.body is not None:
        return await standard.own_words(session, body.body, conversation, lead)
    return await standard.text(session, body.template_id or "", conversation, lead, exact=True)


async def _write(
    session: AsyncSession, conversation: Conversation, body: MessageIn, lead: Lead | None, *, sure: bool
) -> uuid.UUID:
    """`sure`: this lead's patient, and nobody else, is meant by it."""
    purpose: Purpose = "consent_request" if body.template_id == composing.CONSENT_REQUEST else "care"
    if purpose == "consent_request":
        await composing.may_ask(session, conversation)
    words = await _body(session, body, conversation, lead if sure else None)
    lead_id = lead.id if lead else None
    text = NewText(words, purpose, lead_id, body.send_at, attachments=tuple(body.attachment_ids))
    return (await service.write(session, conversation, text)).id


async def _message(session: AsyncSession, caller: Actor, action: str, message_id: uuid.UUID) -> MessageOut:
    message = await session.get_one(Message, (caller.practice_id, message_id))
    people = [
        person.patient_id
        for shown in await queries.shown(session, [await queries.one(session, message.conversation_id)])
        for person in shown.people
    ]
    await audit.record(session, action, f"message:{message_id}", people)
    return (await queries.whole(session, [message]))[0]


@router.post(
    "/conversations/{conversation_id}/messages", operation_id="sendMessage", summary="Answer in a thread",
    status_code=201,
)  # fmt: skip
async def send_message(
    conversation_id: uuid.UUID, body: MessageIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> MessageOut:
    """Passes the gate: `status` is queued, held or blocked, with the `reason`."""
    conversation = await service.locked(session, conversation_id, "messages:write")
    leads_of = await service.open_leads(session, conversation.id)
    lead = await session.get(Lead, (caller.practice_id, leads_of[0])) if leads_of else None
    alone = len(await people.linked(session, conversation.id)) == 1
    create = partial(_write, session, conversation, body, lead, sure=alone)
    asked = f"{conversation_id}:{body.model_dump_json()}".encode()
    message_id, _ = await idempotency.once(session, caller.id, idempotency_key, asked, create)
    return await _message(session, caller, "message.written", message_id)


@router.get("/leads/{lead_id}/conversation", operation_id="getLeadConversation", summary="A lead's conversation")
async def get_lead_conversation(lead_id: uuid.UUID, _: Reader, session: Transaction) -> OpenConversation:
    """404 before the first text."""
    lead = await leads.lead(session, lead_id, "messages:read")
    return await _shown(session, "conversation.viewed", await queries.of_patient(session, lead.patient_id))


@router.post(
    "/leads/{lead_id}/messages", operation_id="sendLeadMessage", summary="Text a lead's patient", status_code=201
)
async def send_lead_message(
    lead_id: uuid.UUID, body: MessageIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> MessageOut:
    """Passes the gate: `status` is queued, held or blocked, with the `reason`. 409 without a phone or a line."""
    conversation = await service.of_lead(session, await leads.lead(session, lead_id, "messages:write"))
    # After the conversation, as everywhere.
    lead = await lead_service.locked(session, lead_id, permission="messages:write")
    create = partial(_write, session, conversation, body, lead, sure=True)
    asked = f"{lead_id}:{body.model_dump_json()}".encode()
    message_id, _ = await idempotency.once(session, caller.id, idempotency_key, asked, create)
    return await _message(session, caller, "message.written", message_id)


@router.post("/messages/{message_id}/cancel", operation_id="cancelMessage", summary="Take back a waiting text")
async def cancel_message(message_id: uuid.UUID, caller: Writer, session: Transaction) -> MessageOut:
    """409 when it is on its way already."""
    message = await service.cancel(session, message_id)
    return await _message(session, caller, "message.canceled", message.id)


async def _note(session: AsyncSession, conversation_id: uuid.UUID, body: NoteIn) -> uuid.UUID:
    return (await service.add_note(session, conversation_id, body.body, body.mentions)).id


@router.post(
    "/conversations/{conversation_id}/notes", operation_id="addConversationNote", summary="Note for colleagues",
    status_code=201,
)  # fmt: skip
async def add_note(
    conversation_id: uuid.UUID, body: NoteIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> MessageOut:
    """Inside the thread, never sent. 422 when it names someone who may not read the conversation."""
    create = partial(_note, session, conversation_id, body)
    asked = f"{conversation_id}:{body.model_dump_json()}".encode()
    note_id, _ = await idempotency.once(session, caller.id, idempotency_key, asked, create)
    return await _message(session, caller, "message.noted", note_id)


@router.post("/conversations/{conversation_id}/read", operation_id="readConversation", summary="Seen, or settled")
async def read_conversation(
    conversation_id: uuid.UUID, body: ReadIn, _: Writer, session: Transaction
) -> OpenConversation:
    """Clears the unread count; `settled` also takes it off the waiting list."""
    conversation = await service.mark_read(session, conversation_id, settled=body.settled)
    return await _shown(session, "conversation.read", conversation)


@router.post("/conversations/{conversation_id}/assign", operation_id="assignConversation", summary="Hand over")
async def assign_conversation(
    conversation_id: uuid.UUID, body: AssignConversationIn, _: Writer, session: Transaction
) -> OpenConversation:
    """To a person or team."""
    owner = await chosen_owner(session, body.owner) if body.owner else Owner()
    conversation = await service.assign(session, conversation_id, owner)
    return await _shown(session, "conversation.assigned", conversation)


@router.post("/conversations/{conversation_id}/consent", operation_id="recordConsent", summary="Note consent")
async def record_consent(
    conversation_id: uuid.UUID, body: ConsentIn, _: Writer, session: Transaction
) -> OpenConversation:
    """What the patient said on the phone, on paper or at the desk. Revoking cancels everything that waits."""
    conversation = await service.set_consent(session, conversation_id, body.status, body.method, body.note, body.scope)
    return await _shown(session, f"consent.{body.status}", conversation)
