"""Open a link, answer its question, say what the page shows first."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import act_as, the_referrer
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.identity import letterheads
from backend.identity.models import Location
from backend.messaging.models import PhoneLine
from backend.referral_sources import link_checks, links
from backend.referral_sources.models import Referrer, ReferrerLink, ReferrerPractice
from backend.referral_sources.service import with_office
from backend.referrer_portal import session
from backend.referrer_portal.errors import CheckFailed, LinkNotUsable
from backend.referrer_portal.models import ReferrerBrowser
from backend.referrer_portal.schemas import ReferrerCheckIn, ReferrerPageOut


async def open_link(context: ProcessContext, token: str) -> tuple[str, ReferrerPageOut]:
    """A session for whoever holds this token; returns its cookie. Raises `LinkNotUsable`, whatever the reason."""
    known = await links.look_up(context.database, token)
    if known is None:
        raise LinkNotUsable
    practice_id, link_id = known
    async with context.database.transaction(practice_id) as transaction:
        link = await links.get(transaction, link_id)
        referrer, office = await _of(transaction, link)
        if not links.alive(link, now()) or not link_checks.answers(referrer, office):
            raise LinkNotUsable
        act_as(transaction, the_referrer(practice_id, referrer.id, referrer.name))
        link.opened_at = link.opened_at or now()
        cookie, browser = session.start(transaction, link)
        await transaction.flush()
        page = await _page(transaction, link, browser)
        await audit.record(transaction, "referrer_link.opened", f"referrer_link:{link.id}", [])
    return cookie, page


async def page_of(transaction: AsyncSession, known: session.ReferrerSession) -> ReferrerPageOut:
    """The page again, after a reload."""
    link = await transaction.get_one(ReferrerLink, (known.practice_id, known.link_id))
    return await _page(transaction, link, await transaction.get_one(ReferrerBrowser, (known.practice_id, known.id)))


async def answer_check(
    context: ProcessContext, known: session.ReferrerSession, answer: ReferrerCheckIn
) -> ReferrerPageOut:
    """The second check. A wrong answer is counted and committed before it is refused."""
    async with session.transaction_of(context, known) as transaction:
        link = await links.get(transaction, known.link_id)
        alive = links.alive(link, now())
        right = alive and link_checks.right(*await _of(transaction, link), answer.check, answer.answer)
        if right:
            mine = (ReferrerBrowser.practice_id == known.practice_id) & (ReferrerBrowser.id == known.id)
            await transaction.execute(update(ReferrerBrowser).where(mine).values(verified_at=now()))
        elif alive:
            link.failed_checks += 1
        await transaction.flush()
        tries_left = links.MOST_FAILED_CHECKS - link.failed_checks
        page = await page_of(transaction, known)
        if alive:
            action = "referrer_link.checked" if right else "referrer_link.check_failed"
            await audit.record(transaction, action, f"referrer_link:{link.id}", [])
    if right:
        return page
    raise CheckFailed(tries_left) if alive and tries_left else LinkNotUsable


async def _of(transaction: AsyncSession, link: ReferrerLink) -> tuple[Referrer, ReferrerPractice | None]:
    """Whose it is; merged referrers took their links along."""
    row = (await transaction.execute(with_office(transaction).where(Referrer.id == link.referrer_id))).one()
    return row[0], row[1]


async def _page(transaction: AsyncSession, link: ReferrerLink, browser: ReferrerBrowser) -> ReferrerPageOut:
    await transaction.refresh(browser)
    referrer, office = await _of(transaction, link)
    verified, head = browser.verified_at is not None, await letterheads.head(transaction)
    return ReferrerPageOut(
        purpose=next(purpose for purpose in links.PURPOSES if purpose == link.purpose),
        checks=list(link_checks.answers(referrer, office)), verified=verified,
        tries_left=links.MOST_FAILED_CHECKS - link.failed_checks,
        name=", ".join(filter(None, (referrer.name, referrer.credential))),
        practice=head.name, logo=head.logo_url, phone=await _phone(transaction),
        show=link.ref_id if verified else None, csrf_token=browser.csrf_token,
    )  # fmt: skip


async def _phone(transaction: AsyncSession) -> str | None:
    """Where to call: a clinic, else a number of the practice."""
    practice_id = practice_of(transaction)
    clinics = select(Location.phone).where(Location.practice_id == practice_id, Location.phone.is_not(None))
    numbers = select(PhoneLine.number).where(PhoneLine.practice_id == practice_id, PhoneLine.active)
    found = await transaction.scalar(clinics.order_by(Location.id).limit(1))
    return found or await transaction.scalar(numbers.order_by(PhoneLine.id).limit(1))
