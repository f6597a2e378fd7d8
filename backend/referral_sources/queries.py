"""Read those who refer."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.referral_sources import doubles, links
from backend.referral_sources.doubles import Double
from backend.referral_sources.hearing import hearing
from backend.referral_sources.models import LinkPurpose, Referrer, ReferrerLink, ReferrerPractice
from backend.referral_sources.schemas import OfficeOut, ReferrerDoubleOut, ReferrerFactsOut, ReferrerLinkOut
from backend.referral_sources.service import with_office

MOST = 5000
LINKS = 20


async def known(session: AsyncSession) -> Sequence[Referrer]:
    """Everyone who referred so far, newest first; helps to read a blurred name."""
    rows = await session.scalars(
        select(Referrer)
        .where(Referrer.practice_id == practice_of(session), Referrer.merged_into.is_(None))
        .order_by(Referrer.id.desc())
        .limit(MOST)
    )
    return rows.all()


async def facts(session: AsyncSession, referrer_id: uuid.UUID) -> ReferrerFactsOut:
    """One of them, merged or not. Raises `NotFound`."""
    await session.flush()
    query = with_office(session).where(Referrer.id == referrer_id).execution_options(populate_existing=True)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound("There is no such referrer in this practice.")
    return facts_of(*found)


def facts_of(row: Referrer, office: ReferrerPractice | None) -> ReferrerFactsOut:
    """As the API shows it."""
    wish = hearing(row, office)
    known = OfficeOut.model_validate(office, from_attributes=True) if office else None
    facts = {"hear_by": wish.by, "hear_of": list(wish.of), "office": known}
    return ReferrerFactsOut.model_validate(row, from_attributes=True).model_copy(update=facts)


async def shown(session: AsyncSession, found: Sequence[Double[Referrer]]) -> list[ReferrerDoubleOut]:
    """Doubles as the API shows them."""
    rows = [row for double in found for row in (double.first, double.second)]
    known_offices = await doubles.offices(session, rows)

    def one(row: Referrer) -> ReferrerFactsOut:
        return facts_of(row, known_offices.get(row.id))

    return [
        ReferrerDoubleOut(
            first=one(double.first), second=one(double.second), likely=double.judgement.verdict == "same",
            agrees=list(double.judgement.agrees), differs=list(double.judgement.differs),
            dismissed_by=double.dismissed_by,
        )
        for double in found
    ]  # fmt: skip


async def links_of(session: AsyncSession, referrer_id: uuid.UUID) -> list[ReferrerLinkOut]:
    """The secure links somebody was given, newest first."""
    rows = await session.scalars(
        select(ReferrerLink)
        .where(ReferrerLink.practice_id == practice_of(session), ReferrerLink.referrer_id == referrer_id)
        .order_by(ReferrerLink.created_at.desc(), ReferrerLink.id.desc())
        .limit(LINKS)
    )
    return [link_out(link) for link in rows]


def link_out(link: ReferrerLink, address: str | None = None) -> ReferrerLinkOut:
    """A link as the API shows it."""
    return ReferrerLinkOut(
        id=link.id, purpose=_purpose(link), created_at=link.created_at, created_by=link.created_by,
        expires_at=link.expires_at, revoked_at=link.revoked_at, opened_at=link.opened_at,
        alive=links.alive(link, now()), address=address,
    )  # fmt: skip


def _purpose(link: ReferrerLink) -> LinkPurpose:
    return next(purpose for purpose in links.PURPOSES if purpose == link.purpose)
