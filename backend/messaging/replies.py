"""Take a patient's text in: into its conversation, through opt-out and understanding, to the people who must know."""

import uuid
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.phones import e164
from backend.core.problems import Invalid
from backend.identity.queries import practice
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.messaging import answering, attachments, consent, link_texts, service, standard
from backend.messaging.answering import Reply
from backend.messaging.calls import handled
from backend.messaging.events import TextReceived, TextsStopped, TextUnreachable
from backend.messaging.models import Conversation, Message, PhoneLine
from backend.messaging.optout import Meaning, meaning, plain
from backend.messaging.people import find_people, whose
from backend.messaging.ports import InboundText
from backend.messaging.service import NewText
from backend.messaging.understanding import Understood, understand

SAYS = {"STOP": "stop", "START": "start", "HELP": "help"}
AGAIN = frozenset({"yes", "si"})


async def take_in(session: AsyncSession, line: PhoneLine, text: InboundText) -> uuid.UUID | None:
    """The new message's id; None when this text is known already."""
    phone = e164(text.from_number) or text.from_number
    conversation = await service.with_phone(session, line, phone, None)
    written = text.received_at or now()
    understood = understand(text.body, written.astimezone(ZoneInfo((await practice(session)).timezone)).date())
    message_id = await _keep(session, conversation, text, understood)
    if message_id is None:
        return None
    await attachments.expect(session, conversation.id, message_id, text)
    await find_people(session, conversation)
    # When it was written, not when we heard of it: who wrote hours ago is not talking with us now.
    waiting = (conversation.waiting, conversation.unread)
    conversation.last_inbound_at = max(filter(None, (conversation.last_inbound_at, written)))
    conversation.waiting, conversation.unread = True, conversation.unread + 1
    service.touch(session, conversation)
    await session.flush()
    said = _meaning(text, await consent.state(session, phone))
    if said is None:
        await _talk(session, conversation, Reply(conversation, message_id, text.body, written, understood), waiting)
    else:
        await _obey(session, conversation, message_id, text, said)
    return message_id


async def _keep(
    session: AsyncSession, conversation: Conversation, text: InboundText, understood: Understood | None
) -> uuid.UUID | None:
    row = {
        "practice_id": practice_of(session), "id": new_id(), "conversation_id": conversation.id, "direction": "in",
        "purpose": "care", "body": text.body, "status": "received", "author": conversation.phone, "automatic": False,
        "external_id": text.external_id, "understood": understood.as_json() if understood else None,
        "created_at": text.received_at or now(),
    }  # fmt: skip
    statement = insert(Message).values(row).on_conflict_do_nothing(index_elements=["practice_id", "external_id"])
    return await session.scalar(statement.returning(Message.id))


def _meaning(text: InboundText, state: str) -> Meaning | None:
    said = meaning(text.body)
    if text.opt_out in SAYS and said is None:
        said = "stop" if text.opt_out == "STOP" else "start" if text.opt_out == "START" else "help"
    # After a STOP only START, UNSTOP or a bare YES subscribe again; "ok, thanks" answers our confirmation.
    return "start" if said is None and state == "revoked" and plain(text.body) in AGAIN else said


async def _obey(
    session: AsyncSession, conversation: Conversation, message_id: uuid.UUID, text: InboundText, said: Meaning
) -> None:
    """STOP, START, HELP, wrong person: at once, with one confirmation where the carrier has not sent its own.

    Who says STOP again has had theirs (47 CFR 64.1200(a)(12)).
    """
    phone, written = conversation.phone, text.received_at or now()
    again = said in {"stop", "wrong_person"} and await consent.left_alone(session, phone)
    leads_of = await service.open_leads(session, conversation.id)
    if said == "stop":
        at = await consent.moment_of_stop(session, phone, written)
        await consent.record(session, phone, "revoked", "sms", evidence=text.body, message_id=message_id, at=at)
    elif said == "wrong_person":
        await consent.note_phone(session, phone, wrong_person=True)
        await link_texts.revoke_at(session, phone)
        await consent.cancel_waiting(session, phone, "wrong_person")
    elif said == "start":
        await consent.record(session, phone, "granted", "sms", evidence=text.body, message_id=message_id, at=written)
        await service.release(session, phone)
    conversation.waiting = said == "wrong_person"
    template = {"stop": "stopped", "start": "started", "help": "help", "wrong_person": "wrong_person"}[said]
    if text.opt_out is None and not again and not standard.carrier_answers(text.body):
        body = await standard.text(session, template, conversation)
        await service.write(session, conversation, NewText(body, "notice", automatic=True))
    if said in {"stop", "wrong_person"}:
        await publish(session, TextsStopped(conversation.id))
        reason = "opted_out" if said == "stop" else "wrong_person"
        for lead_id in leads_of:
            await leads.note_reply(session, lead_id, message_id, reason)
            await publish(session, TextUnreachable(lead_id, reason))


async def _talk(session: AsyncSession, conversation: Conversation, reply: Reply, waiting: tuple[bool, int]) -> None:
    """Anything else is a person talking with us: who writes to us may be answered; what we asked may be settled."""
    before = await consent.state(session, conversation.phone)
    await handled.take_back(session, conversation.phone)
    leads_of = await whose(session, conversation)
    said = reply.understood.kind if reply.understood else None
    for lead_id in leads_of:
        await leads.note_reply(session, lead_id, reply.message_id, said)
    # Only START undoes a STOP, however much is said after it; and a no is no consent.
    consents = before not in {"granted", "revoked"} and said not in {"no", "decline"}
    if consents:
        evidence, message_id = consent.WROTE, reply.message_id
        await consent.record(session, conversation.phone, "granted", "sms", evidence=evidence, message_id=message_id)
    settled = before != "revoked" and await answering.settle(session, replace(reply, leads=tuple(leads_of)))
    if settled:
        # Nobody need answer this one; whoever waited before it waits on.
        conversation.waiting, conversation.unread = waiting
    for lead_id in leads_of:
        await publish(session, TextReceived(lead_id, said, settled))
    if not consents:
        return
    await service.release(session, conversation.phone)
    if before == "asked" and said == "yes" and leads_of and not settled:
        await _welcome(session, conversation, leads_of)


async def _welcome(session: AsyncSession, conversation: Conversation, leads_of: list[uuid.UUID]) -> None:
    """The text after a yes; what it holds for one patient is made only where nobody else can be meant."""
    alone = await session.get(Lead, (practice_of(session), leads_of[0])) if len(leads_of) == 1 else None
    try:
        body = await standard.text(session, "after_yes", conversation, alone)
    except Invalid:
        return  # it cannot be filled now: a person answers
    await service.write(session, conversation, NewText(body, "care", leads_of[0], automatic=True))
