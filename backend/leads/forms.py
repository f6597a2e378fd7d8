"""How far the patient is with the intake form, as the lead and its card show it."""

import uuid
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from backend.leads import history, service
from backend.leads.models import Lead

FormState = Literal["none", "sent", "started", "done"]


async def note(
    session: AsyncSession, lead_id: uuid.UUID, state: FormState, percent: int, happened: str | None = None
) -> Lead:
    """Keep it, with a row of history for what `happened`.

    The lead's version stays: nobody who drags a card while its patient is typing has based anything on this.
    """
    lead = await service.locked(session, lead_id, permission="intake:write")
    lead.intake_state, lead.intake_percent = state, percent
    if happened:
        history.note(session, lead.id, happened)
    await session.flush()
    history.tell(session, lead)
    return lead
