"""What happens to a fax, step by step. Each step is its own transaction and may be repeated after a crash.

A step first works without a transaction (storage, child processes), then writes its result and the new status
in one. What is already written is not done again, because each run begins at the status it finds.
"""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from backend.core import documents
from backend.core.context import ProcessContext
from backend.core.documents import StoredDocument
from backend.core.jobs import Discard, JobRun
from backend.core.metrics import FAX_STEPS
from backend.faxes import queries, service
from backend.faxes.decoding import Undecodable, decode
from backend.faxes.document import DecodedPage, PageText
from backend.faxes.models import FINAL, Fax, FaxPage, FaxSegment
from backend.faxes.reading import read, upright_png
from backend.identity.queries import practice_key

NOTHING_READABLE = (
    "nothing_readable",
    "No text could be read on any page. Look at the pages and enter the referral by hand, or ask the sender again.",
)
CRASHED = ("internal", "Reading this fax failed on our side. Look at the original, or try again.")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a step works with: the process, the practice's key, the fax."""

    context: ProcessContext
    run: JobRun
    key: bytes
    fax_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Step:
    """From status `after` to status `reaches`: `work` outside, `write` inside the transaction."""

    after: str
    reaches: str
    work: Callable[[Desk], Awaitable[Any]]
    write: Callable[[AsyncSession, Fax, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page with its image in the object store."""

    page: DecodedPage
    image: StoredDocument


async def _original(desk: Desk) -> bytes:
    async with desk.run.transaction() as session:
        fax = await queries.fax(session, desk.fax_id)
        assert fax.document_id is not None
        document = await documents.load(session, fax.document_id)
    return await desk.context.documents.get(document, desk.key)


async def _store_image(desk: Desk, page: DecodedPage) -> StoredPage:
    image = await desk.context.documents.put(desk.run.practice_id, desk.key, page.png, "image/png")
    return StoredPage(replace(page, png=b""), image)


async def _decode(desk: Desk) -> list[StoredPage]:
    pages = await decode(await _original(desk))
    return [await _store_image(desk, page) for page in pages]


async def _write_pages(session: AsyncSession, fax: Fax, pages: list[StoredPage]) -> None:
    await session.execute(delete(FaxPage).where(FaxPage.practice_id == fax.practice_id, FaxPage.fax_id == fax.id))
    for stored in pages:
        documents.record(session, stored.image)
    await session.flush()
    for stored in pages:
        page = stored.page
        session.add(
            FaxPage(
                practice_id=fax.practice_id, fax_id=fax.id, number=page.number, width=page.width, height=page.height,
                damage=page.damage, blank=page.blank, inverted=page.inverted, image_id=stored.image.id,
            )
        )  # fmt: skip
    fax.page_count = len(pages)


async def _read(desk: Desk) -> list[tuple[PageText, StoredPage | None]]:
    """Words of each page; a page that lay wrong gets a new, upright image."""
    data, pages = await _original(desk), await _decoded_pages(desk)
    texts = await read(data, pages)
    results: list[tuple[PageText, StoredPage | None]] = []
    for page, text in zip(pages, texts, strict=True):
        turned = replace(page, png=upright_png(page, text.rotation)) if text.rotation else None
        results.append((text, await _store_image(desk, turned) if turned else None))
    if not any(text.words for text in texts):
        raise Unreadable
    return results


class Unreadable(Exception):
    """No page has words: a failure shown to a person, never a success."""


async def _decoded_pages(desk: Desk) -> list[DecodedPage]:
    async with desk.run.transaction() as session:
        rows = await queries.pages(session, desk.fax_id)
        images = {row.number: await documents.load(session, row.image_id) for row in rows}
    return [
        DecodedPage(
            number=row.number, width=row.width, height=row.height, damage=row.damage, blank=row.blank,
            inverted=row.inverted, png=await desk.context.documents.get(images[row.number], desk.key),
        )
        for row in rows
    ]  # fmt: skip


async def _write_words(session: AsyncSession, fax: Fax, results: list[tuple[PageText, StoredPage | None]]) -> None:
    rows = await session.scalars(
        select(FaxPage)
        .where(FaxPage.practice_id == fax.practice_id, FaxPage.fax_id == fax.id)
        .options(undefer(FaxPage.words))
    )
    by_number = {row.number: row for row in rows}
    for text, turned in results:
        row = by_number[text.number]
        row.source, row.confidence, row.rotation = text.source, text.confidence, text.rotation
        row.words = [[word.text, *word.box, word.confidence] for word in text.words]
        if turned is not None:
            documents.record(session, turned.image)
            await session.flush()
            row.image_id = turned.image.id
        if text.rotation in (90, 270):
            row.width, row.height = row.height, row.width


async def _nothing(_: Desk) -> None:
    return None


async def _keep(_session: AsyncSession, _fax: Fax, _result: None) -> None:
    return None


async def _hold(session: AsyncSession, fax: Fax, _result: None) -> None:
    """Until fields are extracted, a person enters them: the whole fax is one segment held for review."""
    numbers = [page.number for page in await queries.pages(session, fax.id)]
    segment = FaxSegment(
        practice_id=fax.practice_id, fax_id=fax.id, index=0, kind="other", pages=numbers, fields={},
        hold_reasons=["fields_not_read"], matches=[],
    )  # fmt: skip
    for number in numbers:
        (await queries.page(session, fax.id, number)).segment = 0
    session.add(segment)


STEPS = (
    Step("received", "fetched", _nothing, _keep),
    Step("fetched", "decoded", _decode, _write_pages),
    Step("decoded", "read", _read, _write_words),
    Step("read", "needs_review", _nothing, _hold),
)


async def process(context: ProcessContext, run: JobRun) -> None:
    """Take one fax from where it stands to its end, or to a failure with a reason."""
    async with run.transaction() as session:
        fax = await queries.fax(session, run.ref_id)
        key, status = await practice_key(session, context), fax.status
    desk = Desk(context, run, key, run.ref_id)
    for step in STEPS:
        if step.after != status:
            continue
        status = await _take(desk, step)
    if status not in FINAL:
        raise Discard("no_step_from_here")


async def _take(desk: Desk, step: Step) -> str:
    try:
        result = await step.work(desk)
    except Undecodable as refusal:
        return await _stop(desk, step, refusal.code, refusal.detail)
    except Unreadable:
        return await _stop(desk, step, *NOTHING_READABLE)
    except Exception:
        if not desk.run.last_attempt:
            raise
        return await _stop(desk, step, *CRASHED)
    async with desk.run.transaction() as session:
        fax = await queries.fax(session, desk.fax_id)
        if fax.status == step.after:
            await step.write(session, fax, result)
            await service.reach(session, fax, step.reaches)
        if step.reaches in FINAL:
            await desk.run.finish(session)
    FAX_STEPS.labels(step.reaches, "ok").inc()
    return step.reaches


async def _stop(desk: Desk, step: Step, code: str, detail: str) -> str:
    async with desk.run.transaction() as session:
        fax = await queries.fax(session, desk.fax_id)
        await service.fail(session, fax, step.reaches, code, detail)
        await desk.run.finish(session)
    FAX_STEPS.labels(step.reaches, code).inc()
    return "failed"
