"""Store what was decided about a batch of visits, in a few statements, and tell who must know."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service as care
from backend.care import todo
from backend.care.events import EpisodeOpened, VisitRecorded, VisitsImported
from backend.care.models import Episode, Visit
from backend.core.actor import actor_of
from backend.core.bulk import insert_all
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.insurance import service as insurance
from backend.insurance.models import Authorization
from backend.lead_capture.emr.visits import Batch
from backend.leads import stages
from backend.patients import service as patients
from backend.scheduling.appointment_models import OPEN, Appointment

# Whoever was first here so lately is asked for a plan of care and measures, as everybody is.
LATELY: Final = timedelta(days=30)
NEAR: Final = timedelta(hours=12)
BEGAN: Final = ("started_on", "external_id")
# Of care without a lead; the end of a lead's own goes another way.
ENDED: Final = ("state", "ended_on", "discharge_reason", "discharge_note", "discharged_at", "discharged_by")


async def write(batch: Batch) -> None:
    """Store what was decided, and tell who must know."""
    if batch.dry:
        return
    session = batch.session
    await patients.create_many(session, batch.new_people)
    stamp = {"recorded_by": actor_of(session).name, "recorded_at": now()}
    _seal(batch, stamp)
    if batch.new_episodes:
        rows = [batch.episodes[each] for each in sorted(batch.new_episodes)]
        await insert_all(session, Episode, rows)
    for episode_id in sorted(batch.changed_episodes - batch.new_episodes):
        facts = batch.episodes[episode_id]
        said = BEGAN if facts["lead_id"] else (*BEGAN, *ENDED)
        await session.execute(
            update(Episode)
            .where(Episode.practice_id == facts["practice_id"], Episode.id == episode_id)
            .values({name: facts[name] for name in said} | {"version": Episode.version + 1})
        )
    kept = {each.row["id"]: each for found in batch.by_day.values() for each in found}
    new = [each.row | stamp for each in kept.values() if each.new]
    changed = [each.row for each in kept.values() if each.changed and not each.new]
    await insert_all(session, Visit, new)
    for row in changed:
        await session.execute(
            update(Visit)
            .where(Visit.practice_id == row["practice_id"], Visit.id == row["id"])
            .values(**{**row, **stamp, "version": row["version"] + 1})
        )
    await _tell(batch, [*new, *changed])


async def _tell(batch: Batch, rows: list[dict[str, Any]]) -> None:
    session = batch.session
    for episode_id in batch.new_episodes:
        facts = batch.episodes[episode_id]
        if facts["state"] == "active" and facts["started_on"] >= now().date() - LATELY:
            await publish(session, EpisodeOpened(episode_id, None))
    for episode_id in batch.touched:
        facts = batch.episodes[episode_id]
        if facts["lead_id"] and facts["state"] == "active" and _treated(rows, episode_id):
            await care.enter(session, await care.locked(session, episode_id), stages.IN_CARE)
    if followed := [each for each in batch.touched if batch.episodes[each]["lead_id"] or _goes_on(batch, each)]:
        await publish(session, VisitsImported(tuple(sorted(followed))))
    await _settle(batch, rows)
    await _discharge(batch)


def _seal(batch: Batch, stamp: dict[str, Any]) -> None:
    """Cases without a lead that have ended are stored so; a lead's own is discharged as the desk would do it."""
    for episode_id in batch.ended:
        facts = batch.episodes[episode_id]
        if facts["lead_id"] is None:
            first = {"discharged_at": stamp["recorded_at"], "discharged_by": stamp["recorded_by"]}
            facts |= {"state": "discharged"} | (first if facts["discharged_at"] is None else {})
            batch.changed_episodes.add(episode_id)


async def _discharge(batch: Batch) -> None:
    """Leads go along and referrers hear of it; what was to be done for care without a lead is not any more."""
    session, ended = batch.session, sorted(batch.ended.keys() - batch.new_episodes)
    if alone := [each for each in ended if batch.episodes[each]["lead_id"] is None]:
        await publish(session, VisitsImported(tuple(alone)))
    for episode_id in ended:
        facts = batch.episodes[episode_id]
        if facts["lead_id"] is None:
            continue
        episode = await care.locked(session, episode_id)
        reason, on, note = facts["discharge_reason"], facts["ended_on"], facts["discharge_note"]
        if episode.state == "active":
            await care.discharge(session, episode_id, reason=reason, ended_on=on, note=note)
        else:
            episode.ended_on, episode.discharge_reason, episode.discharge_note = on, reason, note
            await care.changed(session, episode)


def _goes_on(batch: Batch, episode_id: uuid.UUID) -> bool:
    """Care without a lead in which there was a visit lately: what is due in it is seen, too."""
    facts = batch.episodes[episode_id]
    course = next(each for each in batch.courses[facts["patient_id"]] if each.id == episode_id)
    last = max((*course.days, course.started_on))
    return facts["state"] == "active" and last >= now().date() - timedelta(days=todo.HISTORY_DAYS)


def _treated(rows: list[dict[str, Any]], episode_id: uuid.UUID) -> bool:
    return any(
        row["episode_id"] == episode_id and (row["state"], row["kind"]) == ("attended", "treatment") for row in rows
    )


async def _settle(batch: Batch, rows: list[dict[str, Any]]) -> None:
    """The calendar learns what became of its appointments, authorizations what was used of them."""
    session, ours = batch.session, practice_of(batch.session)
    ids = {row["patient_id"] for row in rows}
    if not ids:
        return
    booked = await session.execute(
        select(Appointment.patient_id, Appointment.starts_at)
        .where(Appointment.practice_id == ours, Appointment.patient_id.in_(ids), Appointment.status.in_(OPEN))
    )  # fmt: skip
    times: dict[uuid.UUID | None, list[datetime]] = {}
    for patient_id, starts_at in booked:
        times.setdefault(patient_id, []).append(starts_at)
    allowed = await session.scalars(
        select(Authorization.patient_id).where(Authorization.practice_id == ours, Authorization.patient_id.in_(ids))
    )
    counted = set(allowed)
    for row in sorted(rows, key=lambda each: each["scheduled_at"]):
        if any(abs(each - row["scheduled_at"]) <= NEAR for each in times.get(row["patient_id"], [])):
            await publish(session, VisitRecorded(row["id"], row["episode_id"]))
        elif row["patient_id"] in counted and row["appointment_id"] is None:
            await _count(session, row)


async def _count(session: AsyncSession, row: dict[str, Any]) -> None:
    if row["state"] == "attended":
        await insurance.count_visit(session, row["patient_id"], row["id"], row["day"])
    else:
        await insurance.uncount_visit(session, row["patient_id"], row["id"])
