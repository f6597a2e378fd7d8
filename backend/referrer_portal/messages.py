"""What a referrer writes to the practice: kept on the lead it is about, and a task for whoever owns that."""

import uuid
from typing import Final

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.problems import Conflict
from backend.leads import history
from backend.leads import service as leads
from backend.loop.models import Letter
from backend.referral_sources.models import ReferrerLink
from backend.referrer_portal.events import ReferrerWrote
from backend.referrer_portal.models import ReferrerMessage
from backend.referrer_portal.patients import own_lead
from backend.referrer_portal.schemas import OwnAnswer, OwnMessage, OwnMessageIn

MOST: Final = 50
PER_LINK: Final = 40


class TooMany(Conflict):
    """More messages than a week brings."""

    type = "too-many-messages"


async def write(
    session: AsyncSession, referrer_id: uuid.UUID, link_id: uuid.UUID, body: OwnMessageIn
) -> tuple[uuid.UUID, uuid.UUID | None]:
    """Keep it; returns its id and the patient it is about. Raises `NotFound` for somebody else's patient."""
    patient_id = None
    if body.lead_id is not None:
        await own_lead(session, referrer_id, body.lead_id)
        lead = await leads.locked(session, body.lead_id)
        patient_id = lead.patient_id
    ours = (ReferrerMessage.practice_id == practice_of(session)) & (ReferrerMessage.link_id == link_id)
    written = select(func.count()).where(ours, ReferrerMessage.answers_id.is_(None))
    if (await session.scalar(written) or 0) >= PER_LINK:
        raise TooMany("You have written many messages already. Call the practice, please.")
    message = ReferrerMessage(
        practice_id=practice_of(session), id=new_id(), referrer_id=referrer_id, lead_id=body.lead_id, link_id=link_id,
        at=now(), text=body.text,
    )  # fmt: skip
    session.add(message)
    if body.lead_id is not None:
        history.note(session, lead.id, "referrer_wrote", text=body.text, message_id=str(message.id))
        lead.version += 1
        await session.flush()
        history.tell(session, lead)
    await session.flush()
    await publish(session, ReferrerWrote(referrer_id, actor_of(session).name, body.lead_id))
    return message.id, patient_id


async def own(session: AsyncSession, referrer_id: uuid.UUID, link_id: uuid.UUID) -> list[OwnMessage]:
    """What was written with this link, newest first, and what the link tells was answered.

    Another link of the same referrer may be somebody else's hands.
    """
    theirs = (ReferrerMessage.practice_id == practice_of(session)) & (ReferrerMessage.referrer_id == referrer_id)
    rows = await session.scalars(
        select(ReferrerMessage)
        .where(theirs, ReferrerMessage.answers_id.is_(None))
        .where(or_(ReferrerMessage.link_id == link_id, ReferrerMessage.id == _told_of(session, link_id)))
        .order_by(ReferrerMessage.at.desc(), ReferrerMessage.id.desc())
        .limit(MOST)
    )
    items = [OwnMessage.model_validate(row, from_attributes=True) for row in rows]
    answers = await session.scalars(
        select(ReferrerMessage)
        .where(theirs, ReferrerMessage.answers_id.in_([item.id for item in items]))
        .order_by(ReferrerMessage.at, ReferrerMessage.id)
    )
    by_id = {item.id: item for item in items}
    for answer in answers:
        assert answer.answers_id is not None
        by_id[answer.answers_id].answers.append(OwnAnswer.model_validate(answer, from_attributes=True))
    return items


def _told_of(session: AsyncSession, link_id: uuid.UUID) -> ScalarSelect[uuid.UUID | None]:
    """The message whose answer a link was sent for."""
    answer = aliased(ReferrerMessage)
    return (
        select(answer.answers_id)
        .join(Letter, (Letter.practice_id == answer.practice_id) & (Letter.ref_id == answer.id))
        .join(ReferrerLink, (ReferrerLink.practice_id == Letter.practice_id) & (ReferrerLink.ref_id == Letter.id))
        .where(answer.practice_id == practice_of(session), ReferrerLink.id == link_id)
        .where(ReferrerLink.purpose == "message", Letter.kind == "answer")
        .scalar_subquery()
    )
