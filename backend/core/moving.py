"""Give what belongs to one row to another, with a record that undoes it.

A `Record` watches rows while they are changed, by whomever, and keeps what became of each. `undo` puts back every
value that nobody has changed since; what came later stays where it came. Which tables refer to a row is read from
the tables themselves, so a new one is never forgotten. Tables the application may only append to stay as they are.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Base, practice_of

# Counted up with every change, or kept by triggers: never put back.
KEPT = frozenset({"version", "next_task_id", "next_kind", "next_label", "next_due_at", "loss_group", "alert"})


class CannotMove(Exception):
    """Both have something of which there may be only one. `table` says what."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that points at the row whose things are moved."""

    table: Table
    column: Column[Any]

    @property
    def identifies(self) -> bool:
        """Whether the row is found by it, as in a table that only links two others."""
        return self.column in self.table.primary_key.columns.values()


def references(target: str) -> list[Reference]:
    """Every column that refers to the ids of a tenant table."""
    found = []
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if key.referred_table.name == target:
                found += [Reference(table, element.parent) for element in key.elements if element.column.name == "id"]
    return found


@dataclass(slots=True)
class _Watched:
    table: Table
    row: dict[str, Any]
    together: Sequence[frozenset[str]] | None


@dataclass(slots=True)
class Record:
    """What was changed. `changes` is plain JSON: table, key, and per group of columns what was and what is."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    _watched: dict[tuple[Any, ...], _Watched] = field(default_factory=dict)
    _moved: set[tuple[str, str]] = field(default_factory=set)

    async def watch(
        self, session: AsyncSession, table: Table, where: ColumnElement[bool],
        together: Sequence[frozenset[str]] | None = None,
    ) -> None:  # fmt: skip
        """From now until `settle`, changes of these rows are kept. Columns `together` are put back all or none.

        Without `together` that holds for all but what `repoint` sets, which always stands alone.
        """
        await session.flush()
        for row in (await session.execute(select(table).where(_ours(session, table), where))).mappings():
            self._watched.setdefault((table.name, *_key(table, row).values()), _Watched(table, dict(row), together))

    async def repoint(
        self, session: AsyncSession, target: str, from_id: uuid.UUID, to_id: uuid.UUID, *, but: Iterable[str] = ()
    ) -> None:
        """Whatever refers to `from_id` refers to `to_id`. Raises `CannotMove`."""
        await session.flush()
        writable = await _writable(session)
        for reference in references(target):
            if reference.table.name in but or reference.table.name not in writable:
                continue
            await self._repoint(session, reference, from_id, to_id)

    async def _repoint(self, session: AsyncSession, reference: Reference, from_id: uuid.UUID, to_id: uuid.UUID) -> None:
        table, column = reference.table, reference.column
        if reference.identifies:
            await self._relink(session, reference, from_id, to_id)
            return
        await self.watch(session, table, column == from_id)
        self._moved.add((table.name, column.name))
        try:
            async with session.begin_nested():
                await session.execute(
                    update(table).where(_ours(session, table), column == from_id).values({column: to_id})
                )
        except IntegrityError:
            raise CannotMove(table.name) from None

    async def _relink(self, session: AsyncSession, reference: Reference, from_id: uuid.UUID, to_id: uuid.UUID) -> None:
        """Rows found by the reference itself: those the other has already are taken away, the rest are made anew."""
        table, name = reference.table, reference.column.name
        mine = _ours(session, table) & (reference.column == from_id)
        for row in (await session.execute(select(table).where(mine))).mappings():
            moved = dict(row) | {name: to_id}
            there = await session.scalar(select(func.count()).select_from(table).where(_at(table, _key(table, moved))))
            await session.execute(delete(table).where(_at(table, _key(table, row))))
            if not there:
                await session.execute(insert(table).values(moved))
            made = None if there else _plain(_key(table, moved))
            self.changes.append({"table": table.name, "made": made, "taken": _plain(row)})

    async def take(self, session: AsyncSession, table: Table, where: ColumnElement[bool]) -> None:
        """Take rows away of which there may be only one; undoing brings them back."""
        await session.flush()
        mine = _ours(session, table) & where
        for row in (await session.execute(select(table).where(mine))).mappings():
            self.changes.append({"table": table.name, "made": None, "taken": _plain(row)})
        await session.execute(delete(table).where(mine))

    def knows(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Whether this row is watched."""
        return (table.name, *_key(table, row).values()) in self._watched

    def made(self, table: Table, row: Mapping[str, Any], end: Mapping[str, Any]) -> None:
        """A row that came of it: to undo it means to set these columns, if they are still as in `row`."""
        now = {name: row[name] for name in end}
        self.changes.append(
            {"table": table.name, "key": _plain(_key(table, row)), "was": _plain(end), "now": _plain(now)}
        )

    async def settle(self, session: AsyncSession) -> None:
        """Keep what became of the rows that were watched."""
        await session.flush()
        for watched in self._watched.values():
            key = _key(watched.table, watched.row)
            found = await session.execute(select(watched.table).where(_at(watched.table, key)))
            if (now := found.mappings().one_or_none()) is None:
                continue
            changed = [
                name for name, value in watched.row.items()
                if now[name] != value and name not in KEPT and name not in key
            ]  # fmt: skip
            alone = {column for table, column in self._moved if table == watched.table.name}
            for group in _groups(watched.together, changed, alone):
                self.changes.append(
                    {
                        "table": watched.table.name, "key": _plain(key),
                        "was": _plain({name: watched.row[name] for name in group}),
                        "now": _plain({name: now[name] for name in group}),
                    }
                )  # fmt: skip
        self._watched.clear()


