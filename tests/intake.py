"""A lead with an intake, filled in as a patient would; used by several tests."""

import uuid
from typing import Any

from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.identity.queries import practice_key
from backend.intake_forms import filling, forms
from backend.intake_forms.models import Intake
from backend.leads import orders
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.patients.service import CoverageFacts
from backend.referral_sources.service import ReferrerFacts
from tests.conftest import SamplePractice

PERSON = {
    "first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09", "sex": "F", "phone": "(312) 555-0142",
    "address": "12 Elm Street Apt 3, Chicago, IL 60601",
}  # fmt: skip
# What the fax did not say and every new patient is asked.
ANSWERS: dict[str, Any] = {
    "emergency_name": "Ben Sample", "emergency_phone": "312 555 0143", "holder": "me", "second": False,
    "pt_this_year": False, "began": "weeks", "how": "slowly", "pain_now": 4, "pain_best": 1, "pain_worst": 7,
    "activities": [
        {"activity": "Climb stairs", "score": 3}, {"activity": "Kneel", "score": 1}, {"activity": "Walk", "score": 5},
    ],
    "conditions": ["pressure"], "surgeries": False,
    "warning_signs": ["none"], "fell": False, "medicines": {"none": True, "items": []}, "thinners": False,
    "allergies": ["none"], "goal": "Walk my dog again", "signer": "patient",
    "privacy": {"agreed": True, "version": 1, "language": "en"},
    "treatment": {"agreed": True, "version": 1, "language": "en"},
    "payment": {"agreed": True, "version": 1, "language": "en"},
    "signature": {"kind": "typed", "name": "Ada Sample"},
}  # fmt: skip


async def faxed_lead(context: ProcessContext, practice: SamplePractice) -> uuid.UUID:
    """A lead as a fax opens it: with the order, and with what pays."""
    async with context.database.transaction(practice.id) as session:
        patient = await patients.create(session, PatientFacts.model_validate(PERSON))
        await patients.cover(session, patient.id, [CoverageFacts("primary", "Lakeside Mutual", "LM123456", "G77")])
        lead = await leads.open_lead(session, NewLead(patient.id, "fax"))
        facts = orders.OrderFacts(
            body_part="knee", side="right", referrer=ReferrerFacts(name="Rowan Ortho"), icd10_codes=()
        )
        await orders.add(session, lead, facts)
        return lead.id


async def prepared(context: ProcessContext, practice: SamplePractice, lead_id: uuid.UUID) -> uuid.UUID:
    """The standard form, made ready for the lead."""
    async with context.database.transaction(practice.id) as session:
        lead = await leads.locked(session, lead_id)
        form = await forms.ensure_standard(session)
        intake = Intake(
            practice_id=practice.id, id=new_id(), lead_id=lead.id, patient_id=lead.patient_id, form_id=form.id,
            created_by="Dana Desk",
        )  # fmt: skip
        session.add(intake)
        return intake.id


async def begun(context: ProcessContext, practice: SamplePractice, intake_id: uuid.UUID) -> filling.Open:
    """The patient has opened it."""
    async with context.database.transaction(practice.id) as session:
        return await filling.begin(session, await practice_key(session, context), intake_id, "en")


async def saved(
    context: ProcessContext, practice: SamplePractice, intake_id: uuid.UUID, given: dict[str, Any], revision: int = 0
) -> filling.Saved:
    """The page has saved these answers."""
    async with context.database.transaction(practice.id) as session:
        return await filling.save(session, await practice_key(session, context), intake_id, given, revision)


async def submitted(context: ProcessContext, practice: SamplePractice, intake_id: uuid.UUID) -> Intake:
    """The patient has handed it in."""
    async with context.database.transaction(practice.id) as session:
        return await filling.submit(session, await practice_key(session, context), intake_id)
