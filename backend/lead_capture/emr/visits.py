"""Many visits of the EMR at once: each to its episode, written in as many statements as a few.

What is known is read once for all rows, decided row by row in memory, and written at the end. Whoever is a lead goes
the usual way, so that stages, tasks and letters follow; history that nobody waits for goes in quietly.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import finding, visits
from backend.care import service as care
from backend.care.models import Episode, Visit
from backend.care.schemas import VisitIn
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.lead_capture.emr import endings, people
from backend.lead_capture.emr.choosing import Course, choose
from backend.lead_capture.emr.directory import Directory
from backend.lead_capture.emr.endings import Ending
from backend.lead_capture.emr.words import moment
from backend.lead_capture.imports.done import Done
from backend.leads import stages
from backend.leads.models import Lead
from backend.patients.matching import Identity
from backend.patients.models import Patient
from backend.patients.pool import Pool, made

LOST_LATELY: Final = timedelta(days=60)
TO_COME: Final = "is still to come: import it as an appointment"
OTHERS: Final = "this visit number belongs to another patient"
FUTURE: Final = "in the future, yet said to have taken place"
BEFORE: Final = "before the evaluation of its case"
UNKNOWN_CLINIC: Final = "no clinic of this name"


@dataclass(frozen=True, slots=True)
class Said:
    """A visit as the EMR says it. `at`: None where only the day is known."""

    person: Identity
    day: date
    at: Any
    state: str
    kind: str
    external_id: str | None = None
    case: str | None = None
    clinician: str | None = None
    clinic: str | None = None
    # Of its case, where the export says so beside each visit.
    ending: Ending | None = None


@dataclass(slots=True)
class Kept:
    """A visit as it is stored, or will be."""

    row: dict[str, Any]
    new: bool
    changed: bool = False


@dataclass(slots=True)
class Batch:
    """What is known of everybody in it, and what is to be written."""

    session: AsyncSession
    source: str
    pool: Pool
    directory: Directory
    dry: bool
    courses: dict[uuid.UUID, list[Course]] = field(default_factory=dict)
    episodes: dict[uuid.UUID, dict[str, Any]] = field(default_factory=dict)
    by_number: dict[str, Kept] = field(default_factory=dict)
    by_day: dict[tuple[uuid.UUID, date], list[Kept]] = field(default_factory=dict)
    leads: dict[uuid.UUID, list[Lead]] = field(default_factory=dict)
    new_people: list[Patient] = field(default_factory=list)
    new_episodes: set[uuid.UUID] = field(default_factory=set)
    changed_episodes: set[uuid.UUID] = field(default_factory=set)
    ended: dict[uuid.UUID, Ending] = field(default_factory=dict)
    touched: set[uuid.UUID] = field(default_factory=set)
    found: dict[Identity, people.Whose] = field(default_factory=dict)

    def whose(self, said: Identity) -> people.Whose:
        """Looked for once for all the visits of one person."""
        if said not in self.found:
            self.found[said] = people.whose(self.pool, said)
        return self.found[said]


async def load(
    session: AsyncSession, said: Sequence[Said], directory: Directory, source: str, *, dry: bool = False,
    known: Sequence[uuid.UUID] = (),
) -> Batch:  # fmt: skip
    """Read what is known of everybody these visits may be about; `known`: people who were decided on."""
    pool = await Pool.load(session, [each.person for each in said])
    batch = Batch(session, source, pool, directory, dry)
    ids = {batch.whose(each.person).patient_id for each in said} | set(known)
    await _read_courses(batch, {each for each in ids if each is not None})
    numbers = [each.external_id for each in said if each.external_id and each.external_id not in batch.by_number]
    if numbers:
        rows = await session.scalars(
            select(Visit).where(Visit.practice_id == practice_of(session), Visit.source == source)
            .where(Visit.external_id.in_(numbers))
        )  # fmt: skip
        for row in rows:
            _keep(batch, Kept(_facts(row), new=False))
    return batch


async def _read_courses(batch: Batch, ids: set[uuid.UUID]) -> None:
    session, ours = batch.session, practice_of(batch.session)
    of = select(Episode).where(Episode.practice_id == ours, Episode.patient_id.in_(ids)).order_by(Episode.id)
    of_lead: set[uuid.UUID] = set()
    for row in await session.scalars(of.execution_options(populate_existing=True)):
        facts = {column.key: getattr(row, column.key) for column in Episode.__mapper__.column_attrs}
        _add_course(batch, facts)
        of_lead |= {row.lead_id} if row.lead_id else set()
    for visit in await session.scalars(select(Visit).where(Visit.practice_id == ours, Visit.patient_id.in_(ids))):
        _keep(batch, Kept(_facts(visit), new=False))
    leads = select(Lead).where(Lead.practice_id == ours, Lead.patient_id.in_(ids), Lead.merged_into.is_(None))
    for lead in await session.scalars(leads.order_by(Lead.opened_at)):
        if lead.id not in of_lead:
            batch.leads.setdefault(lead.patient_id, []).append(lead)


def _add_course(batch: Batch, facts: dict[str, Any]) -> Course:
    course = Course(facts["id"], facts["external_id"], facts["started_on"], facts["ended_on"], evaluated=False)
    batch.episodes[course.id] = facts
    batch.courses.setdefault(facts["patient_id"], []).append(course)
    return course


def _facts(row: Visit) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in Visit.__mapper__.column_attrs}


def _keep(batch: Batch, kept: Kept) -> None:
    row = kept.row
    if row["external_id"] and row["source"] == batch.source:
        batch.by_number[row["external_id"]] = kept
    same_day = batch.by_day.setdefault((row["patient_id"], row["day"]), [])
    if all(each.row["id"] != row["id"] for each in same_day):
        same_day.append(kept)
    for course in batch.courses.get(row["patient_id"], []):
        if course.id == row["episode_id"]:
            course.days.append(row["day"])
            if row["state"] == "attended":
                course.came_on = max(course.came_on or row["day"], row["day"])
            course.evaluated |= row["kind"] == "evaluation" and row["state"] == "attended"


async def take(batch: Batch, said: Said, decided: people.Whose | None = None) -> Done:
    """One visit. `decided`: a person said whose it is."""
    if said.state == "to_come":
        return Done("skipped", TO_COME)
    location_id = batch.directory.clinic(said.clinic)
    if said.clinic and location_id is None:
        return Done("failed", UNKNOWN_CLINIC)
    at = moment(said.day, said.at, batch.directory.zone(location_id))
    if said.state in {"attended", "no_show"} and at > now() + visits.EARLY:
        return Done("failed", FUTURE)
    today = now().astimezone(batch.directory.zone(location_id)).date()
    if said.ending and (why := endings.contradiction(said.ending, said.day, said.state, today)):
        return Done("failed", why)
    who = decided or batch.whose(said.person)
    if who.asked:
        return Done("asked", who.detail, who.patient_id)
    if who.patient_id is None and not who.new:
        return Done("failed", who.detail)
    try:
        return await _of(batch, said, who.patient_id, at, location_id)
    except Problem as problem:
        return Done("failed", problem.detail, who.patient_id)


async def _of(
    batch: Batch, said: Said, patient_id: uuid.UUID | None, at: datetime, location_id: uuid.UUID | None
) -> Done:
    kept = batch.by_number.get(said.external_id) if said.external_id else None
    if kept is not None and kept.row["patient_id"] != patient_id:
        return Done("failed", OTHERS)
    courses = batch.courses.get(patient_id, []) if patient_id else []
    known = list(courses)
    came = said.state == "attended"
    if kept is not None:
        course = next(each for each in courses if each.id == kept.row["episode_id"])
    else:
        choice = choose(courses, case=said.case, day=said.day, kind=said.kind, came=came)
        if choice.why:
            return Done("failed", choice.why, patient_id)
        if choice.course is None:
            if patient_id is None:
                patient_id = _somebody_new(batch, said)
            course = await _begin(batch, said, patient_id, at, location_id)
        else:
            course = choice.course
    assert patient_id is not None
    if why := endings.refusal(course, said.ending, said.day, said.state):
        return Done("failed", why, patient_id)
    done = _write(batch, said, patient_id, course, at, location_id, kept)
    if done.outcome != "failed" and _end(batch, course, said.ending) and done.outcome == "skipped":
        done = replace(done, outcome="updated", detail=None)
    # Begun with its evaluation by the lead's own way: this row is what made it.
    return (
        replace(done, outcome="created") if kept is None and course not in known and done.outcome != "failed" else done
    )


def _end(batch: Batch, course: Course, ending: Ending | None) -> bool:
    """The case has ended, perhaps otherwise than was known; whether that is news."""
    facts = batch.episodes[course.id]
    if ending is None or not endings.differs(facts, ending):
        return False
    course.ended_on = ending.on
    facts |= {"ended_on": ending.on, "discharge_reason": ending.reason or facts["discharge_reason"] or "other"}
    facts["discharge_note"] = ending.note or facts["discharge_note"]
    batch.ended[course.id] = ending
    return True


def _somebody_new(batch: Batch, said: Said) -> uuid.UUID:
    patient = made(practice_of(batch.session), said.person)
    batch.pool.add(patient)
    batch.found.clear()
    batch.new_people.append(patient)
    return patient.id


async def _begin(
    batch: Batch, said: Said, patient_id: uuid.UUID, at: datetime, location_id: uuid.UUID | None
) -> Course:
    """Care begins: that of the patient's lead, if it was there by then, else by itself."""
    lead = _lead_for(batch, patient_id, said.day)
    if lead is not None and not batch.dry:
        episode = await _of_lead(batch, lead, said, at, location_id)
        batch.leads[patient_id].remove(lead)
        facts = {column.key: getattr(episode, column.key) for column in Episode.__mapper__.column_attrs}
        course = _add_course(batch, facts)
        known = await batch.session.scalars(
            select(Visit).where(Visit.practice_id == episode.practice_id, Visit.episode_id == episode.id)
        )
        for row in known:
            _keep(batch, Kept(_facts(row), new=False))
        return course
    facts = dict.fromkeys((column.key for column in Episode.__mapper__.column_attrs), None) | {
        "practice_id": practice_of(batch.session), "id": new_id(), "patient_id": patient_id,
        "location_id": location_id, "clinician_id": batch.directory.clinician(said.clinician),
        "started_on": said.day, "state": "active", "external_id": said.case, "version": 1, "created_at": now(),
    }  # fmt: skip
    course = _add_course(batch, facts)
    batch.new_episodes.add(course.id)
    return course


