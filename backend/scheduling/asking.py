"""Questions put to patients by text: write one, find those that may be answered, close them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.leads import history
from backend.leads.models import Lead
from backend.messaging.models import Message
from backend.scheduling.offer_models import SlotOffer
from backend.scheduling.words import Slot

# Texts that have reached the patient, or may have.
REACHED: Final = ("sending", "sent", "delivered", "unknown")
# What was replaced less than this ago may be what the patient has just read.
JUST_NOW: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is asked, where."""

    conversation_id: uuid.UUID
    patient_id: uuid.UUID
    lead_id: uuid.UUID | None


def ask(session: AsyncSession, kind: str, whom: Whom, expires_at: datetime, **more: Any) -> SlotOffer:
    """A question; it belongs to the next text that holds its `words`, or to the `message_id` given."""
    offer = SlotOffer(
        practice_id=practice_of(session), id=new_id(), kind=kind, conversation_id=whom.conversation_id,
        patient_id=whom.patient_id, lead_id=whom.lead_id, created_at=now(), expires_at=expires_at, state="open",
        **({"slots": [], "words": "", "audience": "patient"} | more),
    )  # fmt: skip
    session.add(offer)
    return offer


async def written(session: AsyncSession, message_id: uuid.UUID, conversation_id: uuid.UUID, body: str) -> None:
    """A text of ours: the questions in it are asked with it, and replace those of their kind."""
    waiting = await session.scalars(
        select(SlotOffer)
        .where(SlotOffer.practice_id == practice_of(session), SlotOffer.conversation_id == conversation_id)
        .where(SlotOffer.state == "open", SlotOffer.message_id.is_(None), SlotOffer.words != "")
    )
    for offer in waiting:
        if offer.words in body:
            offer.message_id = message_id
            await replace_older(session, offer)
            if offer.kind == "times":
                await note(session, offer.lead_id, "slots_offered", text=offer.words)


async def replace_older(session: AsyncSession, offer: SlotOffer) -> None:
    """Of offers to one patient about one thing only the newest counts."""
    await session.flush()
    older = (SlotOffer.practice_id == offer.practice_id) & (SlotOffer.patient_id == offer.patient_id)
    same = and_(SlotOffer.kind == offer.kind, SlotOffer.state == "open", SlotOffer.id != offer.id)
    if offer.kind in {"reminder", "give_up"}:
        same = and_(same, SlotOffer.appointment_id == offer.appointment_id)
    if offer.kind == "opening":
        return
    await session.execute(update(SlotOffer).where(older, same).values(state="replaced", closed_at=now()))


async def open_in(session: AsyncSession, conversation_id: uuid.UUID) -> Sequence[SlotOffer]:
    """What may be answered in this conversation now, and what was replaced a moment ago; the newest first.

    Only questions whose text has gone out count.
    """
    fresh = (SlotOffer.state == "open") | ((SlotOffer.state == "replaced") & (SlotOffer.closed_at > now() - JUST_NOW))
    query = (
        select(SlotOffer)
        .join(Message, and_(Message.practice_id == SlotOffer.practice_id, Message.id == SlotOffer.message_id))
        .where(SlotOffer.practice_id == practice_of(session), SlotOffer.conversation_id == conversation_id)
        .where(fresh, SlotOffer.expires_at > now(), Message.status.in_(REACHED))
        .order_by(SlotOffer.created_at.desc(), SlotOffer.id.desc())
        .with_for_update(of=SlotOffer)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


def close(offer: SlotOffer, state: str, answer_id: uuid.UUID | None = None, choice: int | None = None) -> None:
    """It is answered, or moot."""
    offer.state, offer.closed_at = state, now()
    offer.answer_id, offer.choice = answer_id, choice


async def close_all(session: AsyncSession, which: Iterable[Any], state: str) -> list[uuid.UUID]:
    """Close the open ones that fit; the ids of their texts."""
    statement = update(SlotOffer).where(SlotOffer.practice_id == practice_of(session), SlotOffer.state == "open")
    for condition in which:
        statement = statement.where(condition)
    rows = await session.execute(statement.values(state=state, closed_at=now()).returning(SlotOffer.message_id))
    return [row[0] for row in rows.all() if row[0] is not None]


def kept(slots: Sequence[Slot]) -> list[dict[str, str]]:
    """Slots for their column."""
    return [
        {
            "type_id": str(slot.type_id), "clinician_id": str(slot.clinician_id), "clinician_name": slot.clinician_name,
            "location_id": str(slot.location_id), "location_name": slot.location_name, "timezone": slot.timezone,
            "starts_at": slot.starts_at.isoformat(), "ends_at": slot.ends_at.isoformat(),
        }
        for slot in slots
    ]  # fmt: skip


def slots_of(offer: SlotOffer) -> list[Slot]:
    """And back."""
    return [
        Slot(
            uuid.UUID(row["type_id"]), uuid.UUID(row["clinician_id"]), row["clinician_name"],
            uuid.UUID(row["location_id"]), row["location_name"], row["timezone"],
            datetime.fromisoformat(row["starts_at"]), datetime.fromisoformat(row["ends_at"]),
        )
        for row in offer.slots
    ]  # fmt: skip


async def note(session: AsyncSession, lead_id: uuid.UUID | None, kind: str, **detail: Any) -> None:
    """A line in the lead's history, and a new version for its card. The lead is locked, or locked now."""
    if lead_id is None:
        return
    lead = await session.get_one(Lead, (practice_of(session), lead_id), with_for_update=True, populate_existing=True)
    history.note(session, lead_id, kind, **detail)
    lead.version += 1
    await session.flush()
    history.tell(session, lead)
