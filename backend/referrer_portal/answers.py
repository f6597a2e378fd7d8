"""Answer what referrers wrote. They read it on their page, and are told of it as they prefer to hear."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.problems import Conflict, NotFound
from backend.leads import history
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.leads.queries import joined
from backend.loop import letters
from backend.loop.models import Letter
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.referral_sources.models import Referrer
from backend.referrer_portal import patients
from backend.referrer_portal.desk_schemas import DeskAnswerOut, DeskMessageOut, MessageWriter
from backend.referrer_portal.events import ReferrerMessageSettled
from backend.referrer_portal.models import ReferrerMessage

READ, WRITE = "letters:read", "letters:write"
# What they wrote stands above the answer; a whole page of it need not.
QUOTED: Final = 600


def _visible(session: AsyncSession, permission: str) -> Select[ReferrerMessage, Lead, Patient, Referrer]:
    """What referrers wrote, about leads of clinics the caller may see."""
    return (
        select(ReferrerMessage, Lead, Patient, Referrer)
        .join(
            Referrer,
            (Referrer.practice_id == ReferrerMessage.practice_id) & (Referrer.id == ReferrerMessage.referrer_id),
        )
        .outerjoin(
            Lead, (Lead.practice_id == ReferrerMessage.practice_id) & (Lead.id == ReferrerMessage.lead_id)
        )
        .outerjoin(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .where(ReferrerMessage.practice_id == practice_of(session), ReferrerMessage.answers_id.is_(None))
        .where(within(session, permission, Lead.location_id))
    )  # fmt: skip


def of(
    session: AsyncSession, *, waiting: bool = False, referrer_id: uuid.UUID | None = None,
    lead_id: uuid.UUID | None = None,
) -> list[ColumnElement[bool]]:  # fmt: skip
    """Which of them."""
    which: list[ColumnElement[bool]] = [ReferrerMessage.settled_at.is_(None)] if waiting else []
    which += [ReferrerMessage.referrer_id == referrer_id] if referrer_id else []
    which += [ReferrerMessage.lead_id.in_(joined(practice_of(session), lead_id))] if lead_id else []
    return which


async def page(
    session: AsyncSession, which: Sequence[ColumnElement[bool]], before: tuple[datetime, uuid.UUID] | None, limit: int
) -> tuple[list[DeskMessageOut], set[uuid.UUID]]:
    """Newest first, with the patients they are about."""
    query = _visible(session, READ).where(*which)
    if before is not None:
        query = query.where(tuple_(ReferrerMessage.at, ReferrerMessage.id) < before)
    order = (ReferrerMessage.at.desc(), ReferrerMessage.id.desc())
    return await _shown(session, (await session.execute(query.order_by(*order).limit(limit))).all())


async def one(session: AsyncSession, message_id: uuid.UUID) -> tuple[DeskMessageOut, set[uuid.UUID]]:
    """One of them. Raises `NotFound`."""
    query = _visible(session, READ).where(ReferrerMessage.id == message_id)
    items, people = await _shown(session, (await session.execute(query)).all())
    if not items:
        raise NotFound("There is no such message in this practice.")
    return items[0], people


async def waiting(session: AsyncSession) -> int:
    """How many have no answer yet."""
    query = _visible(session, READ).where(*of(session, waiting=True)).with_only_columns(func.count())
    return await session.scalar(query) or 0


async def _shown(session: AsyncSession, rows: Sequence[Any]) -> tuple[list[DeskMessageOut], set[uuid.UUID]]:
    answers = await _answers(session, [message.id for message, *_ in rows])
    items = [
        DeskMessageOut(
            id=message.id, at=message.at, lead_id=message.lead_id, text=message.text, settled_at=message.settled_at,
            settled_by=message.settled_by, patient_name=display_name(patient) if patient else None,
            referrer=MessageWriter(id=referrer.id, name=referrer.name, practice_name=referrer.practice_name),
            answers=answers[message.id],
        )
        for message, _, patient, referrer in rows
    ]  # fmt: skip
    return items, {patient.id for _, _, patient, _ in rows if patient}


async def _answers(session: AsyncSession, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID | None, list[DeskAnswerOut]]:
    rows = await session.execute(
        select(ReferrerMessage, Letter)
        .outerjoin(
            Letter,
            (Letter.practice_id == ReferrerMessage.practice_id)
            & (Letter.ref_id == ReferrerMessage.id)
            & (Letter.kind == "answer"),
        )
        .where(ReferrerMessage.practice_id == practice_of(session), ReferrerMessage.answers_id.in_(ids))
        .order_by(ReferrerMessage.at, ReferrerMessage.id)
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID | None, list[DeskAnswerOut]] = defaultdict(list)
    for answer, letter in rows:
        facts = {"letter_id": letter.id, "told": letter.state, "way": letter.way, "reason": letter.reason}
        told = facts if letter else dict.fromkeys(facts)
        shown = {"id": answer.id, "at": answer.at, "by": answer.by, "text": answer.text}
        found[answer.answers_id].append(DeskAnswerOut.model_validate(shown | told))
    return found


async def answer(session: AsyncSession, message_id: uuid.UUID, text: str) -> uuid.UUID:
    """Answer a message, and tell whoever wrote it; returns the message. Raises `NotFound`, `Conflict`."""
    message, lead = await _locked(session, message_id)
    if lead is not None and not await patients.sent(session, message.referrer_id, lead.id):
        raise Conflict("This patient's order names another referrer by now, so nothing is told to this one.")
    actor = actor_of(session)
    row = ReferrerMessage(
        practice_id=practice_of(session), id=new_id(), referrer_id=message.referrer_id, lead_id=message.lead_id,
        link_id=message.link_id, at=now(), text=text, answers_id=message.id, by=actor.name,
    )  # fmt: skip
    session.add(row)
    if lead is not None:
        history.note(session, lead.id, "referrer_answered", text=text, message_id=str(row.id))
        lead.version += 1
        history.tell(session, lead)
    await session.flush()
    quoted = message.text if len(message.text) <= QUOTED else f"{message.text[:QUOTED]}…"
    await letters.write(
        session,
        "answer",
        referrer_id=message.referrer_id,
        lead_id=message.lead_id,
        ref_id=row.id,
        at_once=True,
        note=f"You wrote: “{quoted}”\n{text}",
    )
    await _settled(session, message)
    return message.id


async def settle(session: AsyncSession, message_id: uuid.UUID) -> None:
    """It needs no answer. Raises `NotFound`."""
    message, _ = await _locked(session, message_id)
    await _settled(session, message)


async def _locked(session: AsyncSession, message_id: uuid.UUID) -> tuple[ReferrerMessage, Lead | None]:
    """The lead before the message, as when it was written."""
    query = _visible(session, WRITE).where(ReferrerMessage.id == message_id)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound("There is no such message in this practice.")
    message = found[0]
    lead = await leads.locked(session, message.lead_id) if message.lead_id else None
    await session.refresh(message, with_for_update=True)
    return message, lead


async def _settled(session: AsyncSession, message: ReferrerMessage) -> None:
    if message.settled_at is None:
        message.settled_at, message.settled_by = now(), actor_of(session).name
    await session.flush()
    alike = select(func.count()).where(
        ReferrerMessage.practice_id == practice_of(session), ReferrerMessage.answers_id.is_(None),
        ReferrerMessage.referrer_id == message.referrer_id, ReferrerMessage.settled_at.is_(None),
        ReferrerMessage.lead_id.is_not_distinct_from(message.lead_id),
    )  # fmt: skip
    if not await session.scalar(alike):
        await publish(session, ReferrerMessageSettled(message.referrer_id, message.lead_id))