def _lead_for(batch: Batch, patient_id: uuid.UUID, day: date) -> Lead | None:
    """The newest that was open by that day and is so still, was won, or was lost only lately."""
    zone = batch.directory.zone(None)
    for lead in reversed(batch.leads.get(patient_id, [])):
        lost = lead.stage == stages.LOST and not (lead.closed_at and lead.closed_at > now() - LOST_LATELY)
        if not lost and lead.opened_at.astimezone(zone).date() <= day:
            return lead
    return None


async def _of_lead(batch: Batch, lead: Lead, said: Said, at: datetime, location_id: uuid.UUID | None) -> Episode:
    """As if the desk had noted it."""
    clinician_id = batch.directory.clinician(said.clinician)
    if lead.open or lead.stage == stages.LOST:
        body = VisitIn(
            lead_id=lead.id, scheduled_at=at, state="attended", kind="evaluation", location_id=location_id,
            clinician_id=clinician_id,
        )  # fmt: skip
        async with batch.session.begin_nested():
            await finding.record(batch.session, body, batch.source)
    episode = await care.open_episode(batch.session, lead.id, said.day, clinician_id)
    episode.external_id = episode.external_id or said.case
    await batch.session.flush()
    return episode


def _write(
    batch: Batch, said: Said, patient_id: uuid.UUID, course: Course, at: datetime, location_id: uuid.UUID | None,
    kept: Kept | None,
) -> Done:  # fmt: skip
    came, episode = said.state == "attended", batch.episodes[course.id]
    if came and said.day < course.started_on:
        if said.kind != "evaluation" and not (said.case and not course.evaluated):
            return Done("failed", BEFORE, patient_id)
        course.started_on = episode["started_on"] = said.day
        batch.changed_episodes.add(course.id)
    if said.case and course.case is None:
        course.case = episode["external_id"] = said.case
        batch.changed_episodes.add(course.id)
    kept = kept or _same(batch, said, patient_id, course, at)
    clinician_id = batch.directory.clinician(said.clinician)
    facts = {
        "scheduled_at": at, "day": said.day, "state": said.state, "kind": said.kind, "external_id": said.external_id,
        "location_id": location_id or episode["location_id"], "clinician_id": clinician_id or episode["clinician_id"],
    }  # fmt: skip
    if kept is None:
        row = facts | {
            "practice_id": practice_of(batch.session), "id": new_id(), "episode_id": course.id,
            "patient_id": patient_id, "appointment_id": None, "source": batch.source, "version": 1,
        }  # fmt: skip
        _keep(batch, Kept(row, new=True))
        batch.touched.add(course.id)
        return Done("created", None, patient_id, episode["lead_id"])
    return _again(batch, said, kept, facts, course, episode["lead_id"])


