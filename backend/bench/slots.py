"""Scheduling: slots of 20 clinicians over 30 days, half of their time booked; 50 who race for one time.

Client and server share one process, so that statements can be counted; the times hold both.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import uvicorn
from sqlalchemy import event

from backend.api.app import create_app, serve_with
from backend.bench import first_slots
from backend.bench.ground import KEY, Desk, at, make_desk, repeated, servers
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.settings import Settings
from backend.identity import api_keys, permissions
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.patients.service import CoverageFacts
from backend.scheduling import setup
from backend.scheduling.models import BookingRule
from backend.scheduling.setup_schemas import AppointmentTypeIn, AvailabilityIn, ClinicianIn, WeekIn
from backend.wiring.process import open_process

CLINICIANS, DAYS, CALLS, RACERS, PATIENTS = 20, 30, 60, 50, 400
DAY = timedelta(days=1)
COLUMNS = (
    "practice_id", "id", "type_id", "clinician_id", "location_id", "patient_id", "status", "starts_at", "ends_at",
    "busy_from", "busy_until", "lanes", "source", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """A clinic whose calendar is half full."""

    desk: Desk
    types: tuple[UUID, UUID]
    clinicians: list[UUID] = field(default_factory=list)
    patients: list[UUID] = field(default_factory=list)


def measure() -> dict[str, Any]:
    """p50 and p95 of what pages ask for, how many statements each needs, the outcome of the race."""
    with servers() as ground:
        return asyncio.run(_measure(ground.settings, ground.admin_url))


async def _measure(settings: Settings, admin_url: str) -> dict[str, Any]:
    async with open_process(settings) as context, served(context) as http:
        world = await _world(context)
        booked = await _fill(admin_url, world)
        month = {
            "appointment_type": str(world.types[0]), "location_id": str(world.desk.location_id),
            "to": (now() + DAYS * DAY).date().isoformat(),
        }  # fmt: skip
        figures: dict[str, Any] = {"clinicians, days, appointments": f"{CLINICIANS}, {DAYS}, {booked}"}
        figures |= await _asked(context, http, "a month, page of 200", month)
        figures |= await _asked(context, http, "a month, one clinician a time", month | {"one_per_time": "true"})
        figures |= await _asked(context, http, "the first three, varied", month | {"pick": "3"})
        figures |= await first_slots.cards(context, http, desk=world.desk, people=world.patients)
        await _rules(context, world)
        figures |= await _asked(context, http, "a month, four rules", month | {"payer": "Lakeside Mutual"})
        return figures | await _race(http, world, month)


@asynccontextmanager
async def served(context: ProcessContext) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app()
    serve_with(app, context, {})
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    limits = httpx.Limits(max_connections=RACERS)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits) as http:
        http.headers["Authorization"] = f"Bearer {KEY}"
        yield http
    server.should_exit = True
    await serving


async def _world(context: ProcessContext) -> World:
    desk = await make_desk(context)
    async with context.database.transaction(desk.practice_id) as session:
        api_keys.create(session, "bench", sorted(permissions.ALL), KEY)
        evaluation = await setup.add_type(
            session, AppointmentTypeIn(name="Evaluation", kind="evaluation", minutes=60, padding_after=10)
        )
        follow_up = await setup.add_type(session, AppointmentTypeIn(name="Visit", kind="follow_up", minutes=45))
        world = World(desk, (evaluation.id, follow_up.id))
        spans = [(day, opens, closes) for day in range(5) for opens, closes in ((8, 12), (13, 18))]
        week = [
            AvailabilityIn(weekday=day, opens=time(opens), closes=time(closes), location_id=desk.location_id)
            for day, opens, closes in spans
        ]
        for number in range(CLINICIANS):
            body = ClinicianIn(
                name=f"Clinician {number}", disciplines=["PT"], location_ids=[desk.location_id],
                appointment_type_ids=list(world.types),
            )  # fmt: skip
            world.clinicians.append(await setup.add_clinician(session, body))
            await setup.set_week(session, world.clinicians[-1], WeekIn(version=1, items=week))
        for number in range(PATIENTS):
            patient = await patients.create(session, PatientFacts(first_name=f"First{number}", last_name="Bench"))
            payer = ("Lakeside Mutual", "Prairie Health")[number % 2]
            await patients.cover(session, patient.id, [CoverageFacts("primary", payer)])
            world.patients.append(patient.id)
    return world


async def _fill(admin_url: str, world: World) -> int:
    """Every other visit of everybody's day, more or less, for a month before and two after."""
    chance, rows, today = random.Random(7), [], now().date()
    for clinician in world.clinicians:
        for number in range(-DAYS, 2 * DAYS):
            for hour in (14, 15, 16, 17, 19, 20, 21, 22):
                if (today + number * DAY).weekday() < 5 and chance.random() < 0.5:
                    rows.append(_visit(world, clinician, today + number * DAY, hour, chance))
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.copy_records_to_table("appointments", records=rows, columns=COLUMNS)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    return len(rows)


