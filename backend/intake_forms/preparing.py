"""Make a form ready for a lead, with links to it."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.problems import Conflict, NotFound
from backend.intake_forms import forms
from backend.intake_forms.definition import Language
from backend.intake_forms.events import IntakeDelivered
from backend.intake_forms.models import Intake
from backend.leads import forms as lead_forms
from backend.leads.models import Lead
from backend.messaging import standard
from backend.patient_links import marks
from backend.patient_links import service as links
from backend.patient_links.models import PatientLink

HANDED_IN = "The form has been handed in."
RUNNING = ("prepared", "sent", "started")


class FormRunning(Conflict):
    """The patient has a form they have not handed in; carries its `intake_id`."""

    type = "intake-running"
    title = "This patient has a form already"


async def running(session: AsyncSession, lead_id: uuid.UUID, *, for_update: bool = False) -> Intake | None:
    """The form the lead's patient has not handed in yet."""
    query = select(Intake).where(
        Intake.practice_id == practice_of(session), Intake.lead_id == lead_id, Intake.state.in_(RUNNING)
    )
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(query)


async def prepare(
    session: AsyncSession, lead: Lead, form_id: uuid.UUID | None = None, language: Language | None = None
) -> Intake:
    """A form for the lead's patient. Raises `FormRunning` while they have another, `Conflict` for a mere draft."""
    if (found := await running(session, lead.id)) is not None:
        raise FormRunning("Send that one again, or cancel it first.", intake_id=str(found.id))
    form = await forms.get(session, form_id) if form_id else await forms.ensure_standard(session)
    if form.published is None:
        raise Conflict("Publish the form first.")
    speaks = language or await standard.language_of_patient(session, lead.patient_id) or "en"
    intake = Intake(
        practice_id=practice_of(session), id=new_id(), lead_id=lead.id, patient_id=lead.patient_id, form_id=form.id,
        language=speaks, state="prepared", percent=0, revision=0, version=1, created_by=actor_of(session).name,
        created_at=now(),
    )  # fmt: skip
    session.add(intake)
    await session.flush()
    return intake


async def new_link(session: AsyncSession, intake: Intake) -> PatientLink:
    """One more link to this form; those sent before go on working."""
    return await links.create(session, "intake", patient_id=intake.patient_id, lead_id=intake.lead_id, ref_id=intake.id)


async def link_for(session: AsyncSession, lead: Lead) -> str:
    """The mark of a fresh link to the lead's form, for a text's body."""
    intake = await running(session, lead.id) or await prepare(session, lead)
    return marks.mark((await new_link(session, intake)).id)


async def given(session: AsyncSession, intake: Intake) -> None:
    """The patient has it: the link arrived, or it is open before them. The form is locked."""
    if intake.state != "prepared":
        return
    intake.state, intake.sent_at = "sent", now()
    intake.version += 1
    await session.flush()
    await lead_forms.note(session, intake.lead_id, "sent", 0, "intake_sent")
    await publish(session, IntakeDelivered(intake.lead_id, intake.id))


async def cancel(session: AsyncSession, intake_id: uuid.UUID) -> Intake:
    """The patient need not fill it in: its links are dead. Raises `NotFound`, or `Conflict` once it is handed in."""
    for link_id in await link_ids(session, intake_id):  # links before the form, as in news of the carrier
        await links.revoke(session, link_id)
    intake = await locked(session, intake_id)
    if intake.state == "submitted":
        raise Conflict(HANDED_IN)
    intake.state = "canceled"
    intake.version += 1
    await session.flush()
    await lead_forms.note(session, intake.lead_id, "none", 0, "intake_canceled")
    return intake


async def locked(session: AsyncSession, intake_id: uuid.UUID) -> Intake:
    """One form in use, locked until commit, of a clinic where the caller works. Raises `NotFound`."""
    found = await session.scalar(
        select(Intake)
        .join(Lead, (Lead.practice_id == Intake.practice_id) & (Lead.id == Intake.lead_id))
        .where(Intake.practice_id == practice_of(session), Intake.id == intake_id, Intake.state != "canceled")
        .where(within(session, "intake:write", Lead.location_id))
        .with_for_update(of=Intake)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such form to fill in.")
    return found


async def unfinished(session: AsyncSession, intake_id: uuid.UUID) -> Intake:
    """The form, locked, for a new link to it. Raises `NotFound`, or `Conflict` once it is handed in."""
    intake = await locked(session, intake_id)
    if intake.state == "submitted":
        raise Conflict(HANDED_IN)
    return intake


async def link_ids(session: AsyncSession, intake_id: uuid.UUID) -> list[uuid.UUID]:
    """Every link to this form that may still be open somewhere."""
    rows = await session.scalars(
        select(PatientLink.id)
        .where(PatientLink.practice_id == practice_of(session), PatientLink.purpose == "intake")
        .where(PatientLink.ref_id == intake_id, PatientLink.revoked_at.is_(None))
        .order_by(PatientLink.id)
    )
    return list(rows)