async def undo(session: AsyncSession, changes: Sequence[Mapping[str, Any]]) -> None:
    """Put back what was, last change first, wherever nobody has changed it since."""
    await session.flush()
    for change in reversed(changes):
        table = Base.metadata.tables[change["table"]]
        if "taken" in change:
            await _unlink(session, table, change)
            continue
        key, was, now = (_typed(table, change[part]) for part in ("key", "was", "now"))
        same = and_(*(table.c[name].is_not_distinct_from(value) for name, value in now.items()))
        await session.execute(update(table).where(_at(table, key), same).values(was))


async def _unlink(session: AsyncSession, table: Table, change: Mapping[str, Any]) -> None:
    row = _typed(table, change["taken"])
    if change["made"] is not None:
        await session.execute(delete(table).where(_at(table, _typed(table, change["made"]))))
    there = await session.scalar(select(func.count()).select_from(table).where(_at(table, _key(table, row))))
    if not there:
        await session.execute(insert(table).values(row))


def _groups(together: Sequence[frozenset[str]] | None, changed: list[str], alone: set[str]) -> list[list[str]]:
    plain = [name for name in changed if name not in alone]
    if together is None:
        groups = [plain]
    else:
        joined = [[name for name in plain if name in group] for group in together]
        named = frozenset[str]().union(*together)
        groups = joined + [[name] for name in plain if name not in named]
    return [group for group in (*groups, *([name] for name in changed if name in alone)) if group]


def _ours(session: AsyncSession, table: Table) -> ColumnElement[bool]:
    return table.c.practice_id == practice_of(session)


def _key(table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {column.name: row[column.name] for column in table.primary_key.columns}


def _at(table: Table, key: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


async def _writable(session: AsyncSession) -> set[str]:
    """Tables whose rows the application may change."""
    names = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
                 " AND has_table_privilege(oid, 'UPDATE')")  # fmt: skip
    return set(await session.scalars(names))


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: _json(value) for name, value in row.items()}


def _json(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return [_json(part) for part in value] if isinstance(value, list) else value


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _python(table.c[name], value) for name, value in row.items()}


def _python(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    kind = column.type.python_type
    if kind is uuid.UUID:
        return uuid.UUID(value)
    return kind.fromisoformat(value) if kind in {datetime, date, time} else value
