"""A check names what breaks a promise by kind and id, never by anything about a patient."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, column, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that breaks a promise."""

    kind: str
    id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """The first of what was found, and how many there are."""

    total: int
    violations: tuple[Violation, ...] = ()


Check = Callable[[AsyncSession], Awaitable[Named]]


def name(found: Iterable[Violation]) -> Named:
    """At most twenty are named."""
    listed = list(found)
    return Named(len(listed), tuple(listed[:MOST_NAMED]))


async def ask(session: AsyncSession, sql: str, **values: Any) -> Named:
    """`sql` yields the violations as (kind, id, note); the database counts them and returns the first."""
    rows = text(sql).bindparams(**values).columns(column("kind", String), column("id", String), column("note", String))
    found = rows.subquery("found")
    query = select(found.c.kind, found.c.id, found.c.note, func.count().over()).limit(MOST_NAMED)
    listed = (await session.execute(query)).all()
    named = tuple(Violation(kind, str(one), note or "") for kind, one, note, _ in listed)
    return Named(listed[0][3] if listed else 0, named)
