"""The audit trail, for owners, managers and auditors."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from backend.audit import queries
from backend.audit.schemas import AuditEventOut, AuditPage
from backend.core.actor import Actor
from backend.core.pages import Cursor, Limit, cut, decode_cursor, encode_cursor
from backend.identity.access import Allowed, Transaction

router = APIRouter(prefix="/api/v1", tags=["audit"])
Auditor = Annotated[Actor, Depends(Allowed("audit:read"))]


@router.get("/audit", operation_id="listAudit", summary="Who looked at or changed what")
async def list_audit(
    _: Auditor,
    session: Transaction,
    cursor: Cursor = None,
    limit: Limit = 50,
    patient_id: Annotated[uuid.UUID | None, Query(description="only rows about this patient")] = None,
) -> AuditPage:
    """Rows newest first."""
    before = int(decode_cursor(cursor, 1)[0]) if cursor else None
    rows, more = cut(await queries.events(session, before, limit + 1, patient_id), limit)
    items = [
        AuditEventOut(
            seq=row.seq,
            at=row.at,
            actor=row.actor_name,
            actor_kind=row.actor_kind,
            action=row.action,
            object=row.object,
            patient_ids=row.patient_ids,
            request_id=row.request_id,
        )
        for row in rows
    ]
    return AuditPage(items=items, next_cursor=encode_cursor([rows[-1].seq]) if more else None)
