"""The letter that says a patient cannot be reached, where the office can be written to."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.leads.models import Lead
from backend.loop import letters, lines, rules
from backend.referral_sources.models import Referrer


async def write(session: AsyncSession, lead: Lead, referrer: Referrer, cause: str) -> bool:
    """Write it, once per `cause`; False when it would not go, and a person must tell them."""
    way = await rules.way_to(session, referrer)
    if rules.rule_of(await rules.settings(session), "unreachable") == "off" or rules.quiet(referrer, "unreachable"):
        return False
    if way is None or (way[0] == "fax" and await lines.line_at(session, lead.location_id) is None):
        return False
    await letters.write(
        session, "unreachable", referrer_id=referrer.id, lead_id=lead.id, cause=f"unreachable:{lead.id}:{cause}"
    )
    return True
