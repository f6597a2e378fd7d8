"""What a patient sent, as pages for the PDF of their form: cards as the desk sees them, orders as filed under the lead.

An order that was not filed under this lead may be about somebody else, so it is named and not shown.
"""

import uuid
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.documents import Document
from backend.faxes.decoding import Undecodable, decode
from backend.faxes.decoding.limits import SENTENCES
from backend.faxes.models import FINAL, Fax, FaxPage, FaxSegment
from backend.intake_forms.pdf.enclosures import Paper, Unopenable
from backend.patient_pages.card_job import LIMITS
from backend.patient_pages.models import PatientUpload

TITLES: Final = {
    "card_front": "Insurance card, front", "card_back": "Insurance card, back", "order": "Order sent by the patient"
}  # fmt: skip
# Reading takes seconds; a file that is not read by then goes without its pages.
PATIENCE: Final = timedelta(minutes=10)
NOT_YET: Final = "it was not read in time"
NOT_OURS: Final = "it is not filed under this patient; look at its fax"
FAILED: Final = "this picture could not be opened"


class SentPapers:
    """The uploads of a lead."""

    async def listed(self, session: AsyncSession, lead_id: uuid.UUID) -> Sequence[Paper]:
        """All of them, oldest first."""
        rows = await session.execute(
            select(PatientUpload, Document.content_type)
            .join(
                Document,
                (Document.practice_id == PatientUpload.practice_id) & (Document.id == PatientUpload.document_id),
            )
            .where(PatientUpload.practice_id == practice_of(session), PatientUpload.lead_id == lead_id)
            .order_by(PatientUpload.created_at, PatientUpload.id)
        )
        found = []
        for upload, content_type in rows.all():
            found.append(await _order(session, upload) if upload.fax_id else _card(upload, content_type))
        return found

    async def pages(
        self, context: ProcessContext, practice_id: uuid.UUID, key: bytes, paper: Paper
    ) -> AsyncGenerator[bytes, None]:
        """Upright, as drawn by us. Raises `Unopenable`."""
        async with context.database.transaction(practice_id) as session:
            drawn = [await documents.load(session, one) for one in paper.images]
            original = await documents.load(session, paper.original) if paper.original else None
        for document in drawn:
            yield await context.documents.get(document, key)
        if original is not None:
            try:
                rest = (await decode(await context.documents.get(original, key), LIMITS))[1:]
            except Undecodable as refusal:
                raise Unopenable(_because(refusal.code)) from None
            for page in rest:
                yield page.png


def _card(upload: PatientUpload, content_type: str) -> Paper:
    title = TITLES[upload.kind]
    if upload.image_id is not None:
        original = upload.document_id if content_type == "application/pdf" else None
        return Paper(upload.id, title, upload.created_at, (upload.image_id,), original)
    refusal = _because(upload.failure) if upload.failure else NOT_YET
    return Paper(upload.id, title, upload.created_at, refusal=refusal, waits=upload.failure is None and _fresh(upload))


async def _order(session: AsyncSession, upload: PatientUpload) -> Paper:
    """Pages filed under this lead."""
    assert upload.fax_id is not None
    fax = await session.get_one(Fax, (upload.practice_id, upload.fax_id))
    title = TITLES[upload.kind]
    if fax.status not in FINAL:
        return Paper(upload.id, title, upload.created_at, refusal=NOT_YET, waits=_fresh(upload))
    if fax.status == "failed":
        return Paper(upload.id, title, upload.created_at, refusal=_because(fax.failure_code))
    segments = await session.scalars(
        select(FaxSegment)
        .where(FaxSegment.practice_id == upload.practice_id, FaxSegment.fax_id == fax.id)
        .where(FaxSegment.lead_id == upload.lead_id)
    )
    numbers = [number for segment in segments for number in segment.pages]
    images = await session.scalars(
        select(FaxPage.image_id)
        .where(FaxPage.practice_id == upload.practice_id, FaxPage.fax_id == fax.id, FaxPage.number.in_(numbers))
        .order_by(FaxPage.number)
    )
    return Paper(upload.id, title, upload.created_at, tuple(images), refusal=None if numbers else NOT_OURS)


def _fresh(upload: PatientUpload) -> bool:
    return upload.created_at > now() - PATIENCE


def _because(code: str | None) -> str:
    """The first sentence of why; what to ask of senders is for faxes."""
    said = SENTENCES.get(code or "")
    return f"{FAILED}: {said.split('. ')[0]}." if said else f"{FAILED}."
