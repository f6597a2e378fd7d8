"""What a referrer sees and does behind their link. Every look is on record as theirs."""

import uuid
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Request, Response

from backend.audit import service as audit
from backend.core import idempotency, rates
from backend.core.pages import Cursor, Limit, cut, encode_cursor, moment_of
from backend.identity.access import Context
from backend.referrer_portal import letters, messages, patients, plans, referrals
from backend.referrer_portal.schemas import (
    OwnLetters,
    OwnMessage,
    OwnMessageIn,
    OwnMessages,
    OwnPatients,
    OwnPlan,
    OwnPlans,
    OwnReferral,
    OwnReferrals,
    SignPlanIn,
)
from backend.referrer_portal.session import ReferrerTransaction, Verified, transaction_of

router = APIRouter(prefix="/api/v1/public/referrer", tags=["referrer portal"])
UPLOADS_A_MINUTE: Final = 20
KINDS: Final = ("application/pdf", "image/tiff", "image/jpeg", "image/png")
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file itself: PDF, TIFF, JPEG or PNG, at most 25 MB",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS},
    }
}
PRIVATE: Final = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="letter.pdf"'}
Key = Annotated[str | None, Header(alias="idempotency-key")]


async def _limited(request: Request, context: Context, _: Verified) -> None:
    await rates.limit(context, request, "referrals", UPLOADS_A_MINUTE)


@router.get("/patients", operation_id="listOwnPatients", summary="The referrer's patients")
async def list_own_patients(
    known: Verified, session: ReferrerTransaction, cursor: Cursor = None, limit: Limit = 50
) -> OwnPatients:
    """Whom their orders name, and where each referral stands in plain words."""
    rows, more = cut(await patients.own(session, known.referrer_id, moment_of(cursor), limit + 1), limit)
    items = await patients.shown(session, rows)
    await audit.record(session, "portal.patients_listed", f"referrer:{known.referrer_id}",
                       {row.patient.id for row in rows})  # fmt: skip
    last = rows[-1].lead if rows else None
    next_cursor = encode_cursor([last.opened_at.isoformat(), last.id]) if more and last else None
    return OwnPatients(items=items, next_cursor=next_cursor)


@router.get("/letters", operation_id="listOwnLetters", summary="Letters to the referrer")
async def list_own_letters(
    known: Verified, session: ReferrerTransaction, cursor: Cursor = None, limit: Limit = 50
) -> OwnLetters:
    """Those that went out by fax or e-mail too."""
    found, more = cut(await letters.own(session, known.referrer_id, moment_of(cursor), limit + 1), limit)
    items = [letter for letter, _ in found]
    await audit.record(session, "portal.letters_listed", f"referrer:{known.referrer_id}",
                       {patient_id for _, patient_id in found if patient_id})  # fmt: skip
    next_cursor = encode_cursor([items[-1].at.isoformat(), items[-1].id]) if more else None
    return OwnLetters(items=items, next_cursor=next_cursor)


@router.get("/letters/{letter_id}/document", operation_id="getOwnLetter", summary="A letter as PDF",
            response_class=Response)  # fmt: skip
async def get_own_letter(letter_id: uuid.UUID, known: Verified, context: Context) -> Response:
    """As it was sent."""
    data, people = await letters.pdf(context, known, letter_id)
    async with transaction_of(context, known) as session:
        await audit.record(session, "portal.letter_viewed", f"letter:{letter_id}", people)
    return Response(data, media_type="application/pdf", headers=PRIVATE)


@router.get("/plans", operation_id="listOwnPlans", summary="Plans of care to sign")
async def list_own_plans(known: Verified, session: ReferrerTransaction) -> OwnPlans:
    """Those to sign first, then those that are signed."""
    items, people = await plans.own(session, known.referrer_id)
    await audit.record(session, "portal.plans_listed", f"referrer:{known.referrer_id}", people)
    return OwnPlans(items=items)


@router.post("/plans/{plan_id}/sign", operation_id="signOwnPlan", summary="Sign a plan of care")
async def sign_own_plan(plan_id: uuid.UUID, body: SignPlanIn, known: Verified, session: ReferrerTransaction) -> OwnPlan:
    """By typed name and date. 409 when it was changed or signed meanwhile."""
    signed, patient_id = await plans.sign(session, known.referrer_id, known.link_id, plan_id, body)
    await audit.record(session, "portal.plan_signed", f"plan_of_care:{plan_id}", [patient_id])
    return signed


@router.get("/messages", operation_id="listOwnMessages", summary="What the referrer wrote")
async def list_own_messages(known: Verified, session: ReferrerTransaction) -> OwnMessages:
    """With this link, newest first."""
    items = await messages.own(session, known.referrer_id, known.link_id)
    await audit.record(session, "portal.messages_listed", f"referrer:{known.referrer_id}", [])
    return OwnMessages(items=items)


@router.post("/messages", operation_id="writeMessage", summary="Write to the practice", status_code=201)
async def write_message(
    body: OwnMessageIn, known: Verified, session: ReferrerTransaction, key: Key = None
) -> OwnMessage:
    """About one of their patients or none. A task for the practice comes of it."""
    people: list[uuid.UUID] = []

    async def write() -> uuid.UUID:
        message_id, patient_id = await messages.write(session, known.referrer_id, known.link_id, body)
        people.extend([patient_id] if patient_id else [])
        return message_id

    asked = body.model_dump_json().encode()
    made, _ = await idempotency.once(session, f"referrer-link:{known.link_id}", key, asked, write)
    await audit.record(session, "portal.message_written", f"referrer:{known.referrer_id}", people)
    written = await messages.own(session, known.referrer_id, known.link_id)
    return next(message for message in written if message.id == made)


@router.get("/referrals", operation_id="listOwnReferrals", summary="Referrals the referrer uploaded")
async def list_own_referrals(known: Verified, session: ReferrerTransaction) -> OwnReferrals:
    """And what became of each."""
    items = await referrals.own(session, known.referrer_id)
    await audit.record(session, "portal.referrals_listed", f"referrer:{known.referrer_id}", [])
    return OwnReferrals(items=items)


@router.post("/referrals", operation_id="uploadReferral", summary="Send a referral", status_code=201,
             openapi_extra=BODY, dependencies=[Depends(_limited)])  # fmt: skip
async def upload_referral(request: Request, context: Context, known: Verified, key: Key = None) -> OwnReferral:
    """201 once it is safe. It is read like a fax, and a lead of this referrer comes of it."""
    received = await referrals.receive(request, context, known)
    async with transaction_of(context, known) as session:
        keep = partial(referrals.keep, session, known.referrer_id, received)
        fax_id, new = await idempotency.once(
            session, f"referrer-link:{known.link_id}", key, received.digest, keep
        )  # fmt: skip
        await audit.record(session, "portal.referral_sent", f"fax:{fax_id}", [])
        shown = await referrals.own(session, known.referrer_id)
    if not new:
        await context.documents.delete(known.practice_id, received.stored.id)
    return next(item for item in shown if item.id == fax_id)
