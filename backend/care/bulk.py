"""Many visits at once, as an EMR exports them: a fixed number of statements per thousand rows.

Rows are known again by `external_id`. A row without an episode finds the one of its patient; an attended evaluation
that no episode covers begins one. What is refused comes back with its place and a code, the rest is written.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import finding, service
from backend.care.events import VisitsImported
from backend.care.models import Episode, Visit
from backend.care.visits import EARLY
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.identity.models import Location
from backend.leads import stages
from backend.leads.models import Lead

# Parameters per statement stay far below PostgreSQL's 65,535.
CHUNK: Final = 5_000
COLUMNS: Final = ("episode_id", "clinician_id", "location_id", "scheduled_at", "day", "state", "kind")


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit of an export. Without `episode_id` it belongs to the only episode of the patient that can be meant."""

    patient_id: uuid.UUID
    scheduled_at: datetime
    state: str
    external_id: str
    kind: str = "treatment"
    episode_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    clinician_id: uuid.UUID | None = None


@dataclass(slots=True)
class Outcome:
    """How many rows were new, changed, or known as they are. `refused` by place in the rows: `not_in_care`,
    `two_episodes`, `before_evaluation`, `other_episode`, `future`, `twice` (the id came further up already)."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Ground:
    """What is known before the rows are gone through."""

    zones: dict[uuid.UUID | None, ZoneInfo]
    episodes: dict[uuid.UUID, list[Episode]]
    by_external: dict[str, Visit]
    by_day: dict[tuple[uuid.UUID, date], list[Visit]]


async def record_many(session: AsyncSession, rows: Sequence[VisitRow], source: str = "import") -> Outcome:
    """Write them, and tell once which episodes changed. Hand all rows of a patient over together."""
    outcome = Outcome()
    ground = await _ground(session, rows, source)
    await _begin(session, rows, ground)
    await _known_days(session, ground)
    made: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    seen: set[str] = set()
    for place, row in enumerate(rows):
        values = _values(row, ground, "twice" if row.external_id in seen else None)
        seen.add(row.external_id)
        if isinstance(values, str):
            outcome.refused[place] = values
            continue
        visit = ground.by_external.get(row.external_id) or _same_day(ground, values)
        if visit is None:
            made.append(values | {"id": new_id(), "source": source, "external_id": row.external_id})
        elif _differs(visit, values, row.external_id):
            changed.append(values | {"visit_id": visit.id, "source": source, "external_id": row.external_id})
        else:
            outcome.unchanged += 1
    outcome.created, outcome.updated = len(made), len(changed)
    await _write(session, made, changed)
    await _onwards(session, ground, {values["episode_id"] for values in (*made, *changed)})
    return outcome


async def _ground(session: AsyncSession, rows: Sequence[VisitRow], source: str) -> _Ground:
    practice_id = practice_of(session)
    places = await session.execute(select(Location.id, Location.timezone).where(Location.practice_id == practice_id))
    zones = {None: await service.zone_of(session, None), **{row.id: ZoneInfo(row.timezone) for row in places}}
    ground = _Ground(zones, {}, {}, {})
    patients = sorted({row.patient_id for row in rows})
    for ids in _chunks(patients):
        await session.execute(
            select(Lead.id).where(Lead.practice_id == practice_id, Lead.patient_id.in_(ids))
            .order_by(Lead.id).with_for_update()
        )  # fmt: skip
        found = await session.scalars(
            select(Episode).where(Episode.practice_id == practice_id, Episode.patient_id.in_(ids))
            .order_by(Episode.id).with_for_update().execution_options(populate_existing=True)
        )  # fmt: skip
        for episode in found:
            ground.episodes.setdefault(episode.patient_id, []).append(episode)
    for names in _chunks([row.external_id for row in rows]):
        known = await session.scalars(
            select(Visit).where(
                Visit.practice_id == practice_id, Visit.source == source, Visit.external_id.in_(names)
            ).execution_options(populate_existing=True)
        )  # fmt: skip
        ground.by_external |= {str(visit.external_id): visit for visit in known}
    return ground


async def _known_days(session: AsyncSession, ground: _Ground) -> None:
    """Visits the desk has noted already, which an export names for the first time."""
    ids = [episode.id for episodes in ground.episodes.values() for episode in episodes]
    for chunk in _chunks(ids):
        noted = await session.scalars(
            select(Visit)
            .where(Visit.practice_id == practice_of(session), Visit.episode_id.in_(chunk))
            .where(Visit.external_id.is_(None))
            .order_by(Visit.scheduled_at.desc())
            .execution_options(populate_existing=True)
        )
        for visit in noted:
            ground.by_day.setdefault((visit.episode_id, visit.day), []).append(visit)


async def _begin(session: AsyncSession, rows: Sequence[VisitRow], ground: _Ground) -> None:
    """Attended evaluations, oldest first, that no episode covers: with a lead that waits for it, else without."""
    wanted = sorted(
        (row for row in rows if (row.kind, row.state, row.episode_id) == ("evaluation", "attended", None)),
        key=lambda row: row.scheduled_at,
    )
    leads = await _leads_without(session, {row.patient_id for row in wanted})
    made = []
    for row in wanted:
        day, known = _day(row, ground), ground.episodes.setdefault(row.patient_id, [])
        covered = any(finding.covers(one.started_on, one.ended_on, day) for one in known)
        if covered or row.external_id in ground.by_external or row.scheduled_at > now() + EARLY:
            continue
        lead = leads.pop(row.patient_id, None)
        if lead is not None:
            known.append(await finding.begin(session, lead, row.scheduled_at, row.clinician_id))
            continue
        episode = Episode(
            practice_id=practice_of(session), id=new_id(), patient_id=row.patient_id, location_id=row.location_id,
            clinician_id=row.clinician_id, started_on=day, state="active", version=1, created_at=now(),
        )  # fmt: skip
        known.append(episode)
        made.append(episode)
    session.add_all(made)
    await session.flush()


async def _leads_without(session: AsyncSession, patients: set[uuid.UUID]) -> dict[uuid.UUID, Lead]:
    """The newest lead of each patient that has no episode yet."""
    found: dict[uuid.UUID, Lead] = {}
    has_one = select(Episode.id).where(Episode.practice_id == Lead.practice_id, Episode.lead_id == Lead.id).exists()
    for ids in _chunks(sorted(patients)):
        rows = await session.scalars(
            select(Lead)
            .where(Lead.practice_id == practice_of(session), Lead.patient_id.in_(ids), Lead.merged_into.is_(None))
            .where(~has_one)
            .order_by(Lead.opened_at)
        )
        found |= {lead.patient_id: lead for lead in rows}
    return found


def _values(row: VisitRow, ground: _Ground, refused: str | None) -> dict[str, Any] | str:
    """The columns of its visit, or why it cannot be one."""
    day, known = _day(row, ground), ground.by_external.get(row.external_id)
    if refused or row.scheduled_at > now() + EARLY:
        return refused or "future"
    mine = ground.episodes.get(row.patient_id, [])
    named = row.episode_id or (known.episode_id if known else None)
    episode = next((one for one in mine if one.id == named), None) if named else _meant(mine, row, day)
    if isinstance(episode, str) or episode is None:
        return episode or "other_episode"
    if known is not None and known.episode_id != episode.id:
        return "other_episode"
    if row.state == "attended" and day < episode.started_on:
        if row.kind != "evaluation":
            return "before_evaluation"
        episode.started_on = day
    return {
        "practice_id": episode.practice_id, "episode_id": episode.id, "patient_id": row.patient_id,
        "location_id": row.location_id or episode.location_id, "clinician_id": row.clinician_id or episode.clinician_id,
        "scheduled_at": row.scheduled_at, "day": day, "state": row.state, "kind": row.kind,
    }  # fmt: skip


def _meant(episodes: list[Episode], row: VisitRow, day: date) -> Episode | str:
    """The only one whose course that day is in; of several, the clinician's own; else the only one there is."""
    if not episodes:
        return "not_in_care"
    fitting = [one for one in episodes if finding.covers(one.started_on, one.ended_on, day)]
    if len(fitting) > 1:
        fitting = [one for one in fitting if row.clinician_id and one.clinician_id == row.clinician_id] or fitting
    found = fitting or episodes
    return found[0] if len(found) == 1 else "two_episodes"


