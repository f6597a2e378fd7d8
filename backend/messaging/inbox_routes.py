"""Around the composer: filled templates, the linter, what a first text would meet, who is typing, mentions seen."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.models import User
from backend.leads import queries as leads
from backend.messaging import composing, mentions, presence, queries, service
from backend.messaging.schemas import (
    CheckIn,
    CheckOut,
    ConsentIn,
    FilledTemplatePage,
    LeadTexting,
    OpenConversation,
    TypingIn,
    TypingOut,
)

router = APIRouter(prefix="/api/v1", tags=["messages"])
Reader = Annotated[Actor, Depends(Allowed("messages:read"))]
Writer = Annotated[Actor, Depends(Allowed("messages:write"))]


@router.get(
    "/conversations/{conversation_id}/templates", operation_id="listFilledTemplates", summary="Texts to pick, filled"
)
async def list_filled_templates(conversation_id: uuid.UUID, _: Reader, session: Transaction) -> FilledTemplatePage:
    """As this conversation would get them."""
    conversation = await queries.one(session, conversation_id)
    people = [person.patient_id for person in (await queries.shown(session, [conversation]))[0].people]
    await audit.record(session, "conversation.templates_viewed", f"conversation:{conversation_id}", people)
    return await composing.templates(session, conversation)


@router.post("/conversations/{conversation_id}/check", operation_id="checkMessage", summary="Lint a text")
async def check_message(conversation_id: uuid.UUID, body: CheckIn, _: Writer, session: Transaction) -> CheckOut:
    """What should not be in it. Nothing is kept; a person may send it all the same."""
    return await composing.check(session, await queries.one(session, conversation_id), body.body)


@router.post("/leads/{lead_id}/messages/check", operation_id="checkLeadMessage", summary="Lint a first text")
async def check_lead_message(lead_id: uuid.UUID, body: CheckIn, _: Writer, session: Transaction) -> CheckOut:
    """Before there is a conversation."""
    await leads.lead(session, lead_id, "messages:read")
    return await composing.checked(session, body.body, first=True)


@router.get("/leads/{lead_id}/messages/verdict", operation_id="getLeadTexting", summary="What a first text would meet")
async def get_lead_texting(lead_id: uuid.UUID, _: Reader, session: Transaction) -> LeadTexting:
    """Consent, the gate's verdict and filled templates before the first text. 409 without a phone number."""
    lead = await leads.lead(session, lead_id, "messages:read")
    patient_id = lead.patient_id
    found = await composing.before_the_first(session, lead)
    await audit.record(session, "lead.texting_viewed", f"lead:{lead_id}", [patient_id])
    return found


@router.post("/leads/{lead_id}/consent", operation_id="recordLeadConsent", summary="Note consent before the first text")
async def record_lead_consent(lead_id: uuid.UUID, body: ConsentIn, _: Writer, session: Transaction) -> OpenConversation:
    """What the patient said on the phone, on paper or at the desk. 409 without a phone number or a line."""
    begun = await service.of_lead(session, await leads.lead(session, lead_id, "messages:write"))
    conversation = await service.set_consent(session, begun.id, body.status, body.method, body.note)
    opened = await queries.opened(session, conversation)
    people = [person.patient_id for person in opened.people]
    await audit.record(session, f"consent.{body.status}", f"conversation:{conversation.id}", people)
    return opened


@router.post(
    "/conversations/{conversation_id}/mentions/seen", operation_id="seeMentions", summary="Mentions seen",
    status_code=204,
)  # fmt: skip
async def see_mentions(conversation_id: uuid.UUID, _: Reader, session: Transaction) -> None:
    """For those who read without answering; `…/read` does it too."""
    conversation = await queries.one(session, conversation_id)
    await mentions.see(session, conversation.id)


@router.post(
    "/conversations/{conversation_id}/typing", operation_id="noteTyping", summary="The caller is typing",
    status_code=204,
)  # fmt: skip
async def note_typing(conversation_id: uuid.UUID, body: TypingIn, caller: Writer, context: Context) -> None:
    """Lasts six seconds: say it again every three while typing goes on."""
    async with transaction_of(context, caller) as session:
        await queries.one(session, conversation_id)
    await presence.note(context, caller, conversation_id, active=body.active)


@router.get("/conversations/{conversation_id}/typing", operation_id="listTyping", summary="Who is typing")
async def list_typing(conversation_id: uuid.UUID, caller: Reader, context: Context) -> TypingOut:
    """Colleagues, not oneself."""
    found = await presence.others(context, caller, conversation_id)
    async with transaction_of(context, caller) as session:
        await queries.one(session, conversation_id)
        query = select(User.name).where(User.practice_id == practice_of(session), User.id.in_(found))
        names = list(await session.scalars(query.order_by(User.name))) if found else []
    return TypingOut(names=names)
