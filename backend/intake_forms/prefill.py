"""What we know already, as answers: nobody is asked twice for what the fax said."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.intake_forms import addresses, answers, body
from backend.intake_forms.definition import Definition
from backend.leads.models import ReferralOrder
from backend.messaging.standard import spoken
from backend.patients import service as patients
from backend.patients.models import Coverage
from backend.referral_sources.models import Referrer

PATIENT = (
    "first_name", "middle_name", "last_name", "suffix", "dob", "sex", "phone", "phone_alt", "email", "address",
)  # fmt: skip
COVERAGE = ("payer_name", "member_id", "group_number")
ORDER = ("body_part", "side", "surgery_date", "procedure", "diagnosis_text")


async def facts(session: AsyncSession, lead_id: uuid.UUID, patient_id: uuid.UUID) -> dict[str, Any]:
    """By binding, what patient, coverages and newest order say; nothing where it is unknown."""
    practice_id = practice_of(session)
    patient = await patients.get(session, patient_id)
    found: dict[str, Any] = {f"patient.{name}": getattr(patient, name) for name in PATIENT}
    covers = await session.scalars(
        select(Coverage).where(Coverage.practice_id == practice_id, Coverage.patient_id == patient_id)
    )
    for row in covers:
        found |= {f"coverage.{row.rank}.{name}": getattr(row, name) for name in COVERAGE}
    newest = (
        await session.execute(
            select(ReferralOrder, Referrer.name)
            .outerjoin(
                Referrer,
                (Referrer.practice_id == ReferralOrder.practice_id) & (Referrer.id == ReferralOrder.referrer_id),
            )
            .where(ReferralOrder.practice_id == practice_id, ReferralOrder.lead_id == lead_id)
            .order_by(ReferralOrder.created_at.desc(), ReferralOrder.id.desc())
            .limit(1)
        )
    ).one_or_none()
    if newest is not None:
        found |= {f"order.{name}": getattr(newest[0], name) for name in ORDER}
        found["order.referrer_name"] = newest[1]
    return {name: value for name, value in found.items() if value is not None}


def fill(form: Definition, known: dict[str, Any]) -> dict[str, Any]:
    """Answers by question, for every binding that is known and fits."""
    found = {}
    for question in form.questions():
        if question.prefill in known:
            try:
                value = answers.accept(question, _answer(question, known))
            except answers.Wrong:
                continue
            if value is not None:
                found[question.id] = value
    return _with_what_they_hang_on(form, found)


def _answer(question: Any, known: dict[str, Any]) -> Any:
    value = known[question.prefill]
    match question.type:
        case "date":
            return value.isoformat()
        case "address":
            return addresses.parts(value)
        case "body_diagram":
            return body.of_order(value, known.get("order.side"))
        case "choice":
            return str(value).lower()
        case "phone":
            return spoken(value)
    return value


def _with_what_they_hang_on(form: Definition, found: dict[str, Any]) -> dict[str, Any]:
    """Whoever has coverage pays with it: a known fact also answers the one question that its own is shown by."""
    for question in form.questions():
        rules = question.show_if.rules if question.id in found and question.show_if else []
        if len(rules) == 1 and rules[0].op == "equals" and rules[0].question not in found:
            asked = form.question(rules[0].question)
            if asked is not None and asked.type in {"choice", "yes_no"}:
                found[asked.id] = rules[0].value
    return found
