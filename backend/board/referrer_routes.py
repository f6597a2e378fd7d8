"""Those who refer, and what passed between us."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from backend.audit import service as audit
from backend.board import referrer_timeline, referrers
from backend.board.referrer_schemas import ReferrerPage, ReferrerProfile, ReferrerTimeline, Sort
from backend.core.actor import Actor
from backend.core.pages import UNKNOWN, Cursor, Limit, cut, decode_cursor, encode_cursor, moment_of
from backend.core.problems import Invalid
from backend.identity.access import Allowed, Transaction
from backend.leads import queries as leads
from backend.referral_sources import queries
from backend.referral_sources.models import Status

router = APIRouter(prefix="/api/v1/referrers", tags=["referrers"])
Reader = Annotated[Actor, Depends(Allowed("referrers:read"))]


@router.get("", operation_id="listReferrers", summary="Referrers")
async def list_referrers(
    _: Reader, session: Transaction,
    q: Annotated[str | None, Query(description="of name, office, specialty; NPI, phone, fax", max_length=100)] = None,
    status: Annotated[Status | None, Query(description="`active`: referred within 90 days; `lead`: never")] = None,
    office_id: Annotated[uuid.UUID | None, Query(description="who works there")] = None,
    sort: Annotated[Sort, Query(description="by name, or most referrals in 90 days first")] = "name",
    cursor: Cursor = None, limit: Limit = 50,
) -> ReferrerPage:  # fmt: skip
    """With what each sent in the last 90 days and before. Names no patient."""
    wanted = referrers.ReferrerFilter(q, status, office_id, sort)
    rows, keys = await referrers.page(session, wanted, _place(cursor, sort), limit + 1)
    items, more = cut(rows, limit)
    return ReferrerPage(items=list(items), next_cursor=encode_cursor(keys[limit - 1]) if more else None)


def _place(cursor: str | None, sort: Sort) -> list[Any] | None:
    if not cursor:
        return None
    *rest, row_id = decode_cursor(cursor, 3 if sort == "referrals" else 2)
    try:
        if (sort == "referrals" and not isinstance(rest[0], int)) or not isinstance(rest[-1], str):
            raise ValueError
        return [*rest, uuid.UUID(row_id)]
    except (TypeError, ValueError, AttributeError):
        raise Invalid(UNKNOWN, errors=[("query/cursor", "unknown")]) from None


@router.get("/{referrer_id}", operation_id="getReferrer", summary="One referrer")
async def get_referrer(referrer_id: uuid.UUID, _: Reader, session: Transaction) -> ReferrerProfile:
    """With `merged_into` when it is part of another."""
    return await referrers.profile(session, referrer_id)


@router.get("/{referrer_id}/timeline", operation_id="getReferrerTimeline", summary="What happened with a referrer")
async def get_referrer_timeline(
    referrer_id: uuid.UUID, _: Reader, session: Transaction, cursor: Cursor = None, limit: Limit = 50
) -> ReferrerTimeline:
    """Referrals, letters, visits, notes and messages, newest first. Nothing about what is wrong with a patient."""
    await queries.facts(session, referrer_id)
    moments = await referrer_timeline.newest(session, referrer_id, moment_of(cursor), limit + 1)
    items, more = cut(moments, limit)
    people = await leads.patients_of(session, {item.lead_id for item in items if item.lead_id})
    await audit.record(session, "referrer.timeline_viewed", f"referrer:{referrer_id}", people)
    last = items[-1] if items else None
    next_cursor = encode_cursor([last.at.isoformat(), last.id]) if more and last else None
    return ReferrerTimeline(items=list(items), next_cursor=next_cursor)
