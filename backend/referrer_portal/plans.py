"""Plans of care to sign: the typed name and date, under a statement, for the plan as it is shown."""

import uuid
from typing import Final

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import plans
from backend.care.models import Episode, PlanOfCare
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Conflict, NotFound
from backend.leads import history
from backend.leads.models import Lead
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.referrer_portal import signatures
from backend.referrer_portal.models import PlanSignature
from backend.referrer_portal.patients import sent_by
from backend.referrer_portal.schemas import OwnPlan, SignPlanIn

STATEMENT: Final = (
    "I have reviewed this plan of care, and I certify the need for these services, furnished under this plan while "
    "the patient is under my care. My typed name stands for my signature."
)
MOST: Final = 100
SHOWN: Final = ("starts_on", "ends_on", "frequency_per_week", "duration_weeks", "goals", "diagnoses")


def _query(session: AsyncSession, referrer_id: uuid.UUID) -> Select[PlanOfCare, Lead, Patient, PlanSignature]:
    practice_id = practice_of(session)
    return (
        select(PlanOfCare, Lead, Patient, PlanSignature)
        .join(Episode, (Episode.practice_id == PlanOfCare.practice_id) & (Episode.id == PlanOfCare.episode_id))
        .join(Lead, (Lead.practice_id == Episode.practice_id) & (Lead.id == Episode.lead_id))
        .join(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .outerjoin(
            PlanSignature,
            (PlanSignature.practice_id == PlanOfCare.practice_id)
            & (PlanSignature.plan_id == PlanOfCare.id)
            & PlanSignature.voided_at.is_(None)
            & (PlanOfCare.signed_how == "portal"),
        )
        .where(PlanOfCare.practice_id == practice_id, sent_by(practice_id, referrer_id))
        .where(PlanOfCare.ready_at.is_not(None))
    )


async def own(session: AsyncSession, referrer_id: uuid.UUID) -> tuple[list[OwnPlan], set[uuid.UUID]]:
    """Those to sign first, with the patients they are about."""
    order = (PlanOfCare.signed_on.is_not(None), PlanOfCare.starts_on.desc(), PlanOfCare.id)
    rows = (await session.execute(_query(session, referrer_id).order_by(*order).limit(MOST))).all()
    items = [_out(plan, lead, patient, signature) for plan, lead, patient, signature in rows]
    return items, {patient.id for _, _, patient, _ in rows}


async def one(session: AsyncSession, referrer_id: uuid.UUID, plan_id: uuid.UUID) -> tuple[OwnPlan, uuid.UUID]:
    """One plan with its patient. Raises `NotFound`, also for somebody else's."""
    query = _query(session, referrer_id).where(PlanOfCare.id == plan_id)
    row = (await session.execute(query.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise NotFound("There is no such plan of care of your patients.")
    plan, lead, patient, signature = row
    return _out(plan, lead, patient, signature), patient.id


def _out(plan: PlanOfCare, lead: Lead, patient: Patient, signature: PlanSignature | None) -> OwnPlan:
    shown = {name: getattr(plan, name) for name in ("id", "version", "kind", "signed_on", *SHOWN)}
    return OwnPlan(
        **shown, lead_id=lead.id, patient=display_name(patient), dob=patient.dob, statement=STATEMENT,
        signed_by=signature.typed_name if signature else None,
    )  # fmt: skip


async def sign(
    session: AsyncSession, referrer_id: uuid.UUID, link_id: uuid.UUID, plan_id: uuid.UUID, body: SignPlanIn
) -> tuple[OwnPlan, uuid.UUID]:
    """Sign the version that was read. Raises `StaleVersion`, `Conflict`, `Invalid` for a day outside the episode."""
    shown, patient_id = await one(session, referrer_id, plan_id)
    if shown.signed_on is not None:
        raise Conflict("This plan of care is signed already.")
    plan = await plans.signed(session, plan_id, None, body.signed_on, body.version, online=True)
    if plan.sent_at is None:
        await plans.sent(session, plan_id, how="portal")
    earlier = (PlanSignature.practice_id == practice_of(session)) & (PlanSignature.plan_id == plan_id)
    standing = update(PlanSignature).where(earlier, PlanSignature.voided_at.is_(None))
    await session.execute(standing.values(voided_at=now()))
    content = shown.model_dump(mode="json", include={*SHOWN, "id", "patient", "dob", "kind", "statement"})
    session.add(
        PlanSignature(
            practice_id=practice_of(session), id=new_id(), plan_id=plan_id, referrer_id=referrer_id, link_id=link_id,
            typed_name=body.typed_name, signed_on=body.signed_on, statement=STATEMENT, content=content,
            digest=signatures.digest(content), at=now(),
        )
    )  # fmt: skip
    history.note(session, shown.lead_id, "plan_signed_online", name=body.typed_name, by=actor_of(session).name)
    await session.flush()
    signed, _ = await one(session, referrer_id, plan_id)
    return signed, patient_id
