"""The job that makes the PDF of a form that was handed in, and keeps it sealed like every document."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.jobs import JobRun
from backend.identity.models import Location
from backend.identity.queries import practice, practice_key
from backend.intake_forms import filling, queries, reading
from backend.intake_forms.models import Intake
from backend.intake_forms.pdf.document import Filled, build
from backend.leads import history
from backend.leads.models import Lead
from backend.patients import service as patients
from backend.patients.queries import display_name


async def make(context: ProcessContext, run: JobRun) -> None:
    """Read in one transaction, draw and store outside of any, note it in another."""
    async with run.transaction() as session:
        intake = await session.get(Intake, (run.practice_id, run.ref_id))
        if intake is None or intake.state != "submitted" or intake.document_id is not None:
            await run.finish(session)
            return
        key = await practice_key(session, context)
        filled = await _filled(session, key, intake)
    data = await asyncio.to_thread(build, filled)
    stored = await context.documents.put(run.practice_id, key, data, "application/pdf")
    async with run.transaction() as session:
        documents.record(session, stored)
        await session.flush()
        intake = await session.get_one(Intake, (run.practice_id, run.ref_id), with_for_update=True)
        intake.document_id = stored.id
        await session.flush()
        history.tell(session, await session.get_one(Lead, (run.practice_id, intake.lead_id)))
        await run.finish(session)


async def _filled(session: AsyncSession, key: bytes, intake: Intake) -> Filled:
    found = await filling.opened(session, key, intake)
    ours, patient = await practice(session), await patients.get(session, intake.patient_id)
    lead = await session.get_one(Lead, (practice_of(session), intake.lead_id))
    clinic = await session.get(Location, (ours.id, lead.location_id)) if lead.location_id else None
    assert intake.submitted_at is not None and intake.form_version is not None
    return Filled(
        practice=" · ".join(filter(None, (ours.name, clinic.name if clinic else None))), title=found.form.title.en,
        patient=display_name(patient), born=f"{patient.dob:%m/%d/%Y}" if patient.dob else "–",
        form_version=intake.form_version, language=intake.language, submitted_at=intake.submitted_at,
        timezone=clinic.timezone if clinic else ours.timezone, intake_id=str(intake.id),
        parts=reading.parts(found.form, found.answers, found.prefilled),
        agreements=await queries.agreements(session, intake),
    )  # fmt: skip
