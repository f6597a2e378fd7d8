"""The job that makes the PDF of a form that was handed in, and keeps it sealed like every document."""

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.documents import Document, StoredDocument
from backend.core.jobs import JobRun, set_timer
from backend.identity.models import Location
from backend.identity.queries import practice, practice_key
from backend.intake_forms import filling, queries, reading
from backend.intake_forms.models import Intake
from backend.intake_forms.pdf.document import Filled, build
from backend.intake_forms.pdf.enclosures import Papers
from backend.intake_forms.pdf.gathering import Gathering
from backend.leads import history
from backend.leads.models import Lead
from backend.patients import service as patients
from backend.patients.queries import display_name

LOOK_AGAIN: Final = timedelta(seconds=15)


async def renew(session: AsyncSession, lead_id: uuid.UUID) -> None:
    """A paper came or was read: the lead's newest form that is handed in gets its PDF made again, with it."""
    newest = await session.scalar(
        select(Intake.id)
        .where(Intake.practice_id == practice_of(session), Intake.lead_id == lead_id, Intake.state == "submitted")
        .order_by(Intake.submitted_at.desc(), Intake.id.desc())
        .limit(1)
    )
    if newest is not None:
        await set_timer(session, filling.MAKE_PDF, newest, now())


async def make(context: ProcessContext, papers: Papers, run: JobRun) -> None:
    """Read in one transaction, draw and store outside of any, note it in another."""
    async with run.transaction() as session:
        intake = await session.get(Intake, (run.practice_id, run.ref_id))
        if intake is None or intake.state != "submitted":
            await run.finish(session)
            return
        found = await papers.listed(session, intake.lead_id)
        if any(paper.waits for paper in found):
            await run.again(session, now() + LOOK_AGAIN)
            return
        key = await practice_key(session, context)
        filled = await _filled(session, key, intake)
    enclosed = await Gathering(context, papers, run.practice_id, key).all(found)
    data = await asyncio.to_thread(build, replace(filled, enclosures=enclosed))
    stored = await context.documents.put(run.practice_id, key, data, "application/pdf")
    async with run.transaction() as session:
        before = await _keep(session, run.ref_id, stored)
        lead = await session.get_one(Lead, (run.practice_id, filled.lead_id), with_for_update=True)
        history.tell(session, lead)
        if await papers.listed(session, lead.id) != found:
            await run.again(session, now())
        else:
            await run.finish(session)
    if before is not None:
        await context.documents.delete(run.practice_id, before)


async def _keep(session: AsyncSession, intake_id: uuid.UUID, stored: StoredDocument) -> uuid.UUID | None:
    """The PDF takes the place of the one before, whose id is returned."""
    documents.record(session, stored)
    await session.flush()
    practice_id = practice_of(session)
    intake = await session.get_one(Intake, (practice_id, intake_id), with_for_update=True)
    before, intake.document_id = intake.document_id, stored.id
    await session.flush()
    if before is not None:
        await session.delete(await session.get_one(Document, (practice_id, before)))
        await session.flush()
    return before


async def _filled(session: AsyncSession, key: bytes, intake: Intake) -> Filled:
    found = await filling.opened(session, key, intake)
    ours, patient = await practice(session), await patients.get(session, intake.patient_id)
    lead = await session.get_one(Lead, (practice_of(session), intake.lead_id))
    clinic = await session.get(Location, (ours.id, lead.location_id)) if lead.location_id else None
    assert intake.submitted_at is not None and intake.form_version is not None
    return Filled(
        lead_id=intake.lead_id, title=found.form.title.en,
        practice=" · ".join(filter(None, (ours.name, clinic.name if clinic else None))),
        patient=display_name(patient), born=f"{patient.dob:%m/%d/%Y}" if patient.dob else "–",
        form_version=intake.form_version, language=intake.language, submitted_at=intake.submitted_at,
        timezone=clinic.timezone if clinic else ours.timezone, intake_id=str(intake.id),
        parts=reading.parts(found.form, found.answers, found.prefilled),
        agreements=await queries.agreements(session, intake),
    )  # fmt: skip
