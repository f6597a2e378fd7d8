"""Requests: what a patient is asked, behind a link. Locks: thread, links, request."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service as care
from backend.care.measures.catalog import Key
from backend.care.models import Episode
from backend.care.outcomes import queries, settings
from backend.care.outcomes.due import Due
from backend.care.outcomes.models import OutcomeRequest
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound
from backend.messaging import standard
from backend.patient_links import service as links
from backend.patient_links.models import PatientLink
from backend.patient_links.rules import lasts

RUNNING: Final = ("prepared", "sent", "started")
MISSING: Final = "There are no such questions in this practice."
NOTHING_TO_ASK: Final = (
    "None of these can be sent to a patient: enter the licensed questions under Settings, or the answers yourself."
)


async def prepare(
    session: AsyncSession, episode: Episode, due: Due, wanted: Sequence[Key] | None = None
) -> OutcomeRequest | None:
    """A request for this reason; None where there is nothing a patient could be asked."""
    chosen = await settings.of_practice(session)
    language = await standard.language_of_patient(session, episode.patient_id) or "en"
    possible = settings.can_ask(await settings.wordings(session), language)
    keys = wanted or settings.measures_for(chosen, episode.body_region, episode.procedure)
    keys = [key for key in keys if key in possible]
    if due.occasion == "intake" and wanted is None:
        keys = await _not_yet(session, episode.id, keys)
    if not keys:
        return None
    request = OutcomeRequest(
        practice_id=practice_of(session), id=new_id(), patient_id=episode.patient_id, lead_id=episode.lead_id,
        episode_id=episode.id, occasion=due.occasion, due_key=due.key, language=language, answers={}, revision=0,
        measures=[await _asked(session, episode.id, key) for key in keys], state="prepared",
        created_by=actor_of(session).name, created_at=now(),
    )  # fmt: skip
    session.add(request)
    await session.flush()
    return request


async def _not_yet(session: AsyncSession, episode_id: uuid.UUID, keys: Sequence[Key]) -> list[Key]:
    """Who rated it on the intake form has given their baseline."""
    known = {row.instrument for row in await queries.scores_of(session, episode_id) if row.score is not None}
    return [key for key in keys if key not in known]


async def _asked(session: AsyncSession, episode_id: uuid.UUID, key: Key) -> dict[str, Any]:
    """One measure as it will be asked: PSFS about the activities named before."""
    asked: dict[str, Any] = {"key": key, "version": settings.version_asked(key)}
    if key == "psfs":
        rated = [row for row in await queries.scores_of(session, episode_id) if row.instrument == key]
        named = [row.activities for row in rated if row.activities and row.score is not None]
        asked["activities"] = named[-1] if named else None
    return asked


async def ask_now(session: AsyncSession, episode_id: uuid.UUID, wanted: Sequence[Key] | None) -> OutcomeRequest:
    """What a person wants asked now. Raises `NotFound`, `Invalid`."""
    episode = await care.get(session, episode_id)
    scored = await queries.scores_of(session, episode_id)
    occasion = "discharge" if episode.state == "discharged" else "progress" if scored else "intake"
    request = await prepare(session, episode, Due(f"asked:{new_id()}", occasion), wanted)  # type: ignore[arg-type]
    if request is None:
        raise Invalid(NOTHING_TO_ASK, errors=[("/instruments", "none that can be sent")])
    return request


async def locked(session: AsyncSession, request_id: uuid.UUID) -> OutcomeRequest:
    """One request, locked until commit. Raises `NotFound`."""
    row = OutcomeRequest
    found = await session.scalar(
        select(row)
        .where(row.practice_id == practice_of(session), row.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(MISSING)
    return found


async def new_link(session: AsyncSession, request: OutcomeRequest) -> PatientLink:
    """One more link to it; those sent before go on working."""
    return await links.create(
        session, "measure", patient_id=request.patient_id, lead_id=request.lead_id, ref_id=request.id
    )


async def link_ids(session: AsyncSession, request_id: uuid.UUID) -> list[uuid.UUID]:
    """Every link to it that may still be open somewhere."""
    row = PatientLink
    rows = await session.scalars(
        select(row.id)
        .where(row.practice_id == practice_of(session), row.purpose == "measure", row.ref_id == request_id)
        .where(row.revoked_at.is_(None))
        .order_by(row.id)
    )
    return list(rows)


async def cancel(session: AsyncSession, request_id: uuid.UUID) -> OutcomeRequest:
    """The patient need not answer: its links are dead. Raises `NotFound`, or `Conflict` once it is handed in."""
    for link_id in await link_ids(session, request_id):
        await links.revoke(session, link_id)
    request = await locked(session, request_id)
    if request.episode_id is not None:
        await care.get(session, request.episode_id)
    if request.state == "done":
        raise Conflict("The patient has answered already.")
    request.state = "canceled"
    await session.flush()
    tell(session, request)
    return request


async def given(session: AsyncSession, request_id: uuid.UUID) -> None:
    """The patient has it: the text with the link arrived."""
    request = await locked(session, request_id)
    if request.state == "prepared":
        request.state, request.sent_at = "sent", now()
        await session.flush()
        tell(session, request)


async def of_episode(session: AsyncSession, episode_id: uuid.UUID) -> list[OutcomeRequest]:
    """The newest first."""
    row = OutcomeRequest
    ours = select(row).where(row.practice_id == practice_of(session), row.episode_id == episode_id)
    rows = await session.scalars(
        ours.order_by(row.created_at.desc(), row.id.desc()).execution_options(populate_existing=True)
    )
    return list(rows)


def expired(request: OutcomeRequest, at: datetime) -> bool:
    """Whether its links have died before it was answered."""
    return request.state in RUNNING and at - (request.sent_at or request.created_at) > lasts("measure")


def tell(session: AsyncSession, request: OutcomeRequest) -> None:
    """Tell other screens, once committed."""
    about = request.episode_id or request.lead_id or request.patient_id
    tell_live(session, [LiveEvent("outcomes.changed", str(about), 1, actor_of(session).mutation_id)])
