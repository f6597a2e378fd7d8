"""The insurance of a lead's patient: coverages, verification, authorizations, inquiries."""

import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.problems import Invalid
from backend.core.schemas import RequestModel
from backend.identity.access import Allowed, Context, Transaction
from backend.insurance import authorizations, coverages, eligibility, people, queries, verification
from backend.insurance.schemas import (
    AuthorizationChanges,
    AuthorizationEventOut,
    AuthorizationHistory,
    AuthorizationIn,
    CoverageChanges,
    CoverageIn,
    InsuranceOut,
    VerificationIn,
)
from backend.leads import queries as leads
from backend.leads.models import Lead

router = APIRouter(prefix="/api/v1/leads/{lead_id}", tags=["insurance"])
Reader = Annotated[Actor, Depends(Allowed("coverage:read"))]
Writer = Annotated[Actor, Depends(Allowed("coverage:write"))]
Key = Annotated[str | None, Header()]


async def _shown(session: AsyncSession, context: Context, action: str, lead: Lead) -> InsuranceOut:
    account = await eligibility.state_of(session, context.settings)
    found = await queries.whole(session, lead.id, lead.patient_id, account)
    await audit.record(session, action, f"lead:{lead.id}", [lead.patient_id])
    return found


def _request(lead_id: uuid.UUID, what: str, body: RequestModel) -> bytes:
    return f"{what}:{lead_id}:{body.model_dump_json()}".encode()


@router.get("/insurance", operation_id="getInsurance", summary="What pays for a patient's care")
async def get_insurance(lead_id: uuid.UUID, _: Reader, session: Transaction, context: Context) -> InsuranceOut:
    """Coverages with how their benefits stand, authorizations with their counters."""
    lead = await leads.lead(session, lead_id, "coverage:read")
    return await _shown(session, context, "insurance.viewed", lead)


@router.post("/coverages", operation_id="createCoverage", summary="Note an insurance", status_code=201)
async def create_coverage(
    lead_id: uuid.UUID, body: CoverageIn, caller: Writer, session: Transaction, context: Context,
    idempotency_key: Key = None,
) -> InsuranceOut:  # fmt: skip
    """409 `rank-taken` when the patient has an active one in this place and `replaces` is not set."""
    lead = await people.reach(session, lead_id)

    async def create() -> uuid.UUID:
        return (await coverages.create(session, lead.patient_id, body)).id

    await idempotency.once(session, caller.id, idempotency_key, _request(lead_id, "coverage", body), create)
    return await _shown(session, context, "coverage.created", lead)


@router.patch("/coverages/{coverage_id}", operation_id="updateCoverage", summary="Change an insurance")
async def update_coverage(
    lead_id: uuid.UUID, coverage_id: uuid.UUID, body: CoverageChanges, _: Writer, session: Transaction,
    context: Context,
) -> InsuranceOut:  # fmt: skip
    """What the payer was asked about makes the benefits to be verified again. Stale versions get 409."""
    lead = await people.reach(session, lead_id)
    await coverages.change(session, lead.patient_id, coverage_id, body)
    return await _shown(session, context, "coverage.changed", lead)


@router.put("/verification", operation_id="verifyBenefits", summary="Note what a payer said about the benefits")
async def verify_benefits(
    lead_id: uuid.UUID, body: VerificationIn, _: Writer, session: Transaction, context: Context
) -> InsuranceOut:
    """The checklist of one insurance, or that the patient pays without any. Stale versions get 409."""
    lead = await people.reach(session, lead_id)
    if body.coverage_id is None and body.state not in {"self_pay", "not_started"}:
        raise Invalid("Say which insurance.", errors=[("/coverage_id", "required unless the patient pays")])
    coverage = await coverages.get(session, lead.patient_id, body.coverage_id) if body.coverage_id else None
    check, suggested = None, None
    if body.check_id is not None and coverage is not None:
        check, suggested = await eligibility.to_confirm(session, coverage, body.check_id, body.state)
    await verification.decide(session, lead.patient_id, coverage, body, check, suggested)
    return await _shown(session, context, "benefits.verified", lead)


@router.post("/authorizations", operation_id="createAuthorization", summary="Note an authorization", status_code=201)
async def create_authorization(
    lead_id: uuid.UUID, body: AuthorizationIn, caller: Writer, session: Transaction, context: Context,
    idempotency_key: Key = None,
) -> InsuranceOut:  # fmt: skip
    """Visits that had none and fall into it are counted on it."""
    lead = await people.reach(session, lead_id)
    coverage = await coverages.get(session, lead.patient_id, body.coverage_id)

    async def create() -> uuid.UUID:
        return (await authorizations.create(session, coverage, body)).id

    await idempotency.once(session, caller.id, idempotency_key, _request(lead_id, "authorization", body), create)
    return await _shown(session, context, "authorization.created", lead)


@router.patch(
    "/authorizations/{authorization_id}", operation_id="updateAuthorization", summary="Change an authorization"
)
async def update_authorization(
    lead_id: uuid.UUID, authorization_id: uuid.UUID, body: AuthorizationChanges, _: Writer, session: Transaction,
    context: Context,
) -> InsuranceOut:  # fmt: skip
    """Visits are counted again by what holds now. Stale versions get 409."""
    lead = await people.reach(session, lead_id)
    await authorizations.change(session, lead.patient_id, authorization_id, body)
    return await _shown(session, context, "authorization.changed", lead)


@router.get(
    "/authorizations/{authorization_id}/history", operation_id="listAuthorizationHistory",
    summary="What happened to an authorization",
)  # fmt: skip
async def list_history(
    lead_id: uuid.UUID, authorization_id: uuid.UUID, _: Reader, session: Transaction
) -> AuthorizationHistory:
    """Newest first."""
    lead = await leads.lead(session, lead_id, "coverage:read")
    row = await authorizations.get(session, lead.patient_id, authorization_id)
    events = await authorizations.history(session, row.id)
    await audit.record(session, "authorization.history_viewed", f"authorization:{row.id}", [lead.patient_id])
    return AuthorizationHistory(items=[AuthorizationEventOut.model_validate(event) for event in events])


@router.post(
    "/coverages/{coverage_id}/eligibility-checks", operation_id="checkEligibility",
    summary="Ask the payer about the benefits", status_code=202,
)  # fmt: skip
async def check_eligibility(
    lead_id: uuid.UUID, coverage_id: uuid.UUID, caller: Writer, session: Transaction, context: Context,
    idempotency_key: Key = None,
) -> InsuranceOut:  # fmt: skip
    """Through the clearinghouse, in a moment: the answer is told live. One that is under way is not asked twice."""
    lead = await people.reach(session, lead_id)
    coverage = await coverages.get(session, lead.patient_id, coverage_id)
    ask = partial(eligibility.begin, session, coverage, context.settings)
    request = f"eligibility:{lead_id}:{coverage_id}".encode()
    await idempotency.once(session, caller.id, idempotency_key, request, ask)
    return await _shown(session, context, "eligibility.asked", lead)
