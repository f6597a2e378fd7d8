"""The practice's standard texts, filled for one conversation, and what carriers answer by themselves."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.database import practice_of
from backend.core.problems import Invalid
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.leads.models import Lead
from backend.messaging.languages import Language, language
from backend.messaging.models import Conversation, ConversationPatient, Message, MessageTemplate, PhoneLine
from backend.messaging.people import UNKNOWN
from backend.messaging.placeholders import PLACEHOLDER, kept, make, samples
from backend.messaging.templates import DEFAULTS, STANDARD, bounded, fill
from backend.patients.models import Patient

# Twilio answers these itself on long codes and then blocks; a second answer of ours would be refused (21610).
CARRIER_WORDS: Final = frozenset(
    "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT START UNSTOP HELP INFO".split()
)
LOOK_BACK: Final = 5
OF_A_VISIT: Final = frozenset({"when", "clinician"})
NO_VISIT: Final = "This text is about one visit and is sent by rules. Choose another."


def carrier_answers(body: str) -> bool:
    """Whether the carrier has already answered this word."""
    return body.strip().upper() in CARRIER_WORDS


async def create_defaults(session: AsyncSession) -> None:
    """Give the practice its first templates; those it has stay as they are."""
    rows = [
        {"practice_id": practice_of(session), "key": template.key, "name": template.name, "body": template.body}
        for template in DEFAULTS
    ]
    await session.execute(insert(MessageTemplate).values(rows).on_conflict_do_nothing())


async def templates(session: AsyncSession) -> Sequence[MessageTemplate]:
    """All of the practice's texts, by name; a standard one that is new since it began is added."""
    query = select(MessageTemplate).where(MessageTemplate.practice_id == practice_of(session))
    query = query.order_by(MessageTemplate.name, MessageTemplate.key)
    rows = (await session.scalars(query)).all()
    if STANDARD.keys() <= {row.key for row in rows}:
        return rows
    await create_defaults(session)
    return (await session.scalars(query)).all()


async def text(
    session: AsyncSession, key: str, conversation: Conversation, lead: Lead | None = None, *, exact: bool = False,
    more: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """A template filled for this conversation, and from `more`: in Spanish for who writes so, unless `exact`.

    Raises `Invalid`.
    """
    if not exact and f"{key}_es" in STANDARD and await language_in(session, conversation) == "es":
        key = f"{key}_es"
    found = await session.get(MessageTemplate, (practice_of(session), key))
    if found is None and key not in STANDARD:
        raise Invalid("Choose a template from /message-templates.", errors=[("/template_id", "unknown")])
    body = found.body if found else STANDARD[key].body
    known = await facts(session, conversation) | bounded(dict(more or {}))
    if lacking := OF_A_VISIT & set(PLACEHOLDER.findall(body)) - known.keys():
        # Only a rule knows which visit is meant.
        raise Invalid(NO_VISIT, errors=[("/template_id", f"{{{min(lacking)}}} needs a visit")])
    return fill(body, known | await make(session, body, conversation, lead, except_for=more or ()))


async def own_words(session: AsyncSession, body: str, conversation: Conversation, lead: Lead | None) -> str:
    """What a person wrote, with the links they put in made for this patient; all else stands as it is."""
    made = await make(session, body, conversation, lead)
    return PLACEHOLDER.sub(lambda found: made.get(found.group(1), found.group(0)), body)


async def names(session: AsyncSession) -> dict[str, str]:
    """What the practice calls its texts, by key."""
    rows = await session.execute(
        select(MessageTemplate.key, MessageTemplate.name).where(MessageTemplate.practice_id == practice_of(session))
    )
    return {key: template.name for key, template in STANDARD.items()} | {row.key: row.name for row in rows}


async def sample(session: AsyncSession) -> dict[str, str]:
    """Facts of an invented patient at one of the practice's clinics, for previews."""
    practice_id = practice_of(session)
    ours = await practice(session)
    clinics = select(Location).where(Location.practice_id == practice_id).order_by(Location.name).limit(1)
    location = await session.scalar(clinics)
    lines = select(PhoneLine.number).where(PhoneLine.practice_id == practice_id).order_by(PhoneLine.id).limit(1)
    phone = (location.phone if location else None) or await session.scalar(lines) or "+12175550100"
    return samples() | bounded(
        {
            "practice": ours.name, "clinic": location.name if location else ours.name, "clinic_phone": spoken(phone),
            "first_name": "Ada", "staff_name": actor_of(session).name, "when": "Tue Dec 1 3:00 PM",
            "clinician": "Lee Park",
        }
    )  # fmt: skip


async def language_in(session: AsyncSession, conversation: Conversation) -> Language | None:
    """Of the latest text in this conversation that tells."""
    await session.flush()
    bodies = await session.scalars(
        select(Message.body)
        .where(Message.practice_id == practice_of(session), Message.conversation_id == conversation.id)
        .where(Message.direction == "in")
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(LOOK_BACK)
    )
    return next((found for body in bodies if (found := language(body))), None)


async def language_of_patient(session: AsyncSession, patient_id: uuid.UUID) -> Language | None:
    """Of the latest text of this patient that tells."""
    latest = (
        select(Conversation)
        .join(
            ConversationPatient,
            (ConversationPatient.practice_id == Conversation.practice_id)
            & (ConversationPatient.conversation_id == Conversation.id),
        )
        .where(Conversation.practice_id == practice_of(session), ConversationPatient.patient_id == patient_id)
    )
    conversation = await session.scalar(latest.order_by(Conversation.last_at.desc()).limit(1))
    return await language_in(session, conversation) if conversation else None


async def facts(session: AsyncSession, conversation: Conversation) -> dict[str, str]:
    """What the placeholders stand for in this conversation; those made for one patient stay as they are."""
    practice_id = practice_of(session)
    ours = await practice(session)
    location = (
        await session.get(Location, (practice_id, conversation.location_id)) if conversation.location_id else None
    )
    line = await session.get(PhoneLine, (practice_id, conversation.line_id))
    names = (
        await session.execute(
            select(Patient.first_name, Patient.last_name)
            .join(
                ConversationPatient,
                (ConversationPatient.practice_id == Patient.practice_id)
                & (ConversationPatient.patient_id == Patient.id),
            )
            .where(Patient.practice_id == practice_id, ConversationPatient.conversation_id == conversation.id)
            .limit(2)
        )
    ).all()
    phone = (location.phone if location else None) or (line.number if line else "")
    known = {
        "practice": ours.name, "clinic": location.name if location else ours.name, "clinic_phone": spoken(phone),
        # Where a family shares a phone, no name is surely the right one.
        "first_name": names[0][0] if len(names) == 1 and tuple(names[0]) != UNKNOWN else "",
        "staff_name": actor_of(session).name,
    }  # fmt: skip
    return kept() | bounded(known)


def spoken(phone: str) -> str:
    """`(217) 555-0110` for a North American number."""
    digits = phone.removeprefix("+1")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else phone
