"""Know those who refer."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid
from backend.referral_sources import link_checks, matching, mergeable, names
from backend.referral_sources.matching import Described, Judgement
from backend.referral_sources.mergeable import OFFICES, REFERRERS, current
from backend.referral_sources.models import Referrer, ReferrerPractice

MOST_LIKE: Final = 50
STATUS: Final = ("status_override", "status_reason")


@dataclass(frozen=True, slots=True)
class ReferrerFacts:
    """What an order says of its provider. Phones are E.164. `sent_from`: the number its fax came from."""

    name: str
    credential: str | None = None
    npi: str | None = None
    practice_name: str | None = None
    phone: str | None = None
    fax: str | None = None
    address: str | None = None
    kind: str = "provider"
    sent_from: str | None = None


NOT_KEPT: Final = frozenset({"name", "kind", "sent_from"})


def tidy(facts: ReferrerFacts) -> ReferrerFacts:
    """The same with the name as it is shown; credentials written behind it go where they belong."""
    if facts.kind == "practice":
        return facts
    name, credential = names.plain_name(facts.name)
    return replace(facts, name=name, credential=facts.credential or credential)


def described(facts: ReferrerFacts) -> Described:
    """What a paper says, as it is compared."""
    numbers = frozenset(filter(None, (facts.phone, facts.fax, facts.sent_from)))
    return Described(facts.name, facts.kind, facts.npi, facts.practice_name, numbers)


def office_as_known(row: ReferrerPractice) -> Described:
    """What is known of an office, as it is compared."""
    return Described(row.name, "practice", row.npi, None, frozenset(filter(None, (row.phone, row.fax))))


def as_known(row: Referrer, office: ReferrerPractice | None) -> Described:
    """What is known of somebody, as it is compared."""
    numbers = [row.phone, row.fax, *((office.phone, office.fax) if office else ())]
    name = row.practice_name or (office.name if office else None)
    return Described(row.name, row.kind, row.npi, name, frozenset(filter(None, numbers)))


async def find_or_create(session: AsyncSession, facts: ReferrerFacts) -> Referrer:
    """The one referrer this can only be, else a new one; what was unknown is filled in."""
    facts = tidy(facts)
    known = await find(session, facts)
    untold = NOT_KEPT if known is None or proven(session, facts) else NOT_KEPT | {"fax"}
    if known is None:
        known = Referrer(
            practice_id=practice_of(session), id=new_id(), kind=facts.kind, name=facts.name, version=1,
            npi=None if await _taken(session, facts.npi) else facts.npi,
        )  # fmt: skip
        session.add(known)
    before = _filled(known)
    for field in fields(facts):
        if field.name not in untold and field.name != "npi" and getattr(known, field.name) is None:
            setattr(known, field.name, getattr(facts, field.name))
    known.npi = known.npi or (None if await _taken(session, facts.npi) else facts.npi)
    if known.referrer_practice_id is None:
        known.referrer_practice_id = await office_of(session, facts)
    if before and before != _filled(known):
        known.version += 1
    await session.flush()
    return known


def proven(session: AsyncSession, facts: ReferrerFacts) -> bool:
    """Whether the fax number a paper names may become that of somebody known, to whom letters go: it came from there,
    or a person or program of the practice says so. Names and NPIs are public; anybody can write their number below.
    """
    return facts.fax == facts.sent_from or actor_of(session).kind in {"user", "api_key"}


def _filled(row: Referrer) -> list[Any]:
    return [getattr(row, field.name) for field in fields(ReferrerFacts) if field.name not in {"kind", "sent_from"}]


async def _taken(session: AsyncSession, npi: str | None) -> bool:
    return npi is not None and await by_npi(session, npi) is not None


async def by_npi(session: AsyncSession, npi: str) -> Referrer | None:
    """Who has this NPI now."""
    ours = (Referrer.practice_id == practice_of(session)) & (Referrer.npi == npi) & Referrer.merged_into.is_(None)
    return await session.scalar(select(Referrer).where(ours))


async def find(session: AsyncSession, facts: ReferrerFacts) -> Referrer | None:
    """The one it can only be: by NPI, else by name with nothing against it. Two who fit are nobody."""
    asked = described(facts)
    rated = [(row, matching.judge(asked, as_known(row, office))) for row, office in await _like(session, facts)]
    if facts.npi:
        if (known := next((row for row, _ in rated if row.npi == facts.npi), None)) is not None:
            return await current(session, known)
        rated = [(row, judgement) for row, judgement in rated if row.npi is None]
    same = [(row, judgement) for row, judgement in rated if judgement.verdict == "same"]
    sure = [(row, judgement) for row, judgement in same if len(judgement.agrees) > 1] or same
    ones = {(row.merged_into or row.id): row for row, _ in sure}
    return await current(session, next(iter(ones.values()))) if len(ones) == 1 else None


async def doubt(session: AsyncSession, facts: ReferrerFacts) -> Judgement | None:
    """Why a person should look before this paper's referrer is taken from its NPI: the NPI is another name's."""
    if not facts.npi or (known := await by_npi(session, facts.npi)) is None:
        return None
    office = await _office(session, known.referrer_practice_id)
    judgement = matching.judge(described(tidy(facts)), as_known(known, office))
    return judgement if judgement.verdict != "same" else None


async def another(session: AsyncSession, referrer_id: uuid.UUID, facts: ReferrerFacts | None) -> bool:
    """Whether a paper from this referrer names somebody else. An office may send what any of its providers ordered."""
    row = await session.get_one(Referrer, (practice_of(session), referrer_id))
    if facts is None or row.kind == "practice" or facts.kind == "practice":
        return False
    office = await _office(session, row.referrer_practice_id)
    return matching.judge(described(tidy(facts)), as_known(row, office)).verdict == "other"


async def by_sender(session: AsyncSession, number: str | None) -> ReferrerFacts | None:
    """Whose number a fax came from, where the paper itself names nobody: an office, and no provider of it."""
    office = await by_number(session, number)
    if office is None:
        return None
    return ReferrerFacts(
        office.name, kind="practice", practice_name=office.name, phone=office.phone, fax=office.fax,
        address=office.address, sent_from=number,
    )  # fmt: skip


async def _like(session: AsyncSession, facts: ReferrerFacts) -> Sequence[tuple[Referrer, ReferrerPractice | None]]:
    last, first = names.keys(facts.name, facts.kind)
    named: ColumnElement[bool] = and_(Referrer.last_key == last, Referrer.kind == facts.kind)
    if facts.kind == "provider":
        named = and_(named, Referrer.first_key == first)
    wanted = [named, *([Referrer.npi == facts.npi] if facts.npi else [])]
    rows = await session.execute(with_office(session).where(or_(*wanted)).order_by(Referrer.id).limit(MOST_LIKE))
    return [(row, office) for row, office in rows]


def with_office(session: AsyncSession) -> Any:
    """Referrers of this practice, each with their office."""
    return (
        select(Referrer, ReferrerPractice)
        .outerjoin(
            ReferrerPractice,
            (ReferrerPractice.practice_id == Referrer.practice_id)
            & (ReferrerPractice.id == Referrer.referrer_practice_id),
        )
        .where(Referrer.practice_id == practice_of(session))
    )


async def _office(session: AsyncSession, office_id: uuid.UUID | None) -> ReferrerPractice | None:
    return await session.get(ReferrerPractice, (practice_of(session), office_id)) if office_id else None


async def office_of(session: AsyncSession, facts: ReferrerFacts) -> uuid.UUID | None:
    """The office a paper names, made when it is new; without a name, the one office its number belongs to."""
    numbers = set(filter(None, (facts.phone, facts.fax, facts.sent_from)))
    name = facts.practice_name or (facts.name if facts.kind == "practice" else None)
    if name is None:
        found = await by_number(session, facts.fax or facts.sent_from)
        return found.id if found else None
    named = await _standing(session, ReferrerPractice.name_key == names.office_key(name))
    for was, office in named:
        if numbers & {was.phone, was.fax, office.phone, office.fax}:
            return office.id
    # Clinics of one group share a name: without a common number they are one only where a number is unknown.
    for was, office in named:
        if not numbers or not (was.phone or was.fax):
            office.phone = office.phone or facts.phone
            office.fax = office.fax or (facts.fax if proven(session, facts) else None)
            office.address = office.address or facts.address
            return office.id
    office = ReferrerPractice(
        practice_id=practice_of(session), id=new_id(), name=name, phone=facts.phone, fax=facts.fax,
        address=facts.address, version=1,
    )  # fmt: skip
    session.add(office)
    await session.flush()
    return office.id


async def by_number(session: AsyncSession, number: str | None) -> ReferrerPractice | None:
    """The only office with this phone or fax."""
    if number is None:
        return None
    same = or_(ReferrerPractice.fax == number, ReferrerPractice.phone == number)
    found = {office.id: office for _, office in await _standing(session, same)}
    return next(iter(found.values())) if len(found) == 1 else None


async def _standing(
    session: AsyncSession, same: ColumnElement[bool]
) -> list[tuple[ReferrerPractice, ReferrerPractice]]:
    """Offices as papers know them, each with the one it is by now; that one stays as it is until commit."""
    query = select(ReferrerPractice).where(ReferrerPractice.practice_id == practice_of(session), same)
    # Whoever merges it waits, or is waited for.
    rows = await session.scalars(
        query.order_by(ReferrerPractice.id).limit(MOST_LIKE).with_for_update(read=True, key_share=True)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return [(row, await current(session, row)) for row in rows.all()]


async def locked(session: AsyncSession, referrer_id: uuid.UUID, version: int | None = None) -> Referrer:
    """One that is not part of another, locked. Raises `NotFound`, `Merged`, `StaleVersion`."""
    return await mergeable.locked(session, REFERRERS, referrer_id, version)


async def openable(session: AsyncSession, referrer_id: uuid.UUID) -> None:
    """Something must be on file for the second check. Raises `Conflict`."""
    row = await locked(session, referrer_id)
    if not link_checks.answers(row, await _office(session, row.referrer_practice_id)):
        raise Conflict(
            "Enter an NPI, a fax number or an address with its ZIP code first: the page asks for one of them."
        )


async def create(session: AsyncSession, facts: dict[str, Any]) -> uuid.UUID:
    """A referrer a person enters. Raises `Conflict` when the NPI is somebody's."""
    name, credential = facts["name"], facts.get("credential")
    if facts.get("kind", "provider") == "provider":
        name, found = names.plain_name(name)
        credential = credential or found
    await _free(session, facts.get("npi"), None)
    await _into_office(session, facts)
    facts = facts | {"name": name, "credential": credential}
    row = Referrer(practice_id=practice_of(session), id=new_id(), version=1, **facts)
    session.add(row)
    if row.referrer_practice_id is None:
        paper = ReferrerFacts(row.name, practice_name=row.practice_name, phone=row.phone, fax=row.fax,
                              address=row.address, kind=row.kind or "provider")  # fmt: skip
        row.referrer_practice_id = await office_of(session, paper)
    await session.flush()
    tell(session, row)
    return row.id


