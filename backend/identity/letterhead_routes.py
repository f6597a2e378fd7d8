"""Settings: the letterhead and its logo."""

import asyncio
import uuid
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import documents, rates
from backend.core.actor import Actor
from backend.core.bodies import bounded
from backend.core.problems import NotFound, Problem
from backend.identity import letterheads, logos
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.calendars import may_change
from backend.identity.letterhead_schemas import LetterheadIn, LetterheadOut
from backend.identity.queries import practice, practice_key

router = APIRouter(prefix="/api/v1", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
Version = Annotated[int, Query(description="of the letterhead as it was read")]
LOADS_A_MINUTE: Final = 240
REFUSAL: Final = "The file may have at most 2 MB. Save the logo smaller."
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file itself: PNG or JPEG, at most 2 MB. It is drawn anew; nothing else of it is kept",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("image/png", "image/jpeg")},
    }
}
KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


async def _shown(session: AsyncSession) -> LetterheadOut:
    row, ours = await letterheads.of_practice(session), await practice(session)
    said = {name: getattr(row, name) for name in ("version", "name", "tagline", "website", "address", "phone")}
    return LetterheadOut(**said, practice=ours.name, logo_url=letterheads.url_of(row.logo_id))


@router.get("/settings/letterhead", operation_id="getLetterhead", summary="The letterhead")
async def get_letterhead(_: Reader, session: Transaction) -> LetterheadOut:
    """Nothing beyond the practice's name until it is set (`version` 0)."""
    return await _shown(session)


@router.put("/settings/letterhead", operation_id="setLetterhead", summary="Change the letterhead")
async def set_letterhead(body: LetterheadIn, _: Writer, session: Transaction) -> LetterheadOut:
    """For letters and pages from now on. Stale versions get 409."""
    await may_change(session, None)
    await letterheads.change(session, body.version, body.model_dump(exclude={"version"}))
    await audit.record(session, "letterhead.changed", "letterhead")
    return await _shown(session)


@router.put("/settings/letterhead/logo", operation_id="setLogo", summary="Set the logo", openapi_extra=BODY)
async def set_logo(request: Request, version: Version, caller: Writer, context: Context) -> LetterheadOut:
    """422 `unusable-logo` says what is wrong with the file. Stale versions get 409."""
    async with transaction_of(context, caller) as session:
        await may_change(session, None)
        key = await practice_key(session, context)
    logo = await asyncio.to_thread(logos.redrawn, await bounded(request, logos.MOST_BYTES, REFUSAL))
    stored = await context.documents.put(caller.practice_id, key, logo.screen, "image/png")
    try:
        async with transaction_of(context, caller) as session:
            before = await letterheads.set_logo(session, version, logo, stored)
            await audit.record(session, "letterhead.logo_set", "letterhead")
            shown = await _shown(session)
    except Problem:
        await context.documents.delete(caller.practice_id, stored.id)
        raise
    if before is not None:
        await context.documents.delete(caller.practice_id, before)
    return shown


@router.delete("/settings/letterhead/logo", operation_id="removeLogo", summary="Remove the logo")
async def remove_logo(version: Version, caller: Writer, context: Context) -> LetterheadOut:
    """Letters are headed by the name alone again."""
    async with transaction_of(context, caller) as session:
        await may_change(session, None)
        before = await letterheads.set_logo(session, version, None, None)
        await audit.record(session, "letterhead.logo_removed", "letterhead")
        shown = await _shown(session)
    if before is not None:
        await context.documents.delete(caller.practice_id, before)
    return shown


@router.get("/public/logos/{logo_id}", operation_id="getLogo", summary="A practice's logo", response_class=Response)
async def get_logo(logo_id: uuid.UUID, request: Request, context: Context) -> Response:
    """For the pages of patients and referrers. One that was replaced is gone."""
    await rates.limit(context, request, "logos", LOADS_A_MINUTE)
    practice_id = await letterheads.practice_with(context.database, logo_id)
    if practice_id is None:
        raise NotFound("There is no such logo.")
    async with context.database.transaction(practice_id) as session:
        document, key = await documents.load(session, logo_id), await practice_key(session, context)
    return Response(await context.documents.get(document, key), media_type="image/png", headers=KEPT)
