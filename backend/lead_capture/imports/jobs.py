"""Go through the rows of a file, a batch per transaction: what is done is done, and a crash goes on from there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import documents
from backend.core.actor import Actor, act_as
from backend.core.bulk import insert_all
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.jobs import JobRun
from backend.identity.queries import practice_key
from backend.lead_capture.emr.words import day_first
from backend.lead_capture.imports import fields, reading, service
from backend.lead_capture.imports.done import Done, Duplicates
from backend.lead_capture.imports.kinds import KINDS, Kind
from backend.lead_capture.imports.models import Import, ImportRow
from backend.lead_capture.imports.reading import NotReadable, Sheet

# Rows of one patient are not parted, but no batch grows without end.
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was read: its number in the file, its values, (column, what is wrong)."""

    number: int
    values: dict[str, Any]
    wrong: list[tuple[str, str]]


async def run(context: ProcessContext, job: JobRun) -> None:
    """Check the file, or carry it out, from where the last attempt came to."""
    async with job.transaction() as session:
        row = await service.one(session, job.ref_id)
        if row.state not in service.BUSY:
            await job.finish(session)
            return
        document = await documents.load(session, row.document_id)
        key = await practice_key(session, context)
        start, version, mapping, kind = row.processed, row.version, row.mapping, KINDS[row.kind]
    sheet = reading.open_sheet(await context.documents.get(document, key))
    try:
        turned = _day_first(sheet, mapping, kind)
        done = start
        for batch in _batches(_lines(sheet, mapping, kind, turned, start), kind):
            done += len(batch)
            async with job.transaction() as session:
                if not await _batch(session, job, version, kind, batch, done, turned):
                    return
    except NotReadable as error:
        await _end(job, "failed", error.detail)
        return
    await _end(job, None, None)


def _day_first(sheet: Sheet, mapping: dict[str, str], kind: Kind) -> list[str]:
    """Columns whose dates are written day first."""
    days = [place for place, column in enumerate(sheet.columns)
            if (field := kind.by_name.get(mapping.get(column, ""))) and field.day]  # fmt: skip
    if not days:
        return []
    cells: dict[int, list[str]] = {place: [] for place in days}
    for _, row in reading.rows(sheet):
        for place in days:
            if place < len(row):
                cells[place].append(row[place])
    return [sheet.columns[place] for place in days if day_first(cells[place])]


def _lines(sheet: Sheet, mapping: dict[str, str], kind: Kind, turned: list[str], start: int) -> Iterator[Line]:
    """Rows from there on, in the order in which they are taken."""
    if kind.order is None:
        for number, cells in reading.rows(sheet, start):
            yield _read(sheet, mapping, kind, turned, number, cells)
        return
    every = [_read(sheet, mapping, kind, turned, number, cells) for number, cells in reading.rows(sheet)]
    every.sort(key=lambda line: (*kind.order(line.values), line.number))  # type: ignore[misc]
    yield from every[start:]


def _read(sheet: Sheet, mapping: dict[str, str], kind: Kind, turned: list[str], number: int, cells: list[str]) -> Line:
    values, wrong = fields.read_row(sheet.columns, cells, mapping, kind.by_name, turned)
    if not wrong and (complaint := kind.complaint(values)):
        wrong = [("", complaint)]
    return Line(number, values, wrong)


def _batches(lines: Iterator[Line], kind: Kind) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        apart = kind.order is None or (batch and kind.order(line.values)[0] != kind.order(batch[-1].values)[0])
        if len(batch) >= kind.batch and (apart or len(batch) >= MOST * kind.batch):
            yield batch
            batch = []
        batch.append(line)
    if batch:
        yield batch


async def _end(job: JobRun, state: str | None, failure: str | None) -> None:
    async with job.transaction() as session:
        row = await service.one(session, job.ref_id, lock=True)
        row.state = state or ("checked" if row.state == "checking" else "done")
        row.failure, row.finished_at, row.version = failure, now(), row.version + 1
        await session.flush()
        service.tell(session, row)
        await job.finish(session)


async def _batch(
    session: AsyncSession, job: JobRun, version: int, kind: Kind, batch: list[Line], done: int, turned: list[str]
) -> bool:
    """Some rows; False when somebody has begun the import anew, which another job takes care of."""
    row = await service.one(session, job.ref_id, lock=True)
    if row.version != version or row.state not in service.BUSY:
        await job.finish(session)
        return False
    act_as(session, Actor(row.practice_id, "system", "frontdesk", f"Import by {row.created_by}", frozenset()))
    await _take(session, row, kind, batch)
    row.processed, row.day_first = done, turned
    await session.flush()
    service.tell(session, row)
    return True


async def _take(session: AsyncSession, row: Import, kind: Kind, batch: list[Line]) -> None:
    digests = {line.number: service.digest_of(row.kind, line.values) for line in batch}
    before = await service.done_before(session, row, list(digests.values()))
    found: dict[int, Done] = {}
    fresh: list[Line] = []
    here: set[bytes] = set()
    for line in batch:
        if line.wrong:
            found[line.number] = Done("failed")
        elif digests[line.number] in before:
            found[line.number] = Done("skipped", "imported before")
        elif digests[line.number] in here:
            found[line.number] = Done("skipped", "the same row again")
        else:
            here.add(digests[line.number])
            fresh.append(line)
    done = await _apply(session, kind, [line.values for line in fresh], row)
    found |= {line.number: outcome for line, outcome in zip(fresh, done, strict=True)}
    rows = [_stored(session, row, line, found[line.number], digests[line.number]) for line in batch]
    await insert_all(session, ImportRow, rows, unless_there=True)
    people = {outcome.patient_id for outcome in found.values() if outcome.patient_id}
    if people:
        await audit.record(session, f"import.{row.state}", f"import:{row.id}", people)


def _stored(session: AsyncSession, row: Import, line: Line, done: Done, digest: bytes) -> dict[str, Any]:
    errors = [{"column": column, "detail": detail} for column, detail in line.wrong]
    if done.outcome == "failed" and not errors:
        errors = [{"column": "", "detail": done.detail or "could not be stored"}]
    return {
        "practice_id": practice_of(session), "import_id": row.id, "number": line.number, "outcome": done.outcome,
        "errors": errors, "detail": done.detail, "digest": digest, "patient_id": done.patient_id,
        "lead_id": done.lead_id,
    }  # fmt: skip


async def _apply(session: AsyncSession, kind: Kind, values: list[dict[str, Any]], row: Import) -> list[Done]:
    """At once; where the database refuses one of them, row by row, so that only that one fails."""
    duplicates: Duplicates = row.duplicates  # type: ignore[assignment]  # the table's CHECK
    dry = row.state == "checking"
    try:
        async with session.begin_nested():
            return await kind.apply(session, [dict(each) for each in values], duplicates, dry)
    except (IntegrityError, DataError, ValueError):
        found = []
        for each in values:
            try:
                async with session.begin_nested():
                    found += await kind.apply(session, [dict(each)], duplicates, dry)
            except (IntegrityError, DataError, ValueError):
                found.append(Done("failed", "could not be stored: check its cells"))
        return found
