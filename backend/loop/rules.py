"""Which letters a practice writes by itself, holds for a look, or leaves out; and whether a referrer wants them."""

from typing import Final, cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import StaleVersion
from backend.identity.models import Practice
from backend.loop.kinds import GATHER_MINUTES, USUAL, Kind, Rule, Way
from backend.loop.models import LetterSettings
from backend.referral_sources.hearing import Hearing, hearing
from backend.referral_sources.models import Referrer, ReferrerPractice

# A person asked for these, theirs or ours, or the law does: no rule leaves them out.
ASKED_FOR: Final = frozenset({"missing_info", "answer"})


async def settings(session: AsyncSession) -> LetterSettings:
    """As the practice set them, or the usual ones (`version` 0)."""
    found = await session.get(LetterSettings, practice_of(session))
    return found or LetterSettings(practice_id=practice_of(session), rules={}, gather_minutes=GATHER_MINUTES, version=0)


def rule_of(chosen: LetterSettings, kind: Kind) -> Rule:
    """The rule of one kind."""
    return cast(Rule, chosen.rules.get(kind, USUAL[kind]))


async def change(session: AsyncSession, version: int, rules: dict[Kind, Rule], gather_minutes: int) -> LetterSettings:
    """Change them; kinds not named keep their rule. Raises `StaleVersion`."""
    # Two changes at once wait for each other, also where no row is there to lock.
    await session.get_one(Practice, practice_of(session), with_for_update={"key_share": True})
    row = await settings(session)
    if row.version != version:
        raise StaleVersion(row.version)
    row.rules, row.gather_minutes, row.version = row.rules | dict(rules.items()), gather_minutes, version + 1
    session.add(row)
    await session.flush()
    return row


async def hears(session: AsyncSession, referrer: Referrer) -> Hearing:
    """How this referrer wants to hear back, and of what."""
    return hearing(referrer, await _office(session, referrer))


async def quiet(session: AsyncSession, referrer: Referrer, kind: str) -> str | None:
    """Why this referrer is not written to about this, by their own preference; None when they are."""
    wish = await hears(session, referrer)
    if wish.by in {"none", "portal"}:
        return f"prefers_{wish.by}"
    return "prefers_less" if kind not in wish.of and kind not in ASKED_FOR else None


async def way_to(session: AsyncSession, referrer: Referrer) -> tuple[Way, str] | None:
    """(way, address) as the referrer prefers and has it now, their own before their office's; None without one."""
    office = await _office(session, referrer)
    if hearing(referrer, office).by == "email":
        email = referrer.email or (office.email if office else None)
        return ("email", email) if email else None
    number = referrer.fax or (office.fax if office else None)
    return ("fax", number) if number else None


async def nowhere(session: AsyncSession, referrer: Referrer) -> str:
    """What is missing where there is no way to them."""
    return "no_email" if (await hears(session, referrer)).by == "email" else "no_fax_number"


async def _office(session: AsyncSession, referrer: Referrer) -> ReferrerPractice | None:
    if referrer.referrer_practice_id is None:
        return None
    return await session.get(ReferrerPractice, (referrer.practice_id, referrer.referrer_practice_id))
