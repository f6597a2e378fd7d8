"""A plan of care that was signed on the referrer's page, as a sheet for the record: what, who, when."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.models import Episode, PlanOfCare
from backend.core.actor import within
from backend.core.database import practice_of
from backend.core.problems import Conflict, NotFound
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.loop.content import Content
from backend.loop.facts import sender_at
from backend.loop.wording import day, moment
from backend.referral_sources.models import Referrer
from backend.referrer_portal.models import PlanSignature

KINDS = {"initial": "Initial plan", "recertification": "Recertification"}


def digest(content: Mapping[str, Any]) -> bytes:
    """Of everything that stood above the signature."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).digest()


async def sheet(session: AsyncSession, plan_id: uuid.UUID) -> tuple[Content, uuid.UUID]:
    """What it says, and whose plan it is. Raises `NotFound`, and `Conflict` where the record does not fit itself."""
    found = (
        await session.execute(
            select(PlanSignature, Episode, Referrer)
            .join(PlanOfCare, (PlanOfCare.practice_id == PlanSignature.practice_id)
                  & (PlanOfCare.id == PlanSignature.plan_id))
            .join(Episode, (Episode.practice_id == PlanOfCare.practice_id) & (Episode.id == PlanOfCare.episode_id))
            .join(Referrer, (Referrer.practice_id == PlanSignature.practice_id)
                  & (Referrer.id == PlanSignature.referrer_id))
            .where(PlanSignature.practice_id == practice_of(session), PlanSignature.plan_id == plan_id)
            .where(PlanSignature.voided_at.is_(None), PlanOfCare.signed_how == "portal")
            .where(within(session, "care:read", Episode.location_id))
        )
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound("There is no such plan of care that was signed online.")
    signature, episode, referrer = found
    if signature.content is None:
        raise Conflict("This was signed before Frontdesk kept what was shown. Its record holds name, day and time.")
    if digest(signature.content) != signature.digest:
        raise Conflict("What is on record is not what was signed. Tell whoever runs Frontdesk.")
    return await _content(session, signature, episode, referrer), episode.patient_id


async def _content(
    session: AsyncSession, signature: PlanSignature, episode: Episode, referrer: Referrer
) -> Content:  # fmt: skip
    ours = await practice(session)
    clinic = await session.get(Location, (ours.id, episode.location_id))
    timezone, plan = clinic.timezone if clinic else ours.timezone, signature.content or {}
    at = f"{moment(signature.at, timezone)} {signature.at.astimezone(ZoneInfo(timezone)):%Y %Z}"
    born = date.fromisoformat(plan["dob"]) if plan["dob"] else None
    return Content(
        sender=await sender_at(session, clinic), to=", ".join(filter(None, (referrer.name, referrer.credential))),
        to_office=referrer.practice_name, to_fax=None, date=day(signature.signed_on), title="Plan of care, signed",
        about=(("Patient", plan["patient"]), *([("Born", f"{born:%m/%d/%Y}")] if born else [])),
        text=(plan["statement"],),
        facts=(
            ("Plan", KINDS[plan["kind"]]), ("Diagnoses", "; ".join(plan["diagnoses"]) or "–"),
            ("Visits", f"{plan['frequency_per_week']} a week for {plan['duration_weeks']} weeks"),
            ("From, to", f"{_day(plan['starts_on'])} to {_day(plan['ends_on'])}"),
            ("Goals", "; ".join(plan["goals"]) or "–"), ("Signed by", signature.typed_name),
            ("Date of signature", day(signature.signed_on)),
            ("Signed online", f"{at}, on a page opened by a secure link and a second check"),
            ("Record", f"{signature.id}; SHA-256 of the above as shown: {signature.digest.hex()}"),
        ),
    )  # fmt: skip


def _day(text: str) -> str:
    return day(date.fromisoformat(text))
