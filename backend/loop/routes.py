"""Letters to referrers: the queue, one letter with its proof, a lead's letters, and asking for what is missing."""

import asyncio
import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.pages import Cursor, Limit, moment_of
from backend.core.problems import Conflict
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.queries import practice_key
from backend.leads import queries as leads
from backend.loop import missing, page, preview, queries, verbs
from backend.loop.kinds import Kind
from backend.loop.models import Letter
from backend.loop.schemas import (
    LetterCounts,
    LetterOut,
    LetterPage,
    LetterVersionIn,
    MissingInfoIn,
    MissingInfoOut,
    SendLetterIn,
    View,
)

router = APIRouter(prefix="/api/v1", tags=["letters"])
Reader = Annotated[Actor, Depends(Allowed("letters:read"))]
Writer = Annotated[Actor, Depends(Allowed("letters:write"))]
WRITE = "letters:write"
PRIVATE = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="letter.pdf"'}


@router.get("/letters", operation_id="listLetters", summary="Letters to referrers")
async def list_letters(
    _: Reader,
    session: Transaction,
    view: Annotated[View, Query(description="waiting for a look, failed, waiting, sent, answered")] = "all",
    kind: Kind | None = None,
    referrer_id: uuid.UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> LetterPage:
    """Newest first."""
    where = [queries.of_view(view)]
    where += [Letter.kind == kind] if kind else []
    where += [Letter.referrer_id == referrer_id] if referrer_id else []
    found = await queries.page(session, where, moment_of(cursor), limit)
    await audit.record(session, "letters.listed", "letters", await queries.patients_of(session, found.items))
    return found


@router.get("/letters/counts", operation_id="countLetters", summary="How many letters wait for a person")
async def count_letters(_: Reader, session: Transaction) -> LetterCounts:
    """For the tabs of the queue."""
    return await queries.counts(session)


@router.get("/letters/{letter_id}", operation_id="getLetter", summary="One letter with its proof of transmission")
async def get_letter(letter_id: uuid.UUID, _: Reader, session: Transaction) -> LetterOut:
    """Every attempt is listed, the newest first."""
    return await _shown(session, "letter.viewed", await queries.one(session, letter_id))


@router.get(
    "/letters/{letter_id}/document", operation_id="getLetterDocument", summary="The letter as PDF",
    response_class=Response,
)  # fmt: skip
async def get_letter_document(letter_id: uuid.UUID, caller: Reader, context: Context) -> Response:
    """As it went out last; before that, as it would go now. 409 when nothing of it is so any more."""
    async with transaction_of(context, caller) as session:
        letter = await queries.one(session, letter_id)
        stored, content = await preview.of(session, letter)
        key = await practice_key(session, context)
        shown = await queries.whole(session, [letter])
        await audit.record(
            session, "letter.document_viewed", f"letter:{letter_id}", await queries.patients_of(session, shown)
        )
    if stored is not None:
        data = await context.documents.get(stored, key)
    elif content is not None:
        data = await asyncio.to_thread(page.build, content)
    else:
        raise Conflict("What this letter was to say is no longer so; it will not be sent.")
    return Response(data, media_type="application/pdf", headers=PRIVATE)


@router.post("/letters/{letter_id}/send", operation_id="sendLetter", summary="Send a letter now, or again")
async def send_letter(letter_id: uuid.UUID, body: SendLetterIn, _: Writer, session: Transaction) -> LetterOut:
    """409 `may-arrive-twice` when part of an earlier attempt may have arrived, unless the request says to go on."""
    letter = await queries.one(session, letter_id, WRITE, lock=True)
    await verbs.send(session, letter, body.version, may_arrive_twice=body.may_arrive_twice)
    return await _shown(session, "letter.sent", letter)


@router.post("/letters/{letter_id}/hold", operation_id="holdLetter", summary="Hold a letter for a look")
async def hold_letter(letter_id: uuid.UUID, body: LetterVersionIn, _: Writer, session: Transaction) -> LetterOut:
    """409 when it is on its way already."""
    letter = await queries.one(session, letter_id, WRITE, lock=True)
    await verbs.hold(session, letter, body.version)
    return await _shown(session, "letter.held", letter)


@router.post("/letters/{letter_id}/cancel", operation_id="cancelLetter", summary="Do not send a letter")
async def cancel_letter(letter_id: uuid.UUID, body: LetterVersionIn, _: Writer, session: Transaction) -> LetterOut:
    """409 when it is on its way already."""
    letter = await queries.one(session, letter_id, WRITE, lock=True)
    await verbs.cancel(session, letter, body.version)
    return await _shown(session, "letter.canceled", letter)


@router.get("/leads/{lead_id}/letters", operation_id="listLeadLetters", summary="A lead's letters to its referrer")
async def list_lead_letters(lead_id: uuid.UUID, _: Reader, session: Transaction) -> LetterPage:
    """Newest first, with those that went out as part of another."""
    lead = await leads.lead(session, lead_id, "letters:read")
    found = await queries.of_lead(session, lead.id)
    await audit.record(session, "letters.listed", f"lead:{lead_id}", [lead.patient_id])
    return LetterPage(items=found)


@router.get("/leads/{lead_id}/missing-info", operation_id="getMissingInfo", summary="What a lead's referral lacks")
async def get_missing_info(lead_id: uuid.UUID, _: Reader, session: Transaction) -> MissingInfoOut:
    """And whether its referrer can be asked for it."""
    lead = await leads.lead(session, lead_id, "letters:read")
    found = await missing.of_lead(session, lead)
    await audit.record(session, "lead.missing_info_viewed", f"lead:{lead_id}", [lead.patient_id])
    return found


@router.post(
    "/leads/{lead_id}/missing-info", operation_id="askMissingInfo", summary="Ask the referrer for what is missing",
    status_code=201,
)  # fmt: skip
async def ask_missing_info(
    lead_id: uuid.UUID, body: MissingInfoIn, caller: Writer, session: Transaction,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> LetterOut:  # fmt: skip
    """A page with boxes to tick and a code goes out at once; when it comes back it lands on this lead."""
    lead = await leads.lead(session, lead_id, "letters:write")
    create = partial(missing.ask, session, lead, body)
    asked = f"{lead_id}:{body.model_dump_json()}".encode()
    letter_id, _ = await idempotency.once(session, caller.id, idempotency_key, asked, create)
    return await _shown(session, "letter.written", await queries.one(session, letter_id))


async def _shown(session: AsyncSession, action: str, letter: Letter) -> LetterOut:
    (shown,) = await queries.whole(session, [letter])
    await audit.record(session, action, f"letter:{letter.id}", await queries.patients_of(session, [shown]))
    return shown
