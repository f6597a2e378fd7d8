"""Visits to referrers, notes on them, secure links for them."""

import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.clock import now
from backend.identity.access import Allowed, Context, Transaction
from backend.identity.queries import practice, practice_key
from backend.referral_sources import links, notes, queries, service
from backend.referral_sources.schemas import (
    ReferrerLinkList,
    ReferrerLinkOut,
    ReferrerNoteIn,
    ReferrerNoteOut,
    ReferrerVisitIn,
    ReferrerVisitOut,
)

router = APIRouter(prefix="/api/v1/referrers/{referrer_id}", tags=["referrers"])
Reader = Annotated[Actor, Depends(Allowed("referrers:read"))]
Writer = Annotated[Actor, Depends(Allowed("referrers:write"))]
# A link opens what became of patients: more than a liaison may see.
Sender = Annotated[Actor, Depends(Allowed("letters:write"))]
Corresponder = Annotated[Actor, Depends(Allowed("letters:read"))]
Key = Annotated[str | None, Header(alias="idempotency-key")]


async def _once(
    session: AsyncSession, caller: Actor, key: str | None, asked: str, create: Callable[[], Awaitable[uuid.UUID]]
) -> uuid.UUID:
    made, _ = await idempotency.once(session, caller.id, key, asked.encode(), create)
    return made


@router.post("/visits", operation_id="addReferrerVisit", summary="Note a visit", status_code=201)
async def add_referrer_visit(
    referrer_id: uuid.UUID, body: ReferrerVisitIn, caller: Writer, session: Transaction, key: Key = None
) -> ReferrerVisitOut:
    """Somebody of ours was there. The next visit becomes a task of whoever noted this one."""
    today = now().astimezone(ZoneInfo((await practice(session)).timezone)).date()
    create = partial(
        notes.visit, session, referrer_id, body.visited_on, today, met=body.met, note=body.note, next_on=body.next_on
    )
    made = await _once(session, caller, key, f"visit:{referrer_id}:{body.model_dump_json()}", create)
    await audit.record(session, "referrer.visited", f"referrer:{referrer_id}", [])
    return ReferrerVisitOut.model_validate(await notes.one_visit(session, made), from_attributes=True)


@router.post("/notes", operation_id="addReferrerNote", summary="Write a note", status_code=201)
async def add_referrer_note(
    referrer_id: uuid.UUID, body: ReferrerNoteIn, caller: Writer, session: Transaction, key: Key = None
) -> ReferrerNoteOut:
    """About the referrer; what concerns a patient belongs on the lead."""
    create = partial(notes.note, session, referrer_id, body.text)
    made = await _once(session, caller, key, f"note:{referrer_id}:{body.model_dump_json()}", create)
    await audit.record(session, "referrer.noted", f"referrer:{referrer_id}", [])
    return ReferrerNoteOut.model_validate(await notes.one_note(session, made), from_attributes=True)


@router.get("/links", operation_id="listReferrerLinks", summary="Secure links of a referrer")
async def list_referrer_links(referrer_id: uuid.UUID, _: Corresponder, session: Transaction) -> ReferrerLinkList:
    """Newest first; their addresses are not kept."""
    await queries.facts(session, referrer_id)
    return ReferrerLinkList(items=await queries.links_of(session, referrer_id))


@router.post("/links", operation_id="createReferrerLink", summary="Make a secure link", status_code=201)
async def create_referrer_link(
    referrer_id: uuid.UUID, caller: Sender, context: Context, session: Transaction, key: Key = None
) -> ReferrerLinkOut:
    """Opens the referrer's own page after a second check, for a week. Its address is answered here only."""

    async def create() -> uuid.UUID:
        await service.openable(session, referrer_id)
        return (await links.create(session, referrer_id, "portal")).id

    link = await links.get(session, await _once(session, caller, key, f"link:{referrer_id}", create))
    address = await links.address_of(session, link, await practice_key(session, context))
    await audit.record(session, "referrer.link_made", f"referrer:{referrer_id}", [])
    return queries.link_out(link, address)


@router.delete("/links/{link_id}", operation_id="revokeReferrerLink", summary="Close a secure link")
async def revoke_referrer_link(
    referrer_id: uuid.UUID, link_id: uuid.UUID, _: Sender, session: Transaction
) -> ReferrerLinkOut:
    """It opens nothing any more, and pages that are open with it close."""
    link = await links.of(session, referrer_id, link_id)
    await links.revoke(session, link.id)
    await audit.record(session, "referrer.link_closed", f"referrer:{referrer_id}", [])
    return queries.link_out(link)
