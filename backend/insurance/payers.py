"""The practice's payers, and which of them a name means."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Invalid, NotFound, StaleVersion
from backend.insurance.models import Payer, PayerName
from backend.insurance.schemas import PayerChanges, PayerIn
from backend.patients.models import Coverage
from backend.patients.words import split


def plain(name: str) -> str:
    """What two spellings of one name have in common: `Blue Cross/Blue Shield` and `BlueCross BlueShield`."""
    return "".join(split(name))


async def of_practice(session: AsyncSession) -> Sequence[Payer]:
    """Every payer, those in use first."""
    rows = await session.scalars(
        select(Payer).where(Payer.practice_id == practice_of(session)).order_by(Payer.active.desc(), Payer.name)
    )
    return rows.all()


async def get(session: AsyncSession, payer_id: uuid.UUID) -> Payer:
    """One payer. Raises `NotFound`."""
    found = await session.scalar(
        select(Payer)
        .where(Payer.practice_id == practice_of(session), Payer.id == payer_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such payer in this practice.")
    return found


async def match(session: AsyncSession, name: str) -> Payer | None:
    """The payer with this name or alias, however it is spelled."""
    return await session.scalar(
        select(Payer)
        .join(PayerName, (PayerName.practice_id == Payer.practice_id) & (PayerName.payer_id == Payer.id))
        .where(PayerName.practice_id == practice_of(session), PayerName.plain == plain(name), Payer.active)
    )


async def create(session: AsyncSession, body: PayerIn) -> Payer:
    """One more payer; coverages that name it belong to it from now on."""
    payer = Payer(practice_id=practice_of(session), id=new_id(), **body.model_dump())
    _check(payer)
    session.add(payer)
    await session.flush()
    await _name(session, payer)
    return payer


async def change(session: AsyncSession, payer_id: uuid.UUID, body: PayerChanges) -> Payer:
    """Only what is given changes. Raises `StaleVersion`."""
    payer = await get(session, payer_id)
    await session.refresh(payer, with_for_update=True)
    if payer.version != body.version:
        raise StaleVersion(payer.version)
    for name in body.model_fields_set - {"version"}:
        setattr(payer, name, getattr(body, name))
    _check(payer)
    payer.version += 1
    await session.flush()
    await _name(session, payer)
    return payer


def _check(payer: Payer) -> None:
    counted = payer.authorization_rule == "after_visits"
    if counted != (payer.authorization_after is not None):
        detail = "say after how many visits" if counted else "only for the rule after_visits"
        raise Invalid("Say when this payer wants an authorization.", errors=[("/authorization_after", detail)])


async def _name(session: AsyncSession, payer: Payer) -> None:
    """Its names are its own; coverages that use one of them are linked and called by the payer's name."""
    wanted = {plain(name) for name in (payer.name, *payer.aliases)} - {""}
    if not plain(payer.name):
        raise Invalid("Give the payer a name.", errors=[("/name", "letters or digits")])
    ours = (PayerName.practice_id == payer.practice_id) & (PayerName.payer_id == payer.id)
    await session.execute(delete(PayerName).where(ours))
    rows = [{"practice_id": payer.practice_id, "plain": name, "payer_id": payer.id} for name in sorted(wanted)]
    taken = await session.scalars(insert(PayerName).values(rows).on_conflict_do_nothing().returning(PayerName.plain))
    if len(taken.all()) < len(wanted):
        raise Invalid("Another payer has this name or alias.", errors=[("/name", "taken"), ("/aliases", "taken")])
    if payer.active:
        await _adopt(session, payer, wanted)


async def _adopt(session: AsyncSession, payer: Payer, names: Collection[str]) -> None:
    unknown = (Coverage.practice_id == payer.practice_id) & Coverage.payer_id.is_(None)
    said = await session.scalars(select(Coverage.payer_name).where(unknown).distinct())
    meant = [name for name in said if plain(name) in names]
    of_payer = (Coverage.practice_id == payer.practice_id) & (Coverage.payer_id == payer.id)
    for which in (unknown & Coverage.payer_name.in_(meant), of_payer):
        await session.execute(update(Coverage).where(which).values(payer_id=payer.id, payer_name=payer.name))


async def link(session: AsyncSession, coverage: Coverage) -> Payer | None:
    """Call the coverage's payer by the practice's own name of it."""
    payer = await match(session, coverage.payer_name)
    coverage.payer_id = payer.id if payer else None
    if payer is not None:
        coverage.payer_name = payer.name
    await session.flush()
    return payer
