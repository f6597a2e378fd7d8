"""Plans of care: written, complete, sent, signed. What was sent or signed no longer changes."""

import uuid
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import certification, service
from backend.care.certification import Case
from backend.care.events import PlanOfCareReady, PlanOfCareSigned, ProgressReported
from backend.care.models import Episode, PlanOfCare, ProgressReport
from backend.care.schemas import PlanChanges, PlanIn
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.leads import stages

MISSING: Final = "There is no such plan of care in this practice."
CONTENTS: Final = ("starts_on", "frequency_per_week", "duration_weeks", "per_day", "goals", "diagnoses")


async def create(session: AsyncSession, episode_id: uuid.UUID, body: PlanIn) -> PlanOfCare:
    """The next plan: the first is the initial one, those after it recertify. Raises `Conflict` after a discharge."""
    episode = await service.locked(session, episode_id)
    if episode.state != "active":
        raise Conflict("This episode has been discharged. Reopen it to plan more care.")
    earlier = await of_episode(session, episode.id)
    if earlier and earlier[-1].ready_at is None:
        raise Conflict("A plan of this episode is not complete yet. Finish or delete that one first.")
    number = len(earlier) + 1
    begins = body.starts_on or (earlier[-1].ends_on + timedelta(days=1) if earlier else episode.started_on)
    plan = PlanOfCare(
        practice_id=episode.practice_id, id=new_id(), episode_id=episode.id, number=number,
        kind="recertification" if earlier else "initial", starts_on=begins,
        ends_on=certification.last_day(begins, body.duration_weeks), frequency_per_week=body.frequency_per_week,
        duration_weeks=body.duration_weeks, per_day=body.per_day, goals=body.goals, diagnoses=body.diagnoses,
        certify=body.certify, version=0, created_at=now(),
    )  # fmt: skip
    _check_start(episode, plan)
    session.add(plan)
    if body.ready:
        await _make_ready(session, episode, plan)
    await _changed(session, episode, plan)
    return plan


async def change(session: AsyncSession, plan_id: uuid.UUID, body: PlanChanges) -> PlanOfCare:
    """Only what is given changes. Raises `StaleVersion`, and `Conflict` for the contents of one that went out."""
    episode, plan = await _locked(session, plan_id, body.version)
    given = body.model_dump(exclude_unset=True, exclude={"version"})
    if given.keys() & set(CONTENTS) and (plan.sent_at or plan.signed_on):
        raise Conflict("This plan has gone out as it is. Write a new one for what has changed.")
    for name, value in given.items():
        setattr(plan, name, value)
    plan.ends_on = certification.last_day(plan.starts_on, plan.duration_weeks)
    _check_start(episode, plan)
    if plan.verbal_on is not None:
        await _check_day(session, episode, plan.verbal_on, "/verbal_on")
    if plan.ready_at is not None:
        _check_complete(plan)
    await _changed(session, episode, plan)
    return plan


async def ready(session: AsyncSession, plan_id: uuid.UUID, version: int | None = None) -> PlanOfCare:
    """Complete: it may be sent. Saying it twice changes nothing."""
    episode, plan = await _locked(session, plan_id, version)
    if plan.ready_at is None:
        await _make_ready(session, episode, plan)
        await _changed(session, episode, plan)
    return plan


async def sent(
    session: AsyncSession, plan_id: uuid.UUID, at: datetime | None = None, how: str = "fax", version: int | None = None
) -> PlanOfCare:
    """It has gone out, as the proof says. The first time is the one that counts."""
    episode, plan = await _locked(session, plan_id, version)
    moment = at or now()
    if moment > now():
        raise Invalid("It cannot have been sent in the future.", errors=[("/at", "in the future")])
    if plan.ready_at is None:
        await _make_ready(session, episode, plan)
    if plan.sent_at is None or moment < plan.sent_at:
        plan.sent_at, plan.sent_how = moment, how
    await _changed(session, episode, plan)
    return plan


async def signed(
    session: AsyncSession, plan_id: uuid.UUID, fax_id: uuid.UUID | None, signed_on: date, version: int | None = None,
    *, online: bool = False,
) -> PlanOfCare:  # fmt: skip
    """The referrer signed it that day. The same said again changes nothing; another day or fax corrects it."""
    episode, plan = await _locked(session, plan_id, version)
    await _check_day(session, episode, signed_on, "/signed_on")
    await service.known(session, fax_id=fax_id)
    if (plan.signed_on, plan.signed_fax_id) == (signed_on, fax_id):
        return plan
    if plan.ready_at is None:
        await _make_ready(session, episode, plan)
    plan.signed_on, plan.signed_fax_id = signed_on, fax_id
    plan.signed_how = "portal" if online else "fax" if fax_id else plan.signed_how or "hand"
    await _changed(session, episode, plan)
    await publish(session, PlanOfCareSigned(plan.id, episode.id))
    return plan


async def unsigned(session: AsyncSession, plan_id: uuid.UUID, version: int | None = None) -> PlanOfCare:
    """That it was signed was noted by mistake."""
    episode, plan = await _locked(session, plan_id, version)
    plan.signed_on = plan.signed_fax_id = plan.signed_how = None
    await _changed(session, episode, plan)
    return plan


async def delete(session: AsyncSession, plan_id: uuid.UUID, version: int | None = None) -> Episode:
    """Only the newest, while it has not gone out. Raises `Conflict`."""
    episode, plan = await _locked(session, plan_id, version)
    newest = (await of_episode(session, episode.id))[-1]
    if plan.sent_at or plan.signed_on or plan.id != newest.id:
        raise Conflict("Only the newest plan, not yet sent or signed, can be deleted.")
    await session.delete(plan)
    await session.flush()
    await service.changed(session, episode)
    return episode


