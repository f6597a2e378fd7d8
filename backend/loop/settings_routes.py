"""Settings: which letters go by themselves, and how one looks."""

import asyncio
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.clock import now
from backend.identity.access import Allowed, Transaction
from backend.identity.calendars import may_change
from backend.identity.queries import locations, practice
from backend.loop import facsimile, page, rules, sample
from backend.loop.facts import sender_at
from backend.loop.kinds import KINDS
from backend.loop.lines import line_at
from backend.loop.models import LetterSettings
from backend.loop.schemas import LetterRulesIn, LetterRulesOut

router = APIRouter(prefix="/api/v1/settings/letters", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
SHOWN: Final = {"Cache-Control": "private, no-store"}


def _out(row: LetterSettings) -> LetterRulesOut:
    chosen = {kind: rules.rule_of(row, kind) for kind in KINDS}
    return LetterRulesOut(version=row.version, gather_minutes=row.gather_minutes, rules=chosen)


@router.get("", operation_id="getLetterRules", summary="Which letters go by themselves")
async def get_rules(_: Reader, session: Transaction) -> LetterRulesOut:
    """By kind; the usual ones until the practice chooses."""
    return _out(await rules.settings(session))


@router.put("", operation_id="setLetterRules", summary="Choose which letters go by themselves")
async def set_rules(body: LetterRulesIn, _: Writer, session: Transaction) -> LetterRulesOut:
    """For letters written from now on. Stale versions get 409."""
    await may_change(session, None)
    row = await rules.change(session, body.version, body.rules, body.gather_minutes)
    await audit.record(session, "letter_rules.changed", "letter_rules")
    return _out(row)


@router.get("/sample", operation_id="getSampleLetter", summary="How a letter looks", response_class=Response)
async def get_sample(
    _: Reader, session: Transaction,
    fax: Annotated[bool, Query(description="a picture of what a fax machine prints, instead of a PDF")] = False,
) -> Response:  # fmt: skip
    """An invented letter with the letterhead as it is now."""
    ours, clinics = await practice(session), await locations(session)
    clinic = clinics[0] if clinics else None
    line = await line_at(session, clinic.id if clinic else None)
    sender = await sender_at(session, clinic, line.number if line else None)
    today = now().astimezone(ZoneInfo(ours.timezone)).date()
    pdf = await asyncio.to_thread(page.build, sample.letter(sender, today))
    if not fax:
        return Response(pdf, media_type="application/pdf", headers=SHOWN | {"Content-Disposition": "inline"})
    return Response(await asyncio.to_thread(facsimile.picture_of, pdf), media_type="image/png", headers=SHOWN)
