"""A lead entered by a person or program: find the patient or make one, then open the lead."""

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.problems import Conflict
from backend.leads import orders, service
from backend.leads.schemas import NewLeadIn, OrderIn
from backend.patients import matching
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.referral_sources.service import ReferrerFacts


class OpenLeadExists(Conflict):
    """The patient has an open lead; carries its `lead_id`."""

    type = "open-lead-exists"
    title = "This patient has an open lead"


async def open_for_person(session: AsyncSession, body: NewLeadIn) -> uuid.UUID:
    """Open the lead and add its order and note; returns the lead's id. Raises `OpenLeadExists`."""
    patient_id = await known_patient(session, body.patient, body.member_id)
    if patient_id is not None:
        open_lead = await service.open_lead_of(session, patient_id)
        if open_lead is not None and not body.separate:
            raise OpenLeadExists(
                "Open that lead, or repeat with separate=true for another complaint.", lead_id=str(open_lead.id)
            )
        await patients.complete(session, patient_id, body.patient)
    else:
        patient_id = (await patients.create(session, body.patient)).id
    if body.payer_name:
        facts = patients.CoverageFacts("primary", body.payer_name, body.member_id)
        await patients.cover(session, patient_id, [facts])
    lead = await service.open_lead(session, service.NewLead(patient_id, body.source, body.location_id, body.urgency))
    if body.order is not None:
        await orders.add(session, lead, _facts(body.order))
    if body.note:
        await service.add_note(session, lead.id, body.note)
    return lead.id


async def known_patient(session: AsyncSession, facts: PatientFacts, member_id: str | None = None) -> uuid.UUID | None:
    """The one patient this must be, or None."""
    identity = matching.Identity(
        facts.first_name, facts.middle_name, facts.last_name, facts.suffix, facts.dob, facts.phone,
        member_id, facts.mrn,
    )  # fmt: skip
    return next((match.patient_id for match in await matching.find(session, identity) if match.certain), None)


def _facts(order: OrderIn) -> orders.OrderFacts:
    facts = order.model_dump(exclude={"referrer", "icd10_codes"})
    referrer = ReferrerFacts(**order.referrer.model_dump()) if order.referrer else None
    return orders.OrderFacts(**facts, referrer=referrer, icd10_codes=tuple(order.icd10_codes))
