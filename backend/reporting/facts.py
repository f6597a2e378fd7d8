"""Copy rows of the views over the history into the tables of facts, and count working minutes."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import column, delete, insert, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.identity.calendars import calendar_of
from backend.reporting import outcomes
from backend.reporting.models import EpisodeFact, FaxFact, LeadFact, VisitFact

MINUTE: Final = timedelta(minutes=1)
# Counted here, with the clinics' calendars.
COUNTED: Final = frozenset({"attempt_minutes", "contact_minutes"})
# A fact of a kind, the view it comes from, what it is found by.
Made = tuple[type[Any], str, str]
LEADS: Final[Made] = (LeadFact, "history_of_leads", "lead_id")
EPISODES: Final[Made] = (EpisodeFact, "history_of_episodes", "episode_id")
VISITS: Final[Made] = (VisitFact, "history_of_visits", "episode_id")
FAXES: Final[Made] = (FaxFact, "history_of_faxes", "fax_id")
MINUTES = text(
    "UPDATE lead_facts f SET attempt_minutes = u.attempt, contact_minutes = u.contact "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS int[]), CAST(:contacts AS int[])) u(id, attempt, contact) "
    "WHERE f.practice_id = :practice_id AND f.lead_id = u.id"
)


async def make(
    session: AsyncSession, leads: Collection[uuid.UUID], episodes: Collection[uuid.UUID], faxes: Collection[uuid.UUID]
) -> None:
    """Facts of these, as the history is now. Episodes take what they share from their leads', visits from theirs."""
    await _copy(session, LEADS, leads)
    await _count_minutes(session, leads)
    await _copy(session, EPISODES, episodes)
    await _copy(session, VISITS, episodes)
    await outcomes.make(session, episodes)
    await _copy(session, FAXES, faxes)


async def _copy(session: AsyncSession, made: Made, ids: Collection[uuid.UUID]) -> None:
    if not ids:
        return
    model, name, key = made
    names = [each.name for each in model.__table__.columns if each.name not in COUNTED]
    view = table(name, *(column(each) for each in names))
    here = [view.c.practice_id == practice_of(session), view.c[key].in_(list(ids))]
    gone = delete(model).where(model.practice_id == practice_of(session), getattr(model, key).in_(list(ids)))
    await session.execute(gone.execution_options(synchronize_session=False))
    await session.execute(insert(model.__table__).from_select(names, select(view).where(*here)))


async def _count_minutes(session: AsyncSession, leads: Collection[uuid.UUID]) -> None:
    """Of what has happened or can no longer happen; a lead that waits has none yet."""
    if not leads:
        return
    rows = await session.execute(
        select(
            LeadFact.lead_id, LeadFact.location_id, LeadFact.received_at, LeadFact.attempt_at, LeadFact.contact_at,
            LeadFact.closed_at,
        ).where(LeadFact.practice_id == practice_of(session), LeadFact.lead_id.in_(list(leads)))
    )  # fmt: skip
    ids, attempts, contacts = [], [], []
    for lead_id, location_id, received_at, attempt_at, contact_at, closed_at in rows:
        ids.append(lead_id)
        attempts.append(await minutes(session, location_id, received_at, (attempt_at, closed_at)))
        contacts.append(await minutes(session, location_id, received_at, (contact_at, closed_at)))
    values = {"practice_id": practice_of(session), "ids": ids, "attempts": attempts, "contacts": contacts}
    await session.execute(MINUTES, values)


async def minutes(
    session: AsyncSession, location_id: uuid.UUID | None, start: datetime, ends: Sequence[datetime | None]
) -> int | None:
    """Working minutes until the first of `ends` there is."""
    end = next((moment for moment in ends if moment is not None), None)
    return None if end is None else (await calendar_of(session, location_id)).between(start, end) // MINUTE
