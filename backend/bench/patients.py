"""Patients: two hundred phones open their links at once, answer, look for a time and book one.

Against the whole product as a process. Every phone has an address of its own, as the rate limit expects.
"""

import asyncio
import random
import time
from collections import Counter, defaultdict
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Any

import httpx
from sqlalchemy import select

from backend.bench.ground import Product, at, product
from backend.core.context import ProcessContext
from backend.core.settings import Settings
from backend.identity.models import Location, Practice
from backend.identity.queries import practice_key
from backend.launcher.services import ensure_services
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.patient_links import service as links
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.wiring.process import open_process

PHONES = 200
DOB = date(1961, 4, 9)
PUBLIC = "/api/v1/public"
TRIES = 8


def measure() -> dict[str, Any]:
    """Errors (there must be none), and how long each step takes while all are at it."""
    with product() as running:
        return asyncio.run(_measure(running))


async def _measure(running: Product) -> dict[str, Any]:
    tokens = await _tokens(running, PHONES)
    tally, taken = Counter[str](), defaultdict[str, list[float]](list)
    begun = time.perf_counter()
    await asyncio.gather(*(_visit(running, number, token, tally, taken) for number, token in enumerate(tokens)))
    figures: dict[str, Any] = {
        "phones at once": PHONES, "errors": tally["error"], "booked": tally["booked"],
        "times taken meanwhile, answered with others": tally["taken"],
        "all done after, s": round(time.perf_counter() - begun, 1),
    }  # fmt: skip
    for step, times in taken.items():
        figures[f"{step}, p50, ms"], figures[f"{step}, p95, ms"] = at(times, 0.5), at(times, 0.95)
    return figures


async def _visit(running: Product, number: int, token: str, tally: Counter[str], taken: dict[str, list[float]]) -> None:
    headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
    async with httpx.AsyncClient(base_url=running.url, headers=headers, timeout=60) as phone:

        async def step(name: str, method: str, path: str, **more: Any) -> Any:
            begun = time.perf_counter()
            answer = await phone.request(method, f"{PUBLIC}/{path}", **more)
            taken[name].append(time.perf_counter() - begun)
            if answer.is_server_error or answer.status_code == 429:
                tally["error"] += 1
            return answer

        try:
            page = (await step("open", "POST", "links/exchange", json={"token": token})).json()
            phone.headers["X-CSRF-Token"] = page["csrf_token"]
            # The cookie is for https only; browsers make an exception for this machine, this client does not.
            phone.headers["Cookie"] = f"__Host-frontdesk-patient={_cookie(phone)}"
            await step("answer", "POST", "links/check", json={"dob": DOB.isoformat()})
            await step("visit", "GET", "visit")
            for attempt in range(TRIES):
                found = (await step("times", "GET", "visit/times")).json()
                day = random.choice(found["days"])["date"]
                times = (await step("times", "GET", f"visit/times?day={day}")).json()["times"]
                if not times:
                    continue
                chosen = {name: random.choice(times)[name] for name in ("clinician_id", "location_id", "starts_at")}
                key = {"Idempotency-Key": f"{number}-{attempt}"}
                booked = await step("book", "POST", "visit/book", json=chosen, headers=key)
                if booked.is_success:
                    tally["booked"] += 1
                    return
                tally["taken" if booked.status_code == 409 else "error"] += 1
        except (httpx.HTTPError, KeyError, ValueError):
            tally["error"] += 1


def _cookie(phone: httpx.AsyncClient) -> str:
    return next(cookie.value or "" for cookie in phone.cookies.jar)


async def _tokens(running: Product, count: int) -> list[str]:
    """Links as texts would carry them, for new patients of the demo's practice."""
    async with _context(running) as context:
        async with context.database.system() as session:
            practice_id = (await session.scalars(select(Practice.id))).one()
        made = []
        async with context.database.transaction(practice_id) as session:
            key = await practice_key(session, context)
            places = list(await session.scalars(select(Location.id).order_by(Location.name)))
            for number in range(count):
                facts = PatientFacts(first_name="Ada", last_name=f"Bench{_letters(number)}", dob=DOB)
                patient = await patients.create(session, facts)
                place = places[number % len(places)]
                lead = await leads.open_lead(session, NewLead(patient.id, "phone", location_id=place))
                made.append((await links.create(session, "schedule", patient_id=patient.id, lead_id=lead.id)).id)
            tokens = await links.tokens(session, made, key)
    return [tokens[link_id] for link_id in made]


def _context(running: Product) -> AbstractAsyncContextManager[ProcessContext]:
    services = ensure_services(running.folder)
    facts = {
        "FRONTDESK_ENVIRONMENT": "test", "FRONTDESK_DATA": running.folder, "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
    }  # fmt: skip
    return open_process(Settings.model_validate(facts))


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))
