"""Whether a referrer can be written to; and the letter that says a patient cannot be reached."""

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from backend.leads.models import Lead
from backend.loop import letters, lines, rules
from backend.loop.kinds import Kind
from backend.referral_sources.models import Referrer


async def stands_in_the_way(
    session: AsyncSession, referrer: Referrer, kind: Kind, location_id: uuid.UUID | None
) -> str | None:
    """Why a letter of this kind would not go; None when it would."""
    if reason := await rules.quiet(session, referrer, kind):
        return reason
    way = await rules.way_to(session, referrer)
    if way is None:
        return await rules.nowhere(session, referrer)
    if way[0] == "fax" and await lines.line_at(session, location_id) is None:
        return "no_fax_line"
    return None


async def write(session: AsyncSession, lead: Lead, referrer: Referrer, cause: str) -> bool:
    """Write it, once per `cause`; False when it would not go, and a person must tell them."""
    if rules.rule_of(await rules.settings(session), "unreachable") == "off":
        return False
    if await stands_in_the_way(session, referrer, "unreachable", lead.location_id):
        return False
    await letters.write(
        session, "unreachable", referrer_id=referrer.id, lead_id=lead.id, cause=f"unreachable:{lead.id}:{cause}"
    )
    return True
