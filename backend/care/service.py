"""Open an episode, end it, take its end back; the lead goes along from stage to stage."""

import uuid
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.events import EpisodeChanged, EpisodeDischarged, EpisodeOpened, EpisodeReopened
from backend.care.models import Episode
from backend.care.regions import region_of
from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import Base, LiveEvent, practice_of, publish, tell_live
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.identity.calendars import calendar_of
from backend.leads import history, stages
from backend.leads import service as leads
from backend.leads.models import Lead, ReferralOrder

WRITE = "care:write"
MISSING = "There is no such episode in this practice."
TABLES = {"location_id": "locations", "clinician_id": "clinicians", "fax_id": "faxes"}


async def open_episode(
    session: AsyncSession, lead_id: uuid.UUID, started_on: date, clinician_id: uuid.UUID | None = None
) -> Episode:
    """The lead's episode, opened now unless it has one. What the newest order says of the body part goes along."""
    lead = await leads.locked(session, lead_id, permission=WRITE)
    found = await of_lead(session, lead_id)
    if found is not None:
        return found
    episode = Episode(
        practice_id=lead.practice_id, id=new_id(), patient_id=lead.patient_id, lead_id=lead.id,
        location_id=lead.location_id, clinician_id=clinician_id, started_on=started_on, state="active", version=1,
        created_at=now(), **facts_of(await _orders(session, lead.id)),
    )  # fmt: skip
    session.add(episode)
    history.note(session, lead.id, "care_begun", episode_id=str(episode.id))
    await session.flush()
    await publish(session, EpisodeOpened(episode.id, lead.id))
    tell(session, episode)
    return episode


async def _orders(session: AsyncSession, lead_id: uuid.UUID) -> list[ReferralOrder]:
    """Newest first."""
    rows = await session.scalars(
        select(ReferralOrder)
        .where(ReferralOrder.practice_id == practice_of(session), ReferralOrder.lead_id == lead_id)
        .order_by(ReferralOrder.created_at.desc(), ReferralOrder.id.desc())
    )
    return list(rows)


def facts_of(orders: list[ReferralOrder]) -> dict[str, Any]:
    """What an episode takes over from its orders, newest first; a signed one on file stays that when another comes."""
    if not orders:
        return {}
    order = orders[0]
    signed = [one.referral_date for one in orders if one.signed and one.referral_date]
    said = [order.diagnosis_text, ", ".join(order.icd10_codes)]
    return {
        "referrer_id": order.referrer_id, "discipline": order.discipline, "body_region": region_of(order.body_part),
        "side": order.side if order.side in {"left", "right", "bilateral"} else None, "procedure": order.procedure,
        "surgery_date": order.surgery_date, "diagnoses": "; ".join(filter(None, said)) or None,
        "frequency_per_week": order.frequency_per_week, "duration_weeks": order.duration_weeks,
        "order_signed_on": signed[0] if signed else None,
    }  # fmt: skip


async def take_signed_order(session: AsyncSession, episode: Episode) -> None:
    """The episode's lead has another order: a signed one counts from now on."""
    assert episode.lead_id is not None
    signed = facts_of(await _orders(session, episode.lead_id)).get("order_signed_on")
    if signed is not None:
        episode = await locked(session, episode.id)
        episode.order_signed_on = signed
        await changed(session, episode)


async def of_lead(session: AsyncSession, lead_id: uuid.UUID) -> Episode | None:
    """The lead's episode, if care has begun."""
    return await session.scalar(
        select(Episode)
        .where(Episode.practice_id == practice_of(session), Episode.lead_id == lead_id)
        .execution_options(populate_existing=True)
    )


async def get(session: AsyncSession, episode_id: uuid.UUID, permission: str = "care:read") -> Episode:
    """One episode the caller may see. Raises `NotFound`."""
    episode = await session.scalar(
        select(Episode)
        .where(Episode.practice_id == practice_of(session), Episode.id == episode_id)
        .where(within(session, permission, Episode.location_id))
        .execution_options(populate_existing=True)
    )
    if episode is None:
        raise NotFound(MISSING)
    return episode


