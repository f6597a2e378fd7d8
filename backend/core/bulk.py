"""Many rows in one statement: the database is asked once, not once a row."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Base


async def insert_all(
    session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]], *, unless_there: bool = False
) -> None:
    """Insert rows that all name the same columns, none of them an array."""
    if not rows:
        return
    table: Table = model.__table__  # type: ignore[assignment]
    names = list(rows[0])
    columns = [cast([row[name] for row in rows], ARRAY(table.c[name].type, dimensions=1)) for name in names]
    found = func.unnest(*columns).table_valued(*names).render_derived(name="given")
    statement = insert(table).from_select(names, select(*(found.c[name] for name in names)))
    await session.execute(statement.on_conflict_do_nothing() if unless_there else statement)
