"""Read the forms of a lead, with the answers in words."""

import uuid
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.intake_forms import answers, filling, reading
from backend.intake_forms.models import Intake, IntakeAgreement, IntakeDifference, IntakeForm
from backend.intake_forms.schemas import (
    AgreementOut,
    DifferenceOut,
    IntakeDetail,
    IntakeOut,
    LineOut,
    PartOut,
    TextOut,
)
from backend.intake_forms.vault import Vault
from backend.leads.models import Lead
from backend.messaging.models import Message

FIELDS: Final = {
    "patient.first_name": "First name", "patient.middle_name": "Middle name", "patient.last_name": "Last name",
    "patient.suffix": "Suffix", "patient.dob": "Date of birth", "patient.sex": "Sex", "patient.phone": "Phone",
    "patient.phone_alt": "Other phone", "patient.email": "E-mail", "patient.address": "Address",
    "coverage.primary": "Insurance", "coverage.secondary": "Second insurance",
}  # fmt: skip


async def one(session: AsyncSession, intake_id: uuid.UUID) -> Intake:
    """One form of a lead at a clinic where the caller works. Raises `NotFound`."""
    found = await session.scalar(
        select(Intake)
        .join(Lead, (Lead.practice_id == Intake.practice_id) & (Lead.id == Intake.lead_id))
        .where(Intake.practice_id == practice_of(session), Intake.id == intake_id)
        .where(within(session, "intake:read", Lead.location_id))
    )
    if found is None:
        raise NotFound("There is no such form in this practice.")
    return found


async def of_lead(session: AsyncSession, lead_id: uuid.UUID) -> list[IntakeOut]:
    """Newest first."""
    rows = await session.scalars(
        select(Intake)
        .where(Intake.practice_id == practice_of(session), Intake.lead_id == lead_id)
        .order_by(Intake.created_at.desc(), Intake.id.desc())
    )
    return [IntakeOut(**facts) for facts in await _facts(session, rows.all())]


async def _facts(session: AsyncSession, rows: Sequence[Intake]) -> list[dict[str, Any]]:
    practice_id = practice_of(session)
    forms = select(IntakeForm.id, IntakeForm.name).where(
        IntakeForm.practice_id == practice_id, IntakeForm.id.in_([row.form_id for row in rows])
    )
    names = {row.id: row.name for row in await session.execute(forms)}
    wanted = [one for row in rows for one in (row.welcome_id, row.reminder_id) if one]
    found = await session.scalars(
        select(Message).where(Message.practice_id == practice_id, Message.id.in_(wanted))
    )  # fmt: skip
    texts = {message.id: _text(message) for message in found}
    counted = await session.execute(
        select(IntakeDifference.intake_id, func.count().label("open"))
        .where(IntakeDifference.practice_id == practice_id, IntakeDifference.state == "open")
        .where(IntakeDifference.intake_id.in_([row.id for row in rows]))
        .group_by(IntakeDifference.intake_id)
    )
    undecided = {row.intake_id: row.open for row in counted}
    names_of_columns = IntakeOut.model_fields.keys() - {"form_name", "welcome", "reminder", "pdf", "to_decide"}
    return [
        {name: getattr(row, name) for name in names_of_columns}
        | {
            "form_name": names[row.form_id], "welcome": texts.get(row.welcome_id) if row.welcome_id else None,
            "reminder": texts.get(row.reminder_id) if row.reminder_id else None, "pdf": row.document_id is not None,
            "to_decide": undecided.get(row.id, 0),
        }
        for row in rows
    ]  # fmt: skip


def _text(message: Message) -> TextOut:
    return TextOut(id=message.id, status=message.status, reason=message.reason, send_at=message.hold_until)


async def whole(session: AsyncSession, practice_key: bytes, intake: Intake) -> IntakeDetail:
    """With everything the desk reads."""
    facts = (await _facts(session, [intake]))[0]
    if intake.form_version is None:
        return IntakeDetail(**facts, parts=[], missing=[], agreements=[], differences=[])
    found = await filling.opened(session, practice_key, intake)
    labels = {question.id: question.label.en for question in found.form.questions()}
    missing = [] if intake.state == "submitted" else answers.unfinished(found.form, found.answers)
    return IntakeDetail(
        **facts, parts=[_part(part) for part in reading.parts(found.form, found.answers, found.prefilled)],
        missing=[labels[name] for name, _ in missing], agreements=await agreements(session, intake),
        differences=await differences(session, Vault(practice_key, intake), intake),
    )  # fmt: skip


def _part(part: reading.Part) -> PartOut:
    return PartOut(title=part.title, lines=[LineOut.model_validate(line) for line in part.lines])


async def agreements(session: AsyncSession, intake: Intake) -> list[AgreementOut]:
    """What was agreed to, in the order it was kept."""
    rows = await session.scalars(
        select(IntakeAgreement)
        .where(IntakeAgreement.practice_id == intake.practice_id, IntakeAgreement.intake_id == intake.id)
        .order_by(IntakeAgreement.id)
    )
    return [AgreementOut.model_validate(row) for row in rows]


async def differences(session: AsyncSession, vault: Vault, intake: Intake) -> list[DifferenceOut]:
    """What the chart had otherwise, and what was decided."""
    rows = await session.scalars(
        select(IntakeDifference)
        .where(IntakeDifference.practice_id == intake.practice_id, IntakeDifference.intake_id == intake.id)
        .order_by(IntakeDifference.id)
    )
    found = []
    for row in rows:
        values = vault.open(f"difference:{row.field}", row.sealed)
        facts = {name: getattr(row, name) for name in ("field", "state", "decided_by", "decided_at")}
        ours, theirs = (_said(values[side]) for side in ("ours", "theirs"))
        found.append(DifferenceOut(**facts, label=FIELDS[row.field], ours=ours, theirs=theirs or ""))
    return found


def _said(value: Any) -> str | None:
    if isinstance(value, dict):
        names = (("payer_name", ""), ("member_id", "ID "), ("group_number", "group "))
        return ", ".join(f"{before}{value[name]}" for name, before in names if value.get(name)) or None
    return None if value is None else str(value)
