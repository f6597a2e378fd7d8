"""Conversations and their messages: find or begin one, write a text through the gate, take one in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, publish, tell_live
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.problems import Conflict, Invalid, NotFound
from backend.identity.owners import Owner
from backend.leads import history
from backend.leads.models import Lead
from backend.messaging import attachments, consent, facts, link_texts, mentions
from backend.messaging.calls import handled
from backend.messaging.events import TextAnswered, TextWritten
from backend.messaging.gate import Purpose, Verdict
from backend.messaging.ledger import Scope
from backend.messaging.models import Conversation, ConversationPatient, Message, PhoneLine
from backend.messaging.states import NOT_SENT
from backend.patients.models import Patient

SEND = "messages.send"
RESOLVE = "messages.resolve"
RECEIVE = "messages.receive"
REPORT = "messages.report"
RECONCILE = "messages.reconcile"
NO_LINE = "This practice has no number for texts yet. Add one under Settings."


@dataclass(frozen=True, slots=True)
class NewText:
    """A text to write."""

    body: str
    purpose: Purpose = "care"
    lead_id: uuid.UUID | None = None
    send_at: datetime | None = None
    automatic: bool = False
    attachments: tuple[uuid.UUID, ...] = ()


async def line_for(session: AsyncSession, location_id: uuid.UUID | None) -> PhoneLine | None:
    """The clinic's own number, else one of the whole practice, else any."""
    rows = await session.scalars(
        select(PhoneLine).where(PhoneLine.practice_id == practice_of(session), PhoneLine.active).order_by(PhoneLine.id)
    )
    ranked = sorted(rows, key=lambda line: (line.location_id != location_id, line.location_id is not None))
    return ranked[0] if ranked else None


