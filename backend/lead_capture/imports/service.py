"""Take a file in, check it or carry it out, decide what it asks."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import LargeBinary, cast, delete, func, select, text, true
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.documents import StoredDocument
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.lead_capture.imports import fields, reading
from backend.lead_capture.imports.done import Done
from backend.lead_capture.imports.kinds import KINDS, Kind
from backend.lead_capture.imports.models import Import, ImportMapping, ImportRow
from backend.lead_capture.imports.reading import NotReadable, Sheet

RUN: Final = "imports.run"
# Word for word the condition of the index on digests: as parameters, a prepared plan could not use it.
CARRIED_OUT: Final = "import_rows.outcome IN ('created','updated')"
BUSY: Final = frozenset({"checking", "running"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is to be taken."""

    kind: str
    file_name: str
    dry_run: bool
    duplicates: str | None = None
    mapping: dict[str, str] | None = None


def kind_named(name: str) -> Kind:
    """Raises `NotFound`."""
    if name not in KINDS:
        raise NotFound("There is no such kind of import.")
    return KINDS[name]


def opened(data: bytes) -> tuple[Sheet, int]:
    """The file and its number of rows. Raises `Invalid`."""
    try:
        sheet = reading.open_sheet(data)
        return sheet, reading.count(sheet)
    except NotReadable as error:
        raise Invalid(error.detail, errors=[("/file", "not readable")]) from None


async def begin(session: AsyncSession, wanted: Wanted, stored: StoredDocument, sheet: Sheet, total: int) -> uuid.UUID:
    """Write the import, with the job that goes through its rows. Raises `Invalid` for a mapping that cannot be."""
    kind = kind_named(wanted.kind)
    known = await session.get(ImportMapping, (practice_of(session), kind.name))
    mapping = wanted.mapping
    if mapping is None:
        guess = fields.guessed(sheet.columns, kind.fields)
        remembered = {column: name for column, name in (known.mapping if known else {}).items()
                      if column in sheet.columns}  # fmt: skip
        mapping = {column: name for column, name in guess.items() if name not in remembered.values()} | remembered
    check_mapping(kind, sheet.columns, mapping)
    documents.record(session, stored)
    await session.flush()
    row = Import(
        practice_id=practice_of(session), id=new_id(), kind=kind.name, file_name=wanted.file_name[:200],
        state="checking" if wanted.dry_run else "running", document_id=stored.id, encoding=sheet.encoding,
        delimiter=sheet.delimiter, columns=list(sheet.columns), mapping=mapping, total=total, processed=0,
        duplicates=wanted.duplicates or (known.duplicates if known else "ask"), created_by=actor_of(session).name,
        created_at=now(), version=1, day_first=[],
    )  # fmt: skip
    session.add(row)
    await session.flush()
    if not wanted.dry_run:
        await _remember(session, row)
    await later(session, RUN, row.id, key=f"{row.id}:{row.version}")
    return row.id


def check_mapping(kind: Kind, columns: Sequence[str], mapping: dict[str, str]) -> None:
    """Raises `Invalid` unless every column and field exists, each field once."""
    names = list(mapping.values())
    wrong = [("/mapping", "unknown column")] if set(mapping) - set(columns) else []
    wrong += [("/mapping", "unknown field")] if set(names) - set(kind.by_name) else []
    wrong += [("/mapping", "a field named twice")] if len(set(names)) < len(names) else []
    if wrong:
        raise Invalid("Choose columns of the file and fields of this import, each once.", errors=wrong)


async def _remember(session: AsyncSession, row: Import) -> None:
    values = {"mapping": row.mapping, "duplicates": row.duplicates}
    await session.execute(
        insert(ImportMapping)
        .values(practice_id=row.practice_id, kind=row.kind, **values)
        .on_conflict_do_update(index_elements=["practice_id", "kind"], set_=values)
    )


