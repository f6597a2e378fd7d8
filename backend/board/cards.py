"""A lead as a card: what the desk must see without opening it."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from backend.board.schemas import CardBadge, CardPatient, LeadCard, Reply
from backend.core.clock import now
from backend.identity.owners import OwnerOut
from backend.leads.first_contact import FirstContact
from backend.leads.models import Lead, ReferralOrder
from backend.leads.queries import is_overdue, next_step
from backend.leads.schemas import FirstContactOut
from backend.patients.models import Patient
from backend.patients.queries import age, display_name

POST_OP = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class CardRow:
    """What the column query brings for one card."""

    lead: Lead
    patient: Patient
    order: ReferralOrder | None
    referrer_name: str | None
    payer_name: str | None
    location_name: str | None


def headline(order: ReferralOrder | None) -> str:
    """`Right shoulder · post-op`, or the procedure or diagnosis where no body part was named."""
    if order is None:
        return ""
    part = " ".join(filter(None, (order.side, order.body_part if order.body_part != "other" else None)))
    main = part or (order.procedure or order.diagnosis_text or "")[:60]
    return " · ".join(filter(None, (main[:1].upper() + main[1:], "post-op" if is_post_op(order) else None)))


def is_post_op(order: ReferralOrder) -> bool:
    """Surgery was named, and not years ago."""
    if order.surgery_date is not None:
        return now().date() - order.surgery_date <= POST_OP
    return bool(order.procedure)


def card(
    row: CardRow, owners: dict[uuid.UUID, OwnerOut], clock: FirstContact, clinical: bool, badges: list[CardBadge],
    reply: Reply | None = None,
) -> LeadCard:  # fmt: skip
    """The card; `clinical` says whether the caller may see what is wrong with the patient."""
    lead, patient, order = row.lead, row.patient, row.order
    return LeadCard(
        id=lead.id, version=lead.version, stage=lead.stage, rank=lead.rank,
        patient=CardPatient(
            id=patient.id, display_name=display_name(patient), age=age(patient.dob, now().date()), sex=patient.sex
        ),
        headline=headline(order) if clinical else "",
        source=lead.source, referrer_name=row.referrer_name, payer_name=row.payer_name,
        location_id=lead.location_id, location_name=row.location_name,
        owner=owners[lead.owner_user_id or lead.owner_team_id or lead.id],
        next_step=next_step(lead), overdue=is_overdue(lead),
        first_contact=FirstContactOut.model_validate(clock), urgency=lead.urgency,
        fax_id=order.fax_id if order else None, badges=badges,
        opened_at=lead.opened_at, waiting_since=lead.stage_entered_at, reply=reply,
    )  # fmt: skip
