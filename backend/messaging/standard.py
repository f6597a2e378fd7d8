"""The practice's standard texts, filled for one conversation, and what carriers answer by themselves."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.database import practice_of
from backend.core.problems import Invalid
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.messaging.models import Conversation, ConversationPatient, MessageTemplate, PhoneLine
from backend.messaging.people import UNKNOWN
from backend.messaging.templates import DEFAULTS, fill
from backend.patients.models import Patient

# Twilio answers these itself on long codes and then blocks; a second answer of ours would be refused (21610).
CARRIER_WORDS: Final = frozenset(
    "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT START UNSTOP HELP INFO".split()
)


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


async def text(session: AsyncSession, key: str, conversation: Conversation) -> str:
    """A template filled for this conversation. Raises `Invalid`."""
    found = await session.get(MessageTemplate, (practice_of(session), key))
    body = found.body if found else next((template.body for template in DEFAULTS if template.key == key), None)
    if body is None:
        raise Invalid("Choose a template from /message-templates.", errors=[("/template_id", "unknown")])
    return fill(body, await _facts(session, conversation))


async def names(session: AsyncSession) -> dict[str, str]:
    """What the practice calls its texts, by key."""
    rows = await session.execute(
        select(MessageTemplate.key, MessageTemplate.name).where(MessageTemplate.practice_id == practice_of(session))
    )
    return {template.key: template.name for template in DEFAULTS} | {key: name for key, name in rows}  # noqa: C416


async def _facts(session: AsyncSession, conversation: Conversation) -> dict[str, str]:
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
    return {
        "practice": ours.name, "clinic": location.name if location else ours.name, "clinic_phone": spoken(phone),
        # Where a family shares a phone, no name is surely the right one.
        "first_name": names[0][0] if len(names) == 1 and tuple(names[0]) != UNKNOWN else "",
        "staff_name": actor_of(session).name,
    }  # fmt: skip


def spoken(phone: str) -> str:
    """`(217) 555-0110` for a North American number."""
    digits = phone.removeprefix("+1")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else phone
