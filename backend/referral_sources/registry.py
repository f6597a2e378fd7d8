"""The lookup table of NPIs: filled by the operator from the public file, asked by name."""

import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.referral_sources import names, nppes
from backend.referral_sources.models import NpiProvider
from backend.referral_sources.npi import is_npi
from backend.referral_sources.nppes import FIELDS, Entry, Wanted

if TYPE_CHECKING:
    from asyncpg import Connection

BATCH: Final = 20_000
MOST: Final = 20
_CHANGED = ", ".join(f"{name} = EXCLUDED.{name}" for name in FIELDS[1:])
_OLD = ", ".join(f"known.{name}" for name in FIELDS[1:])
_NEW = ", ".join(f"EXCLUDED.{name}" for name in FIELDS[1:])
UPSERT: Final = f"""INSERT INTO npi_providers AS known ({", ".join(FIELDS)})
SELECT {", ".join(FIELDS)} FROM incoming WHERE NOT deactivated
ON CONFLICT (npi) DO UPDATE SET {_CHANGED} WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})"""  # noqa: S608 - our own names
END: Final = """UPDATE npi_providers AS known SET deactivated = true FROM incoming
WHERE incoming.deactivated AND known.npi = incoming.npi AND NOT known.deactivated"""


@dataclass(slots=True)
class Imported:
    """How much was read, asked for, and changed."""

    read: int = 0
    wanted: int = 0
    written: int = 0
    started: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """So far."""
        return time.perf_counter() - self.started


async def take(connection: "Connection", path: Path, wanted: Wanted) -> Imported:
    """Read the file into the table, as its owner. Each batch is a transaction; a second run changes what differs."""
    done = Imported()
    await connection.execute("CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE npi_providers INCLUDING DEFAULTS)")
    with nppes.opened(path) as lines:
        rows = nppes.entries(lines, wanted)
        while batch := list(islice(rows, BATCH)):
            done.read += len(batch)
            # The file names an NPI once; a damaged one must not stop the import.
            kept = {entry.npi: entry for entry in batch if entry is not None}
            await _write(connection, list(kept.values()), done)
    return done


async def _write(connection: "Connection", entries: list[Entry], done: Imported) -> None:
    done.wanted += sum(not entry.deactivated for entry in entries)
    async with connection.transaction():
        await connection.execute("TRUNCATE incoming")
        await connection.copy_records_to_table("incoming", records=entries, columns=FIELDS)
        for statement in (UPSERT, END):
            done.written += int((await connection.execute(statement)).rsplit(" ", 1)[-1])


async def like(session: AsyncSession, asked: str, state: str | None = None) -> list[NpiProvider]:
    """Who has this name, or this NPI: `jimenez`, `emily jim`, `Jimenez, Emily`, `rowan ortho`."""
    if is_npi(asked.strip()):
        found = await session.get(NpiProvider, asked.strip())
        return [found] if found is not None and not found.deactivated else []
    last, first = names.keys(asked)
    office = names.office_key(asked)
    if len(last) < 2 and len(office) < 2:
        return []
    person = and_(
        NpiProvider.kind == "provider", NpiProvider.last_key.like(f"{last}%"), NpiProvider.first_key.like(f"{first}%")
    )
    company = and_(NpiProvider.kind == "practice", NpiProvider.last_key.like(f"{office}%"))
    query = select(NpiProvider).where(or_(person, company), ~NpiProvider.deactivated)
    if state:
        query = query.where(NpiProvider.state == state)
    order = (NpiProvider.last_key, NpiProvider.first_key, NpiProvider.npi)
    return list(await session.scalars(query.order_by(*order).limit(MOST)))
