"""What a lead's referral lacks, and asking its referrer for exactly that."""

import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid
from backend.leads.models import Lead, ReferralOrder
from backend.loop import asking, letters, rules
from backend.loop.asking import Asked
from backend.loop.handlers import referrer_of
from backend.loop.schemas import LetterReferrer, MissingAskOut, MissingInfoIn, MissingInfoOut
from backend.loop.unreachable import stands_in_the_way
from backend.referral_sources.models import Referrer

SIDED: Final = frozenset({"shoulder", "elbow", "wrist", "hand", "hip", "knee", "ankle", "foot", "sacroiliac"})
CANNOT: Final = {
    "no_referrer": "No order of this lead names who referred. Add the referrer first.",
    "no_fax_number": "This referrer has no fax number. Add it on their page first.",
    "no_email": "This referrer has no e-mail address. Add it on their page first.",
    "no_fax_line": "This practice has no fax line to send with. Add one in the settings first.",
    "prefers_none": "This referrer wishes not to be written to. Call them instead.",
    "prefers_portal": "This referrer looks in the portal and is not written to. Call them instead.",
}


async def of_lead(session: AsyncSession, lead: Lead) -> MissingInfoOut:
    """What could be asked, what is missing first of all, and where it would go."""
    order = await _order(session, lead.id)
    referrer = await _referrer(session, lead.id, None)
    lacks = missing(order) if order else set()
    way = await rules.way_to(session, referrer) if referrer else None
    return MissingInfoOut(
        referrer=LetterReferrer.model_validate(referrer) if referrer else None, way=way[0] if way else None,
        address=way[1] if way else None, cannot=await _cannot(session, lead, referrer), most=asking.MOST,
        asks=[
            MissingAskOut(key=key, label=ask.label, options=list(ask.options), missing=key in lacks)
            for key, ask in asking.ASKS.items()
        ] + [MissingAskOut(key="signature", label="Signature", options=[], missing="signature" in lacks)],
    )  # fmt: skip


def missing(order: ReferralOrder) -> set[Asked]:
    """What an order lacks that care cannot begin without. A missing diagnosis code is usual, a missing side is not."""
    found: set[Asked] = set()
    if order.signed is not True:
        found.add("signature")
    if order.body_part in SIDED and not order.side:
        found.add("side")
    if not order.diagnosis_text and not order.icd10_codes:
        found.add("diagnosis")
    if order.procedure and order.surgery_date is None:
        found.add("surgery_date")
    if order.procedure and not order.precautions:
        found.add("precautions")
    return found


async def ask(session: AsyncSession, lead: Lead, body: MissingInfoIn) -> uuid.UUID:
    """Write the request; it goes at once. Raises `Conflict` when the referrer cannot be written to."""
    referrer = await _referrer(session, lead.id, body.referrer_id)
    if len([key for key in body.asks if key != "signature"]) > asking.MOST:
        raise Invalid(f"Ask for {asking.MOST} things at most: it must fit one page.", errors=[("/asks", "too many")])
    if reason := await _cannot(session, lead, referrer):
        raise Conflict(CANNOT[reason])
    assert referrer is not None
    letter = await letters.write(
        session, "missing_info", referrer_id=referrer.id, lead_id=lead.id, cause=f"missing_info:{new_id()}",
        asks=[{"key": key} for key in dict.fromkeys(body.asks)], note=body.note, at_once=True,
    )  # fmt: skip
    return letter.id


async def _cannot(session: AsyncSession, lead: Lead, referrer: Referrer | None) -> str | None:
    if referrer is None:
        return "no_referrer"
    return await stands_in_the_way(session, referrer, "missing_info", lead.location_id)


async def _referrer(session: AsyncSession, lead_id: uuid.UUID, chosen: uuid.UUID | None) -> Referrer | None:
    """Only somebody who is named on an order of this lead."""
    named = select(ReferralOrder.referrer_id).where(
        ReferralOrder.practice_id == practice_of(session), ReferralOrder.lead_id == lead_id
    )
    if chosen is not None and chosen not in set(await session.scalars(named)):
        raise Invalid("Choose a referrer who is named on this lead.", errors=[("/referrer_id", "unknown")])
    referrer_id = chosen or await referrer_of(session, lead_id)
    return await letters.referrer_of(session, referrer_id) if referrer_id else None


async def _order(session: AsyncSession, lead_id: uuid.UUID) -> ReferralOrder | None:
    return await session.scalar(
        select(ReferralOrder)
        .where(ReferralOrder.practice_id == practice_of(session), ReferralOrder.lead_id == lead_id)
        .order_by(ReferralOrder.created_at.desc(), ReferralOrder.id.desc())
        .limit(1)
    )
