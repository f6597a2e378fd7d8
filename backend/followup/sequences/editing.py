"""A practice writes its sequences. Who is on the way keeps the steps of the day they began."""

import uuid
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.followup.sequences import defaults, service, steps
from backend.followup.sequences.models import Enrollment, Sequence
from backend.followup.sequences.schemas import SequenceChange, SequenceIn
from backend.identity.queries import locations
from backend.messaging import standard

# Texts that answer something the patient has just said; the first text asks for consent by itself.
ANSWERS: Final = frozenset(
    {"consent_request", "after_yes", "missed_call", "stopped", "started", "help", "wrong_person"}
)


async def create(session: AsyncSession, body: SequenceIn) -> uuid.UUID:
    """The new one is tried last. Raises `Conflict` for a name in use."""
    await defaults.ensure(session)
    await _check(session, body, None)
    last = select(func.max(Sequence.position)).where(Sequence.practice_id == practice_of(session))
    row = Sequence(
        practice_id=practice_of(session), id=new_id(), position=(await session.scalar(last) or 0) + 1, version=1
    )
    _fill(row, body)
    session.add(row)
    await session.flush()
    return row.id


async def change(session: AsyncSession, sequence_id: uuid.UUID, body: SequenceChange) -> None:
    """Raises `StaleVersion` when somebody else changed it first."""
    row = await _locked(session, sequence_id)
    if row.version != body.version:
        raise StaleVersion(row.version)
    await _check(session, body, row.id)
    _fill(row, body)
    row.version += 1
    await session.flush()


async def archive(session: AsyncSession, sequence_id: uuid.UUID, *, stop_running: bool) -> None:
    """No lead begins it any more; those on the way go on unless `stop_running`."""
    row = await _locked(session, sequence_id)
    row.archived_at, row.active = now(), False
    row.version += 1
    await session.flush()
    if not stop_running:
        return
    running = await session.scalars(
        select(Enrollment.lead_id)
        .where(Enrollment.practice_id == row.practice_id, Enrollment.sequence_id == row.id)
        .where(Enrollment.state.in_(("active", "snoozed")))
        .order_by(Enrollment.lead_id)
    )
    for lead_id in running.all():
        await service.locked_lead(session, lead_id)
        enrollment = await service.locked_running(session, lead_id)
        if enrollment is not None and enrollment.sequence_id == row.id:
            await service.stop(session, enrollment, "removed")


async def reorder(session: AsyncSession, ids: list[uuid.UUID]) -> None:
    """The order in which they are tried. Raises `Invalid` unless every sequence is named once."""
    rows = await session.scalars(
        select(Sequence)
        .where(Sequence.practice_id == practice_of(session), Sequence.archived_at.is_(None))
        .order_by(Sequence.id)
        .with_for_update()
    )
    known = {row.id: row for row in rows}
    if len(ids) != len(known) or set(ids) != set(known):
        raise Invalid("Name every sequence once; load the list again.", errors=[("/ids", "not the whole list")])
    for position, sequence_id in enumerate(ids):
        known[sequence_id].position = position
    await session.flush()


async def _locked(session: AsyncSession, sequence_id: uuid.UUID) -> Sequence:
    row = await session.get(Sequence, (practice_of(session), sequence_id), with_for_update=True, populate_existing=True)
    if row is None or row.archived_at is not None:
        raise NotFound("There is no such sequence in this practice.")
    return row


async def _check(session: AsyncSession, body: SequenceIn, own_id: uuid.UUID | None) -> None:
    same = select(Sequence.id).where(
        Sequence.practice_id == practice_of(session), Sequence.archived_at.is_(None),
        func.lower(Sequence.name) == body.name.lower(), Sequence.id != (own_id or new_id()),
    )  # fmt: skip
    if await session.scalar(same) is not None:
        raise Conflict("Another sequence has this name. Choose another name.")
    await check_steps(session, body.steps)
    clinics = {place.id for place in await locations(session)}
    if not set(body.conditions.location_ids) <= clinics:
        raise Invalid("Choose clinics from /locations.", errors=[("/conditions/location_ids", "unknown")])


async def check_steps(session: AsyncSession, found: list[steps.Step]) -> None:
    """Every text exists. Raises `Invalid`."""
    known = (await standard.names(session)).keys() - ANSWERS
    for number, step in enumerate(found):
        if isinstance(step, steps.TextStep) and step.template not in known:
            raise Invalid("Choose a text from /message-templates.", errors=[(f"/steps/{number}/template", "unknown")])
        if isinstance(step, steps.CloseStep) and number + 1 < len(found):
            raise Invalid("Closing the lead must be the last step.", errors=[(f"/steps/{number}", "not the last")])


def _fill(row: Sequence, body: SequenceIn) -> None:
    row.name, row.trigger, row.active = body.name, body.trigger, body.active
    row.conditions, row.steps = body.conditions.model_dump(mode="json"), steps.stored(body.steps)
