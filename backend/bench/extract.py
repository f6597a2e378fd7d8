"""Extraction: accuracy by field and condition on our own samples, calibration, and time against raw OCR."""

import asyncio
import time
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from backend.faxes.decoding import decode
from backend.faxes.document import ExtractionContext, Field
from backend.faxes.extraction import extract
from backend.faxes.reading import read
from backend.faxes.sorting import segments_of, sort_pages
from backend.sandbox.samples import CONDITIONS, draw
from backend.sandbox.samples.people import Person, invent

LAYOUTS = ("order_form", "doctor_letter", "packet", "emr_printout")
SEEDS = range(6)
BINS = (0.5, 0.7, 0.9, 0.95, 1.01)


def truth(person: Person) -> dict[str, Any]:
    """What every layout states of a person, in normal form."""
    return {
        "patient_first_name": person.first,
        "patient_last_name": person.last,
        "patient_dob": person.dob.isoformat(),
        "patient_phone": "+1" + "".join(filter(str.isdigit, person.phone)),
        "member_id": person.member_id,
        "referrer_npi": person.npi,
        "icd10_codes": [person.icd10],
        "frequency_per_week": person.frequency,
        "duration_weeks": person.weeks,
        "body_part": person.body_part,
    }


def measure() -> dict[str, Any]:
    """Draw, read, extract, compare."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, Any]:
    today = datetime.now(UTC).date()
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    bins: dict[float, list[int]] = {edge: [0, 0] for edge in BINS}
    ocr = rest = 0.0
    pages_read = 0
    for condition in CONDITIONS:
        for layout in LAYOUTS:
            for seed in SEEDS:
                fields, spent, pages = await _one(layout, condition, seed, today)
                ocr, rest, pages_read = ocr + spent[0], rest + spent[1], pages_read + pages
                _compare(truth(invent(seed, today)), fields, condition, right, bins)
    figures: dict[str, Any] = {
        "time of the pipeline / raw reading of the same pages": round((ocr + rest) / ocr, 3),
        "seconds per page, reading": round(ocr / pages_read, 3),
        "seconds per page, decoding, sorting, extraction": round(rest / pages_read, 3),
    }
    figures |= {f"right: {name}": f"{hit}/{n} = {hit / n:.3f}" for name, (hit, n) in sorted(right.items())}
    figures |= {f"calibration: stated below {edge:.2f}": f"{hit}/{n}" for edge, (hit, n) in bins.items() if n}
    return figures


async def _one(
    layout: str, condition: str, seed: int, today: date
) -> tuple[dict[str, Field], tuple[float, float], int]:
    data, _ = draw(layout, condition, seed, today)
    begun = time.perf_counter()
    pages = await decode(data)
    decoded = time.perf_counter()
    texts = await read(data, pages)
    was_read = time.perf_counter()
    sorted_pages = sort_pages(texts)
    kinds = {page.number: page.kind for page in sorted_pages}
    fields: dict[str, Field] = {}
    for segment in segments_of(sorted_pages):
        of_segment = [text for text in texts if text.number in segment.pages]
        fields |= extract(of_segment, kinds, ExtractionContext(today.isoformat())).fields
    rest = decoded - begun + time.perf_counter() - was_read
    return fields, (was_read - decoded, rest), len(pages)


def _compare(
    wanted: dict[str, Any], fields: dict[str, Field], condition: str, right: dict[str, list[int]],
    bins: dict[float, list[int]],
) -> None:  # fmt: skip
    for name, value in wanted.items():
        field = fields.get(name)
        hit = field is not None and _same(field.normal, value)
        for group in (name, f"({condition})"):
            right[group][0] += hit
            right[group][1] += 1
        if field is not None:
            edge = next(edge for edge in BINS if field.confidence < edge)
            bins[edge][0] += hit
            bins[edge][1] += 1


def _same(one: object, other: object) -> bool:
    return str(one).casefold() == str(other).casefold()
