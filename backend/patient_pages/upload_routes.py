"""A patient sends photos of card and order, sees what became of them, and confirms what the card says."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Request

from backend.audit import service as audit
from backend.core import idempotency, rates
from backend.identity.access import Context
from backend.patient_pages import cards, receiving, uploads
from backend.patient_pages.errors import LinkNotUsable
from backend.patient_pages.session import PatientSession, PatientTransaction, Verified, transaction_of
from backend.patient_pages.upload_schemas import CardFacts, CardOut, PatientUploads, UploadKind, UploadOut

router = APIRouter(prefix="/api/v1/public", tags=["patient pages"])
UPLOADS_A_MINUTE: Final = 30
FOR: Final = frozenset({"upload", "intake"})
KINDS: Final = ("image/jpeg", "image/png", "image/heic", "application/pdf")
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file itself: JPEG, PNG, HEIC or PDF, at most 20 MB",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS},
    }
}


def _sender(patient: Verified) -> PatientSession:
    """A patient whose link is for sending papers."""
    if patient.purpose not in FOR or patient.lead_id is None:
        raise LinkNotUsable
    return patient


Sender = Annotated[PatientSession, Depends(_sender)]


async def _limited(request: Request, context: Context, _: Sender) -> None:
    await rates.limit(context, request, "uploads", UPLOADS_A_MINUTE)


@router.post(
    "/uploads/{kind}", operation_id="sendPaper", summary="Send a photo or file", status_code=201, openapi_extra=BODY,
    dependencies=[Depends(_limited)],
)  # fmt: skip
async def send_paper(
    kind: UploadKind, request: Request, context: Context, patient: Sender,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> UploadOut:  # fmt: skip
    """201 once it is safe. A lost connection may simply send it again with the same key."""
    received = await receiving.receive(request, context, patient)
    asked = kind.encode() + received.digest
    async with transaction_of(context, patient) as session:

        async def keep() -> Any:
            return await uploads.keep(session, patient, kind, received)

        upload_id, _ = await idempotency.once(session, f"link:{patient.link_id}", idempotency_key, asked, keep)
        upload = await uploads.one(session, upload_id)
        kept = upload.document_id == received.stored.id
        await audit.record(session, "paper.sent", f"upload:{upload_id}", [patient.patient_id])
        shown = await uploads.of_patient(session, upload.lead_id)
    if not kept:
        await receiving.forget(context, patient, received)
    return next(item for item in shown.items if item.id == upload_id)


@router.get("/uploads", operation_id="listOwnPapers", summary="What the patient has sent")
async def list_own_papers(patient: Sender, session: PatientTransaction) -> PatientUploads:
    """With what was read on the card, for them to confirm."""
    assert patient.lead_id is not None
    found = await uploads.of_patient(session, patient.lead_id)
    await audit.record(session, "paper.listed", f"lead:{patient.lead_id}", [patient.patient_id])
    return found


@router.put("/card", operation_id="confirmOwnCard", summary="Confirm what the card says")
async def confirm_own_card(body: CardFacts, patient: Sender, session: PatientTransaction) -> CardOut | None:
    """Counts at once where no coverage was known; otherwise the desk compares first."""
    assert patient.lead_id is not None
    await cards.confirm_by_patient(session, patient.lead_id, body)
    await audit.record(session, "card.confirmed", f"lead:{patient.lead_id}", [patient.patient_id])
    return await cards.shown(session, patient.lead_id)
