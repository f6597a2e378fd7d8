"""The job that reads a photo of an insurance card. Hostile files are opened in limited children, as faxes are."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any, Final

from backend.core import documents
from backend.core.context import ProcessContext
from backend.core.documents import StoredDocument
from backend.core.jobs import JobRun
from backend.faxes.decoding import Limits, Undecodable, decode
from backend.faxes.document import DecodedPage, ExtractionContext, PageText
from backend.faxes.extraction import extract
from backend.faxes.field_steps import context_at
from backend.faxes.reading import read, upright_png
from backend.identity.queries import practice_key
from backend.intake_forms.pdf import job as intake_pdf
from backend.leads import service as leads
from backend.patient_pages import cards
from backend.patient_pages.card_fields import of_card
from backend.patient_pages.models import PatientUpload
from backend.patient_pages.receiving import MOST_BYTES

# A card has two sides; a PDF of a health plan may have a few pages more.
LIMITS: Final = Limits(bytes=MOST_BYTES, pages=4)
KIND: Final = "insurance_card"


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one photo: its picture and fields, or why it could not be opened."""

    image: StoredDocument | None = None
    fields: dict[str, Any] | None = None
    failure: str | None = None


async def read_card(context: ProcessContext, run: JobRun) -> None:
    """Open, read, keep the candidates."""
    async with run.transaction() as session:
        upload = await session.get_one(PatientUpload, (run.practice_id, run.ref_id))
        if upload.state != "reading":
            await run.finish(session)
            return
        key = await practice_key(session, context)
        document = await documents.load(session, upload.document_id)
        known = await context_at(session, upload.created_at)
    try:
        seen = await _look(context, run, key, await context.documents.get(document, key), known)
    except Exception:
        if not run.last_attempt:
            raise
        seen = Seen(failure="internal")
    async with run.transaction() as session:
        upload = await session.get_one(PatientUpload, (run.practice_id, run.ref_id))
        lead = await leads.locked(session, upload.lead_id)
        if seen.failure is not None:
            upload.state, upload.failure = "failed", seen.failure
        else:
            assert seen.image is not None
            documents.record(session, seen.image)
            await session.flush()
            upload.state, upload.image_id, upload.fields = "read", seen.image.id, seen.fields or {}
        await session.flush()
        await cards.gather(session, lead)
        await intake_pdf.renew(session, lead.id)
        await run.finish(session)


async def _look(context: ProcessContext, run: JobRun, key: bytes, data: bytes, known: ExtractionContext) -> Seen:
    try:
        pages = await decode(data, LIMITS)
    except Undecodable as refusal:
        return Seen(failure=refusal.code)
    texts = await read(data, pages)
    first = _upright(pages[0], texts[0])
    image = await context.documents.put(run.practice_id, key, first.png, "image/png")
    kinds = {page.number: KIND for page in pages}
    found = (await asyncio.to_thread(extract, texts, kinds, known)).fields
    return Seen(image, of_card(found, texts))


def _upright(page: DecodedPage, text: PageText) -> DecodedPage:
    return replace(page, png=upright_png(page, text.rotation)) if text.rotation else page