def _visit(world: World, clinician: UUID, day: date, hour: int, chance: random.Random) -> tuple[Any, ...]:
    starts = datetime.combine(day, time(hour), UTC)
    ends = starts + timedelta(minutes=45)
    return (
        world.desk.practice_id, new_id(), world.types[1], clinician, world.desk.location_id,
        chance.choice(world.patients), "booked", starts, ends, starts, ends, asyncpg.Range(0, 60), "import", starts,
    )  # fmt: skip


async def _rules(context: ProcessContext, world: World) -> None:
    async with context.database.transaction(world.desk.practice_id) as session:
        base = {"practice_id": practice_of(session)}
        session.add_all(
            [
                BookingRule(**base, rule="count", type_kind="evaluation", period="day", per="clinician", most=2),
                BookingRule(**base, rule="count", type_kind="evaluation", period="week", per="location", most=200),
                BookingRule(**base, rule="case_mix", payer="Lakeside", most=60),
                BookingRule(**base, rule="concurrency", type_kind="follow_up", most=2),
            ]
        )


async def _asked(context: ProcessContext, http: httpx.AsyncClient, label: str, query: dict[str, str]) -> dict[str, Any]:
    counted: Counter[str] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        counted[statement] += 1

    async def ask() -> None:
        answer = await http.get("/api/v1/slots", params=query)
        assert answer.is_success and answer.json()["items"], answer.text[:200]

    engine = context.database.engine.sync_engine
    await ask()
    event.listen(engine, "before_cursor_execute", count)
    await ask()
    event.remove(engine, "before_cursor_execute", count)
    times = await repeated(CALLS, ask)
    return {
        f"{label}, p50, ms": at(times, 0.5),
        f"{label}, p95, ms": at(times, 0.95),
        f"{label}, statements": counted.total(),
    }


async def _race(http: httpx.AsyncClient, world: World, month: dict[str, str]) -> dict[str, Any]:
    """Everybody wants the same time at once."""
    slot = (await http.get("/api/v1/slots", params=month)).json()["items"][0]
    body = {name: slot[name] for name in ("appointment_type_id", "clinician_id", "location_id", "starts_at")}
    loop = asyncio.get_running_loop()

    async def book(patient: UUID) -> tuple[str, float]:
        begun = loop.time()
        answer = await http.post("/api/v1/appointments", json=body | {"patient_id": str(patient)})
        said = answer.json()
        named = len(said.get("next_slots", ()))
        return f"{answer.status_code} {said.get('type', '')} {named or ''}".strip(), loop.time() - begun

    outcomes = await asyncio.gather(*(book(patient) for patient in world.patients[:RACERS]))
    counted = Counter(outcome for outcome, _ in outcomes)
    times = sorted(seconds for _, seconds in outcomes)
    return {
        f"{RACERS} want one time": ", ".join(f"{number} × {outcome}" for outcome, number in sorted(counted.items())),
        f"{RACERS} want one time: last answer after, ms": round(1000 * times[-1], 1),
    }
