"""Referrers of the demo: specialties, somebody to win, somebody entered twice, a visit and a note. All invented."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import Actor, act_as
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.identity.models import User
from backend.identity.permissions import ROLES
from backend.referral_sources import notes, service
from backend.referral_sources.models import LiaisonVisit, Referrer

SPECIALTIES: Final = (
    "Orthopedic surgery",
    "Family medicine",
    "Physical medicine and rehabilitation",
    "Internal medicine",
)
TO_WIN: Final = (
    {"name": "Marisol Ventura", "credential": "DO", "practice_name": "Prairie Sports Medicine",
     "specialty": "Sports medicine (family medicine)", "phone": "+13125550161", "fax": "+13125550162",
     "address": "410 Sample Street, Chicago, IL 60622"},
    {"name": "Harbor Women’s Health", "kind": "practice", "specialty": "Obstetrics and gynecology",
     "phone": "+13125550163", "fax": "+13125550164", "address": "22 Invented Avenue, Chicago, IL 60657"},
)  # fmt: skip


async def seed(context: ProcessContext, practice_id: UUID) -> None:
    """Once: whoever was visited already is left alone."""
    async with context.database.transaction(practice_id) as session:
        if await session.scalar(select(LiaisonVisit.id).where(LiaisonVisit.practice_id == practice_id).limit(1)):
            return
        liaison = await session.scalar(
            select(User).where(User.practice_id == practice_id, User.email.like("lia@%"))
        )  # fmt: skip
        if liaison is not None:
            act_as(session, Actor(practice_id, "user", str(liaison.id), liaison.name, ROLES["liaison"]))
        await _known(session)
        won = [await service.create(session, dict(facts)) for facts in TO_WIN]
        today = now().date()
        await notes.visit(
            session, won[0], today - timedelta(days=6), today, met="Office manager",
            note="Sends shoulders elsewhere because reports never come back. Showed our scorecard.",
            next_on=today + timedelta(days=1),
        )  # fmt: skip
        await notes.note(session, won[1], "Asks for pelvic floor therapists; send Cleo’s profile.")


async def _known(session: AsyncSession) -> None:
    rows = await session.scalars(
        select(Referrer)
        .where(Referrer.practice_id == practice_of(session), Referrer.kind == "provider")
        .order_by(Referrer.id)
    )
    known = rows.all()
    for number, row in enumerate(known):
        row.specialty = SPECIALTIES[number % len(SPECIALTIES)]
    if known:
        # As when a cover sheet is read without its NPI.
        await service.create(session, {"name": known[0].name, "fax": known[0].fax, "practice_name": "Front office"})