async def change(session: AsyncSession, referrer_id: uuid.UUID, version: int, changes: dict[str, Any]) -> None:
    """A person's corrections. Raises `StaleVersion`, `Conflict`."""
    row = await locked(session, referrer_id, version)
    if changes.get("npi"):
        await _free(session, changes["npi"], row.id)
    await _into_office(session, changes)
    if "hear_by" in changes or "hear_of" in changes:
        changes.setdefault("hear_own", True)
    if "status_override" in changes:
        changes |= {"status_by": actor_of(session).name, "status_at": now()}
        if changes["status_override"] is None:
            changes |= dict.fromkeys(("status_reason", "status_by", "status_at"))
    for key, value in changes.items():
        setattr(row, key, value)
    if row.hear_own and row.hear_by == "email" and not row.email:
        raise Invalid("Give an e-mail address, or another way to hear back.", errors=[("/email", "needed")])
    row.last_key, row.first_key = names.keys(row.name, row.kind)
    row.version += 1
    await session.flush()
    tell(session, row)


async def _free(session: AsyncSession, npi: str | None, mine: uuid.UUID | None) -> None:
    known = await by_npi(session, npi) if npi else None
    if known is not None and known.id != mine:
        raise Conflict("Another referrer has this NPI. Open that one, or merge them.", referrer_id=str(known.id))


async def _into_office(session: AsyncSession, facts: dict[str, Any]) -> None:
    """An office that became part of another since it was chosen is that one."""
    office_id = facts.get("referrer_practice_id")
    if office_id is None:
        return
    found = await _standing(session, ReferrerPractice.id == office_id)
    if not found:
        raise Invalid("Choose an office of this practice.", errors=[("/referrer_practice_id", "unknown")])
    facts["referrer_practice_id"] = found[0][1].id


async def change_office(session: AsyncSession, office_id: uuid.UUID, version: int, changes: dict[str, Any]) -> None:
    """A person's corrections of an office. Raises `NotFound`, `Merged`, `StaleVersion`, `Invalid`."""
    office = await mergeable.locked(session, OFFICES, office_id, version)
    for key, value in changes.items():
        setattr(office, key, value)
    if office.hear_by == "email" and not office.email:
        raise Invalid("Give an e-mail address, or another way to hear back.", errors=[("/email", "needed")])
    office.name_key, office.version = names.office_key(office.name), office.version + 1
    await session.flush()
    mergeable.tell(session, OFFICES, office)


def tell(session: AsyncSession, row: Referrer) -> None:
    """Tell other screens, once committed."""
    mergeable.tell(session, REFERRERS, row)
