"""Which letters a practice writes by itself, holds for a look, or leaves out; and whether a referrer wants them."""

from typing import Final, cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import StaleVersion
from backend.identity.models import Practice
from backend.loop.kinds import GATHER_MINUTES, USUAL, Kind, Rule
from backend.loop.models import LetterSettings
from backend.referral_sources.models import Referrer

# A person asked for these, or the law does: no rule leaves them out.
ASKED_FOR: Final = frozenset({"missing_info"})


async def settings(session: AsyncSession) -> LetterSettings:
    """As the practice set them, or the usual ones (`version` 0)."""
    found = await session.get(LetterSettings, practice_of(session))
    return found or LetterSettings(
        practice_id=practice_of(session), rules={}, gather_minutes=GATHER_MINUTES, version=0
    )


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
    row.rules, row.gather_minutes, row.version = {**row.rules, **rules}, gather_minutes, version + 1
    session.add(row)
    await session.flush()
    return row


def quiet(referrer: Referrer, kind: str) -> str | None:
    """Why this referrer is not written to about this, by their own preference; None when they are."""
    how = getattr(referrer, "hear_by", "fax")
    if how in {"none", "portal"}:
        return f"prefers_{how}"
    wanted = getattr(referrer, "hear_of", None)
    return "prefers_less" if wanted is not None and kind not in wanted and kind not in ASKED_FOR else None


def way_to(referrer: Referrer) -> tuple[str, str] | None:
    """(way, address) as the referrer prefers and has it now; None when there is no address."""
    if getattr(referrer, "hear_by", "fax") == "email":
        email = getattr(referrer, "email", None)
        return ("email", email) if email else None
    return ("fax", referrer.fax) if referrer.fax else None
