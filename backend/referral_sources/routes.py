"""Enter and correct those who refer, join doubles, look up NPIs."""

import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.identity.access import Allowed, Transaction
from backend.referral_sources import doubles, merging, queries, registry, service
from backend.referral_sources.mergeable import REFERRERS
from backend.referral_sources.schemas import (
    MergeReferrerIn,
    NewReferrer,
    NpiProviderList,
    NpiProviderOut,
    ReferrerChanges,
    ReferrerDoubleList,
    ReferrerFactsOut,
    UnmergeReferrerIn,
)

router = APIRouter(prefix="/api/v1", tags=["referrers"])
Reader = Annotated[Actor, Depends(Allowed("referrers:read"))]
Writer = Annotated[Actor, Depends(Allowed("referrers:write"))]


@router.post("/referrers", operation_id="createReferrer", summary="Enter a referrer", status_code=201)
async def create_referrer(
    body: NewReferrer, caller: Writer, session: Transaction, idempotency_key: Annotated[str | None, Header()] = None
) -> ReferrerFactsOut:
    """Also before their first referral. 409 when another has this NPI."""
    create = partial(service.create, session, body.facts())
    made, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    await audit.record(session, "referrer.created", f"referrer:{made}", [])
    return await queries.facts(session, made)


@router.patch("/referrers/{referrer_id}", operation_id="updateReferrer", summary="Correct a referrer")
async def update_referrer(
    referrer_id: uuid.UUID, body: ReferrerChanges, _: Writer, session: Transaction
) -> ReferrerFactsOut:
    """Names, numbers, how and of what they want to hear; a status set by hand needs its reason."""
    await service.change(session, referrer_id, body.version, body.given())
    await audit.record(session, "referrer.changed", f"referrer:{referrer_id}", [])
    return await queries.facts(session, referrer_id)


@router.post("/referrers/{referrer_id}/merge", operation_id="mergeReferrer", summary="The referrer is part of another")
async def merge_referrer(
    referrer_id: uuid.UUID, body: MergeReferrerIn, _: Writer, session: Transaction
) -> ReferrerFactsOut:
    """Orders, letters, links, visits and notes go to the one `into`, which is answered. 409 with two NPIs."""
    into = await merging.merge(session, REFERRERS, referrer_id, body.into, (body.version, body.into_version))
    await audit.record(session, "referrer.merged", f"referrer:{referrer_id}", [])
    return await queries.facts(session, into.id)


@router.post(
    "/referrers/{referrer_id}/unmerge", operation_id="unmergeReferrer", summary="The referrer is its own again"
)
async def unmerge_referrer(
    referrer_id: uuid.UUID, body: UnmergeReferrerIn, _: Writer, session: Transaction
) -> ReferrerFactsOut:
    """It gets back all it had, as it is now; what came since stays with the other."""
    await merging.unmerge(session, REFERRERS, referrer_id, body.version)
    await audit.record(session, "referrer.unmerged", f"referrer:{referrer_id}", [])
    return await queries.facts(session, referrer_id)


@router.get("/referrer-doubles", operation_id="listReferrerDoubles", summary="Referrers who may be one")
async def list_referrer_doubles(_: Reader, session: Transaction) -> ReferrerDoubleList:
    """With reasons; those a person ruled out are left out."""
    return ReferrerDoubleList(items=await queries.shown(session, await doubles.pairs(session, REFERRERS)))


@router.get("/referrers/{referrer_id}/doubles", operation_id="getReferrerDoubles", summary="Who a referrer may be too")
async def get_referrer_doubles(referrer_id: uuid.UUID, _: Reader, session: Transaction) -> ReferrerDoubleList:
    """The referrer is `first` of each; pairs a person ruled out come last."""
    await queries.facts(session, referrer_id)
    return ReferrerDoubleList(items=await queries.shown(session, await doubles.of(session, REFERRERS, referrer_id)))


@router.put("/referrers/{referrer_id}/doubles/{other_id}/dismissal", operation_id="dismissReferrerDouble",
            summary="Two referrers", status_code=204)  # fmt: skip
async def dismiss_referrer_double(referrer_id: uuid.UUID, other_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """Remembered for this pair, until it is taken back."""
    await doubles.dismiss(session, REFERRERS, referrer_id, other_id, same=False)
    await audit.record(session, "referrer.double_dismissed", f"referrer:{referrer_id}", [])


@router.delete("/referrers/{referrer_id}/doubles/{other_id}/dismissal", operation_id="reconsiderReferrerDouble",
               summary="Maybe one", status_code=204)  # fmt: skip
async def reconsider_referrer_double(
    referrer_id: uuid.UUID, other_id: uuid.UUID, _: Writer, session: Transaction
) -> None:
    """They may be one after all."""
    await doubles.dismiss(session, REFERRERS, referrer_id, other_id, same=True)
    await audit.record(session, "referrer.double_reconsidered", f"referrer:{referrer_id}", [])


@router.get("/npi-providers", operation_id="findNpiProviders", summary="Look up an NPI by name")
async def find_npi_providers(
    _: Reader, session: Transaction,
    q: Annotated[str, Query(min_length=2, max_length=100, description="name, its beginning, or an NPI")],
    state: Annotated[str | None, Query(pattern="^[A-Z]{2}$", description="only there")] = None,
) -> NpiProviderList:  # fmt: skip
    """From the public NPPES file, as far as the operator has imported it."""
    found = await registry.like(session, q, state)
    return NpiProviderList(items=[NpiProviderOut.model_validate(row, from_attributes=True) for row in found])
