"""What happens to a fax, step by step. Each step is its own transaction and may be repeated after a crash.

A step first works without a transaction (storage, child processes), then writes its result and the new status
in one. What is already written is not done again, because each run begins at the status it finds.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.context import ProcessContext
from backend.core.jobs import Discard, JobRun
from backend.core.metrics import FAX_STEPS
from backend.faxes import fetching, field_steps, page_steps, queries, service
from backend.faxes.decoding import Undecodable
from backend.faxes.models import FINAL, Fax
from backend.faxes.page_steps import Desk, Unreadable
from backend.faxes.ports import FaxProvider
from backend.identity.queries import practice_key

NOTHING_READABLE = (
    "nothing_readable",
    "No text could be read on any page. Look at the pages and enter the referral by hand, or ask the sender again.",
)
CRASHED = ("internal", "Reading this fax failed on our side. Look at the original, or try again.")


@dataclass(frozen=True, slots=True)
class Step:
    """From status `after`: `work` outside, then `write` inside the transaction; it may name the status reached."""

    after: str
    reaches: str
    work: Callable[[Desk], Awaitable[Any]]
    write: Callable[[AsyncSession, Fax, Any], Awaitable[str | None]]


async def _nothing(_: Desk) -> None:
    return None


STEPS = (
    Step("received", "fetched", fetching.fetch, fetching.write_document),
    Step("fetched", "decoded", page_steps.decode_pages, page_steps.write_pages),
    Step("decoded", "read", page_steps.read_pages, page_steps.write_words),
    Step("read", "sorted", field_steps.sort, field_steps.write_segments),
    Step("sorted", "extracted", field_steps.extract_fields, field_steps.write_fields),
    Step("extracted", "matched", _nothing, field_steps.match),
    Step("matched", "filed", _nothing, field_steps.file_or_hold),
)


async def process(context: ProcessContext, providers: Mapping[str, FaxProvider], run: JobRun) -> None:
    """Take one fax from where it stands to its end, or to a failure with a reason."""
    async with run.transaction() as session:
        fax = await queries.fax(session, run.ref_id)
        key, status = await practice_key(session, context), fax.status
        if status in FINAL:
            await run.finish(session)
            return
    desk = Desk(context, providers, run, key, run.ref_id)
    for step in STEPS:
        if step.after == status:
            status = await _take(desk, step)
    if status not in FINAL:
        raise Discard("no_step_from_here")


async def _take(desk: Desk, step: Step) -> str:
    try:
        result = await step.work(desk)
    except (Undecodable, fetching.Unfetchable) as refusal:
        return await _stop(desk, step, refusal.code, refusal.detail)
    except Unreadable:
        return await _stop(desk, step, *NOTHING_READABLE)
    except Exception:
        if not desk.run.last_attempt:
            raise
        return await _stop(desk, step, *CRASHED)
    async with desk.run.transaction() as session:
        fax = await queries.fax(session, desk.fax_id)
        if fax.status != step.after:
            # A person or another run was faster: go on from what they left.
            return fax.status
        reached = await step.write(session, fax, result) or step.reaches
        await service.reach(session, fax, reached)
        if reached in FINAL:
            await desk.run.finish(session)
    FAX_STEPS.labels(reached, "ok").inc()
    return reached


async def _stop(desk: Desk, step: Step, code: str, detail: str) -> str:
    async with desk.run.transaction() as session:
        fax = await queries.fax(session, desk.fax_id)
        await service.fail(session, fax, step.reaches, code, detail)
        await desk.run.finish(session)
    FAX_STEPS.labels(step.reaches, code).inc()
    return "failed"
