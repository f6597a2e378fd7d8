"""Read a patient's insurance for its panel and for cards."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.insurance import authorizations, checklist, coverages, eligibility, people, rules, standing
from backend.insurance.models import Authorization, CountedVisit, EligibilityCheck, Payer, Verification
from backend.insurance.schemas import (
    AnswerOut,
    AuthorizationOut,
    ClearinghouseState,
    CoverageDetail,
    EligibilityOut,
    InsuranceOut,
    ItemOut,
    OrderAuthorization,
    PayerOut,
    PreviousOut,
    VerificationOut,
)
from backend.leads.models import ReferralOrder
from backend.patients.models import Coverage


async def whole(
    session: AsyncSession, lead_id: uuid.UUID, patient_id: uuid.UUID, clearinghouse: ClearinghouseState
) -> InsuranceOut:
    """The panel of a lead's patient."""
    await session.flush()
    today = await people.today(session)
    rows = await coverages.of_patient(session, patient_id)
    verified = await _verifications(session, patient_id, today)
    payers = await _payers(session, rows)
    checks = await eligibility.latest(session, patient_id)
    details = [
        CoverageDetail(
            **{name: getattr(row, name) for name in CoverageDetail.model_fields.keys() & _COLUMNS},
            payer=payers.get(row.payer_id) if row.payer_id else None,
            verification=verified.get(row.id) or _unverified(),
            check=_check(checks.get(row.id), row, payers),
        )
        for row in rows
    ]
    found = await authorizations.of_patient(session, patient_id)
    uncounted = select(func.count()).where(
        CountedVisit.practice_id == practice_of(session), CountedVisit.patient_id == patient_id,
        CountedVisit.authorization_id.is_(None),
    )  # fmt: skip
    return InsuranceOut(
        coverages=details, self_pay=verified.get(None) or _unverified(),
        items=shown_items(rules.items_of(await rules.of_practice(session))),
        authorizations=[authorization_out(row, today) for row in found],
        uncounted_visits=await session.scalar(uncounted) or 0,
        order_authorization=await _of_order(session, lead_id, found), clearinghouse=clearinghouse,
    )  # fmt: skip


def _check(check: EligibilityCheck | None, row: Coverage, payers: dict[uuid.UUID, PayerOut]) -> EligibilityOut | None:
    return eligibility.shown(check, row, payers.get(row.payer_id) if row.payer_id else None) if check else None


_COLUMNS = {column.key for column in Coverage.__table__.columns}


def shown_items(items: Sequence[checklist.Item]) -> list[ItemOut]:
    """Questions with what cannot be taken away marked."""
    return [
        ItemOut(
            key=item.key, label=item.label, kind=item.kind, required=item.required,
            fixed=item.key in checklist.NEVER_MISSING,
        )
        for item in items
    ]  # fmt: skip


def authorization_out(row: Authorization, today: date) -> AuthorizationOut:
    """With its counter as of today."""
    leave = authorizations.leave_of(row)
    facts = {name: getattr(row, name) for name in AuthorizationOut.model_fields if hasattr(row, name)}
    return AuthorizationOut.model_validate(
        facts | {
            "state": standing.state_on(leave, today), "left": leave.left, "counter": standing.counter(leave, today),
            "warnings": standing.warnings(leave, today),
        }
    )  # fmt: skip


def _unverified() -> VerificationOut:
    return VerificationOut(
        version=0, state="not_started", reason=None, answers={}, told_by=None, reference=None, told_at=None, note=None,
        decided_by=None, verified_at=None, valid_until=None, previous=None,
    )  # fmt: skip


async def _verifications(
    session: AsyncSession, patient_id: uuid.UUID, today: date
) -> dict[uuid.UUID | None, VerificationOut]:
    """By coverage, the current checklist with the last one that was verified before it."""
    rows = await session.scalars(
        select(Verification)
        .where(Verification.practice_id == practice_of(session), Verification.patient_id == patient_id)
        .order_by(Verification.version)
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID | None, VerificationOut] = {}
    before: dict[uuid.UUID | None, Verification] = {}
    for row in rows:
        if row.current:
            found[row.coverage_id] = _verification(row, before.get(row.coverage_id), today)
        elif row.state == "verified":
            before[row.coverage_id] = row
    return found


