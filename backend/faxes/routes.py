"""Upload faxes and look at them."""

import asyncio
import hashlib
import uuid
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Header, Query, Response, UploadFile

from backend.audit import service as audit
from backend.core import documents, idempotency
from backend.core.actor import Actor
from backend.core.pages import Cursor, Limit, cut, encode_cursor, moment_of
from backend.core.problems import Invalid, NotFound, TooLarge
from backend.faxes import queries, review, service
from backend.faxes.decoding import Limits, sniff
from backend.faxes.reading import shrink
from backend.faxes.schemas import FaxCounts, FaxOut, FaxPageOfList
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.queries import practice_key

router = APIRouter(prefix="/api/v1/faxes", tags=["faxes"])
Reader = Annotated[Actor, Depends(Allowed("faxes:read"))]
Writer = Annotated[Actor, Depends(Allowed("faxes:write"))]
PRIVATE = {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox; default-src 'none'"}


@router.post("", operation_id="uploadFax", summary="Upload a fax", status_code=201)
async def upload_fax(
    context: Context,
    caller: Writer,
    file: Annotated[UploadFile, File(description="PDF, TIFF, PNG or JPEG, at most 25 MB")],
    location_id: Annotated[uuid.UUID | None, Form()] = None,
    from_number: Annotated[str | None, Form(max_length=40)] = None,
    received_at: Annotated[datetime | None, Form()] = None,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> FaxOut:
    """201 once the document and its row are durable. Whatever the file holds, it ends in a definite state."""
    data = await _data_of(file)
    async with transaction_of(context, caller) as session:
        key = await practice_key(session, context)
    content_type = sniff(data) or "application/octet-stream"
    stored = await context.documents.put(caller.practice_id, key, data, content_type)
    facts = f"{location_id}|{from_number}|{received_at}".encode()
    request = hashlib.sha256(data).digest() + facts
    async with transaction_of(context, caller) as session:
        receive = partial(
            service.receive_document, session, stored, channel="upload", from_number=from_number,
            location_id=location_id, received_at=received_at,
        )  # fmt: skip
        fax_id, _ = await idempotency.once(session, caller.id, idempotency_key, request, receive)
        await audit.record(session, "fax.uploaded", f"fax:{fax_id}")
        return await queries.whole(session, fax_id, [])


async def _data_of(file: UploadFile) -> bytes:
    data = await file.read(Limits().bytes + 1)
    if len(data) > Limits().bytes:
        raise TooLarge("A fax may hold at most 25 MB. Ask the sender to split it.")
    if not data:
        raise Invalid("The file is empty. Choose it again.", errors=[("/file", "empty")])
    return data


@router.get("", operation_id="listFaxes", summary="Faxes, newest first")
async def list_faxes(
    _: Reader,
    session: Transaction,
    status: Annotated[
        str | None, Query(description="only this status; `in_progress`: being read", max_length=20)
    ] = None,
    kind: Annotated[str | None, Query(description="only faxes with a document of this kind", max_length=30)] = None,
    location_id: Annotated[uuid.UUID | None, Query(description="only this clinic")] = None,
    lead_id: Annotated[uuid.UUID | None, Query(description="only faxes filed under this lead")] = None,
    q: Annotated[str | None, Query(description="name of patient or referrer", max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> FaxPageOfList:
    """Without fields and pages; open one to see them."""
    wanted = queries.FaxFilter(status, kind, location_id, lead_id, q)
    rows, more = cut(await queries.newest(session, wanted, moment_of(cursor), limit + 1), limit)
    items, patients = await queries.summaries(session, rows)
    await audit.record(session, "fax.listed", "faxes", patients)
    next_cursor = encode_cursor([rows[-1].received_at.isoformat(), rows[-1].id]) if more else None
    return FaxPageOfList(items=items, next_cursor=next_cursor)


@router.get("/counts", operation_id="countFaxes", summary="How many faxes wait where")
async def count_faxes(_: Reader, session: Transaction) -> FaxCounts:
    """For the tabs of the queue."""
    return await queries.counts(session)


@router.get("/{fax_id}", operation_id="getFax", summary="One fax with pages, segments and fields")
async def get_fax(fax_id: uuid.UUID, caller: Reader, session: Transaction) -> FaxOut:
    """Everything the fax page shows."""
    fax = await queries.fax(session, fax_id)
    found = await queries.whole(session, fax_id, review.allowed(fax.status) if caller.may("faxes:write") else [])
    await audit.record(session, "fax.viewed", f"fax:{fax_id}", await queries.patients_of(session, fax_id))
    return found


@router.get("/{fax_id}/document", operation_id="getFaxDocument", summary="The original file", response_class=Response)
async def get_fax_document(fax_id: uuid.UUID, caller: Reader, context: Context) -> Response:
    """As it arrived, byte for byte."""
    async with transaction_of(context, caller) as session:
        fax = await queries.fax(session, fax_id)
        if fax.document_id is None:
            raise NotFound("The document has not arrived yet.")
        found = await documents.load(session, fax.document_id)
        key = await practice_key(session, context)
        await audit.record(session, "fax.document_viewed", f"fax:{fax_id}", await queries.patients_of(session, fax_id))
    return Response(await context.documents.get(found, key), media_type=found.content_type, headers=PRIVATE)


@router.get(
    "/{fax_id}/pages/{number}/image", operation_id="getFaxPageImage", summary="A page as PNG", response_class=Response
)
async def get_fax_page_image(
    fax_id: uuid.UUID,
    number: int,
    caller: Reader,
    context: Context,
    width: Annotated[int | None, Query(ge=40, le=1000, description="shrink to this width, in pixels")] = None,
) -> Response:
    """Upright, at 200 dpi unless shrunk."""
    async with transaction_of(context, caller) as session:
        await queries.fax(session, fax_id)
        page = await queries.page(session, fax_id, number)
        found = await documents.load(session, page.image_id)
        key = await practice_key(session, context)
        patients = await queries.patients_of(session, fax_id)
        await audit.record(session, "fax.page_viewed", f"fax:{fax_id}:{number}", patients)
    image = await context.documents.get(found, key)
    if width is not None:
        image = await asyncio.to_thread(shrink, image, width)
    return Response(image, media_type="image/png", headers=PRIVATE)
