"""Whose a message is, where only a person can tell: asked once, and remembered for the same words of this sender."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.crypto import seal
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.inbox import WebhookDelivery
from backend.lead_capture import tokens
from backend.lead_capture.emr import people
from backend.lead_capture.hl7.models import Hl7Question
from backend.lead_capture.hl7.ports import Content
from backend.lead_capture.hl7.question_schemas import Asked, PersonSaid
from backend.lead_capture.imports.done import Done
from backend.patients.matching import Identity

UNCLEAR: Final = "patient_unclear"


def unclear(done: Done) -> bool:
    """Whether it was not taken because it cannot be told whose it is."""
    return done.outcome == "asked" or (done.outcome == "failed" and done.detail in people.UNCLEAR)


def said_by(key: bytes, person: Identity) -> bytes | None:
    """A seal of how the patient is called; none for a name alone, which many bear."""
    if not person.mrn and not (person.first_name and person.last_name and person.dob):
        return None
    words = [person.mrn, person.first_name, person.last_name, person.suffix, str(person.dob), person.sex]
    text = json.dumps([word.lower() if word else None for word in words])
    return hmac.new(tokens.key_of(key, "hl7-person"), text.encode(), hashlib.sha256).digest()


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a person has chosen: for this message (`decided`), or before for the same words (`remembered`)."""

    decided: people.Whose | None = None
    remembered: uuid.UUID | None = None


async def choice(session: AsyncSession, delivery_id: uuid.UUID, sender_id: uuid.UUID, said: bytes | None) -> Choice:
    """For a message of these words, by this sender."""
    own = await session.get(Hl7Question, (practice_of(session), delivery_id), populate_existing=True)
    if own is not None and own.state == "decided":
        return Choice(decided=people.Whose(own.patient_id))
    if said is None:
        return Choice()
    return Choice(
        remembered=await session.scalar(
            select(Hl7Question.patient_id)
            .where(Hl7Question.practice_id == practice_of(session), Hl7Question.sender_id == sender_id)
            .where(Hl7Question.said == said, Hl7Question.state == "decided")
            .order_by(Hl7Question.decided_at.desc(), Hl7Question.id.desc())
            .limit(1)
        )
    )


def place(question_id: uuid.UUID) -> str:
    """What the facts of a question are bound to."""
    return f"hl7-question:{question_id}"


async def ask(
    session: AsyncSession, delivery: WebhookDelivery, sender_id: uuid.UUID, said: bytes | None, content: Content,
    starts_at: datetime | None, why: str, key: bytes,
) -> None:  # fmt: skip
    """A person is to say whose it is."""
    facts = Asked(
        person=PersonSaid.model_validate(content.person), event=content.envelope.event, starts_at=starts_at,
        number=content.slot.number if content.slot else None,
    )  # fmt: skip
    row = {
        "practice_id": delivery.practice_id, "id": delivery.id, "sender_id": sender_id, "said": said, "why": why,
        "sealed": seal(key, facts.model_dump_json().encode(), place(delivery.id)), "state": "open",
        "patient_id": None, "asked_at": now(), "decided_at": None, "decided_by": None, "outcome": None, "detail": None,
    }  # fmt: skip
    again = {name: value for name, value in row.items() if name not in {"practice_id", "id", "asked_at"}}
    await session.execute(
        insert(Hl7Question).values(row).on_conflict_do_update(index_elements=["practice_id", "id"], set_=again)
    )
    tell(session, delivery.id)


async def answered(session: AsyncSession, delivery_id: uuid.UUID, done: Done) -> None:
    """The message was gone through: what became of what was decided, or it became clear by itself."""
    known = await session.get(Hl7Question, (practice_of(session), delivery_id))
    if known is None or known.state not in {"open", "decided"}:
        return
    if known.state == "open":
        known.state, known.decided_at = "settled", now()
    known.outcome, known.detail = done.outcome, done.detail
    await session.flush()
    tell(session, delivery_id)


def tell(session: AsyncSession, question_id: uuid.UUID) -> None:
    """Other screens see that there is something to look at, or no longer."""
    tell_live(session, [LiveEvent("hl7_question.changed", str(question_id), 1, actor_of(session).mutation_id)])
