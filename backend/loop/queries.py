"""Read letters with their proof, for a lead, a referrer or the queue."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.database import practice_of
from backend.core.pages import cut, encode_cursor
from backend.core.problems import NotFound
from backend.leads.models import Lead
from backend.leads.queries import joined
from backend.loop import asking, verbs
from backend.loop.models import Letter, LetterSending
from backend.loop.schemas import (
    AskOut,
    LetterCounts,
    LetterOut,
    LetterPage,
    LetterReferrer,
    SendingOut,
    View,
)
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.referral_sources.models import Referrer

READ: Final = "letters:read"
STATES: Final[dict[View, tuple[str, ...]]] = {
    "review": ("review",), "failed": ("failed",), "waiting": ("waiting", "sending", "unknown"), "sent": ("sent",),
}  # fmt: skip


def of_view(view: View) -> ColumnElement[bool]:
    """The condition of one tab of the queue."""
    if view == "answered":
        return Letter.returned_at.is_not(None)
    return Letter.state.in_(STATES[view]) if view in STATES else Letter.state != "joined"


def _visible(session: AsyncSession, permission: str = READ) -> Select[Letter]:
    """Letters of this practice, about leads of clinics the caller may see."""
    return (
        select(Letter)
        .outerjoin(Lead, (Lead.practice_id == Letter.practice_id) & (Lead.id == Letter.lead_id))
        .where(Letter.practice_id == practice_of(session), within(session, permission, Lead.location_id))
    )


async def one(session: AsyncSession, letter_id: uuid.UUID, permission: str = READ, *, lock: bool = False) -> Letter:
    """A letter the caller may see. Raises `NotFound`."""
    query = _visible(session, permission).where(Letter.id == letter_id)
    if lock:
        query = query.with_for_update(of=Letter).execution_options(populate_existing=True)
    found = await session.scalar(query)
    if found is None:
        raise NotFound("There is no such letter in this practice.")
    return found


async def page(
    session: AsyncSession, where: Sequence[ColumnElement[bool]], before: tuple[datetime, uuid.UUID] | None, limit: int
) -> LetterPage:
    """Newest first, after a cursor of (created_at, id)."""
    query = _visible(session).where(*where)
    if before is not None:
        query = query.where(tuple_(Letter.created_at, Letter.id) < before)
    rows = (await session.scalars(query.order_by(Letter.created_at.desc(), Letter.id.desc()).limit(limit + 1))).all()
    kept, more = cut(rows, limit)
    last = encode_cursor([kept[-1].created_at, kept[-1].id]) if more else None
    return LetterPage(items=await whole(session, kept), next_cursor=last)


async def counts(session: AsyncSession) -> LetterCounts:
    """How many wait for a person, and how many answers came back in the last two weeks are in their tabs."""
    query = (
        _visible(session)
        .with_only_columns(Letter.state, func.count(), func.count(Letter.returned_at))
        .group_by(Letter.state)
    )
    rows = (await session.execute(query)).all()
    by_state = {state: number for state, number, _ in rows}
    numbers = {view: sum(by_state.get(state, 0) for state in states) for view, states in STATES.items()}
    return LetterCounts(
        review=numbers["review"], failed=numbers["failed"], waiting=numbers["waiting"],
        answered=sum(answered for _, _, answered in rows),
    )  # fmt: skip


async def of_lead(session: AsyncSession, lead_id: uuid.UUID) -> list[LetterOut]:
    """A lead's letters, newest first, with those of leads that became part of it."""
    rows = await session.scalars(
        _visible(session)
        .where(Letter.lead_id.in_(joined(practice_of(session), lead_id)))
        .order_by(Letter.created_at.desc(), Letter.id.desc())
    )
    return await whole(session, rows.all())


async def whole(session: AsyncSession, rows: Sequence[Letter]) -> list[LetterOut]:
    """Letters as shown, with a fixed number of statements."""
    sendings, said = await _sendings(session, rows), await _said(session, rows)
    people, referrers = await _people(session, rows), await _referrers(session, rows)
    may = actor_of(session).may("letters:write")
    return [
        LetterOut(
            **_plain(row), says=cast(Any, said[row.id]),
            referrer=LetterReferrer.model_validate(referrers[row.referrer_id]),
            patient_name=people.get(row.lead_id), asks=_asks(row), sendings=sendings[row.id],
            allowed=cast(Any, verbs.allowed(row) if may else []),
        )
        for row in rows
    ]  # fmt: skip


PLAIN: Final = tuple(
    name
    for name in LetterOut.model_fields
    if name not in {"says", "referrer", "patient_name", "asks", "sendings", "allowed"}
)


def _plain(row: Letter) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PLAIN}


def _asks(row: Letter) -> list[AskOut]:
    answers: dict[str, list[str]] = row.answers or {}
    shown = [AskOut(key=ask.key, label=ask.label, answers=answers.get(ask.key, [])) for ask in asking.asks_of(row.asks)]
    if asking.wants_signature(row.asks) or "signature" in answers:
        shown.append(AskOut(key="signature", label="Signature", answers=answers.get("signature", [])))
    return shown


async def _sendings(session: AsyncSession, rows: Sequence[Letter]) -> dict[uuid.UUID, list[SendingOut]]:
    found: dict[uuid.UUID, list[SendingOut]] = defaultdict(list)
    for row in await session.scalars(
        select(LetterSending)
        .where(LetterSending.practice_id == practice_of(session), LetterSending.letter_id.in_([row.id for row in rows]))
        .order_by(LetterSending.number.desc())
    ):
        found[row.letter_id].append(SendingOut.model_validate(row))
    return found


async def _said(session: AsyncSession, rows: Sequence[Letter]) -> dict[uuid.UUID, list[str]]:
    found = {row.id: [row.kind] for row in rows}
    more = await session.execute(
        select(Letter.joined_into, Letter.kind)
        .where(Letter.practice_id == practice_of(session), Letter.joined_into.in_([row.id for row in rows]))
        .order_by(Letter.created_at)
    )
    for into, kind in more:
        if into is not None and kind not in found[into]:
            found[into].append(kind)
    return found


async def _people(session: AsyncSession, rows: Sequence[Letter]) -> dict[uuid.UUID | None, str]:
    found = await session.execute(
        select(Lead.id, Patient)
        .join(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .where(Lead.practice_id == practice_of(session), Lead.id.in_([row.lead_id for row in rows if row.lead_id]))
    )
    return {lead_id: display_name(patient) for lead_id, patient in found}


async def _referrers(session: AsyncSession, rows: Sequence[Letter]) -> dict[uuid.UUID, Referrer]:
    found = await session.scalars(
        select(Referrer).where(
            Referrer.practice_id == practice_of(session), Referrer.id.in_([row.referrer_id for row in rows])
        )
    )
    return {row.id: row for row in found}


async def patients_of(session: AsyncSession, rows: Sequence[LetterOut]) -> list[uuid.UUID]:
    """For the record of who was looked at."""
    found = await session.scalars(
        select(Lead.patient_id).where(
            Lead.practice_id == practice_of(session), Lead.id.in_([row.lead_id for row in rows if row.lead_id])
        )
    )
    return list(set(found))
