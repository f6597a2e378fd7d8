"""Read what a letter may say, as it stands now."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.models import Episode, PlanOfCare, Visit
from backend.care.outcomes.queries import measures_of, scores_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.identity import letterheads
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.leads.models import Lead, LeadEvent, ReferralOrder
from backend.leads.queries import joined
from backend.loop import outcomes, rules
from backend.loop.content import Content, Sender
from backend.loop.lines import line_at
from backend.loop.models import Letter
from backend.loop.wording import Course, Facts, Plan, compose
from backend.messaging.standard import spoken
from backend.patients import service as patients
from backend.patients.queries import display_name
from backend.referral_sources.models import Referrer


async def content_of(session: AsyncSession, letter: Letter, referrer: Referrer) -> Content | None:
    """The letter with all news that joined it; None when nothing of it is so any more."""
    return compose(await kinds_of(session, letter), await facts_of(session, letter, referrer))


async def kinds_of(session: AsyncSession, letter: Letter) -> list[str]:
    """The letter's own kind and those that joined it."""
    more = await session.scalars(
        select(Letter.kind).where(Letter.practice_id == letter.practice_id, Letter.joined_into == letter.id)
    )
    return list(dict.fromkeys([letter.kind, *more]))


async def facts_of(session: AsyncSession, letter: Letter, referrer: Referrer) -> Facts:
    """Everything it may say."""
    ours, lead = await practice(session), await _lead(session, letter)
    episode = await session.get(Episode, (ours.id, letter.episode_id)) if letter.episode_id else None
    place = (lead.location_id if lead else None) or (episode.location_id if episode else None)
    clinic = await session.get(Location, (ours.id, place)) if place else None
    timezone = clinic.timezone if clinic else ours.timezone
    to, line = await rules.way_to(session, referrer), await line_at(session, place)
    patient_id = lead.patient_id if lead else episode.patient_id if episode else None
    patient = await patients.get(session, patient_id) if patient_id else None
    return Facts(
        sender=await sender_at(session, clinic, line.number if line else None),
        timezone=timezone, today=now().astimezone(ZoneInfo(timezone)).date(),
        to=", ".join(filter(None, (referrer.name, referrer.credential))), to_office=referrer.practice_name,
        to_fax=_said(to[1]) if to and to[0] == "fax" else None,
        patient=display_name(patient) if patient else None, born=patient.dob if patient else None,
        referred_on=await _referred_on(session, lead, referrer, timezone) if lead else None,
        contacted_at=lead.first_contact_at if lead else None,
        tried=await tried(session, lead.id, lead.opened_at, timezone) if lead else "",
        evaluation_at=lead.evaluation_at if lead else None, evaluation_state=lead.evaluation_state if lead else "none",
        course=await _course(session, episode) if episode else None,
        plan=await _plan(session, letter) if letter.kind == "plan_of_care" else None,
        asks=tuple(letter.asks), note=letter.note, code=letter.code,
    )  # fmt: skip


async def sender_at(session: AsyncSession, clinic: Location | None, fax: str | None = None) -> Sender:
    """The letterhead of a clinic; what it lacks is the practice's."""
    head = await letterheads.head(session)
    phone = (clinic.phone if clinic else None) or head.phone
    return Sender(
        head.name, clinic.name if clinic else None, (clinic.address if clinic else None) or head.address, _said(phone),
        _said(fax), head.tagline, head.website, head.logo,
    )  # fmt: skip


async def _lead(session: AsyncSession, letter: Letter) -> Lead | None:
    lead = await session.get(Lead, (letter.practice_id, letter.lead_id)) if letter.lead_id else None
    if lead is not None and lead.merged_into is not None:
        return await session.get(Lead, (letter.practice_id, lead.merged_into))
    return lead


async def _referred_on(session: AsyncSession, lead: Lead, referrer: Referrer, timezone: str) -> date:
    found = await session.scalar(
        select(ReferralOrder.referral_date)
        .where(ReferralOrder.practice_id == lead.practice_id, ReferralOrder.lead_id == lead.id)
        .where(ReferralOrder.referrer_id == referrer.id, ReferralOrder.referral_date.is_not(None))
        .order_by(ReferralOrder.created_at.desc())
        .limit(1)
    )
    return found or lead.opened_at.astimezone(ZoneInfo(timezone)).date()


async def tried(session: AsyncSession, lead_id: uuid.UUID, since: datetime, timezone: str = "UTC") -> str:
    """What was tried since the lead was opened, from its history alone."""
    practice_id = practice_of(session)
    rows = await session.execute(
        select(LeadEvent.kind, func.count())
        .where(LeadEvent.practice_id == practice_id, LeadEvent.lead_id.in_(joined(practice_id, lead_id)))
        .where(LeadEvent.kind.in_(("call", "texted")))
        .group_by(LeadEvent.kind)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    said = [_counted(counts.get(kind, 0), word) for kind, word in (("call", "call"), ("texted", "text"))]
    begun = since.astimezone(ZoneInfo(timezone))
    return f"tried: {' and '.join(said)} since {begun:%b} {begun.day}"


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


async def _course(session: AsyncSession, episode: Episode) -> Course:
    visits = await session.scalar(
        select(func.count()).where(
            Visit.practice_id == episode.practice_id, Visit.episode_id == episode.id, Visit.state == "attended"
        )
    )
    measures = measures_of(await scores_of(session, episode.id))
    return Course(
        episode.started_on, episode.ended_on, episode.discharge_reason, visits or 0, episode.body_region,
        outcomes.stated(measures), compared=outcomes.compared(measures),
    )  # fmt: skip


async def _plan(session: AsyncSession, letter: Letter) -> Plan | None:
    plan = await session.get(PlanOfCare, (letter.practice_id, letter.ref_id)) if letter.ref_id else None
    if plan is None:
        return None
    return Plan(
        plan.kind, plan.starts_on, plan.ends_on, plan.frequency_per_week, plan.duration_weeks, tuple(plan.goals),
        tuple(plan.diagnoses),
    )  # fmt: skip


def _said(phone: str | None) -> str | None:
    return spoken(phone) if phone else None
