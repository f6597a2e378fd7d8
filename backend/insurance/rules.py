"""The practice's checklist and for how long its answers hold."""

import calendar
from dataclasses import replace
from datetime import date
from typing import Final, cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import Invalid, StaleVersion
from backend.identity.models import Practice
from backend.insurance import checklist
from backend.insurance.models import InsuranceRules
from backend.insurance.schemas import RulesIn

MOST_ITEMS: Final = 30


async def of_practice(session: AsyncSession) -> InsuranceRules:
    """The practice's rules, or the usual ones (`version` 0)."""
    found = await session.get(InsuranceRules, practice_of(session), populate_existing=True)
    return found or InsuranceRules(
        practice_id=practice_of(session), items=checklist.packed(checklist.USUAL), reverify="month", version=0
    )


async def change(session: AsyncSession, body: RulesIn) -> InsuranceRules:
    """Another list. What was answered stays. Raises `StaleVersion`, and `Invalid` for a list that cannot work."""
    await session.get_one(Practice, practice_of(session), with_for_update={"key_share": True})
    rules = await of_practice(session)
    if rules.version != body.version:
        raise StaleVersion(rules.version)
    items = [checklist.Item(row.key, row.label, row.kind, row.required) for row in body.items]
    keys = [item.key for item in items]
    if len(set(keys)) < len(keys):
        raise Invalid("Every question needs its own key.", errors=[("/items", "a key twice")])
    usual = {item.key: item for item in checklist.USUAL}
    for index, item in enumerate(items):
        if item.key in usual and item.kind != usual[item.key].kind:
            raise Invalid("This question has a fixed kind.", errors=[(f"/items/{index}/kind", usual[item.key].kind)])
    if absent := checklist.NEVER_MISSING - set(keys):
        names = ", ".join(sorted(usual[key].label for key in absent))
        raise Invalid(f"Keep these questions: {names}.", errors=[("/items", "needed for what follows")])
    items = [replace(item, required=True) if item.key in checklist.NEVER_MISSING else item for item in items]
    rules.items, rules.reverify, rules.version = checklist.packed(items), body.reverify, body.version + 1
    session.add(rules)
    await session.flush()
    return rules


def items_of(rules: InsuranceRules) -> list[checklist.Item]:
    """The questions."""
    return checklist.read(cast(list[dict[str, object]], rules.items))


def holds_until(reverify: str, verified_on: date, ends: date | None) -> date | None:
    """The last day on which the answers count: of the month, of the year, at most of the coverage."""
    last = {
        "month": date(verified_on.year, verified_on.month, calendar.monthrange(verified_on.year, verified_on.month)[1]),
        "plan_year": date(verified_on.year, 12, 31),
    }.get(reverify)
    return min(filter(None, (last, ends)), default=None)
