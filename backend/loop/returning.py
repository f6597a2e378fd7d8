"""What comes back by fax: an answer to a letter, a signed plan of care. Known by the code on the page, or by a person
who says whose it is."""

import uuid
from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import plans
from backend.care.models import Episode, PlanOfCare
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.logging import get_logger
from backend.core.problems import Problem
from backend.faxes.document import Box
from backend.faxes.events import PaperFiled
from backend.faxes.models import Fax, FaxPage, FaxSegment
from backend.faxes.own_letters import OwnLetter
from backend.faxes.reading.marks import Places
from backend.identity.queries import practice
from backend.leads import history
from backend.leads.models import Lead
from backend.loop import asking, letters
from backend.loop.events import LetterReturned
from backend.loop.models import Letter

SIGNED: Final = ["Signed"]
UNSIGNED: Final = ["No signature seen"]
log = get_logger(__name__)


async def find(session: AsyncSession, code: str) -> OwnLetter | None:
    """What the code on a page leads to."""
    letter = await _by_code(session, code)
    if letter is None:
        return None
    lead = await session.get(Lead, (letter.practice_id, letter.lead_id)) if letter.lead_id else None
    return OwnLetter(letter.kind, (lead.merged_into or lead.id) if lead else None, _places(letter))


def _places(letter: Letter) -> Places | None:
    if letter.places is None:
        return None
    ticks = tuple(_box(box) for box in letter.places["ticks"])
    return Places(ticks, _box(letter.places["sign"]) if letter.places["sign"] else None)


def _box(stored: list[float]) -> Box:
    x0, y0, x1, y1 = stored
    return (x0, y0, x1, y1)


async def _by_code(session: AsyncSession, code: str) -> Letter | None:
    return await session.scalar(select(Letter).where(Letter.practice_id == practice_of(session), Letter.code == code))


async def on_filed(session: AsyncSession, event: PaperFiled) -> None:
    """Pages were put under a lead: note that a letter was answered, or that a plan came back signed."""
    if event.letter_code is not None:
        await _answered(session, event, event.letter_code)
    elif event.kind == "signed_plan_of_care" and actor_of(session).kind == "user":
        # Without a code only a person knows: they have just said whose it is.
        waiting = await _waiting_plans(session, event.lead_id)
        if len(waiting) == 1:
            await _signed(session, waiting[0].id, event.fax_id)


async def _answered(session: AsyncSession, event: PaperFiled, code: str) -> None:
    letter, meant = await _by_code(session, code), await find(session, code)
    if letter is None or meant is None or meant.lead_id != event.lead_id:
        return  # a person put it elsewhere: then it answers nothing
    pages = [page for page in await _pages(session, event) if page.letter_code == code]
    signed = any(page.signed for page in pages)
    ticks = next((page.ticks for page in pages if page.ticks is not None), [])
    found = {**(asking.answers_of(letter.asks, ticks) or {}), **_signature(pages)}
    if letter.returned_at is None or any(words != UNSIGNED for words in found.values()):
        letter.returned_at, letter.returned_fax_id = now(), event.fax_id
    letter.answers = _with(letter.answers or {}, found)
    letter.version += 1
    settled = False
    if letter.kind == "plan_of_care" and letter.ref_id is not None and signed:
        settled = await _signed(session, letter.ref_id, event.fax_id)
    history.note(session, event.lead_id, "letter_returned", letter_id=str(letter.id), name=letter.kind)
    await session.flush()
    letters.tell(session, letter)
    await publish(
        session, LetterReturned(letter.id, event.lead_id, event.fax_id, letter.kind, signed=signed, settled=settled)
    )


def _with(before: dict[str, Any], found: dict[str, list[str]]) -> dict[str, Any]:
    """The same page may come twice, filled in only once: an empty one takes nothing back."""
    if before.get("signature") == SIGNED:
        found = {key: words for key, words in found.items() if words != UNSIGNED}
    return {**before, **found}


def _signature(pages: Sequence[FaxPage]) -> dict[str, list[str]]:
    seen = [page.signed for page in pages if page.signed is not None]
    return {"signature": SIGNED if any(seen) else UNSIGNED} if seen else {}


async def _pages(session: AsyncSession, event: PaperFiled) -> Sequence[FaxPage]:
    segment = await session.get_one(FaxSegment, (practice_of(session), event.fax_id, event.segment))
    rows = await session.scalars(
        select(FaxPage)
        .where(FaxPage.practice_id == practice_of(session), FaxPage.fax_id == event.fax_id)
        .where(FaxPage.number.in_(segment.pages))
        .order_by(FaxPage.number)
    )
    return rows.all()


async def _waiting_plans(session: AsyncSession, lead_id: uuid.UUID) -> Sequence[PlanOfCare]:
    rows = await session.scalars(
        select(PlanOfCare)
        .join(Episode, (Episode.practice_id == PlanOfCare.practice_id) & (Episode.id == PlanOfCare.episode_id))
        .where(Episode.practice_id == practice_of(session), Episode.lead_id == lead_id)
        .where(PlanOfCare.signed_on.is_(None), PlanOfCare.ready_at.is_not(None))
    )
    return rows.all()


async def _signed(session: AsyncSession, plan_id: uuid.UUID, fax_id: uuid.UUID) -> bool:
    """Attach it to its plan, signed on the day it came, else today; a person corrects the day. False where care does
    not take it."""
    fax = await session.get_one(Fax, (practice_of(session), fax_id))
    zone = ZoneInfo((await practice(session)).timezone)
    for moment in (min(fax.received_at, now()), now()):
        try:
            async with session.begin_nested():
                await plans.signed(session, plan_id, fax_id, moment.astimezone(zone).date())
        except Problem:
            continue
        return True
    log.info("plan_left_to_a_person")
    return False
