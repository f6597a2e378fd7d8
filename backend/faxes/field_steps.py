"""Steps on what was read: sort pages into segments, extract fields, match with what is known, file or hold."""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.faxes import filing, own_papers, page_steps, queries, returned
from backend.faxes.document import Extraction, ExtractionContext, Field, KnownReferrer, Segment, SortedPage
from backend.faxes.extraction import extract
from backend.faxes.models import Fax, FaxLine, FaxSegment
from backend.faxes.page_steps import Desk
from backend.faxes.sorting import segments_of, sort_pages
from backend.identity import queries as identity
from backend.patients import matching
from backend.referral_sources import queries as referral_sources
from backend.referral_sources import service as referrers

SAME_FAX_AGAIN = "same_fax_again"
NPI_OF_ANOTHER = "npi_of_another"
ANOTHER_REFERRER = "another_referrer"
REGROUPED = "regrouped"
SIGNED_PLAN = "signed_plan"


@dataclass(frozen=True, slots=True)
class Sorted:
    """Kinds of pages and the segments they form."""

    pages: list[SortedPage]
    segments: list[Segment]


async def sort(desk: Desk) -> Sorted:
    """What kind of page each is, and whose."""
    async with desk.run.transaction() as session:
        pages = await page_steps.texts(session, desk.fax_id)
        rows = await queries.pages(session, desk.fax_id)
    codes = {row.number: row.letter_code for row in rows if row.letter_code}
    sorted_pages = await asyncio.to_thread(sort_pages, pages, codes)
    return Sorted(sorted_pages, segments_of(sorted_pages, codes))


async def write_segments(session: AsyncSession, fax: Fax, result: Sorted) -> None:
    """Keep kinds and segments; those of an earlier run go."""
    by_number = {page.number: page for page in await queries.pages(session, fax.id)}
    for page in result.pages:
        row = by_number[page.number]
        row.kind, row.kind_confidence, row.segment = page.kind, page.confidence, page.segment
    of_fax = (FaxSegment.practice_id == fax.practice_id) & (FaxSegment.fax_id == fax.id)
    await session.execute(delete(FaxSegment).where(of_fax))
    for segment in result.segments:
        session.add(
            FaxSegment(
                practice_id=fax.practice_id, fax_id=fax.id, index=segment.index, kind=segment.kind,
                pages=list(segment.pages), fields={}, hold_reasons=[], matches=[], letter_code=segment.letter_code,
            )
        )  # fmt: skip


async def extract_fields(desk: Desk) -> dict[int, Extraction]:
    """Fields of every segment, by its index."""
    async with desk.run.transaction() as session:
        fax = await queries.fax(session, desk.fax_id)
        pages = {page.number: page for page in await page_steps.texts(session, desk.fax_id)}
        kinds = {page.number: page.kind or "other" for page in await queries.pages(session, desk.fax_id)}
        segments = [(row.index, list(row.pages)) for row in await queries.segments(session, desk.fax_id)]
        context = await context_at(session, fax.received_at, fax.to_number)
    found = {}
    for index, numbers in segments:
        of_segment = [pages[number] for number in numbers]
        found[index] = await asyncio.to_thread(extract, of_segment, kinds, context)
    return found


async def context_at(session: AsyncSession, received_at: datetime, to_number: str | None = None) -> ExtractionContext:
    """What the practice knows when it reads a paper."""
    practice, locations = await identity.practice(session), await identity.locations(session)
    lines = await session.scalars(select(FaxLine.number).where(FaxLine.practice_id == practice_of(session)))
    numbers = {*lines, *(place.phone for place in locations), *(place.fax for place in locations), to_number}
    known = await referral_sources.known(session)
    return ExtractionContext(
        received_on=received_at.astimezone(ZoneInfo(practice.timezone)).date().isoformat(),
        own_numbers=frozenset(number for number in numbers if number),
        own_names=frozenset({practice.name, *(place.name for place in locations)}),
        referrers=tuple(
            KnownReferrer(row.name, row.npi, row.practice_name, row.phone, row.fax) for row in known
        ),
    )  # fmt: skip


async def write_fields(session: AsyncSession, fax: Fax, result: dict[int, Extraction]) -> None:
    """Keep fields and the reasons for a person to look."""
    for row in await queries.segments(session, fax.id):
        extraction = result[row.index]
        row.fields = {name: field_json(field) for name, field in extraction.fields.items()}
        row.hold_reasons = list(dict.fromkeys([*row.hold_reasons, *extraction.hold_reasons]))


def field_json(field: Field) -> dict[str, Any]:
    """A field as stored and shown (contract §3)."""
    return asdict(field)


async def match(session: AsyncSession, fax: Fax, _: None) -> None:
    """Note who each segment's patient may be; a certain match is taken, an uncertain one holds the fax."""
    for row in await queries.segments(session, fax.id):
        if fax.from_lead_id is not None:
            await own_papers.match(session, row, fax.from_lead_id)
        elif row.letter_code is None or not await returned.match(session, row):
            await _match_anyone(session, row)
        more = [SAME_FAX_AGAIN] if fax.duplicate_of is not None else []
        row.hold_reasons = list(dict.fromkeys([*row.hold_reasons, *more, *await _about_referrer(session, fax, row)]))


async def _about_referrer(session: AsyncSession, fax: Fax, row: FaxSegment) -> list[str]:
    """Whoever ordered it must be the one the paper means."""
    facts = filing.referrer_of(fax, row)
    if facts is None:
        return []
    if fax.from_referrer_id is not None and await referrers.another(session, fax.from_referrer_id, facts):
        return [ANOTHER_REFERRER]
    return [NPI_OF_ANOTHER] if await referrers.doubt(session, facts) else []


async def _match_anyone(session: AsyncSession, row: FaxSegment) -> None:
    matches = await matching.find(session, filing.identity_of(row))
    row.matches = [matching.as_json(found) for found in matches]
    row.patient_id = next((found.patient_id for found in matches if found.certain), None)
    if row.kind == "signed_plan_of_care":
        # It never becomes a lead: a person says whose it is, and finds who it may be.
        row.hold_reasons = [SIGNED_PLAN]
    elif matches and row.patient_id is None:
        row.hold_reasons = list(dict.fromkeys([*row.hold_reasons, "possible_same_patient"]))


async def file_or_hold(session: AsyncSession, fax: Fax, _: None) -> str:
    """File every segment, or hold the whole fax when one of them needs a person; returns the status reached."""
    segments = await queries.segments(session, fax.id)
    if not segments or any(row.hold_reasons for row in segments):
        return "needs_review"
    for row in segments:
        if fax.from_lead_id is not None:
            await filing.attach_segment(session, fax, row, fax.from_lead_id)
        elif row.letter_code is not None:
            await returned.file(session, fax, row)
        else:
            await filing.file_segment(session, fax, row)
    return "filed"
