"""Links in texts: made as a text is written, addressed as it is sent, dead when a stranger has the phone."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import Invalid
from backend.leads.models import Lead
from backend.messaging import placeholders
from backend.messaging.models import Conversation, ConversationPatient
from backend.messaging.placeholders import Fill
from backend.patient_links import marks
from backend.patient_links import service as links
from backend.patient_links.rules import PURPOSES, Purpose

PLACEHOLDERS: Final[dict[str, Purpose]] = {f"{purpose}_link": purpose for purpose in PURPOSES}
FOREIGN: Final = "A link in this text belongs to another patient. Remove it and choose the text again."


def provide() -> None:
    """Let texts hold `{schedule_link}` and the like."""
    for name, purpose in PLACEHOLDERS.items():
        placeholders.provide(name, _fill(purpose), marks.sample)


def _fill(purpose: Purpose) -> Fill:
    async def made(session: AsyncSession, _: Conversation, lead: Lead) -> str:
        link = await links.create(session, purpose, patient_id=lead.patient_id, lead_id=lead.id)
        return marks.mark(link.id)

    return made


async def refuse_foreign(session: AsyncSession, conversation: Conversation, body: str) -> None:
    """Raises `Invalid` when the body holds a link of somebody who is not at this phone."""
    if not (wanted := marks.marked(body)):
        return
    owners = await links.owners(session, wanted)
    here = select(ConversationPatient.patient_id).where(
        ConversationPatient.practice_id == practice_of(session),
        ConversationPatient.conversation_id == conversation.id,
    )
    if owners.keys() != set(wanted) or not set(owners.values()) <= set(await session.scalars(here)):
        raise Invalid(FOREIGN, errors=[("/body", "a link of another patient")])


async def addressed(session: AsyncSession, body: str, base_url: str, practice_key: bytes) -> str:
    """The body as the patient gets it."""
    if not (wanted := marks.marked(body)):
        return body
    tokens = await links.tokens(session, wanted, practice_key)
    return marks.addressed(body, {link_id: marks.address(base_url, token) for link_id, token in tokens.items()})


async def pointless(session: AsyncSession, body: str) -> bool:
    """Whether a link in it opens nothing any more, or nothing that is still to be done."""
    wanted = marks.marked(body)
    return bool(wanted) and await links.any_spent(session, wanted)


async def revoke_at(session: AsyncSession, phone: str) -> None:
    """A stranger has this phone: every link of the people we thought it was is dead."""
    practice_id = practice_of(session)
    people = await session.scalars(
        select(ConversationPatient.patient_id)
        .join(
            Conversation,
            (Conversation.practice_id == ConversationPatient.practice_id)
            & (Conversation.id == ConversationPatient.conversation_id),
        )
        .where(Conversation.practice_id == practice_id, Conversation.phone == phone)
        .distinct()
    )
    await links.revoke_all(session, list(people))