def _same(batch: Batch, said: Said, patient_id: uuid.UUID, course: Course, at: datetime) -> Kept | None:
    """The row this visit has already, without the EMR's number."""
    same_day = [
        each for each in batch.by_day.get((patient_id, said.day), [])
        if each.row["episode_id"] == course.id and (each.row["external_id"] is None or said.external_id is None)
    ]  # fmt: skip
    exact = [each for each in same_day if each.row["scheduled_at"] == at]
    if exact:
        return exact[0]
    return same_day[0] if len(same_day) == 1 and (said.external_id or said.at is None) else None


def _again(
    batch: Batch, said: Said, kept: Kept, facts: dict[str, Any], course: Course, lead_id: uuid.UUID | None
) -> Done:
    """Known already: what differs is taken over. A time the calendar knows better than a mere day stays."""
    row = kept.row
    given = {name: value for name, value in facts.items() if value is not None}
    if said.at is None or row["appointment_id"] is not None:
        given.pop("scheduled_at")
    changed = {name: value for name, value in given.items() if row[name] != value}
    if not changed:
        return Done("skipped", "known already", row["patient_id"], lead_id)
    if "external_id" in changed:
        changed["source"] = batch.source
    row |= changed
    kept.changed = True
    _keep(batch, kept)
    batch.touched.add(course.id)
    return Done("updated", None, row["patient_id"], lead_id)
