"""Steps on pages: fetch, decode, read. Slow work happens outside transactions, in limited child processes."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from backend.core import documents
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.documents import StoredDocument
from backend.core.jobs import JobRun
from backend.faxes import queries
from backend.faxes.decoding import decode
from backend.faxes.document import DecodedPage, PageText, Word
from backend.faxes.models import Fax, FaxPage
from backend.faxes.own_letters import letter_of
from backend.faxes.ports import FaxProvider
from backend.faxes.reading import read, upright_png
from backend.faxes.reading.marks import Marks, look


@dataclass(frozen=True, slots=True)
class Desk:
    """What a step works with: the process, the fax providers, the practice's key, the fax."""

    context: ProcessContext
    providers: Mapping[str, FaxProvider]
    run: JobRun
    key: bytes
    fax_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page with its image in the object store."""

    page: DecodedPage
    image: StoredDocument


class Unreadable(Exception):
    """No page has words: a failure shown to a person, never a success."""


async def _original(desk: Desk) -> bytes:
    async with desk.run.transaction() as session:
        fax = await queries.fax(session, desk.fax_id)
        assert fax.document_id is not None
        document = await documents.load(session, fax.document_id)
    return await desk.context.documents.get(document, desk.key)


async def _store_image(desk: Desk, page: DecodedPage) -> StoredPage:
    image = await desk.context.documents.put(desk.run.practice_id, desk.key, page.png, "image/png")
    return StoredPage(replace(page, png=b""), image)


async def decode_pages(desk: Desk) -> list[StoredPage]:
    """Every page squared and stored as an image. Raises `Undecodable`."""
    pages = await decode(await _original(desk))
    return [await _store_image(desk, page) for page in pages]


async def write_pages(session: AsyncSession, fax: Fax, pages: list[StoredPage]) -> None:
    """Keep the pages; those of an earlier run go."""
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
                letter_code=next(iter(page.codes), None),
            )
        )  # fmt: skip
    fax.page_count = len(pages)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What was read on a page; `turned` is its new image where it lay wrong, `marks` what a pen left on a letter."""

    text: PageText
    turned: StoredPage | None
    marks: Marks | None


async def read_pages(desk: Desk) -> list[ReadPage]:
    """Words of each page; a page that lay wrong gets a new, upright image. Raises `Unreadable`."""
    data, pages = await _original(desk), await _decoded_pages(desk)
    texts = await read(data, pages)
    results: list[ReadPage] = []
    for page, text in zip(pages, texts, strict=True):
        turned = replace(page, png=upright_png(page, text.rotation)) if text.rotation else None
        stored = await _store_image(desk, turned) if turned else None
        results.append(ReadPage(text, stored, await _marks(desk, page)))
    if not any(text.words for text in texts):
        raise Unreadable
    return results


async def _marks(desk: Desk, page: DecodedPage) -> Marks | None:
    """A page of a letter of ours is looked at where we drew boxes to tick and a line to sign on."""
    if not page.codes:
        return None
    async with desk.run.transaction() as session:
        letter = await letter_of(session, page.codes[0])
    return await look(page, page.codes[0], letter.places) if letter and letter.places else None


async def _decoded_pages(desk: Desk) -> list[DecodedPage]:
    async with desk.run.transaction() as session:
        rows = await queries.pages(session, desk.fax_id)
        images = {row.number: await documents.load(session, row.image_id) for row in rows}
    return [
        DecodedPage(
            number=row.number, width=row.width, height=row.height, damage=row.damage, blank=row.blank,
            inverted=row.inverted, codes=(row.letter_code,) if row.letter_code else (),
            png=await desk.context.documents.get(images[row.number], desk.key),
        )
        for row in rows
    ]  # fmt: skip


async def write_words(session: AsyncSession, fax: Fax, results: list[ReadPage]) -> None:
    """Keep the words, and the upright images of turned pages."""
    rows = await session.scalars(
        select(FaxPage)
        .where(FaxPage.practice_id == fax.practice_id, FaxPage.fax_id == fax.id)
        .options(undefer(FaxPage.words))
    )
    by_number = {row.number: row for row in rows}
    for result in results:
        text, turned, row = result.text, result.turned, by_number[result.text.number]
        row.source, row.confidence, row.rotation = text.source, text.confidence, text.rotation
        row.ticks = list(result.marks.ticks) if result.marks else None
        row.signed = result.marks.signed if result.marks else None
        row.words = [[word.text, *word.box, word.confidence] for word in text.words]
        if turned is not None:
            documents.record(session, turned.image)
            await session.flush()
            row.image_id = turned.image.id
        if text.rotation in (90, 270):
            row.width, row.height = row.height, row.width


async def texts(session: AsyncSession, fax_id: uuid.UUID) -> list[PageText]:
    """The words of every page as kept by `write_words`."""
    rows = await session.scalars(
        select(FaxPage)
        .where(FaxPage.practice_id == practice_of(session), FaxPage.fax_id == fax_id)
        .order_by(FaxPage.number)
        .options(undefer(FaxPage.words))
    )
    return [_text(row) for row in rows]


def _text(row: FaxPage) -> PageText:
    words = tuple(Word(text, (x0, y0, x1, y1), sure) for text, x0, y0, x1, y1, sure in row.words or ())
    return PageText(row.number, "text" if row.source == "text" else "ocr", row.rotation, row.confidence or 0.0, words)
