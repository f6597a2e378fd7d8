"""Payers, the checklist, and how the practice signs its inquiries."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.identity.access import Allowed, Context, Transaction
from backend.identity.queries import practice_key
from backend.insurance import clearinghouse, payers, rules
from backend.insurance.models import InsuranceRules
from backend.insurance.queries import shown_items
from backend.insurance.schemas import PayerChanges, PayerIn, PayerOut, PayerPage, RulesIn, RulesOut
from backend.insurance.settings_schemas import ClearinghouseIn, ClearinghouseOut

router = APIRouter(prefix="/api/v1", tags=["insurance"])
Known = Annotated[Actor, Depends(Allowed("coverage:read"))]
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]


@router.get("/payers", operation_id="listPayers", summary="Payers of the practice")
async def list_payers(_: Known, session: Transaction) -> PayerPage:
    """Those in use first."""
    return PayerPage(items=[PayerOut.model_validate(row) for row in await payers.of_practice(session)])


@router.post("/payers", operation_id="createPayer", summary="Add a payer", status_code=201)
async def create_payer(
    body: PayerIn, caller: Writer, session: Transaction, idempotency_key: Annotated[str | None, Header()] = None
) -> PayerOut:
    """A name or alias belongs to one payer. Insurances that use it are called by the payer's name from now on."""

    async def create() -> uuid.UUID:
        return (await payers.create(session, body)).id

    payer_id, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    await audit.record(session, "payer.created", f"payer:{payer_id}")
    return PayerOut.model_validate(await payers.get(session, payer_id))


@router.patch("/payers/{payer_id}", operation_id="updatePayer", summary="Change a payer")
async def update_payer(payer_id: uuid.UUID, body: PayerChanges, _: Writer, session: Transaction) -> PayerOut:
    """Only what is given changes. Stale versions get 409."""
    payer = await payers.change(session, payer_id, body)
    await audit.record(session, "payer.changed", f"payer:{payer_id}")
    return PayerOut.model_validate(payer)


def _rules(row: InsuranceRules) -> RulesOut:
    return RulesOut.model_validate(
        {"version": row.version, "reverify": row.reverify, "items": shown_items(rules.items_of(row))}
    )


@router.get("/settings/insurance", operation_id="getInsuranceRules", summary="What is verified")
async def get_rules(_: Reader, session: Transaction) -> RulesOut:
    """The checklist and for how long its answers hold."""
    return _rules(await rules.of_practice(session))


@router.put("/settings/insurance", operation_id="updateInsuranceRules", summary="Change what is verified")
async def update_rules(body: RulesIn, _: Writer, session: Transaction) -> RulesOut:
    """Answers that were given stay. Stale versions get 409."""
    row = await rules.change(session, body)
    await audit.record(session, "insurance_rules.changed", "insurance_rules")
    return _rules(row)


@router.get("/settings/clearinghouse", operation_id="getClearinghouse", summary="How eligibility is asked")
async def get_clearinghouse(_: Reader, session: Transaction, context: Context) -> ClearinghouseOut:
    """Without the password."""
    return await clearinghouse.shown(session, await practice_key(session, context), context.settings)


@router.put("/settings/clearinghouse", operation_id="updateClearinghouse", summary="Change how eligibility is asked")
async def update_clearinghouse(
    body: ClearinghouseIn, _: Writer, session: Transaction, context: Context
) -> ClearinghouseOut:
    """The account at the clearinghouse; a password that is not given stays. Stale versions get 409."""
    await clearinghouse.change(session, await practice_key(session, context), body)
    await audit.record(session, "clearinghouse.changed", "clearinghouse")
    return await clearinghouse.shown(session, await practice_key(session, context), context.settings)
