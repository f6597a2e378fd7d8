"""What is left to do about a patient's insurance."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.insurance import authorizations, people, standing
from backend.insurance.models import Verification
from backend.patients.models import Coverage

VERIFY: Final = "verify_benefits"
GET: Final = "get_authorization"
CHASE: Final = "chase_authorization"
RENEW: Final = "renew_authorization"
KINDS: Final = frozenset({VERIFY, GET, CHASE, RENEW})
OPEN: Final = frozenset({"not_started", "in_progress", "problem"})


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, in words for a task."""

    kind: str
    title: str


async def of(session: AsyncSession, patient_id: uuid.UUID) -> list[Todo]:
    """At most one about benefits and one about authorizations. Nothing where no insurance is known."""
    today = await people.today(session)
    row = (
        await session.execute(
            select(Coverage, Verification)
            .outerjoin(
                Verification,
                and_(
                    Verification.practice_id == Coverage.practice_id, Verification.patient_id == Coverage.patient_id,
                    Verification.coverage_id == Coverage.id, Verification.current,
                ),
            )
            .where(Coverage.practice_id == practice_of(session), Coverage.patient_id == patient_id)
            .where(Coverage.active, Coverage.rank == "primary")
            .execution_options(populate_existing=True)
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        return []
    coverage, found = row
    state = standing.benefits_now(found.state, found.valid_until, today) if found else "not_started"
    benefits = [Todo(VERIFY, _benefits(state, found))] if state in OPEN else []
    rows = [one for one in await authorizations.of_patient(session, patient_id) if one.coverage_id == coverage.id]
    return benefits + authorization([authorizations.leave_of(one) for one in rows], today)


def _benefits(state: str, found: Verification | None) -> str:
    if state == "problem":
        return "Settle the problem with the benefits"
    again = found is not None and (found.reason is not None or found.state == "verified")
    return "Verify the benefits again" if again else "Verify the benefits"


def authorization(leaves: list[standing.Leave], today: date) -> list[Todo]:
    """What the authorizations of one coverage ask for, newest first."""
    usable = [leave for leave in leaves if leave.state == "approved" and not leave.over_on(today) and leave.left != 0]
    asked = next((leave.state for leave in leaves if leave.state in {"needed", "requested"}), None)
    if asked is not None:
        todo = {
            "needed": Todo(GET, "Request the authorization"),
            "requested": Todo(CHASE, "Ask about the authorization"),
        }
        return [todo[asked]]
    if len(usable) == 1 and standing.warnings(usable[0], today):
        left = usable[0].visits_left
        few = left is not None and left <= standing.FEW_LEFT
        return [
            Todo(
                RENEW,
                f"Renew the authorization: {left} visits left" if few else "Renew the authorization: it ends soon",
            )
        ]
    used_up = [leave for leave in leaves if leave.state == "approved" and not leave.over_on(today)]
    if used_up and not usable:
        return [Todo(RENEW, "Renew the authorization: it is used up")]
    return []
