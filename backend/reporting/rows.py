"""The rows behind a figure, newest first, page by page. Who may not see patients sees where and when, not who."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Uuid, and_, cast, false, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.models import Episode, Visit
from backend.core.actor import actor_of
from backend.core.database import practice_of
from backend.identity.calendars import calendar_of
from backend.leads.models import Lead
from backend.messaging.models import Conversation, ConversationPatient, Message
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.reporting import asking, dimensions
from backend.reporting.asking import Moment, Question
from backend.reporting.facts import MINUTE
from backend.reporting.metrics.definition import COLUMNS
from backend.reporting.schemas import ReportRowOut

Which = Literal["counted", "hits", "misses", "excluded"]
Place = tuple[date, uuid.UUID]
NAMED: Final = ("location", "referrer", "clinician", "person")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of the rows: those that count, those that hit or miss, or those left out. `step`: got at least that far."""

    question: Question
    which: Which = "counted"
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, whose they are, and the place of each in the order."""

    rows: list[ReportRowOut]
    patients: set[uuid.UUID]
    places: list[Place]


async def page(session: AsyncSession, asked: Asked, after: Place | None, limit: int) -> Found:
    """Rows after a place. Raises `Invalid` for what the metric cannot be asked."""
    question = asking.settled(asked.question)
    asking.check(question)
    at = await asking.moment(session)
    if at is None:
        return Found([], set(), [])
    view = asking.rows(question.metric, one_by_one=True)
    query = select(view).where(_wanted(session, replace(asked, question=question), view, at))
    if after is not None:
        query = query.where(tuple_(view.c.on_day, cast(view.c.row_id, Uuid)) < tuple_(*after))
    query = query.order_by(view.c.on_day.desc(), view.c.row_id.desc()).limit(limit)
    found = (await session.execute(query)).mappings().all()
    people = await _people(session, question, found)
    names = {name: await _names(session, question, name, found) for name in NAMED}
    rows = [await _row(session, question, at, each, people.get(each["row_id"]), names) for each in found]
    whose = {patient.id for patient in people.values()}
    return Found(rows, whose, [(each["on_day"], each["row_id"]) for each in found])


def _wanted(session: AsyncSession, asked: Asked, view: Any, at: Moment) -> ColumnElement[bool]:
    question = asked.question
    if asked.which == "excluded":
        young = view.c.on_day > asking.last_day(question.metric, at) if question.metric.matured_days else false()
        return and_(asking.chosen(session, question, view), or_(view.c.excluded.is_not(None), young))
    counted = [asking.counted(session, question, view, at)]
    if question.metric.rolled_up:
        counted.append(view.c.tries > 0)
    if asked.step is not None and "step" in view.c:
        counted.append(view.c.step >= asked.step)
    if asked.which != "counted":
        hit = _hit(question, view, at)
        counted.append(hit if asked.which == "hits" else ~hit)
    return and_(*counted)


def _hit(question: Question, view: Any, at: Moment) -> ColumnElement[bool]:
    """Whether it is true of the row; of a wait, that it is over; of a value, that there is one."""
    kind = question.metric.kind
    if kind == "wait":
        over: ColumnElement[bool] = view.c.ended_at.is_not(None)
        return over
    if kind in {"mean", "median"}:
        there: ColumnElement[bool] = view.c.value.is_not(None)
        return there
    if kind == "funnel":
        seen: ColumnElement[bool] = view.c.step >= 3
        return seen
    return asking.hits_of(question, view, at) > 0


async def _people(session: AsyncSession, question: Question, found: Sequence[Any]) -> dict[uuid.UUID, Patient]:
    """The patient each row is about, by row."""
    practice_id, ids = practice_of(session), [each["row_id"] for each in found]
    leads = {each["row_id"]: each["lead_id"] for each in found if each["lead_id"]}
    of: dict[uuid.UUID, uuid.UUID] = {}
    if leads:
        query = select(Lead.id, Lead.patient_id).where(Lead.practice_id == practice_id, Lead.id.in_(leads.values()))
        by_lead = dict((await session.execute(query)).all())
        of = {row_id: by_lead[lead_id] for row_id, lead_id in leads.items() if lead_id in by_lead}
    table: Any = {"episode": Episode, "visit": Visit}.get(question.metric.subject)
    if table is not None:
        rows = await session.execute(
            select(table.id, table.patient_id).where(table.practice_id == practice_id, table.id.in_(ids))
        )
        of |= dict(rows.all())
    if question.metric.subject == "text":
        of = await _texted(session, ids) | of
    whose = select(Patient).where(Patient.practice_id == practice_id, Patient.id.in_(of.values()))
    patients = {patient.id: patient for patient in await session.scalars(whose)}
    return {row_id: patients[patient_id] for row_id, patient_id in of.items() if patient_id in patients}


async def _texted(session: AsyncSession, ids: list[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Whom a text without a lead reached, where its number is one person's."""
    rows = await session.execute(
        select(Message.id, ConversationPatient.patient_id)
        .join(Conversation, and_(Conversation.practice_id == Message.practice_id,
                                 Conversation.id == Message.conversation_id))
        .join(ConversationPatient, and_(ConversationPatient.practice_id == Conversation.practice_id,
                                        ConversationPatient.conversation_id == Conversation.id))
        .where(Message.practice_id == practice_of(session), Message.id.in_(ids))
    )  # fmt: skip
    return dict(rows.all())


