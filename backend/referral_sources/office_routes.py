"""The offices referrers work in: found, corrected, joined."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.pages import UNKNOWN, Cursor, Limit, cut, decode_cursor, encode_cursor
from backend.core.problems import Invalid
from backend.identity.access import Allowed, Transaction
from backend.referral_sources import doubles, merging, offices, service
from backend.referral_sources.mergeable import OFFICES
from backend.referral_sources.office_schemas import OfficeChanges, OfficeDoubleList, OfficePage, OfficeProfile
from backend.referral_sources.schemas import MergeReferrerIn, UnmergeReferrerIn

router = APIRouter(prefix="/api/v1", tags=["referrers"])
Reader = Annotated[Actor, Depends(Allowed("referrers:read"))]
Writer = Annotated[Actor, Depends(Allowed("referrers:write"))]
ONE = "/referrer-offices/{office_id}"


@router.get("/referrer-offices", operation_id="listReferrerOffices", summary="Offices of referrers")
async def list_referrer_offices(
    _: Reader, session: Transaction,
    q: Annotated[str | None, Query(max_length=100, description="of name, address, phone, fax, NPI")] = None,
    cursor: Cursor = None, limit: Limit = 50,
) -> OfficePage:  # fmt: skip
    """By name, with how many referrers work there."""
    items, more = cut(await offices.page(session, q, _place(cursor), limit + 1), limit)
    next_cursor = encode_cursor([items[-1].name.lower(), items[-1].id]) if more else None
    return OfficePage(items=list(items), next_cursor=next_cursor)


def _place(cursor: str | None) -> list[Any] | None:
    if not cursor:
        return None
    name, row_id = decode_cursor(cursor, 2)
    try:
        if not isinstance(name, str):
            raise ValueError
        return [name, uuid.UUID(row_id)]
    except (TypeError, ValueError, AttributeError):
        raise Invalid(UNKNOWN, errors=[("query/cursor", "unknown")]) from None


@router.get(ONE, operation_id="getReferrerOffice", summary="One office")
async def get_referrer_office(office_id: uuid.UUID, _: Reader, session: Transaction) -> OfficeProfile:
    """With `merged_into` when it is part of another. Who works there: `GET /referrers?office_id=`."""
    return await offices.profile(session, office_id)


@router.patch(ONE, operation_id="updateReferrerOffice", summary="Correct an office")
async def update_referrer_office(
    office_id: uuid.UUID, body: OfficeChanges, _: Writer, session: Transaction
) -> OfficeProfile:
    """For every provider who works there and has nothing else of their own."""
    await service.change_office(session, office_id, body.version, body.given())
    await audit.record(session, "referrer_office.changed", f"referrer_office:{office_id}", [])
    return await offices.profile(session, office_id)


@router.post(f"{ONE}/merge", operation_id="mergeReferrerOffice", summary="The office is part of another")
async def merge_referrer_office(
    office_id: uuid.UUID, body: MergeReferrerIn, _: Writer, session: Transaction
) -> OfficeProfile:
    """Who works there works at the one `into` then, which is answered. 409 with two NPIs."""
    into = await merging.merge(session, OFFICES, office_id, body.into, (body.version, body.into_version))
    await audit.record(session, "referrer_office.merged", f"referrer_office:{office_id}", [])
    return await offices.profile(session, into.id)


@router.post(f"{ONE}/unmerge", operation_id="unmergeReferrerOffice", summary="The office is its own again")
async def unmerge_referrer_office(
    office_id: uuid.UUID, body: UnmergeReferrerIn, _: Writer, session: Transaction
) -> OfficeProfile:
    """Its people are there again, unless somebody moved them since; who came later stays with the other."""
    await merging.unmerge(session, OFFICES, office_id, body.version)
    await audit.record(session, "referrer_office.unmerged", f"referrer_office:{office_id}", [])
    return await offices.profile(session, office_id)


@router.get("/referrer-office-doubles", operation_id="listReferrerOfficeDoubles", summary="Offices that may be one")
async def list_referrer_office_doubles(_: Reader, session: Transaction) -> OfficeDoubleList:
    """With reasons; those a person ruled out are left out."""
    return OfficeDoubleList(items=offices.doubles(await doubles.pairs(session, OFFICES)))


@router.get(f"{ONE}/doubles", operation_id="getReferrerOfficeDoubles", summary="What an office may be too")
async def get_referrer_office_doubles(office_id: uuid.UUID, _: Reader, session: Transaction) -> OfficeDoubleList:
    """The office is `first` of each; pairs a person ruled out come last."""
    await offices.profile(session, office_id)
    return OfficeDoubleList(items=offices.doubles(await doubles.of(session, OFFICES, office_id)))


@router.put(f"{ONE}/doubles/{{other_id}}/dismissal", operation_id="dismissReferrerOfficeDouble",
            summary="Two offices", status_code=204)  # fmt: skip
async def dismiss_referrer_office_double(
    office_id: uuid.UUID, other_id: uuid.UUID, _: Writer, session: Transaction
) -> None:
    """Remembered for this pair, until it is taken back."""
    await doubles.dismiss(session, OFFICES, office_id, other_id, same=False)
    await audit.record(session, "referrer_office.double_dismissed", f"referrer_office:{office_id}", [])


@router.delete(f"{ONE}/doubles/{{other_id}}/dismissal", operation_id="reconsiderReferrerOfficeDouble",
               summary="Maybe one office", status_code=204)  # fmt: skip
async def reconsider_referrer_office_double(
    office_id: uuid.UUID, other_id: uuid.UUID, _: Writer, session: Transaction
) -> None:
    """They may be one after all."""
    await doubles.dismiss(session, OFFICES, office_id, other_id, same=True)
    await audit.record(session, "referrer_office.double_reconsidered", f"referrer_office:{office_id}", [])
