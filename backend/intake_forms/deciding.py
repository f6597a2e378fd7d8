"""A person decides which of the patient's facts go into the chart."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import publish
from backend.core.problems import Conflict, Invalid, StaleVersion
from backend.intake_forms import chart, preparing
from backend.intake_forms.events import IntakeDecided
from backend.intake_forms.models import Intake, IntakeDifference
from backend.intake_forms.vault import Vault
from backend.leads import service as leads


async def decide(
    session: AsyncSession, practice_key: bytes, intake_id: uuid.UUID, version: int,
    accepted: Collection[str], rejected: Collection[str],
) -> Intake:  # fmt: skip
    """Raises `StaleVersion`, `Conflict` for what is decided already, `Invalid` for what never differed."""
    intake = await preparing.locked(session, intake_id)
    if intake.version != version:
        raise StaleVersion(intake.version)
    rows = await _rows(session, intake)
    _check(rows, accepted, rejected)
    vault, taken = Vault(practice_key, intake), dict[str, Any]()
    for field in (*accepted, *rejected):
        row = rows[field]
        row.state = "accepted" if field in accepted else "rejected"
        row.decided_by, row.decided_at = actor_of(session).name, now()
        if field in accepted:
            taken[field] = vault.open(f"difference:{field}", row.sealed)["theirs"]
    intake.version += 1
    await session.flush()
    if taken:
        await chart.accept(session, await leads.locked(session, intake.lead_id), taken)
    if all(row.state != "open" for row in rows.values()):
        await publish(session, IntakeDecided(intake.lead_id, intake.id))
    return intake


async def _rows(session: AsyncSession, intake: Intake) -> dict[str, IntakeDifference]:
    rows = await session.scalars(
        select(IntakeDifference)
        .where(IntakeDifference.practice_id == intake.practice_id, IntakeDifference.intake_id == intake.id)
        .with_for_update()
    )
    return {row.field: row for row in rows}


def _check(rows: dict[str, IntakeDifference], accepted: Collection[str], rejected: Collection[str]) -> None:
    given = {"accept": accepted, "reject": rejected}
    errors = [
        (f"/{name}/{place}", "nothing differs here")
        for name, fields in given.items()
        for place, field in enumerate(fields)
        if field not in rows
    ]
    if set(accepted) & set(rejected):
        errors.append(("/reject", "accepted and rejected at once"))
    if errors or not (accepted or rejected):
        raise Invalid("Name each of the facts that differ once.", errors=errors or [("/accept", "empty")])
    if any(rows[field].state != "open" for field in (*accepted, *rejected)):
        raise Conflict("Somebody has decided that already. Load it again.")
