"""Read the audit trail."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEvent
from backend.core.database import practice_of


async def events(
    session: AsyncSession, before: int | None, limit: int, patient_id: uuid.UUID | None
) -> Sequence[AuditEvent]:
    """Rows newest first, before a seq, of one patient if given."""
    query = select(AuditEvent).where(AuditEvent.practice_id == practice_of(session))
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    if patient_id is not None:
        query = query.where(AuditEvent.patient_ids.contains([patient_id]))
    return (await session.scalars(query.order_by(AuditEvent.seq.desc()).limit(limit))).all()
