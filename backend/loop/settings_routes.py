"""Settings: which letters go by themselves."""

from typing import Annotated

from fastapi import APIRouter, Depends

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.identity.access import Allowed, Transaction
from backend.identity.calendars import may_change
from backend.loop import rules
from backend.loop.kinds import KINDS
from backend.loop.models import LetterSettings
from backend.loop.schemas import LetterRulesIn, LetterRulesOut

router = APIRouter(prefix="/api/v1/settings/letters", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]


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
