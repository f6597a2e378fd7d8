"""Import files of an EMR: upload, check, carry out, decide, download what failed."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Header, Query, UploadFile
from fastapi.responses import StreamingResponse
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import documents, idempotency
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.pages import Cursor, Limit, cut, decode_cursor, encode_cursor, moment_of
from backend.core.problems import Conflict, Invalid, TooLarge
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.queries import practice_key
from backend.lead_capture.imports import reading, service
from backend.lead_capture.imports.kinds import KINDS
from backend.lead_capture.imports.models import Import, ImportRow
from backend.lead_capture.imports.schemas import (
    DecideIn,
    Duplicates,
    ImportCounts,
    ImportFieldOut,
    ImportOut,
    ImportPage,
    ImportRowOut,
    ImportRowPage,
    KindName,
    Outcome,
    RunIn,
)
from backend.lead_capture.imports.service import Wanted

router = APIRouter(prefix="/api/v1/imports", tags=["imports"])
Importer = Annotated[Actor, Depends(Allowed("imports:write"))]
PREVIEWED = 5


@router.get("", operation_id="listImports", summary="Imports, newest first")
async def list_imports(_: Importer, session: Transaction, cursor: Cursor = None, limit: Limit = 20) -> ImportPage:
    """With what became of their rows."""
    query = select(Import).where(Import.practice_id == practice_of(session))
    if before := moment_of(cursor):
        query = query.where(tuple_(Import.created_at, Import.id) < before)
    found = (await session.scalars(query.order_by(Import.created_at.desc(), Import.id.desc()).limit(limit + 1))).all()
    rows, more = cut(found, limit)
    counts = await service.counts(session, [row.id for row in rows])
    next_cursor = encode_cursor([rows[-1].created_at.isoformat(), rows[-1].id]) if more else None
    return ImportPage(items=[_out(row, counts.get(row.id, {})) for row in rows], next_cursor=next_cursor)


@router.post("/{kind}", operation_id="createImport", summary="Import a CSV file", status_code=201)
async def create_import(
    kind: KindName,
    caller: Importer,
    context: Context,
    file: Annotated[UploadFile, File(description="CSV, at most 25 MB and 100,000 rows; UTF-8, UTF-16 or Windows-1252")],
    dry_run: Annotated[bool, Form(description="only check; nothing is written")] = False,
    mapping: Annotated[str | None, Form(description="JSON: field by column; default: as last time, or guessed",
                                        max_length=20_000)] = None,
    duplicates: Annotated[Duplicates | None, Form(description="who may be known: ask, skip, or attach if sure")] = None,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> ImportOut:  # fmt: skip
    """The rows are gone through in the background; see `processed`. The same row is carried out once, however often
    its file is sent.
    """
    data = await file.read(reading.MOST_BYTES + 1)
    if len(data) > reading.MOST_BYTES:
        raise TooLarge("A file may hold at most 25 MB. Split it.")
    sheet, total = service.opened(data)
    wanted = Wanted(kind, file.filename or "file.csv", dry_run, duplicates, _mapping(mapping))
    async with transaction_of(context, caller) as session:
        key = await practice_key(session, context)
    stored = await context.documents.put(caller.practice_id, key, data, "text/csv")
    request = hashlib.sha256(data).digest() + repr(wanted).encode()
    async with transaction_of(context, caller) as session:
        begin = partial(service.begin, session, wanted, stored, sheet, total)
        import_id, _ = await idempotency.once(session, caller.id, idempotency_key, request, begin)
        await audit.record(session, "import.uploaded", f"import:{import_id}")
        return await _whole(session, import_id, sheet)


def _mapping(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    try:
        found: Any = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found.values()):
        raise Invalid("Give the mapping as a JSON object of field by column.", errors=[("/mapping", "not readable")])
    return found


@router.get("/{import_id}", operation_id="getImport", summary="One import")
async def get_import(import_id: uuid.UUID, caller: Importer, context: Context) -> ImportOut:
    """How far it is, how its columns are read, and its first rows."""
    async with transaction_of(context, caller) as session:
        await service.one(session, import_id)
    sheet = await _sheet(context, caller, import_id)
    async with transaction_of(context, caller) as session:
        await audit.record(session, "import.viewed", f"import:{import_id}")
        return await _whole(session, import_id, sheet)


@router.post("/{import_id}/run", operation_id="runImport", summary="Check again, or carry out")
async def run_import(import_id: uuid.UUID, body: RunIn, caller: Importer, context: Context) -> ImportOut:
    """After a check, with a reading of the columns that may have been corrected. 409 once it was carried out."""
    async with transaction_of(context, caller) as session:
        await service.again(session, import_id, body.version, body.mapping, body.duplicates, dry=body.dry_run)
        await audit.record(session, "import.checked" if body.dry_run else "import.begun", f"import:{import_id}")
    sheet = await _sheet(context, caller, import_id)
    async with transaction_of(context, caller) as session:
        return await _whole(session, import_id, sheet)


@router.get("/{import_id}/rows", operation_id="listImportRows", summary="Rows that need a look")
async def list_import_rows(
    import_id: uuid.UUID,
    caller: Importer,
    context: Context,
    outcome: Annotated[Outcome, Query(description="what became of them")] = "failed",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ImportRowPage:
    """With what is wrong, cell by cell."""
    after = _place(cursor) if cursor else 0
    async with transaction_of(context, caller) as session:
        await service.one(session, import_id)
        found = await session.scalars(
            select(ImportRow)
            .where(ImportRow.practice_id == practice_of(session), ImportRow.import_id == import_id)
            .where(ImportRow.outcome == outcome, ImportRow.number > after)
            .order_by(ImportRow.number)
            .limit(limit + 1)
        )
        rows, more = cut(found.all(), limit)
        people = {row.patient_id for row in rows if row.patient_id}
        await audit.record(session, "import.rows_viewed", f"import:{import_id}", people)
    cells = _cells(await _sheet(context, caller, import_id), {row.number for row in rows})
    items = [
        ImportRowOut.model_validate({**_row(row), "cells": cells.get(row.number, [])})
        for row in rows
    ]  # fmt: skip
    return ImportRowPage(items=items, next_cursor=encode_cursor([rows[-1].number]) if more else None)


def _place(cursor: str) -> int:
    (number,) = decode_cursor(cursor, 1)
    if not isinstance(number, int):
        raise Invalid("Use the next_cursor of the page before.", errors=[("query/cursor", "unknown")])
    return number


def _row(row: ImportRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("number", "outcome", "errors", "detail", "patient_id", "lead_id")}


@router.post("/{import_id}/rows/{number}/decide", operation_id="decideImportRow", summary="Who a row is")
async def decide_import_row(
    import_id: uuid.UUID, number: int, body: DecideIn, caller: Importer, context: Context
) -> ImportRowOut:
    """For rows that were asked about: somebody new, the person that was found, or left out."""
    async with transaction_of(context, caller) as session:
        await service.asked_row(session, import_id, number)
    cells = _cells(await _sheet(context, caller, import_id), {number}).get(number, [])
    async with transaction_of(context, caller) as session:
        row, asked = await service.asked_row(session, import_id, number)
        done = await service.decide(session, row, asked, cells, body.decision)
        people = [done.patient_id] if done.patient_id else []
        await audit.record(session, "import.row_decided", f"import:{import_id}", people)
        return ImportRowOut.model_validate({**_row(asked), "cells": cells})


@router.get("/{import_id}/errors.csv", operation_id="getImportErrors", summary="The rows that failed, as CSV",
            response_class=StreamingResponse)  # fmt: skip
async def get_import_errors(import_id: uuid.UUID, caller: Importer, context: Context) -> StreamingResponse:
    """The file's own columns and what is wrong: to correct and import again. No cell is ever a formula."""
    async with transaction_of(context, caller) as session:
        row = await service.one(session, import_id)
        found = await session.execute(
            select(ImportRow.number, ImportRow.errors)
            .where(ImportRow.practice_id == row.practice_id, ImportRow.import_id == import_id)
            .where(ImportRow.outcome == "failed")
        )
        errors: dict[int, list[Any]] = dict(found.tuples().all())
        await audit.record(session, "import.errors_downloaded", f"import:{import_id}")
    sheet = await _sheet(context, caller, import_id)
    headers = {"Content-Disposition": 'attachment; filename="import-errors.csv"', "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(reading.written(_failed(sheet, errors)), media_type="text/csv", headers=headers)


def _failed(sheet: reading.Sheet, errors: dict[int, list[Any]]) -> Iterator[list[str]]:
    yield [*sheet.columns, "Error"]
    for number, cells in reading.rows(sheet):
        if number in errors:
            told = "; ".join(f"{item['column']}: {item['detail']}".removeprefix(": ") for item in errors[number])
            yield [*cells, *[""] * (len(sheet.columns) - len(cells)), told]


async def _sheet(context: Context, caller: Actor, import_id: uuid.UUID) -> reading.Sheet:
    async with transaction_of(context, caller) as session:
        row = await service.one(session, import_id)
        document = await documents.load(session, row.document_id)
        key = await practice_key(session, context)
    try:
        return reading.open_sheet(await context.documents.get(document, key))
    except reading.NotReadable as error:
        raise Conflict(error.detail) from None


def _cells(sheet: reading.Sheet, numbers: set[int]) -> dict[int, list[str]]:
    last = max(numbers, default=0)
    found: dict[int, list[str]] = {}
    for number, cells in reading.rows(sheet):
        if number > last:
            break
        if number in numbers:
            found[number] = cells
    return found


async def _whole(session: AsyncSession, import_id: uuid.UUID, sheet: reading.Sheet) -> ImportOut:
    row = await service.one(session, import_id)
    await session.refresh(row)
    counts = await service.counts(session, [row.id])
    preview = list(_cells(sheet, set(range(1, PREVIEWED + 1))).values())
    return _out(row, counts.get(row.id, {}), preview)


def _out(row: Import, counts: dict[str, int], preview: list[list[str]] | None = None) -> ImportOut:
    told = {name: getattr(row, name) for name in ImportOut.model_fields if name not in {"fields", "counts", "preview"}}
    known = [ImportFieldOut(name=field.name, label=field.label) for field in KINDS[row.kind].fields]
    return ImportOut.model_validate(
        {**told, "fields": known, "counts": ImportCounts(**counts), "preview": preview or []}
    )
