"""From fields to a patient, a referral order and a lead: the only place where a fax writes into other domains."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import publish
from backend.core.problems import Invalid
from backend.faxes.events import PaperFiled
from backend.faxes.models import Fax, FaxSegment
from backend.leads import history, orders
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.leads.orders import OrderFacts
from backend.patients import matching
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.patients.service import CoverageFacts
from backend.referral_sources import service as referrers
from backend.referral_sources.service import ReferrerFacts

PAPERS = frozenset({"signed_plan_of_care", "authorization", "records_request", "lab_or_imaging", "junk"})
PATIENT = ("first_name", "middle_name", "last_name", "suffix", "sex", "phone", "phone_alt", "email", "mrn")
ORDER = (
    "diagnosis_text", "body_part", "side", "order_text", "discipline", "evaluate_and_treat", "frequency_per_week",
    "duration_weeks", "visits_authorized", "authorization_number", "procedure", "precautions", "weight_bearing",
    "urgency", "notes",
)  # fmt: skip


def _normal(segment: FaxSegment, name: str) -> Any:
    found = segment.fields.get(name)
    return found["normal"] if found else None


def _day(segment: FaxSegment, name: str) -> date | None:
    value = _normal(segment, name)
    return date.fromisoformat(value) if value else None


def identity_of(segment: FaxSegment) -> matching.Identity:
    """What the segment says of its patient."""
    return matching.Identity(
        first_name=_normal(segment, "patient_first_name"), middle_name=_normal(segment, "patient_middle_name"),
        last_name=_normal(segment, "patient_last_name"), suffix=_normal(segment, "patient_suffix"),
        dob=_day(segment, "patient_dob"), phone=_normal(segment, "patient_phone"),
        member_id=_normal(segment, "member_id"), mrn=_normal(segment, "patient_mrn"),
    )  # fmt: skip


def has_name(segment: FaxSegment) -> bool:
    """A patient needs at least a first and a last name."""
    return bool(_normal(segment, "patient_first_name") and _normal(segment, "patient_last_name"))


def _patient_facts(segment: FaxSegment) -> PatientFacts:
    # Built without validation: readers and corrections have put every field into normal form already.
    facts = {name: _normal(segment, f"patient_{name}") for name in PATIENT}
    return PatientFacts.model_construct(
        **facts, dob=_day(segment, "patient_dob"), address=_normal(segment, "patient_address")
    )


def _coverages(segment: FaxSegment) -> list[CoverageFacts]:
    found = []
    if payer := _normal(segment, "payer_name"):
        member, group = _normal(segment, "member_id"), _normal(segment, "group_number")
        found.append(CoverageFacts("primary", payer, member, group))
    if second := _normal(segment, "secondary_payer_name"):
        found.append(CoverageFacts("secondary", second))
    return found


def referrer_of(fax: Fax, segment: FaxSegment) -> ReferrerFacts | None:
    """Who ordered it, as the segment says."""
    provider, office = _normal(segment, "referrer_name"), _normal(segment, "referrer_practice")
    if not (provider or office):
        return None
    return ReferrerFacts(
        name=provider or office, kind="provider" if provider else "practice",
        credential=_normal(segment, "referrer_credential"), npi=_normal(segment, "referrer_npi"),
        practice_name=office, phone=_normal(segment, "referrer_phone"), fax=_normal(segment, "referrer_fax"),
        address=_normal(segment, "referrer_address"), sent_from=fax.from_number,
    )  # fmt: skip


def order_of(fax: Fax, segment: FaxSegment) -> OrderFacts:
    """The referral order the segment states."""
    facts = {name: _normal(segment, name) for name in ORDER}
    return OrderFacts(
        **facts, referrer=referrer_of(fax, segment), fax_id=fax.id, fax_segment=segment.index,
        referral_date=_day(segment, "referral_date"), surgery_date=_day(segment, "surgery_date"),
        icd10_codes=tuple(_normal(segment, "icd10_codes") or ()), signed=_normal(segment, "referrer_signed"),
    )  # fmt: skip


async def file_segment(session: AsyncSession, fax: Fax, segment: FaxSegment) -> Lead:
    """Open a lead for the segment's patient, or add the order to the one that is open already.

    Raises `Invalid` for a signed plan of care: what came back to us is never a new request for care.
    """
    if segment.kind == "signed_plan_of_care":
        raise Invalid(
            "Choose the patient’s lead: a signed plan of care belongs to care that has begun.",
            errors=[(f"/segments/{segment.index}/lead_id", "required for a signed plan of care")],
        )
    patient_id = segment.patient_id or await _certain_patient(session, segment)
    lead = await leads.open_lead_of(session, patient_id) if patient_id else None
    if patient_id is None:
        patient_id = (await patients.create(session, _patient_facts(segment))).id
    else:
        await patients.complete(session, patient_id, _patient_facts(segment))
    if lead is None and (lost := await leads.lost_lead_of(session, patient_id)) is not None:
        lead = await leads.reopen(session, lost.id)
    if lead is None:
        urgency = _normal(segment, "urgency") or "routine"
        new = leads.NewLead(patient_id, "fax", fax.location_id, urgency, opened_at=fax.received_at)
        lead = await leads.open_lead(session, new)
    return await _file_under(session, fax, segment, lead)


async def _with_sender(session: AsyncSession, fax: Fax, order: OrderFacts) -> OrderFacts:
    """Who sent it through their portal ordered it, unless it names another; where it names nobody, its number may."""
    if fax.from_referrer_id is not None and not await referrers.another(session, fax.from_referrer_id, order.referrer):
        return replace(order, referrer=None, referrer_id=fax.from_referrer_id)
    return order if order.referrer else replace(order, referrer=await referrers.by_sender(session, fax.from_number))


async def attach_segment(session: AsyncSession, fax: Fax, segment: FaxSegment, lead_id: uuid.UUID) -> Lead:
    """Put the segment under a lead a person chose; what is unknown of its patient is filled in."""
    lead = await leads.locked(session, lead_id)
    return await _file_under(session, fax, segment, lead)


async def _certain_patient(session: AsyncSession, segment: FaxSegment) -> uuid.UUID | None:
    matches = await matching.find(session, identity_of(segment))
    return next((found.patient_id for found in matches if found.certain), None)


async def _file_under(session: AsyncSession, fax: Fax, segment: FaxSegment, lead: Lead) -> Lead:
    segment.lead_id, segment.patient_id, segment.hold_reasons = lead.id, lead.patient_id, []
    await patients.cover(session, lead.patient_id, _coverages(segment))
    if segment.kind not in PAPERS and segment.letter_code is None:
        await orders.add(session, lead, await _with_sender(session, fax, order_of(fax, segment)))
    history.note(session, lead.id, "fax_attached", fax_id=str(fax.id), document=segment.kind)
    lead.version += 1
    await session.flush()
    await publish(session, PaperFiled(fax.id, segment.index, lead.id, segment.kind, segment.letter_code))
    history.tell(session, lead)
    return lead
