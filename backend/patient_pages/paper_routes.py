"""The desk looks at what patients sent, and confirms what their card says."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import documents
from backend.core.actor import Actor
from backend.core.documents import Document
from backend.core.problems import NotFound
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.queries import practice_key
from backend.patient_pages import cards, uploads
from backend.patient_pages.upload_schemas import CardOut, LeadUploads, StaffCardFacts

router = APIRouter(prefix="/api/v1", tags=["patient pages"])
Reader = Annotated[Actor, Depends(Allowed("coverage:read"))]
Writer = Annotated[Actor, Depends(Allowed("coverage:write"))]
PRIVATE = {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox; default-src 'none'"}
DOWNLOAD = {**PRIVATE, "Content-Disposition": 'attachment; filename="from-the-patient"'}


@router.get("/leads/{lead_id}/uploads", operation_id="listLeadUploads", summary="What the patient has sent")
async def list_lead_uploads(lead_id: uuid.UUID, _: Reader, session: Transaction) -> LeadUploads:
    """Newest first, with what was read on the insurance card and who confirmed it."""
    found, patient_id = await uploads.of_lead(session, lead_id)
    await audit.record(session, "paper.listed", f"lead:{lead_id}", [patient_id])
    return found


@router.put("/leads/{lead_id}/card", operation_id="confirmLeadCard", summary="Confirm what the card says")
async def confirm_lead_card(
    lead_id: uuid.UUID, body: StaffCardFacts, _: Writer, session: Transaction
) -> CardOut | None:
    """Becomes the patient's primary coverage. 409 when the card was read or confirmed again meanwhile."""
    patient_id = await cards.confirm_by_staff(session, lead_id, body, body.version)
    await audit.record(session, "card.confirmed", f"lead:{lead_id}", [patient_id])
    return await cards.shown(session, lead_id)


@router.get(
    "/uploads/{upload_id}/image", operation_id="getUploadImage", summary="Its first page as PNG",
    response_class=Response,
)  # fmt: skip
async def get_upload_image(upload_id: uuid.UUID, caller: Reader, context: Context) -> Response:
    """Drawn anew by us and turned upright, so that nothing of the file itself reaches the browser."""
    async with transaction_of(context, caller) as session:
        upload = await uploads.one(session, upload_id)
        if upload.image_id is None:
            raise NotFound("There is no picture of this file. An order is shown with its fax.")
        found, key = await _looked_at(session, context, upload.image_id, upload_id, upload.patient_id)
    return Response(await context.documents.get(found, key), media_type="image/png", headers=PRIVATE)


@router.get(
    "/uploads/{upload_id}/document", operation_id="getUploadDocument", summary="The original file",
    response_class=Response,
)  # fmt: skip
async def get_upload_document(upload_id: uuid.UUID, caller: Reader, context: Context) -> Response:
    """As it came, as a download."""
    async with transaction_of(context, caller) as session:
        upload = await uploads.one(session, upload_id)
        found, key = await _looked_at(session, context, upload.document_id, upload_id, upload.patient_id)
    return Response(await context.documents.get(found, key), media_type=found.content_type, headers=DOWNLOAD)


async def _looked_at(
    session: AsyncSession, context: Context, document_id: uuid.UUID, upload_id: uuid.UUID, patient_id: uuid.UUID
) -> tuple[Document, bytes]:
    found, key = await documents.load(session, document_id), await practice_key(session, context)
    await audit.record(session, "paper.viewed", f"upload:{upload_id}", [patient_id])
    return found, key