async def _names(
    session: AsyncSession, question: Question, dimension: str, found: Sequence[Any]
) -> dict[str | None, str]:
    column = COLUMNS[dimension]
    keys = {str(each[column]) for each in found if each.get(column)}
    return await dimensions.labels(session, dimension, sorted(keys)) if keys else {}


async def _row(
    session: AsyncSession, question: Question, at: Moment, each: Any, patient: Patient | None,
    names: dict[str, dict[str | None, str]],
) -> ReportRowOut:  # fmt: skip
    caller, metric = actor_of(session), question.metric
    clinical = caller.may("clinical:read") and caller.may("leads:read")
    young = bool(metric.matured_days and each["on_day"] > asking.last_day(metric, at))
    value, began, ended = await _value(session, question, at, each)

    def name(dimension: str) -> str | None:
        key = each.get(COLUMNS[dimension])
        return names[dimension].get(str(key)) if key else None

    return ReportRowOut(
        id=str(each["row_id"]), subject=metric.subject, on=each["on_day"],
        lead_id=each["lead_id"] if caller.may("leads:read") else None,
        patient=display_name(patient) if patient is not None and clinical else None,
        location=name("location"), referrer=name("referrer"), clinician=name("clinician"), person=name("person"),
        source=each.get("source"), payer=each.get("payer"), part=each.get("part"),
        body_region=each.get("body_region") if clinical else None,
        procedure=each.get("procedure") if clinical else None,
        instrument=each.get("instrument") if clinical else None, point=each.get("point"),
        excluded=each["excluded"] or ("too_young" if young else None), value=value, began_at=began, ended_at=ended,
        tries=each.get("tries"), hits=_hits(question, at, each), step=each.get("step"),
    )  # fmt: skip


def _hits(question: Question, at: Moment, each: Any) -> int | None:
    metric = question.metric
    if metric.lapse_days is None:
        hits: int | None = each.get("hits")
        return hits
    limit, moment = timedelta(days=metric.lapse_days), each[metric.lapse]
    past = at.as_of - limit if metric.lapse == "lapse_at" else at.today - limit
    return int(moment is not None and moment < past)


async def _value(
    session: AsyncSession, question: Question, at: Moment, each: Any
) -> tuple[float | None, datetime | None, datetime | None]:
    """What was measured of the row: minutes so far of a wait, else its value."""
    if question.metric.kind != "wait":
        return each.get("value"), None, None
    began, end = each["began_at"], each["ended_at"] or each["stopped_at"] or at.as_of
    if question.metric.calendar:
        counted = each["minutes"]
        calendar = await calendar_of(session, each["location_id"])
        minutes = counted if counted is not None else calendar.between(began, end) // MINUTE
    else:
        minutes = max(end - began, timedelta(0)) // MINUTE
    return float(minutes), began, each["ended_at"]
