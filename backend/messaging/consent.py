"""The consent ledger: asked, granted, revoked, each with its evidence. It belongs to the number, not the person."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.messaging.gate import Consent as State
from backend.messaging.ledger import Scope, state_of
from backend.messaging.models import Consent, Conversation, Message, PhoneFact
from backend.messaging.states import NOT_SENT

# Evidence of consent by simply writing to us.
WROTE: Final = "wrote to us"


async def state(session: AsyncSession, phone: str, scope: Scope = "care") -> State:
    """What the ledger says about this number, for one kind of text."""
    rows = await session.execute(
        select(Consent.status, Consent.scope)
        .where(Consent.practice_id == practice_of(session), Consent.phone == phone)
        .order_by(Consent.at, Consent.id)
    )
    return state_of(((status, named) for status, named in rows), scope)


async def is_stranger(session: AsyncSession, phone: str) -> bool:
    """Whether somebody else than the patient has answered at this number."""
    known = await session.get(PhoneFact, (practice_of(session), phone), populate_existing=True)
    return known is not None and known.wrong_person


async def left_alone(session: AsyncSession, phone: str) -> bool:
    """Whether this number has said STOP, or that it is a stranger's, before."""
    return await is_stranger(session, phone) or await state(session, phone) == "revoked"


async def latest(session: AsyncSession, phone: str) -> Consent | None:
    """The newest row."""
    return await session.scalar(
        select(Consent)
        .where(Consent.practice_id == practice_of(session), Consent.phone == phone)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
    )


async def record(
    session: AsyncSession, phone: str, status: str, method: str, *, evidence: str | None = None,
    message_id: uuid.UUID | None = None, patient_id: uuid.UUID | None = None, scope: Scope = "all",
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Add a row, as of `at` (now). Revoking cancels whatever waits for this number, in the same transaction."""
    session.add(
        Consent(
            practice_id=practice_of(session), id=new_id(), phone=phone, patient_id=patient_id, status=status,
            method=method, evidence=evidence, message_id=message_id, captured_by=actor_of(session).name,
            at=at or now(), scope=scope,
        )
    )  # fmt: skip
    await session.flush()
    if status == "revoked" and scope in {"all", "care"}:
        await cancel_waiting(session, phone, "opted_out")


async def moment_of_stop(session: AsyncSession, phone: str, written: datetime) -> datetime:
    """As of when a STOP counts, should texts be taken in out of order: when it was written, if a START followed it;
    otherwise after every other consent, for only START undoes a STOP."""
    newest = await latest(session, phone)
    if newest is None or newest.at <= written:
        return written
    start = newest.status == "granted" and newest.method == "sms" and newest.evidence != WROTE
    return written if start or newest.status == "revoked" else now()


async def cancel_waiting(session: AsyncSession, phone: str, reason: str) -> None:
    """Nothing that waits for this number goes out."""
    practice_id = practice_of(session)
    with_phone = select(Conversation.id).where(Conversation.practice_id == practice_id, Conversation.phone == phone)
    await session.execute(
        update(Message)
        .where(Message.practice_id == practice_id, Message.conversation_id.in_(with_phone))
        .where(Message.direction == "out", Message.status.in_(NOT_SENT), Message.purpose != "notice")
        .values(status="canceled", reason=reason, hold_until=None, version=Message.version + 1)
    )


async def note_phone(session: AsyncSession, phone: str, **facts: object) -> None:
    """Remember something about a number: `landline`, `bad_code`, `wrong_person`."""
    row = {"practice_id": practice_of(session), "phone": phone, "changed_at": now(), **facts}
    changes = {name: value for name, value in row.items() if name not in {"practice_id", "phone"}}
    await session.execute(
        insert(PhoneFact).values(row).on_conflict_do_update(index_elements=["practice_id", "phone"], set_=changes)
    )
