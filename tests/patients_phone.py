"""A patient's phone for tests: a lead, a link for it, and a browser that opens the link."""

import uuid
from dataclasses import dataclass
from datetime import date

import httpx

from backend.core.context import ProcessContext
from backend.identity.queries import practice_key
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.patient_links import service as links
from backend.patient_links.rules import Purpose
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from tests.conftest import SamplePractice

DOB = date(1961, 4, 9)
LINKS = "/api/v1/public/links"


@dataclass(frozen=True)
class SampleLink:
    """A link that has been put into a text, and whom it is for."""

    id: uuid.UUID
    token: str
    patient_id: uuid.UUID
    lead_id: uuid.UUID


async def make_lead(
    context: ProcessContext, practice: SamplePractice, *, dob: date | None = DOB, last_name: str = "Sample",
    first_name: str = "Ada", phone: str | None = None, source: str = "phone",
) -> tuple[uuid.UUID, uuid.UUID]:  # fmt: skip
    """(patient, lead)."""
    async with context.database.transaction(practice.id) as session:
        facts = PatientFacts(first_name=first_name, last_name=last_name, dob=dob, phone=phone)
        patient = await patients.create(session, facts)
        lead = await leads.open_lead(session, NewLead(patient.id, source, location_id=practice.location_id))
    return patient.id, lead.id


async def make_link(
    context: ProcessContext, practice: SamplePractice, purpose: Purpose = "upload", *, dob: date | None = DOB,
    last_name: str = "Sample", first_name: str = "Ada", of: tuple[uuid.UUID, uuid.UUID] | None = None,
    ref_id: uuid.UUID | None = None,
) -> SampleLink:  # fmt: skip
    """A link for a new lead, or for the one given."""
    made = of or await make_lead(context, practice, dob=dob, last_name=last_name, first_name=first_name)
    async with context.database.transaction(practice.id) as session:
        link = await links.create(session, purpose, patient_id=made[0], lead_id=made[1], ref_id=ref_id)
        key = await practice_key(session, context)
        token = (await links.tokens(session, [link.id], key))[link.id]
    return SampleLink(link.id, token, *made)


async def open_link(phone: httpx.AsyncClient, token: str) -> httpx.Response:
    """Open it and take the page's token along from then on."""
    answer = await phone.post(f"{LINKS}/exchange", json={"token": token})
    if answer.status_code == 200:
        phone.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return answer


async def enter(phone: httpx.AsyncClient, token: str, dob: date = DOB) -> None:
    """Open it and pass the second check."""
    assert (await open_link(phone, token)).status_code == 200
    answer = await phone.post(f"{LINKS}/check", json={"dob": dob.isoformat()})
    assert answer.status_code == 200, answer.text
