"""Which letters follow from what happened. The practice's rules and the referrer's wishes decide whether they go."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import plans
from backend.care.events import EpisodeDischarged, PlanOfCareReady, ProgressReported
from backend.care.models import Episode
from backend.core.database import Subscribers, practice_of
from backend.faxes.events import PaperFiled
from backend.leads.events import (
    CallLogged,
    EvaluationAttended,
    EvaluationBooked,
    ReferralReceived,
)
from backend.leads.models import Lead, ReferralOrder
from backend.loop import letters, returning
from backend.loop.events import LetterSent
from backend.loop.kinds import Kind
from backend.loop.models import Letter
from backend.messaging.events import CallAnswered, TextReceived


async def referrer_of(session: AsyncSession, lead_id: uuid.UUID) -> uuid.UUID | None:
    """Who sent the newest order that names anybody."""
    return await session.scalar(
        select(ReferralOrder.referrer_id)
        .where(ReferralOrder.practice_id == practice_of(session), ReferralOrder.lead_id == lead_id)
        .where(ReferralOrder.referrer_id.is_not(None))
        .order_by(ReferralOrder.created_at.desc(), ReferralOrder.id.desc())
        .limit(1)
    )


async def _received(session: AsyncSession, event: ReferralReceived) -> None:
    await letters.write(
        session, "received", referrer_id=event.referrer_id, lead_id=event.lead_id,
        cause=f"received:{event.order_id}:{event.referrer_id}",
    )  # fmt: skip


async def _contacted(session: AsyncSession, event: CallLogged | CallAnswered | TextReceived) -> None:
    """Once, when the patient was first spoken with."""
    lead = await session.get_one(Lead, (practice_of(session), event.lead_id))
    if lead.first_contact_at is not None:
        await _news(session, lead.id, "contacted", f"contacted:{lead.id}")


async def _scheduled(session: AsyncSession, event: EvaluationBooked) -> None:
    await _news(session, event.lead_id, "scheduled", f"scheduled:{event.lead_id}:{event.at.timestamp():.0f}")


async def _seen(session: AsyncSession, event: EvaluationAttended) -> None:
    lead = await session.get_one(Lead, (practice_of(session), event.lead_id))
    at = lead.evaluation_at.timestamp() if lead.evaluation_at else 0
    await _news(session, lead.id, "seen", f"seen:{lead.id}:{at:.0f}")


async def _news(session: AsyncSession, lead_id: uuid.UUID, kind: Kind, cause: str) -> None:
    referrer_id = await referrer_of(session, lead_id)
    if referrer_id is not None:
        await letters.write(session, kind, referrer_id=referrer_id, lead_id=lead_id, cause=cause)


async def _plan_ready(session: AsyncSession, event: PlanOfCareReady) -> None:
    await _of_care(session, event.episode_id, "plan_of_care", event.plan_id)


async def _reported(session: AsyncSession, event: ProgressReported) -> None:
    await _of_care(session, event.episode_id, "progress", event.report_id)


async def _discharged(session: AsyncSession, event: EpisodeDischarged) -> None:
    await _of_care(session, event.episode_id, "discharge")


async def _of_care(
    session: AsyncSession, episode_id: uuid.UUID, kind: Kind, ref_id: uuid.UUID | None = None
) -> None:  # fmt: skip
    episode = await session.get_one(Episode, (practice_of(session), episode_id))
    if episode.referrer_id is not None:
        await letters.write(
            session, kind, referrer_id=episode.referrer_id, lead_id=episode.lead_id, episode_id=episode_id,
            ref_id=ref_id,
        )  # fmt: skip


async def _sent(session: AsyncSession, event: LetterSent) -> None:
    """The proof that a plan of care went out, for its deadline."""
    if event.kind == "plan_of_care" and event.ref_id is not None:
        letter = await session.get_one(Letter, (practice_of(session), event.letter_id))
        await plans.sent(session, event.ref_id, letter.sent_at, event.way)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {
        LetterSent: [_sent],
        PaperFiled: [returning.on_filed],
        ReferralReceived: [_received],
        CallLogged: [_contacted],
        CallAnswered: [_contacted],
        TextReceived: [_contacted],
        EvaluationBooked: [_scheduled],
        EvaluationAttended: [_seen],
        PlanOfCareReady: [_plan_ready],
        ProgressReported: [_reported],
        EpisodeDischarged: [_discharged],
    }
