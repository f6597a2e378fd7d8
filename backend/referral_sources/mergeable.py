"""What may be there twice and become one: those who refer, and the offices they work in."""

import uuid
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.problems import Conflict, NotFound, StaleVersion
from backend.referral_sources.models import (
    OfficeMerge,
    OfficePair,
    Referrer,
    ReferrerMerge,
    ReferrerPair,
    ReferrerPractice,
)

Row = TypeVar("Row", Referrer, ReferrerPractice)


@dataclass(frozen=True, slots=True)
class Sort(Generic[Row]):
    """One sort of row with its tables of merges and of pairs ruled out.

    `gone`: the merges' column of who became part of another. `filled`: what the other takes over where it has nothing.
    `alike`: columns in common that make two worth a look, each an index of its own.
    """

    rows: type[Row]
    merges: type[ReferrerMerge] | type[OfficeMerge]
    pairs: type[ReferrerPair] | type[OfficePair]
    gone: str
    filled: tuple[str, ...]
    alike: tuple[tuple[str, ...], ...]
    word: str
    event: str


REFERRERS: Final = Sort(
    Referrer, ReferrerMerge, ReferrerPair, "referrer_id",
    filled=("npi", "credential", "practice_name", "referrer_practice_id", "specialty", "phone", "fax", "email",
            "address"),
    alike=(("kind", "last_key"), ("kind", "fax", "first_key"), ("kind", "phone", "first_key")),
    word="referrer", event="referrer.changed",
)  # fmt: skip
OFFICES: Final = Sort(
    ReferrerPractice, OfficeMerge, OfficePair, "office_id",
    filled=("npi", "phone", "fax", "email", "address", "hear_by", "hear_of"),
    alike=(("name_key",), ("fax",), ("phone",)), word="office", event="referrer_office.changed",
)  # fmt: skip


class Merged(Conflict):
    """It is part of another; carries `merged_into`."""

    type = "merged"
    title = "This is part of another"

    def __init__(self, word: str, into: uuid.UUID) -> None:
        super().__init__(f"This {word} became part of another: work with that one.", merged_into=str(into))


async def found(session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID) -> Row:
    """One of them, merged or not, locked until commit. Raises `NotFound`."""
    row = await session.scalar(
        select(sort.rows)
        .where(sort.rows.practice_id == practice_of(session), sort.rows.id == row_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(f"There is no such {sort.word} in this practice.")
    return row


async def locked(session: AsyncSession, sort: Sort[Row], row_id: uuid.UUID, version: int | None = None) -> Row:
    """One that is not part of another, locked. Raises `NotFound`, `Merged`, `StaleVersion`."""
    row = await found(session, sort, row_id)
    if row.merged_into is not None:
        raise Merged(sort.word, row.merged_into)
    if version is not None and row.version != version:
        raise StaleVersion(row.version)
    return row


async def current(session: AsyncSession, row: Row) -> Row:
    """Itself, or what it became part of."""
    while row.merged_into is not None:
        row = await session.get_one(type(row), (row.practice_id, row.merged_into))
    return row


def tell(session: AsyncSession, sort: Sort[Row], row: Row) -> None:
    """Tell other screens, once committed."""
    tell_live(session, [LiveEvent(sort.event, str(row.id), row.version, actor_of(session).mutation_id)])