async def locked(session: AsyncSession, episode_id: uuid.UUID, version: int | None = None) -> Episode:
    """The episode, locked after its lead. Raises `NotFound`, `StaleVersion`."""
    lead_id = (await get(session, episode_id, WRITE)).lead_id
    if lead_id is not None:
        lead = select(Lead.id).where(Lead.practice_id == practice_of(session), Lead.id == lead_id)
        await session.execute(lead.with_for_update())
    episode = await session.scalar(
        select(Episode)
        .where(Episode.practice_id == practice_of(session), Episode.id == episode_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if episode is None:
        raise NotFound(MISSING)
    if version is not None and version != episode.version:
        raise StaleVersion(episode.version)
    return episode


async def discharge(
    session: AsyncSession, episode_id: uuid.UUID, *, reason: str, ended_on: date | None = None, note: str | None = None,
    version: int | None = None,
) -> Episode:  # fmt: skip
    """Care ends, and the lead with it. Raises `Conflict` when it has ended, `Invalid` for a day before it began."""
    episode = await locked(session, episode_id, version)
    if episode.state == "discharged":
        raise Conflict("This episode has been discharged already.")
    today = await today_at(session, episode.location_id)
    ended_on = ended_on or today
    if not episode.started_on <= ended_on <= today:
        raise Invalid("Choose a day from the evaluation to today.", errors=[("/ended_on", "outside the episode")])
    episode.state, episode.ended_on, episode.discharge_reason = "discharged", ended_on, reason
    episode.discharge_note, episode.discharged_at, episode.discharged_by = note, now(), actor_of(session).name
    await enter(session, episode, stages.DISCHARGED, "discharged", reason=reason)
    await publish(session, EpisodeDischarged(episode.id, episode.lead_id, reason))
    await changed(session, episode)
    return episode


async def reopen(session: AsyncSession, episode_id: uuid.UUID, version: int | None = None) -> Episode:
    """The discharge was a mistake, or the patient is back for the same. Raises `Conflict` when care is going on."""
    episode = await locked(session, episode_id, version)
    if episode.state == "active":
        raise Conflict("This episode has not been discharged.")
    episode.state = "active"
    episode.ended_on = episode.discharge_reason = episode.discharge_note = None
    episode.discharged_at = episode.discharged_by = None
    await enter(session, episode, stages.IN_CARE, "care_resumed")
    await publish(session, EpisodeReopened(episode.id, episode.lead_id))
    await changed(session, episode)
    return episode


async def change(session: AsyncSession, episode_id: uuid.UUID, version: int, given: dict[str, Any]) -> Episode:
    """Correct its facts; only what is given changes. Raises `StaleVersion`, `Invalid`."""
    episode = await locked(session, episode_id, version)
    if given.get("clinician_id"):
        await known(session, clinician_id=given["clinician_id"])
    for name, value in given.items():
        setattr(episode, name, value)
    if episode.started_on > (episode.ended_on or await today_at(session, episode.location_id)):
        raise Invalid("Care begins before it ends, and not in the future.", errors=[("/started_on", "too late")])
    await changed(session, episode)
    return episode


async def known(session: AsyncSession, **ids: uuid.UUID | None) -> None:
    """That the practice has this clinic (`location_id`), clinician, fax. Raises `Invalid`."""
    for name, row_id in ids.items():
        # Siblings' tables are asked by name, as foreign keys do.
        table = Base.metadata.tables[TABLES[name]]
        query = select(table.c.id).where(table.c.practice_id == practice_of(session), table.c.id == row_id)
        if row_id is not None and await session.scalar(query) is None:
            raise Invalid("Choose one of this practice.", errors=[(f"/{name}", "unknown")])


async def enter(session: AsyncSession, episode: Episode, stage: str, kind: str | None = None, **detail: str) -> None:
    """The lead follows its episode to a stage, where the practice has it; without a `kind` of event never back.
    The lead is locked."""
    if episode.lead_id is None:
        return
    lead = await session.get_one(Lead, (episode.practice_id, episode.lead_id), populate_existing=True)
    if kind is not None:
        history.note(session, lead.id, kind, episode_id=str(episode.id), **detail)
    path = await stages.of_practice(session)
    onwards = stage in path and (lead.stage == stages.LOST or path[lead.stage].position < path[stage].position)
    if stage in path and (onwards or kind is not None):
        await leads.enter(session, lead, stage)


async def changed(session: AsyncSession, episode: Episode) -> None:
    """A new version, told live; deadlines and next steps are looked at again."""
    episode.version += 1
    await session.flush()
    await publish(session, EpisodeChanged(episode.id))
    tell(session, episode)


def tell(session: AsyncSession, episode: Episode) -> None:
    """Tell other screens, once committed."""
    tell_live(session, [LiveEvent("episode.changed", str(episode.id), episode.version, actor_of(session).mutation_id)])


async def zone_of(session: AsyncSession, location_id: uuid.UUID | None) -> ZoneInfo:
    """The clinic's time zone; the practice's where there is no clinic."""
    return ZoneInfo((await calendar_of(session, location_id)).timezone)


async def today_at(session: AsyncSession, location_id: uuid.UUID | None) -> date:
    """The day it is at the clinic."""
    return now().astimezone(await zone_of(session, location_id)).date()
