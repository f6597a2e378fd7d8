"""Write the lead's history: one row per thing that happened, who did it, why."""

import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.leads.models import Lead, LeadEvent


def note(
    session: AsyncSession, lead_id: uuid.UUID, kind: str, *, from_stage: str | None = None, to_stage: str | None = None,
    **detail: Any,
) -> None:  # fmt: skip
    """Add one row."""
    actor = actor_of(session)
    session.add(
        LeadEvent(
            practice_id=practice_of(session), lead_id=lead_id, kind=kind, at=now(), actor_kind=actor.kind,
            actor_name=actor.name, actor_id=actor.id, from_stage=from_stage, to_stage=to_stage, detail=detail,
        )
    )  # fmt: skip


def tell(session: AsyncSession, lead: Lead, kind: str = "lead.changed") -> None:
    """Tell other screens, once committed."""
    tell_live(session, [LiveEvent(kind, str(lead.id), lead.version, actor_of(session).mutation_id)])
