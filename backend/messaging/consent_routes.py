"""The consent ledger, read: of one number in its conversation or lead, and all of it for an audit."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.pages import Cursor, Limit, Page, cut, encode_cursor, moment_of
from backend.core.problems import Invalid
from backend.core.schemas import ResponseModel
from backend.core.sheets import sheet
from backend.identity.access import Allowed, Transaction
from backend.identity.queries import practice
from backend.leads import queries as leads
from backend.messaging import consent, queries
from backend.messaging.ledger import SCOPES, Scope
from backend.messaging.models import Consent
from backend.patients.models import Patient

router = APIRouter(prefix="/api/v1", tags=["messages"])
Reader = Annotated[Actor, Depends(Allowed("messages:read"))]
Auditor = Annotated[Actor, Depends(Allowed("audit:read"))]
State = Literal["granted", "asked", "revoked", "none"]
HEAD = ("at", "phone", "status", "scope", "method", "evidence", "captured_by", "patient_id", "message_id", "id")
CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The ledger, oldest first"}
}


class ConsentOut(ResponseModel):
    """One row of the ledger: what changed, when, how we know, and who wrote it down."""

    id: uuid.UUID
    at: datetime
    status: Literal["granted", "asked", "revoked"]
    scope: Scope
    method: Literal["sms", "verbal", "form", "paper", "api", "given_number"]
    evidence: str | None
    captured_by: str = Field(examples=["Dana Desk"])
    message_id: uuid.UUID | None


class ConsentPage(Page):
    """Newest first. `states`: what the rows say together, for each kind of text."""

    phone: str | None = Field(examples=["+12175550142"])
    states: dict[str, State]
    items: list[ConsentOut]


async def _page(session: AsyncSession, phone: str | None, cursor: str | None, limit: int) -> ConsentPage:
    before = moment_of(cursor)
    if phone is None:
        return ConsentPage(phone=None, states=dict.fromkeys(SCOPES, "none"), items=[])
    query = select(Consent).where(Consent.practice_id == practice_of(session), Consent.phone == phone)
    if before:
        query = query.where(tuple_(Consent.at, Consent.id) < before)
    found = await session.scalars(query.order_by(Consent.at.desc(), Consent.id.desc()).limit(limit + 1))
    rows, more = cut(found.all(), limit)
    return ConsentPage(
        phone=phone, states={scope: await consent.state(session, phone, scope) for scope in SCOPES},
        items=[ConsentOut.model_validate(row) for row in rows],
        next_cursor=encode_cursor([rows[-1].at.isoformat(), rows[-1].id]) if more else None,
    )  # fmt: skip


@router.get(
    "/conversations/{conversation_id}/consents", operation_id="listConversationConsents", summary="Consent of a number"
)
async def list_conversation_consents(
    conversation_id: uuid.UUID, _: Reader, session: Transaction, cursor: Cursor = None, limit: Limit = 50
) -> ConsentPage:
    """The ledger of the conversation's phone, newest first."""
    conversation = await queries.one(session, conversation_id)
    page = await _page(session, conversation.phone, cursor, limit)
    people = [person.patient_id for person in (await queries.shown(session, [conversation]))[0].people]
    await audit.record(session, "consent.viewed", f"conversation:{conversation_id}", people)
    return page


@router.get("/leads/{lead_id}/consents", operation_id="listLeadConsents", summary="Consent of a lead's phone")
async def list_lead_consents(
    lead_id: uuid.UUID, _: Reader, session: Transaction, cursor: Cursor = None, limit: Limit = 50
) -> ConsentPage:
    """The ledger of the patient's phone, newest first; before the first text, too."""
    lead = await leads.lead(session, lead_id, "messages:read")
    patient = await session.get_one(Patient, (practice_of(session), lead.patient_id))
    page = await _page(session, patient.phone, cursor, limit)
    await audit.record(session, "consent.viewed", f"lead:{lead_id}", [patient.id])
    return page


@router.get(
    "/settings/consents.csv", operation_id="exportConsents", summary="The consent ledger as CSV",
    response_class=Response, responses=CSV, tags=["settings"],
)  # fmt: skip
async def export_consents(
    _: Auditor, session: Transaction,
    start: Annotated[date | None, Query(alias="from", description="first day, in the practice's zone")] = None,
    end: Annotated[date | None, Query(alias="to", description="last day")] = None,
) -> Response:  # fmt: skip
    """For an audit: every row with its evidence. Cells that a spreadsheet would run begin with an apostrophe."""
    if start and end and end < start:
        raise Invalid("The last day must not be before the first.", errors=[("query/to", "before from")])
    zone = ZoneInfo((await practice(session)).timezone)
    query = select(Consent).where(Consent.practice_id == practice_of(session))
    if start:
        query = query.where(Consent.at >= datetime.combine(start, time(), zone))
    if end:
        query = query.where(Consent.at < datetime.combine(end + timedelta(days=1), time(), zone))
    rows = (await session.scalars(query.order_by(Consent.at, Consent.id))).all()
    people = {row.patient_id for row in rows if row.patient_id is not None}
    await audit.record(session, "consent.exported", "consents", people)
    headers = {"Content-Disposition": 'attachment; filename="consents.csv"'}
    return Response(written(rows), media_type="text/csv; charset=utf-8", headers=headers)


def written(rows: Iterable[Consent]) -> str:
    """With a byte order mark so that spreadsheets read accents."""
    return "".join(sheet(HEAD, ([getattr(row, name) for name in HEAD] for row in rows)))
