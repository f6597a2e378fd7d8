"""Go through the rows of a file, a batch per transaction: what is done is done, and a crash goes on from there."""

from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import documents
from backend.core.actor import Actor, act_as
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.jobs import JobRun
from backend.identity.queries import practice_key
from backend.lead_capture.imports import fields, reading, service
from backend.lead_capture.imports.kinds import KINDS, Done, Duplicates, Kind
from backend.lead_capture.imports.models import Import, ImportRow
from backend.lead_capture.imports.reading import NotReadable, Sheet

BATCH: Final = 200
Numbered = tuple[int, list[str]]


async def run(context: ProcessContext, job: JobRun) -> None:
    """Check the file, or carry it out, from where the last attempt came to."""
    async with job.transaction() as session:
        row = await service.one(session, job.ref_id)
        if row.state not in service.BUSY:
            await job.finish(session)
            return
        document = await documents.load(session, row.document_id)
        key = await practice_key(session, context)
        start, version = row.processed, row.version
    sheet = reading.open_sheet(await context.documents.get(document, key))
    try:
        left = reading.rows(sheet, start)
        while batch := list(islice(left, BATCH)):
            async with job.transaction() as session:
                if not await _batch(session, job, version, sheet, batch):
                    return
    except NotReadable as error:
        await _end(job, "failed", error.detail)
        return
    await _end(job, None, None)


async def _end(job: JobRun, state: str | None, failure: str | None) -> None:
    async with job.transaction() as session:
        row = await service.one(session, job.ref_id, lock=True)
        row.state = state or ("checked" if row.state == "checking" else "done")
        row.failure, row.finished_at, row.version = failure, now(), row.version + 1
        await session.flush()
        service.tell(session, row)
        await job.finish(session)


async def _batch(session: AsyncSession, job: JobRun, version: int, sheet: Sheet, batch: list[Numbered]) -> bool:
    """Some rows; False when somebody has begun the import anew, which another job takes care of."""
    row = await service.one(session, job.ref_id, lock=True)
    if row.version != version or row.state not in service.BUSY:
        await job.finish(session)
        return False
    act_as(session, Actor(row.practice_id, "system", "frontdesk", f"Import by {row.created_by}", frozenset()))
    kind, read = KINDS[row.kind], []
    for number, cells in batch:
        values, wrong = fields.read_row(sheet.columns, cells, row.mapping, KINDS[row.kind].by_name)
        if not wrong and (complaint := kind.complaint(values)):
            wrong = [("", complaint)]
        read.append((number, values, wrong))
    await _take(session, row, kind, read)
    row.processed = batch[-1][0]
    await session.flush()
    service.tell(session, row)
    return True


async def _take(
    session: AsyncSession, row: Import, kind: Kind, read: Sequence[tuple[int, dict[str, Any], list[tuple[str, str]]]]
) -> None:
    digests = {number: service.digest_of(row.kind, values) for number, values, _ in read}
    before = await service.done_before(session, row, list(digests.values()))
    rows, people = [], set()
    for number, values, wrong in read:
        if wrong:
            done = Done("failed")
        elif digests[number] in before:
            done = Done("skipped", "imported before")
        else:
            done = await _one(session, kind, values, row)
            before |= {digests[number]} if done.outcome in {"created", "updated"} else set()
        errors = [{"column": column, "detail": detail} for column, detail in wrong]
        if done.outcome == "failed" and not errors:
            errors = [{"column": "", "detail": done.detail or "could not be stored"}]
        people |= {done.patient_id} if done.patient_id else set()
        rows.append(
            {
                "practice_id": practice_of(session), "import_id": row.id, "number": number, "outcome": done.outcome,
                "errors": errors, "detail": done.detail, "digest": digests[number], "patient_id": done.patient_id,
                "lead_id": done.lead_id,
            }
        )  # fmt: skip
    await session.execute(insert(ImportRow).on_conflict_do_nothing(), rows)
    if people:
        await audit.record(session, f"import.{row.state}", f"import:{row.id}", people)


async def _one(session: AsyncSession, kind: Kind, values: dict[str, Any], row: Import) -> Done:
    duplicates: Duplicates = row.duplicates  # type: ignore[assignment]  # the table's CHECK
    try:
        async with session.begin_nested():
            return await kind.apply(session, dict(values), duplicates, row.state == "checking")
    except (IntegrityError, DataError, ValueError):
        return Done("failed", "could not be stored: check its cells")
