"""Imports: 100,000 patients and 100,000 visits of an EMR's files, upload to last row, by the whole product.

Visits are those of the patients of the first file: about eleven each, an evaluation first, in no order.
"""

import asyncio
import csv
import io
import random
import time
from datetime import date, timedelta
from typing import Any

import httpx

from backend.bench.ground import Product, product

ROWS = 100_000
PER_CASE = 11
FIRST = ("Ada", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gia", "Hugo", "Ines", "Jon", "Kim", "Leo", "Mia", "Ned", "Ola")
LAST = ("Sample", "Other", "Brown", "Reed", "Vega", "Lindqvist", "Okafor", "Novak", "Silva", "Tanaka", "Weber", "Young")
STATES = ("Attended",) * 17 + ("No Show", "Late Cancel", "Cancelled")


def measure() -> dict[str, Any]:
    """Seconds and rows a second, for each file the first time and again, with what became of the rows."""
    with product() as running:
        return asyncio.run(_measure(running))


async def _measure(running: Product) -> dict[str, Any]:
    people = [_person(number) for number in range(ROWS)]
    patients = _file(["MRN", "Last", "First", "DOB", "Phone"], people)
    chance = random.Random(7)
    visits = [line for number in range(ROWS // PER_CASE + 1) for line in _case(people[number], number, chance)][:ROWS]
    chance.shuffle(visits)
    head = ["MRN", "Last", "First", "DOB", "Visit ID", "Case ID", "Date", "Time", "Status", "Type"]
    figures: dict[str, Any] = {}
    async with running.client() as http:
        for name, kind, data in (
            ("patients", "patients", patients), ("visits", "visits", _file(head, visits)),
            ("the same visits again", "visits", _file(head, visits)),
        ):  # fmt: skip
            begun = time.perf_counter()
            found = await _imported(http, kind, data)
            seconds = time.perf_counter() - begun
            figures[f"{name}: {ROWS:,} rows, s"] = round(seconds, 1)
            figures[f"{name}: rows a second"] = round(ROWS / seconds)
            figures[f"{name}: became"] = {each: number for each, number in found["counts"].items() if number}
    return figures


async def _imported(http: httpx.AsyncClient, kind: str, data: bytes) -> dict[str, Any]:
    files = {"file": (f"{kind}.csv", data, "text/csv")}
    answer = await http.post(f"/api/v1/imports/{kind}", files=files, timeout=120)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    while found["state"] in {"checking", "running"}:
        await asyncio.sleep(1)
        found = (await http.get(f"/api/v1/imports/{found['id']}", timeout=60)).json()
    return found


def _person(number: int) -> list[str]:
    born = date(1940, 1, 1) + timedelta(days=number * 7919 % 24_000)
    name = f"{LAST[number % len(LAST)]}{number // 180 % 997}"
    return [
        f"M{number}",
        name,
        FIRST[number % len(FIRST)],
        f"{born:%m/%d/%Y}",
        f"{201 + number // 100 % 790}55501{number % 100:02}",
    ]


def _case(person: list[str], number: int, chance: random.Random) -> list[list[str]]:
    begun = date(2024, 1, 1) + timedelta(days=chance.randrange(600))
    lines = []
    for visit in range(PER_CASE):
        day = begun + timedelta(days=visit * 3)
        state = "Attended" if visit == 0 else chance.choice(STATES)
        kind = "PT Initial Evaluation" if visit == 0 else "PT Follow Up"
        at = f"{chance.randrange(7, 18)}:{chance.choice(('00', '15', '30', '45'))}"
        lines.append([*person[:4], f"V{number}-{visit}", f"C{number}", f"{day:%m/%d/%Y}", at, state, kind])
    return lines


def _file(head: list[str], lines: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *lines])
    return out.getvalue().encode()