def _day(row: VisitRow, ground: _Ground) -> date:
    zone = ground.zones.get(row.location_id) or ground.zones[None]
    return row.scheduled_at.astimezone(zone).date()


def _same_day(ground: _Ground, values: dict[str, Any]) -> Visit | None:
    noted = ground.by_day.get((values["episode_id"], values["day"]))
    return noted.pop() if noted else None


def _differs(visit: Visit, values: dict[str, Any], external_id: str) -> bool:
    return visit.external_id != external_id or any(getattr(visit, name) != values[name] for name in COLUMNS)


async def _write(session: AsyncSession, made: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    await session.flush()
    noted = {"recorded_by": actor_of(session).name, "recorded_at": now()}
    if made:
        await session.execute(insert(Visit.__table__), [row | noted for row in made])  # type: ignore[arg-type]
    if changed:
        table = Visit.__table__
        names = [name for name in changed[0] if name not in {"visit_id", "practice_id"}]
        statement = (
            update(table)  # type: ignore[arg-type]
            .where(table.c.practice_id == practice_of(session), table.c.id == bindparam("visit_id"))
            .values({name: bindparam(f"new_{name}") for name in (*names, *noted)} | {"version": table.c.version + 1})
        )
        rows = [
            {"visit_id": row["visit_id"]} | {f"new_{name}": (row | noted)[name] for name in (*names, *noted)}
            for row in changed
        ]
        await (await session.connection()).execute(statement, rows)
        session.expire_all()


async def _onwards(session: AsyncSession, ground: _Ground, touched: set[uuid.UUID]) -> None:
    """Leads whose treatment has begun are in care; everyone is told once."""
    treated = set[uuid.UUID]()
    for ids in _chunks(sorted(touched)):
        rows = await session.scalars(
            select(Visit.episode_id)
            .where(Visit.practice_id == practice_of(session), Visit.episode_id.in_(ids))
            .where(Visit.state == "attended", Visit.kind == "treatment")
            .distinct()
        )
        treated |= set(rows)
        found = await session.scalars(
            select(Episode)
            .join(Lead, (Lead.practice_id == Episode.practice_id) & (Lead.id == Episode.lead_id))
            .where(Episode.practice_id == practice_of(session), Episode.id.in_(ids), Episode.state == "active")
            .where(Lead.stage.not_in((stages.IN_CARE, stages.DISCHARGED)))
        )
        for episode in found.all():
            if episode.id in treated:
                await service.enter(session, episode, stages.IN_CARE)
        await session.execute(
            update(Episode)
            .where(Episode.practice_id == practice_of(session), Episode.id.in_(ids))
            .values(version=Episode.version + 1)
        )
    await publish(session, VisitsImported(tuple(sorted(touched))))


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    every = list(items)
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))
