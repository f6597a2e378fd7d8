"""Read sequences, plan them, and show where a lead is on its way."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.followup.sequences import coming, defaults, steps, timing, wording
from backend.followup.sequences.models import Enrollment, EnrollmentStep, Sequence
from backend.followup.sequences.schemas import (
    ComingStep,
    DoneStep,
    EnrollmentOut,
    LeadSequence,
    PlannedStep,
    PreviewOut,
    SequenceOut,
)
from backend.identity.calendars import calendar_of
from backend.identity.queries import locations
from backend.leads.models import Lead
from backend.messaging import standard


async def every(session: AsyncSession) -> list[SequenceOut]:
    """The practice's sequences, in the order in which they are tried."""
    await defaults.ensure(session)
    rows = await session.scalars(
        select(Sequence)
        .where(Sequence.practice_id == practice_of(session), Sequence.archived_at.is_(None))
        .order_by(Sequence.position, Sequence.id)
    )
    return await _shown(session, list(rows))


async def one(session: AsyncSession, sequence_id: uuid.UUID) -> SequenceOut:
    """One sequence. Raises `NotFound`."""
    await session.flush()
    row = await session.get(Sequence, (practice_of(session), sequence_id), populate_existing=True)
    if row is None or row.archived_at is not None:
        raise NotFound("There is no such sequence in this practice.")
    return (await _shown(session, [row]))[0]


async def _shown(session: AsyncSession, rows: list[Sequence]) -> list[SequenceOut]:
    templates = await standard.names(session)
    clinics = {str(place.id): place.name for place in await locations(session)}
    running = await _running(session)
    return [
        SequenceOut(
            id=row.id, version=row.version, name=row.name, trigger=_literal(row.trigger), active=row.active,
            conditions=conditions, steps=found, sentences=sentences(found, templates),
            for_whom=wording.for_whom(row.trigger, conditions, clinics), running=running.get(row.id, 0),
        )
        for row in rows
        for conditions in [steps.Conditions.model_validate(row.conditions)]
        for found in [steps.read(row.steps)]
    ]  # fmt: skip


async def _running(session: AsyncSession) -> dict[uuid.UUID, int]:
    rows = await session.execute(
        select(Enrollment.sequence_id, func.count())
        .where(Enrollment.practice_id == practice_of(session), Enrollment.state.in_(("active", "snoozed")))
        .group_by(Enrollment.sequence_id)
    )
    return {row[0]: row[1] for row in rows}


def _literal(value: str) -> Any:
    """The table's CHECK keeps the value inside the literal."""
    return value


def sentences(found: list[steps.Step], templates: Mapping[str, str]) -> list[str]:
    """Every step in words."""
    return [wording.sentence(step, templates, first=number == 0) for number, step in enumerate(found)]


async def preview(session: AsyncSession, found: list[steps.Step], lead: Lead | None) -> PreviewOut:
    """The dated plan from now, for this lead or a routine one of no clinic."""
    calendar = await calendar_of(session, lead.location_id if lead else None)
    urgency = lead.urgency if lead else "routine"
    times = timing.plan(found, timing.when(now(), found[0].after, calendar), calendar)
    templates = await standard.names(session)
    said = sentences(found, templates)
    return PreviewOut(
        steps=[
            PlannedStep(
                position=number, kind=step.kind, sentence=said[number], what=wording.what(step, templates), at=at,
                due_at=timing.due(at, step, urgency, calendar),
            )
            for number, (step, at) in enumerate(zip(found, times, strict=True))
        ]
    )  # fmt: skip


async def of_lead(session: AsyncSession, lead_id: uuid.UUID) -> LeadSequence:
    """The sequence that runs, else the last one."""
    await session.flush()
    row = await session.scalar(
        select(Enrollment)
        .where(Enrollment.practice_id == practice_of(session), Enrollment.lead_id == lead_id)
        .order_by(Enrollment.ended_at.desc().nulls_first(), Enrollment.started_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return LeadSequence(enrollment=await _enrollment(session, row) if row else None)


async def _enrollment(session: AsyncSession, row: Enrollment) -> EnrollmentOut:
    found = steps.read(row.steps)
    templates = await standard.names(session)
    said, deeds = sentences(found, templates), [wording.what(step, templates) for step in found]
    taken = await session.scalars(
        select(EnrollmentStep)
        .where(EnrollmentStep.practice_id == row.practice_id, EnrollmentStep.enrollment_id == row.id)
        .order_by(EnrollmentStep.position)
    )
    done = [
        DoneStep(
            position=step.position, kind=_literal(step.kind), sentence=said[step.position],
            what=deeds[step.position], at=step.at,
            outcome=_literal(step.outcome), reason=wording.reason(step.reason),
        )
        for step in taken
    ]  # fmt: skip
    left = [
        ComingStep(
            position=position, kind=step.kind, sentence=said[position], what=deeds[position], at=at,
            reason=wording.reason(row.wait_reason) if position == row.position else None,
        )
        for position, step, at in await coming.moments(session, row)
    ]  # fmt: skip
    return EnrollmentOut(
        id=row.id, version=row.version, sequence_id=row.sequence_id, name=row.name, state=_literal(row.state),
        why=wording.reason(row.stop_reason), started_at=row.started_at, ended_at=row.ended_at, next_at=row.next_at,
        done=done, coming=left,
    )  # fmt: skip