async def with_phone(session: AsyncSession, line: PhoneLine, phone: str, location_id: uuid.UUID | None) -> Conversation:
    """The conversation between this line and this phone, begun if need be, locked."""
    row = {
        "practice_id": practice_of(session), "id": new_id(), "line_id": line.id, "phone": phone,
        "location_id": location_id or line.location_id,
    }  # fmt: skip
    statement = insert(Conversation).values(row)
    await session.execute(statement.on_conflict_do_nothing(index_elements=["practice_id", "line_id", "phone"]))
    found = await session.scalar(
        select(Conversation)
        .where(Conversation.practice_id == practice_of(session), Conversation.line_id == line.id)
        .where(Conversation.phone == phone)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    assert found is not None
    return found


async def link(session: AsyncSession, conversation_id: uuid.UUID, patient_ids: list[uuid.UUID]) -> None:
    """These people may be at the other end."""
    if not patient_ids:
        return
    practice_id = practice_of(session)
    rows = [
        {"practice_id": practice_id, "conversation_id": conversation_id, "patient_id": patient_id}
        for patient_id in patient_ids
    ]
    await session.execute(insert(ConversationPatient).values(rows).on_conflict_do_nothing())


async def of_lead(session: AsyncSession, lead: Lead) -> Conversation:
    """The conversation with the lead's patient. Raises `Conflict` when there is no phone, or no line of ours."""
    patient = await session.get(Patient, (practice_of(session), lead.patient_id))
    if patient is None or patient.phone is None:
        raise Conflict("This patient has no phone number. Add one first.")
    line = await line_for(session, lead.location_id)
    if line is None:
        raise Conflict(NO_LINE)
    conversation = await with_phone(session, line, patient.phone, lead.location_id)
    await link(session, conversation.id, [patient.id])
    return conversation


async def locked(session: AsyncSession, conversation_id: uuid.UUID, permission: str) -> Conversation:
    """One conversation, locked until commit. Raises `NotFound`."""
    found = await session.scalar(
        select(Conversation)
        .where(Conversation.practice_id == practice_of(session), Conversation.id == conversation_id)
        .where(within(session, permission, Conversation.location_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such conversation in this practice.")
    return found


async def write(session: AsyncSession, conversation: Conversation, text: NewText) -> Message:
    """A text through the gate: queued, held with the reason, or blocked. The conversation must be locked."""
    if not text.body.strip() and not text.attachments:
        raise Invalid("Write something first.", errors=[("/body", "empty")])
    await link_texts.refuse_foreign(session, conversation, text.body)
    verdict = await facts.verdict(session, conversation, text.purpose, text.send_at, automatic=text.automatic)
    message = Message(
        practice_id=practice_of(session), id=new_id(), conversation_id=conversation.id, lead_id=text.lead_id,
        direction="out", purpose=text.purpose, body=text.body, status="queued", send_at=text.send_at,
        author=actor_of(session).name, automatic=text.automatic, created_at=now(), dispatches=0, version=1,
    )  # fmt: skip
    session.add(message)
    if text.attachments:
        await session.flush()
        await attachments.put_on(session, conversation.id, message.id, text.attachments)
    await apply(session, message, verdict)
    if not text.automatic and verdict.action != "block":
        await _answered(session, conversation, text.lead_id)
    touch(session, conversation)
    await session.flush()
    await publish(session, TextWritten(message.id, conversation.id, text.lead_id, text.body))
    return message


async def apply(session: AsyncSession, message: Message, verdict: Verdict) -> None:
    """Put the verdict on the message, with the job that follows from it."""
    message.status = {"send": "queued", "hold": "held", "block": "blocked"}[verdict.action]
    message.reason, message.hold_until = verdict.reason, verdict.until
    await session.flush()
    if verdict.action == "send" or verdict.until is not None:
        await dispatch(session, message, verdict.until)


async def dispatch(session: AsyncSession, message: Message, at: datetime | None = None) -> None:
    """A job that sends this message, now or then."""
    message.dispatches += 1
    await session.flush()
    await later(session, SEND, message.id, key=f"{message.id}:{message.dispatches}", at=at)


async def _answered(session: AsyncSession, conversation: Conversation, lead_id: uuid.UUID | None) -> None:
    """One answer is for everyone at this phone; their cards no longer show a reply that waits."""
    conversation.waiting, conversation.unread = False, 0
    await handled.settle(session, conversation.phone)
    practice_id = practice_of(session)
    concerned = [*([lead_id] if lead_id else []), *await open_leads(session, conversation.id)]
    for lead in dict.fromkeys(concerned):
        await publish(session, TextAnswered(lead))
        history.tell(session, await session.get_one(Lead, (practice_id, lead)))


async def hold(session: AsyncSession, phone: str) -> None:
    """Lock all conversations with this phone until commit."""
    ours = (Conversation.practice_id == practice_of(session)) & (Conversation.phone == phone)
    await session.execute(select(Conversation.id).where(ours).order_by(Conversation.id).with_for_update())


async def called(session: AsyncSession, phone: str) -> None:
    """Somebody has called them back: nobody waits in their conversations."""
    waiting = await session.scalars(
        select(Conversation)
        .where(Conversation.practice_id == practice_of(session), Conversation.phone == phone, Conversation.waiting)
        .with_for_update()
    )
    for conversation in waiting:
        conversation.waiting, conversation.unread = False, 0
        touch(session, conversation, new=False)


async def open_leads(session: AsyncSession, conversation_id: uuid.UUID) -> list[uuid.UUID]:
    """The open leads of everyone who may be at the other end, newest first."""
    practice_id = practice_of(session)
    rows = await session.scalars(
        select(Lead.id)
        .join(
            ConversationPatient,
            (ConversationPatient.practice_id == Lead.practice_id) & (ConversationPatient.patient_id == Lead.patient_id),
        )
        .where(Lead.practice_id == practice_id, ConversationPatient.conversation_id == conversation_id, Lead.open)
        .order_by(Lead.opened_at.desc())
    )
    return list(rows)


async def release(session: AsyncSession, phone: str) -> None:
    """Consent came: what waited for it goes through the gate again."""
    practice_id = practice_of(session)
    waiting = await session.scalars(
        select(Message)
        .join(
            Conversation,
            (Conversation.practice_id == Message.practice_id) & (Conversation.id == Message.conversation_id),
        )
        .where(Message.practice_id == practice_id, Conversation.phone == phone)
        .where(Message.status == "held", Message.reason == "no_consent")
        .order_by(Message.created_at)
    )
    for message in waiting:
        if message.purpose == "consent_request":
            message.status = "canceled"  # it has been answered
            continue
        message.status, message.reason = "queued", None
        await dispatch(session, message)


async def cancel(session: AsyncSession, message_id: uuid.UUID) -> Message:
    """Take back a text that has not gone out. Raises `Conflict` when it has."""
    message = await session.get(Message, (practice_of(session), message_id))
    if message is None:
        raise NotFound("There is no such message in this practice.")
    # The conversation's lock guards its messages, here as when sending.
    conversation = await locked(session, message.conversation_id, "messages:write")
    await session.refresh(message)
    if message.status not in NOT_SENT:
        raise Conflict("This text is already on its way, or done.")
    message.status, message.reason, message.hold_until = "canceled", None, None
    message.version += 1
    touch(session, conversation)
    await session.flush()
    return message


async def add_note(
    session: AsyncSession, conversation_id: uuid.UUID, body: str, named: Sequence[uuid.UUID] = ()
) -> Message:
    """A colleague's note inside the thread; never sent. Those it names find it under their mentions."""
    conversation = await locked(session, conversation_id, "messages:write")
    note = Message(
        practice_id=practice_of(session), id=new_id(), conversation_id=conversation.id, direction="note",
        purpose="care", body=body, status="received", author=actor_of(session).name, created_at=now(), dispatches=0,
        automatic=False, version=1,
    )  # fmt: skip
    session.add(note)
    touch(session, conversation, new=False)
    await session.flush()
    await mentions.add(session, conversation, note, named)
    return note


async def mark_read(session: AsyncSession, conversation_id: uuid.UUID, *, settled: bool) -> Conversation:
    """Somebody has seen it; `settled` also ticks it off: no answer is needed, and a failure is dealt with."""
    conversation = await locked(session, conversation_id, "messages:write")
    await mentions.see(session, conversation_id)
    ticked = settled and (conversation.waiting or conversation.undeliverable)
    if not ticked and conversation.unread == 0:
        return conversation
    conversation.unread = 0
    if ticked:
        conversation.undeliverable = False
        if conversation.waiting:
            await _answered(session, conversation, None)
    touch(session, conversation, new=False)
    await session.flush()
    return conversation


async def assign(session: AsyncSession, conversation_id: uuid.UUID, owner: Owner) -> Conversation:
    """Someone else answers here."""
    conversation = await locked(session, conversation_id, "messages:write")
    conversation.owner_user_id, conversation.owner_team_id = owner.user_id, owner.team_id
    touch(session, conversation, new=False)
    await session.flush()
    return conversation


async def set_consent(
    session: AsyncSession, conversation_id: uuid.UUID, status: str, method: str, evidence: str, scope: Scope = "all"
) -> Conversation:
    """What a person told us by phone, on paper or at the desk."""
    conversation = await locked(session, conversation_id, "messages:write")
    await consent.record(session, conversation.phone, status, method, evidence=evidence, scope=scope)
    if status == "granted" and scope in {"all", "care"}:
        await consent.note_phone(session, conversation.phone, wrong_person=False)
        await release(session, conversation.phone)
    touch(session, conversation, new=False)
    await session.flush()
    return conversation


def touch(session: AsyncSession, conversation: Conversation, *, new: bool = True) -> None:
    """Something changed in it; `new` brings it to the top of the list."""
    if new:
        conversation.last_at = now()
    conversation.version += 1
    event = LiveEvent("conversation.changed", str(conversation.id), conversation.version, actor_of(session).mutation_id)
    tell_live(session, [event])
