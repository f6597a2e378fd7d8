"""A lead's intake form: send it, follow it, read it, decide what differs from the chart."""

import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import documents, idempotency
from backend.core.actor import Actor
from backend.core.context import ProcessContext
from backend.core.problems import Conflict
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.queries import practice_key
from backend.intake_forms import deciding, preparing, qr, queries, texts
from backend.intake_forms.schemas import DecisionIn, IntakeDetail, IntakeIn, IntakePage, QrOut
from backend.leads import queries as leads
from backend.messaging import service as messages

router = APIRouter(prefix="/api/v1", tags=["intake"])
Reader = Annotated[Actor, Depends(Allowed("intake:read"))]
Writer = Annotated[Actor, Depends(Allowed("intake:write"))]
PRIVATE = {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox; default-src 'none'"}


async def _shown(session: AsyncSession, context: ProcessContext, action: str, intake_id: uuid.UUID) -> IntakeDetail:
    intake = await queries.one(session, intake_id)
    found = await queries.whole(session, await practice_key(session, context), intake)
    await audit.record(session, action, f"intake:{intake_id}", [intake.patient_id])
    return found


@router.post("/leads/{lead_id}/intake", operation_id="sendIntake", summary="Give the patient the form", status_code=201)
async def send_intake(
    lead_id: uuid.UUID, body: IntakeIn, caller: Writer, session: Transaction, context: Context,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> IntakeDetail:  # fmt: skip
    """By text through the gate, or only prepared (`desk`). 409 `intake-running` while the patient has one."""
    create = partial(_send, session, lead_id, body)
    asked = f"{lead_id}:{body.model_dump_json()}".encode()
    intake_id, _ = await idempotency.once(session, caller.id, idempotency_key, asked, create)
    return await _shown(session, context, "intake.prepared", intake_id)


async def _send(session: AsyncSession, lead_id: uuid.UUID, body: IntakeIn) -> uuid.UUID:
    lead = await leads.lead(session, lead_id, "intake:write")
    if body.by == "desk":
        return (await preparing.prepare(session, lead, body.form_id, body.language)).id
    conversation = await messages.of_lead(session, lead)
    await preparing.prepare(session, lead, body.form_id, body.language)
    return (await texts.send(session, lead, conversation)).id


@router.get("/leads/{lead_id}/intake", operation_id="listIntakes", summary="A lead's forms")
async def list_intakes(lead_id: uuid.UUID, _: Reader, session: Transaction) -> IntakePage:
    """Newest first, without answers."""
    lead = await leads.lead(session, lead_id, "intake:read")
    found = await queries.of_lead(session, lead.id)
    await audit.record(session, "intake.listed", f"lead:{lead.id}", [lead.patient_id])
    return IntakePage(items=found)


@router.get("/intake/{intake_id}", operation_id="getIntake", summary="A form with its answers")
async def get_intake(intake_id: uuid.UUID, _: Reader, session: Transaction, context: Context) -> IntakeDetail:
    """So far, or as it was handed in."""
    return await _shown(session, context, "intake.viewed", intake_id)


@router.get(
    "/intake/{intake_id}/pdf", operation_id="getIntakePdf", summary="The form as PDF", response_class=Response
)  # fmt: skip
async def get_intake_pdf(intake_id: uuid.UUID, caller: Reader, context: Context) -> Response:
    """For the record system. 409 until it is handed in and made."""
    async with transaction_of(context, caller) as session:
        intake = await queries.one(session, intake_id)
        if intake.document_id is None:
            raise Conflict("The PDF is made a moment after the patient hands the form in. Try again then.")
        found, key = await documents.load(session, intake.document_id), await practice_key(session, context)
        await audit.record(session, "intake.pdf_viewed", f"intake:{intake_id}", [intake.patient_id])
    name = {"Content-Disposition": f'attachment; filename="intake-{intake_id}.pdf"'}
    return Response(await context.documents.get(found, key), media_type=found.content_type, headers=PRIVATE | name)


@router.post("/intake/{intake_id}/resend", operation_id="resendIntake", summary="Text the link again")
async def resend_intake(intake_id: uuid.UUID, _: Writer, session: Transaction, context: Context) -> IntakeDetail:
    """With a fresh link. 409 after the second text: a welcome and one reminder are enough."""
    intake = await queries.one(session, intake_id)
    lead = await leads.lead(session, intake.lead_id, "intake:write")
    await texts.send(session, lead, await messages.of_lead(session, lead), intake_id)
    return await _shown(session, context, "intake.resent", intake_id)


@router.post("/intake/{intake_id}/qr", operation_id="showIntakeQr", summary="A code to scan at the desk")
async def show_qr(intake_id: uuid.UUID, _: Writer, session: Transaction, context: Context) -> QrOut:
    """A fresh link as SVG; the patient's own phone asks for the date of birth."""
    intake = await preparing.unfinished(session, intake_id)
    found = await qr.fresh(session, context, intake)
    await audit.record(session, "intake.qr_shown", f"intake:{intake_id}", [intake.patient_id])
    return found


@router.post("/intake/{intake_id}/decide", operation_id="decideIntake", summary="Decide what differs from the chart")
async def decide_intake(
    intake_id: uuid.UUID, body: DecisionIn, _: Writer, session: Transaction, context: Context
) -> IntakeDetail:
    """What is accepted goes into the chart, what is rejected stays on record."""
    key = await practice_key(session, context)
    await deciding.decide(session, key, intake_id, body.version, body.accept, body.reject)
    return await _shown(session, context, "intake.decided", intake_id)


@router.post("/intake/{intake_id}/cancel", operation_id="cancelIntake", summary="Take the form back")
async def cancel_intake(intake_id: uuid.UUID, _: Writer, session: Transaction, context: Context) -> IntakeDetail:
    """Its links are dead. 409 once it is handed in."""
    await preparing.cancel(session, intake_id)
    return await _shown(session, context, "intake.canceled", intake_id)
