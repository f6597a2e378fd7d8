"""Know those who refer."""

from dataclasses import dataclass, fields

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.referral_sources.models import Referrer


@dataclass(frozen=True, slots=True)
class ReferrerFacts:
    """What an order says of its provider. Phones are E.164."""

    name: str
    credential: str | None = None
    npi: str | None = None
    practice_name: str | None = None
    phone: str | None = None
    fax: str | None = None
    address: str | None = None


async def find_or_create(session: AsyncSession, facts: ReferrerFacts) -> Referrer:
    """The known provider, by NPI first, else by name without a contradicting NPI; what was unknown is filled in."""
    known = await _known(session, facts)
    if known is None:
        known = Referrer(practice_id=practice_of(session), id=new_id(), name=facts.name)
        session.add(known)
    for field in fields(facts):
        if getattr(known, field.name) is None:
            setattr(known, field.name, getattr(facts, field.name))
    await session.flush()
    return known


async def _known(session: AsyncSession, facts: ReferrerFacts) -> Referrer | None:
    ours = select(Referrer).where(Referrer.practice_id == practice_of(session)).order_by(Referrer.id).limit(1)
    if facts.npi:
        found = await session.scalar(ours.where(Referrer.npi == facts.npi))
        if found is not None:
            return found
    named = ours.where(func.lower(Referrer.name) == facts.name.lower())
    if facts.npi:
        named = named.where(Referrer.npi.is_(None))
    return await session.scalar(named)