async def one(session: AsyncSession, import_id: uuid.UUID, *, lock: bool = False) -> Import:
    """Raises `NotFound`."""
    query = select(Import).where(Import.practice_id == practice_of(session), Import.id == import_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(query)
    if found is None:
        raise NotFound("There is no such import in this practice.")
    return found


async def again(
    session: AsyncSession, import_id: uuid.UUID, version: int, mapping: dict[str, str], duplicates: str, *, dry: bool
) -> Import:
    """Go through the rows from the first, checking or carrying out. Raises `StaleVersion`, `Conflict`, `Invalid`."""
    row = await one(session, import_id, lock=True)
    if row.version != version:
        raise StaleVersion(row.version)
    if row.state not in {"checked", "failed"}:
        raise Conflict("This import is under way, or done. Choose the file again to import it once more.")
    check_mapping(KINDS[row.kind], row.columns, mapping)
    row.mapping, row.duplicates, row.state = mapping, duplicates, "checking" if dry else "running"
    row.processed, row.failure, row.finished_at, row.version = 0, None, None, row.version + 1
    await session.execute(
        delete(ImportRow).where(ImportRow.practice_id == row.practice_id, ImportRow.import_id == row.id)
    )
    await session.flush()
    if not dry:
        await _remember(session, row)
    await later(session, RUN, row.id, key=f"{row.id}:{row.version}")
    tell(session, row)
    return row


def tell(session: AsyncSession, row: Import) -> None:
    """Other screens follow how far it is."""
    tell_live(session, [LiveEvent("import.changed", str(row.id), row.version, actor_of(session).mutation_id)])


def digest_of(kind: str, values: dict[str, Any]) -> bytes:
    """What a row says, however the file is written."""
    return hashlib.sha256(f"{kind}\0{json.dumps(values, sort_keys=True)}".encode()).digest()


async def done_before(session: AsyncSession, row: Import, digests: Sequence[bytes]) -> set[bytes]:
    """Rows of these that were carried out by this or an earlier import."""
    # Each looked up in its index: given a list, or the imports as well, the planner goes through all rows of the
    # practice again and again while the table grows.
    asked = func.unnest(cast(list(digests), ARRAY(LargeBinary))).table_valued("digest").render_derived(name="asked")
    known = (
        select(ImportRow.import_id)
        .where(ImportRow.practice_id == row.practice_id, ImportRow.digest == asked.c.digest)
        .where(text(CARRIED_OUT))
        .limit(5)
        .lateral()
    )
    found = await session.execute(select(asked.c.digest, known.c.import_id).join(known, true()))
    rows = found.all()
    others = {each.import_id for each in rows} - {row.id}
    carried = {row.id} | set(
        await session.scalars(
            select(Import.id)
            .where(Import.practice_id == row.practice_id, Import.id.in_(others))
            .where(Import.state.in_(("running", "done")))
        )
    )
    return {each.digest for each in rows if each.import_id in carried}


async def counts(session: AsyncSession, import_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """Rows by outcome, for each import."""
    rows = await session.execute(
        select(ImportRow.import_id, ImportRow.outcome, func.count())
        .where(ImportRow.practice_id == practice_of(session), ImportRow.import_id.in_(import_ids))
        .group_by(ImportRow.import_id, ImportRow.outcome)
    )
    found: dict[uuid.UUID, dict[str, int]] = {}
    for import_id, outcome, number in rows:
        found.setdefault(import_id, {})[outcome] = number
    return found


async def asked_row(session: AsyncSession, import_id: uuid.UUID, number: int) -> tuple[Import, ImportRow]:
    """A row that waits for a person. Raises `NotFound`, `Conflict`."""
    row = await one(session, import_id)
    if row.state != "done":
        raise Conflict("Carry the import out first.")
    asked = await session.scalar(
        select(ImportRow)
        .where(ImportRow.practice_id == row.practice_id, ImportRow.import_id == import_id, ImportRow.number == number)
        .with_for_update()
    )
    if asked is None:
        raise NotFound("There is no such row.")
    if asked.outcome != "asked":
        raise Conflict("This row was decided already.")
    return row, asked


async def decide(session: AsyncSession, row: Import, asked: ImportRow, cells: list[str], decision: str) -> Done:
    """What a person said about a row: somebody new, the same person, or nobody."""
    if decision == "skip":
        done = Done("skipped", "left out", asked.patient_id)
    else:
        kind = KINDS[row.kind]
        values, _ = fields.read_row(row.columns, cells, row.mapping, kind.by_name, row.day_first)
        kind.complaint(values)
        done = await kind.settle(session, values, asked.patient_id if decision == "same" else None)
    asked.outcome, asked.detail = done.outcome, done.detail
    asked.patient_id, asked.lead_id = done.patient_id, done.lead_id
    row.version += 1
    await session.flush()
    tell(session, row)
    return done