def _verification(row: Verification, before: Verification | None, today: date) -> VerificationOut:
    over = standing.period_over(row.state, row.valid_until, today)
    facts = {name: getattr(row, name) for name in VerificationOut.model_fields if name != "previous"}
    previous = row if over else before
    if over:
        facts |= {"state": "not_started", "reason": "new_period", "answers": {}, "verified_at": None}
    return VerificationOut.model_validate(facts | {"previous": _previous(previous) if previous is not None else None})


def _previous(row: Verification) -> PreviousOut:
    answers = {key: AnswerOut.model_validate(answer) for key, answer in row.answers.items()}
    return PreviousOut(verified_at=row.verified_at, answers=answers)


async def _payers(session: AsyncSession, rows: Sequence[Coverage]) -> dict[uuid.UUID, PayerOut]:
    wanted = {row.payer_id for row in rows if row.payer_id}
    found = await session.scalars(select(Payer).where(Payer.practice_id == practice_of(session), Payer.id.in_(wanted)))
    return {payer.id: PayerOut.model_validate(payer) for payer in found}


async def _of_order(
    session: AsyncSession, lead_id: uuid.UUID, known: Sequence[Authorization]
) -> OrderAuthorization | None:
    """What the lead's newest order says of an authorization, while nobody has noted it."""
    order = await session.scalar(
        select(ReferralOrder)
        .where(ReferralOrder.practice_id == practice_of(session), ReferralOrder.lead_id == lead_id)
        .where(ReferralOrder.authorization_number.is_not(None))
        .order_by(ReferralOrder.created_at.desc(), ReferralOrder.id.desc())
        .limit(1)
    )
    if order is None or any(row.number == order.authorization_number for row in known):
        return None
    return OrderAuthorization(order_id=order.id, number=order.authorization_number, visits=order.visits_authorized)


def current_of(coverage: type[Coverage]) -> ColumnElement[bool]:
    """The checklist that counts for a coverage; the patient is named so that the index finds it."""
    return and_(
        Verification.practice_id == coverage.practice_id, Verification.patient_id == coverage.patient_id,
        Verification.coverage_id == coverage.id, Verification.current,
    )  # fmt: skip


async def benefits(session: AsyncSession, patient_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, standing.Mark]:
    """By patient, how the benefits of their first insurance stand, or that they pay themselves. One query."""
    today = await people.today(session)
    of_coverage = (
        select(Coverage.patient_id, Coverage.id, Verification.state, Verification.valid_until, Verification.reason)
        .outerjoin(Verification, current_of(Coverage))
        .where(Coverage.practice_id == practice_of(session), Coverage.patient_id.in_(patient_ids))
        .where(Coverage.active, Coverage.rank == "primary")
    )
    of_patient = (
        select(
            Verification.patient_id, Verification.coverage_id, Verification.state, Verification.valid_until,
            Verification.reason,
        )
        .where(Verification.practice_id == practice_of(session), Verification.patient_id.in_(patient_ids))
        .where(Verification.coverage_id.is_(None), Verification.current, Verification.state == "self_pay")
    )  # fmt: skip
    found: dict[uuid.UUID, standing.Mark] = {}
    for patient_id, coverage_id, state, until, reason in await session.execute(of_coverage.union_all(of_patient)):
        if coverage_id is not None or patient_id not in found:
            found[patient_id] = standing.benefits_mark(state, until, reason, today)
    return found


async def leaves(session: AsyncSession, patient_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, standing.Mark]:
    """By patient, what to know of the authorizations under their first insurance. One query."""
    today = await people.today(session)
    a = Authorization
    rows = await session.execute(
        select(a.patient_id, a.state, a.counts, a.approved, a.per_visit, a.used, a.valid_from, a.valid_until)
        .join(Coverage, and_(Coverage.practice_id == a.practice_id, Coverage.id == a.coverage_id))
        .where(a.practice_id == practice_of(session), a.patient_id.in_(patient_ids))
        .where(Coverage.active, Coverage.rank == "primary")
        .order_by(a.created_at.desc(), a.id.desc())
    )
    by_patient: dict[uuid.UUID, list[standing.Leave]] = {}
    for patient_id, state, counts, approved, per_visit, used, begins, ends in rows:
        leave = standing.Leave(state, counts, approved, per_visit, used, begins, ends)
        by_patient.setdefault(patient_id, []).append(leave)
    marks = {patient_id: standing.authorization_mark(found, today) for patient_id, found in by_patient.items()}
    return {patient_id: mark for patient_id, mark in marks.items() if mark is not None}