async def report(session: AsyncSession, episode_id: uuid.UUID, written_on: date | None = None) -> ProgressReport:
    """A progress report was written that day (today): treatment days count anew. Once a day."""
    episode = await service.locked(session, episode_id)
    day = written_on or await service.today_at(session, episode.location_id)
    await _check_day(session, episode, day, "/written_on")
    known = await session.scalar(
        select(ProgressReport).where(
            ProgressReport.practice_id == episode.practice_id, ProgressReport.episode_id == episode.id,
            ProgressReport.written_on == day,
        )
    )  # fmt: skip
    if known is not None:
        return known
    row = ProgressReport(
        practice_id=episode.practice_id, id=new_id(), episode_id=episode.id, written_on=day,
        written_by=actor_of(session).name, created_at=now(),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await publish(session, ProgressReported(row.id, episode.id))
    await service.changed(session, episode)
    return row


async def forget_report(session: AsyncSession, episode_id: uuid.UUID, report_id: uuid.UUID) -> Episode:
    """It was noted by mistake. Raises `NotFound`."""
    episode = await service.locked(session, episode_id)
    row = await session.get(ProgressReport, (episode.practice_id, report_id))
    if row is None or row.episode_id != episode.id:
        raise NotFound("There is no such progress report of this episode.")
    await session.delete(row)
    await session.flush()
    await service.changed(session, episode)
    return episode


async def of_episode(session: AsyncSession, episode_id: uuid.UUID) -> list[PlanOfCare]:
    """By number."""
    rows = await session.scalars(
        select(PlanOfCare)
        .where(PlanOfCare.practice_id == practice_of(session), PlanOfCare.episode_id == episode_id)
        .order_by(PlanOfCare.number)
    )
    return list(rows)


async def waiting_for(session: AsyncSession, episode_ids: list[uuid.UUID]) -> list[PlanOfCare]:
    """The plans of these episodes that are complete and not signed, oldest first: a signed page belongs to one."""
    rows = await session.scalars(
        select(PlanOfCare)
        .where(PlanOfCare.practice_id == practice_of(session), PlanOfCare.episode_id.in_(episode_ids))
        .where(PlanOfCare.signed_on.is_(None), PlanOfCare.ready_at.is_not(None))
        .order_by(PlanOfCare.starts_on, PlanOfCare.number)
    )
    return list(rows)


def case_of(episode: Episode) -> Case:
    """What certification asks about an episode."""
    return Case(episode.started_on, episode.order_signed_on)


async def facts_of(session: AsyncSession, episode: Episode, rows: list[PlanOfCare]) -> list[certification.Plan]:
    """What certification asks about its plans, all of them, by number. Sent on: the day at the clinic."""
    zone = await service.zone_of(session, episode.location_id)
    ends = [None, *(row.ends_on for row in rows)]
    return [
        certification.Plan(
            kind=row.kind, starts_on=row.starts_on, ends_on=row.ends_on, certify=row.certify,
            sent_on=row.sent_at.astimezone(zone).date() if row.sent_at else None, verbal_on=row.verbal_on,
            signed_on=row.signed_on, previous_ends_on=before,
        )
        for row, before in zip(rows, ends, strict=False)
    ]  # fmt: skip


async def _make_ready(session: AsyncSession, episode: Episode, plan: PlanOfCare) -> None:
    _check_complete(plan)
    plan.ready_at, plan.ready_by = now(), actor_of(session).name
    await session.flush()
    if episode.state == "active":
        await service.enter(session, episode, stages.IN_CARE)
    await publish(session, PlanOfCareReady(plan.id, episode.id))


def _check_complete(plan: PlanOfCare) -> None:
    """A plan that lacks these is none (Medicare: diagnoses, goals, type, amount, duration, frequency)."""
    missing = [(f"/{name}", "required before it is sent") for name in ("diagnoses", "goals") if not getattr(plan, name)]
    if missing:
        raise Invalid("A plan of care names at least one diagnosis and one goal.", errors=missing)


def _check_start(episode: Episode, plan: PlanOfCare) -> None:
    if plan.starts_on < episode.started_on:
        raise Invalid("A plan begins with the evaluation or later.", errors=[("/starts_on", "before the evaluation")])


async def _check_day(session: AsyncSession, episode: Episode, day: date, pointer: str) -> None:
    if not episode.started_on <= day <= await service.today_at(session, episode.location_id):
        raise Invalid("Choose a day from the evaluation to today.", errors=[(pointer, "outside the episode")])


async def _locked(session: AsyncSession, plan_id: uuid.UUID, version: int | None) -> tuple[Episode, PlanOfCare]:
    """The plan, locked with its episode. Raises `NotFound`, `StaleVersion`."""
    which = (PlanOfCare.practice_id == practice_of(session)) & (PlanOfCare.id == plan_id)
    episode_id = await session.scalar(select(PlanOfCare.episode_id).where(which))
    if episode_id is None:
        raise NotFound(MISSING)
    episode = await service.locked(session, episode_id)
    plan = await session.scalar(select(PlanOfCare).where(which).execution_options(populate_existing=True))
    if plan is None:
        raise NotFound(MISSING)
    if version is not None and version != plan.version:
        raise StaleVersion(plan.version)
    return episode, plan


async def _changed(session: AsyncSession, episode: Episode, plan: PlanOfCare) -> None:
    plan.version += 1
    await session.flush()
    await service.changed(session, episode)
