"""The job that asks the clearinghouse. It may run twice: the inquiry changes nothing, and only one answer is kept."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.callbacks import ProviderUnavailable
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.crypto import seal
from backend.core.database import practice_of
from backend.core.jobs import JobRun, TryAgain
from backend.identity.queries import practice_key
from backend.insurance import clearinghouse, eligibility, people, reading, verification
from backend.insurance.models import EligibilityCheck, Verification
from backend.insurance.ports import Account, Answer, EligibilityClearinghouse, Inquiry, Refused, Reply, Unreadable
from backend.patients.models import Coverage

# Somebody waits at the screen: after these it says so, and they call the payer.
ATTEMPTS: Final = 3
WAIT_SECONDS: Final = (1.0, 5.0)


@dataclass(frozen=True, slots=True)
class Ready:
    """All that is needed to ask."""

    account: Account
    inquiry: Inquiry
    key: bytes


async def ask(context: ProcessContext, house: EligibilityClearinghouse | None, run: JobRun) -> None:
    """Ask once; what cannot be asked now is asked again a few times."""
    async with run.transaction() as session:
        ready = await _ready(session, context, run.ref_id)
        if ready is None:
            await run.finish(session)
            return
    last = run.attempt >= ATTEMPTS or run.last_attempt
    try:
        if house is None:
            raise Refused("not_connected")
        reply = await house.ask(ready.account, ready.inquiry)
    except ProviderUnavailable as busy:
        if not last:
            raise TryAgain(busy.code, busy.retry_after or WAIT_SECONDS[run.attempt - 1]) from None
        await _failed(run, ready, "unreachable")
    except Refused:
        await _failed(run, ready, "not_accepted")
    except Unreadable as broken:
        await _failed(run, ready, "unreadable", broken.raw)
    else:
        if not last and any(rejection.later for rejection in reply.answer.rejections):
            raise TryAgain("payer_busy", WAIT_SECONDS[run.attempt - 1])
        await _answered(run, ready, reply)


async def _ready(session: AsyncSession, context: ProcessContext, check_id: uuid.UUID) -> Ready | None:
    check = await session.get(EligibilityCheck, (practice_of(session), check_id))
    account = await clearinghouse.account(session)
    if check is None or check.state != "asking" or account is None:
        return None
    key = await practice_key(session, context)
    return Ready(clearinghouse.opened(account, key), eligibility.INQUIRY.validate_python(check.asked), key)


async def _failed(run: JobRun, ready: Ready, code: str, raw: bytes = b"") -> None:
    await _record(run, ready, "failed", code, None, raw)


async def _answered(run: JobRun, ready: Ready, reply: Reply) -> None:
    answer = reply.answer
    if answer.trace is not None and answer.trace != ready.inquiry.trace:
        await _record(run, ready, "failed", "another_answer", None, reply.raw)
    elif answer.rejections:
        await _record(run, ready, "rejected", answer.rejections[0].code, answer, reply.raw)
    elif reading.mismatches(ready.inquiry, answer):
        await _record(run, ready, "mismatch", "another_person", answer, reply.raw)
    else:
        await _record(run, ready, "answered", None, answer, reply.raw)


async def _record(run: JobRun, ready: Ready, state: str, code: str | None, answer: Answer | None, raw: bytes) -> None:
    async with run.transaction() as session:
        this = (EligibilityCheck.practice_id == practice_of(session)) & (EligibilityCheck.id == run.ref_id)
        check = (await session.scalars(select(EligibilityCheck).where(this))).one()
        await people.hold(session, check.patient_id)
        await session.refresh(check)
        if check.state == "asking":
            check.state, check.code, check.answered_at = state, code, now()
            check.answer = eligibility.ANSWER.dump_python(answer, mode="json") if answer else None
            check.sealed_raw = seal(ready.key, raw, f"eligibility_check:{check.id}") if raw else None
            check.version += 1
            await _prepare(session, check)
            await people.changed(session, check.patient_id)
        await run.finish(session)


async def _prepare(session: AsyncSession, check: EligibilityCheck) -> None:
    """An answer begins the checklist; one about another person is a problem. A person's own result stays."""
    coverage = await session.get_one(Coverage, (check.practice_id, check.coverage_id))
    if check.state not in {"answered", "mismatch"} or check.coverage_version != coverage.version:
        return
    row: Verification | None = await verification.current(session, check.patient_id, check.coverage_id)
    if row is None or row.state in {"not_started", "in_progress"}:
        state = "problem" if check.state == "mismatch" else "in_progress"
        await verification.begin(session, coverage, row, state)
