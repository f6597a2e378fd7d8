"""Photos and files a patient sends: kept, shown, handed on. An order becomes a fax, a card is read for its fields."""

import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.actor import within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.documents import Document
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.problems import Conflict, NotFound
from backend.faxes import service as faxes
from backend.faxes.models import FINAL, Fax
from backend.intake_forms.pdf import job as intake_pdf
from backend.leads import history
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.patient_pages import cards
from backend.patient_pages.errors import LinkNotUsable
from backend.patient_pages.models import PatientUpload
from backend.patient_pages.receiving import Received
from backend.patient_pages.session import PatientSession
from backend.patient_pages.upload_schemas import (
    LeadUploads,
    PatientUploads,
    StaffUploadOut,
    UploadKind,
    UploadOut,
)

READ: Final = "patient_pages.read_card"
MOST: Final = 40
ENOUGH: Final = "You have sent many files already. Call the clinic if something is still missing."


class TooMany(Conflict):
    """More files than anybody needs."""

    type = "too-many-uploads"


async def keep(session: AsyncSession, patient: PatientSession, kind: UploadKind, received: Received) -> uuid.UUID:
    """Write the upload with the job or fax that follows from it; the very same file again is the same upload."""
    if patient.lead_id is None:
        raise LinkNotUsable
    lead = await leads.locked(session, patient.lead_id)
    if (known := await _same(session, lead.id, kind, received)) is not None:
        return known
    if await _count(session, lead.id) >= MOST:
        raise TooMany(ENOUGH)
    upload = PatientUpload(
        practice_id=practice_of(session), id=new_id(), patient_id=lead.patient_id, lead_id=lead.id,
        link_id=patient.link_id, kind=kind, document_id=received.stored.id, fields={}, created_at=now(),
        state="read" if kind == "order" else "reading",
    )  # fmt: skip
    if kind == "order":
        upload.fax_id = await faxes.receive_document(
            session, received.stored, channel="upload", location_id=lead.location_id, from_lead_id=lead.id
        )
    else:
        documents.record(session, received.stored)
        await session.flush()
        await later(session, READ, upload.id, key=str(upload.id), queue="documents")
    session.add(upload)
    history.note(session, lead.id, "paper_sent", upload_id=str(upload.id), paper=kind)
    lead.version += 1
    await session.flush()
    await intake_pdf.renew(session, lead.id)
    history.tell(session, lead)
    return upload.id


async def _same(session: AsyncSession, lead_id: uuid.UUID, kind: str, received: Received) -> uuid.UUID | None:
    return await session.scalar(
        select(PatientUpload.id)
        .join(
            Document,
            (Document.practice_id == PatientUpload.practice_id) & (Document.id == PatientUpload.document_id),
        )
        .where(PatientUpload.practice_id == practice_of(session), PatientUpload.lead_id == lead_id)
        .where(PatientUpload.kind == kind, PatientUpload.state != "failed")
        .where(Document.fingerprint == received.stored.fingerprint)
        .limit(1)
    )


async def _count(session: AsyncSession, lead_id: uuid.UUID) -> int:
    ours = (PatientUpload.practice_id == practice_of(session)) & (PatientUpload.lead_id == lead_id)
    return await session.scalar(select(func.count()).where(ours)) or 0


async def of_patient(session: AsyncSession, lead_id: uuid.UUID) -> PatientUploads:
    """What the patient sees of their own."""
    rows = await _of_lead(session, lead_id)
    statuses = await _fax_statuses(session, rows)
    items = [UploadOut(**_facts(row, statuses)) for row in rows]
    return PatientUploads(items=items, card=await cards.shown(session, lead_id))


async def of_lead(session: AsyncSession, lead_id: uuid.UUID) -> tuple[LeadUploads, uuid.UUID]:
    """What the desk sees, and whose it is. Raises `NotFound`."""
    lead = await session.scalar(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.id == lead_id)
        .where(within(session, "coverage:read", Lead.location_id))
    )
    if lead is None:
        raise NotFound("There is no such lead in this practice.")
    rows = await _of_lead(session, lead_id)
    statuses, kept = await _fax_statuses(session, rows), await _documents(session, rows)
    items = [
        StaffUploadOut(
            **_facts(row, statuses), content_type=kept[row.document_id].content_type, size=kept[row.document_id].size,
            image_url=f"/api/v1/uploads/{row.id}/image" if row.image_id else None, fax_id=row.fax_id,
        )
        for row in reversed(rows)
    ]  # fmt: skip
    return LeadUploads(items=items, card=await cards.shown(session, lead_id)), lead.patient_id


async def one(session: AsyncSession, upload_id: uuid.UUID) -> PatientUpload:
    """One upload the caller may see. Raises `NotFound`."""
    found = await session.scalar(
        select(PatientUpload)
        .join(Lead, (Lead.practice_id == PatientUpload.practice_id) & (Lead.id == PatientUpload.lead_id))
        .where(PatientUpload.practice_id == practice_of(session), PatientUpload.id == upload_id)
        .where(within(session, "coverage:read", Lead.location_id))
    )
    if found is None:
        raise NotFound("There is no such file in this practice.")
    return found


async def _of_lead(session: AsyncSession, lead_id: uuid.UUID) -> Sequence[PatientUpload]:
    rows = await session.scalars(
        select(PatientUpload)
        .where(PatientUpload.practice_id == practice_of(session), PatientUpload.lead_id == lead_id)
        .order_by(PatientUpload.created_at, PatientUpload.id)
    )
    return rows.all()


async def _fax_statuses(session: AsyncSession, rows: Sequence[PatientUpload]) -> dict[uuid.UUID, Fax]:
    ids = [row.fax_id for row in rows if row.fax_id]
    found = await session.scalars(select(Fax).where(Fax.practice_id == practice_of(session), Fax.id.in_(ids)))
    return {fax.id: fax for fax in found}


async def _documents(session: AsyncSession, rows: Sequence[PatientUpload]) -> dict[uuid.UUID, Document]:
    ids = [row.document_id for row in rows]
    found = await session.scalars(
        select(Document).where(Document.practice_id == practice_of(session), Document.id.in_(ids))
    )
    return {document.id: document for document in found}


def _facts(row: PatientUpload, faxes_of: dict[uuid.UUID, Fax]) -> dict[str, object]:
    """An order is as far as its fax is."""
    facts = {"id": row.id, "kind": row.kind, "state": row.state, "failure": row.failure, "created_at": row.created_at}
    fax = faxes_of.get(row.fax_id) if row.fax_id else None
    if fax is None:
        return facts
    if fax.status == "failed":
        return facts | {"state": "failed", "failure": fax.failure_code}
    return facts | {"state": "read" if fax.status in FINAL else "reading"}
