"""Open a link, answer its question, say what the page shows first."""

import uuid

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import act_as, the_patient
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.identity import letterheads
from backend.identity.models import Location
from backend.leads.models import Lead
from backend.messaging import standard
from backend.messaging.models import PhoneLine
from backend.patient_links import service as links
from backend.patient_links.models import PatientLink
from backend.patient_links.rules import MOST_FAILED_CHECKS, PURPOSES, alive
from backend.patient_pages import checks, session
from backend.patient_pages.errors import CheckFailed, LinkNotUsable
from backend.patient_pages.models import PatientBrowser
from backend.patient_pages.schemas import CheckIn, PatientPageOut
from backend.patients import service as patients
from backend.patients.models import Patient


async def open_link(context: ProcessContext, token: str) -> tuple[str, PatientPageOut]:
    """A session for whoever holds this token; returns its cookie. Raises `LinkNotUsable`, whatever the reason."""
    async with session.turn():
        known = await links.look_up(context.database, token)
    if known is None:
        raise LinkNotUsable
    practice_id, link_id = known
    async with session.turn(), context.database.transaction(practice_id) as transaction:
        link = await links.get(transaction, link_id)
        if not alive(link, now()):
            raise LinkNotUsable
        act_as(transaction, the_patient(practice_id, link.patient_id))
        patient = await patients.get(transaction, link.patient_id)
        link.opened_at = link.opened_at or now()
        cookie, browser = session.start(transaction, link, verified=checks.check_for(patient) == "none")
        await transaction.flush()
        page = await _page(transaction, link, patient, browser)
        await audit.record(transaction, "link.opened", f"link:{link.id}", [link.patient_id])
    return cookie, page


async def page_of(transaction: AsyncSession, known: session.PatientSession) -> PatientPageOut:
    """The page again, after a reload."""
    practice_id = practice_of(transaction)
    link = await transaction.get_one(PatientLink, (practice_id, known.link_id))
    patient = await patients.get(transaction, link.patient_id)
    return await _page(transaction, link, patient, await transaction.get_one(PatientBrowser, (practice_id, known.id)))


async def answer_check(context: ProcessContext, known: session.PatientSession, answer: CheckIn) -> PatientPageOut:
    """The second check. A wrong answer is counted and committed before it is refused."""
    async with session.transaction_of(context, known) as transaction:
        verdict = await checks.answer(transaction, known.link_id, answer.dob, answer.last_name)
        link = await transaction.get_one(PatientLink, (known.practice_id, known.link_id))
        tries_left = MOST_FAILED_CHECKS - link.failed_checks
        if verdict == "right":
            mine = (PatientBrowser.practice_id == known.practice_id) & (PatientBrowser.id == known.id)
            await transaction.execute(update(PatientBrowser).where(mine).values(verified_at=now()))
        if verdict != "dead":
            action = "link.checked" if verdict == "right" else "link.check_failed"
            await audit.record(transaction, action, f"link:{link.id}", [link.patient_id])
        page = await page_of(transaction, known)
    if verdict == "right":
        return page
    raise LinkNotUsable if verdict == "dead" or tries_left == 0 else CheckFailed(tries_left)


async def _page(
    transaction: AsyncSession, link: PatientLink, patient: Patient, browser: PatientBrowser
) -> PatientPageOut:
    check, head = checks.check_for(patient), await letterheads.head(transaction)
    return PatientPageOut(
        purpose=next(purpose for purpose in PURPOSES if purpose == link.purpose),
        check=check, verified=browser.verified_at is not None, tries_left=MOST_FAILED_CHECKS - link.failed_checks,
        person=None if check == "none" else first_name_and_initial(patient),
        practice=head.name, logo=head.logo_url, phone=await phone_of(transaction, link.lead_id),
        language=await standard.language_of_patient(transaction, link.patient_id), csrf_token=browser.csrf_token,
    )  # fmt: skip


def first_name_and_initial(patient: Patient) -> str:
    """`Ada S.`: enough to see whose page it is, too little to tell a stranger who that is."""
    initial = f" {patient.last_name[0]}." if patient.last_name else ""
    return f"{patient.first_name}{initial}"


async def phone_of(transaction: AsyncSession, lead_id: uuid.UUID | None) -> str | None:
    """Where to call: the clinic of the lead, else a number of the practice."""
    practice_id = practice_of(transaction)
    lead = await transaction.get(Lead, (practice_id, lead_id)) if lead_id else None
    location = await transaction.get(Location, (practice_id, lead.location_id)) if lead and lead.location_id else None
    if location is not None and location.phone:
        return location.phone
    numbers = select(PhoneLine.number).where(PhoneLine.practice_id == practice_id, PhoneLine.active)
    found = await transaction.scalar(numbers.order_by(PhoneLine.id).limit(1))
    clinics = select(Location.phone).where(Location.practice_id == practice_id, Location.phone.is_not(None))
    return found or await transaction.scalar(clinics.order_by(Location.id).limit(1))
