"""Fetch the document of a fax that was announced by its provider; an uploaded one is here already."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.callbacks import ProviderUnavailable
from backend.core.crypto import open_sealed
from backend.core.database import practice_of
from backend.core.documents import StoredDocument
from backend.core.inbox import WebhookDelivery
from backend.core.jobs import TryAgain
from backend.faxes import lines, queries, service
from backend.faxes.decoding import sniff
from backend.faxes.models import Fax, FaxLine
from backend.faxes.page_steps import Desk
from backend.faxes.ports import DocumentGone, FaxAccount, FaxProvider

GONE = "The fax provider no longer has this document. Ask the sender to fax it again."
EMPTY = "The fax provider gave an empty document. Ask the sender to fax it again."


class Unfetchable(Exception):
    """The document will never come; `detail` is for the front desk."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Announced:
    """Where the document lies. `callback` is the event that announced it: (content type, body)."""

    account: FaxAccount
    external_id: str
    callback: tuple[str, bytes] | None


async def fetch(desk: Desk) -> StoredDocument | None:
    """Download, seal and store; None when the fax has its document. Raises `Unfetchable`, or `TryAgain`."""
    announced = await _announced(desk)
    if announced is None:
        return None
    provider = desk.providers[announced.account.provider]
    data = await _download(provider, announced)
    if not data:
        raise Unfetchable("empty_document", EMPTY)
    content_type = sniff(data) or "application/octet-stream"
    return await desk.context.documents.put(desk.run.practice_id, desk.key, data, content_type)


async def _announced(desk: Desk) -> Announced | None:
    async with desk.run.transaction() as session:
        fax = await queries.fax(session, desk.fax_id)
        if fax.document_id is not None or fax.line_id is None or fax.external_id is None:
            return None
        line = await line_of(session, fax.line_id)
        callback = await _callback(session, desk.key, line.account_key, fax.external_id)
        return Announced(lines.open_account(line, desk.key), fax.external_id, callback)


async def _callback(session: AsyncSession, key: bytes, account_key: str, external_id: str) -> tuple[str, bytes] | None:
    deliveries = await session.scalars(
        select(WebhookDelivery)
        .where(
            WebhookDelivery.practice_id == practice_of(session),
            WebhookDelivery.account_key == account_key,
            WebhookDelivery.external_id == external_id,
        )
        .order_by(WebhookDelivery.id.desc())
        .limit(1)
    )
    delivery = deliveries.one_or_none()
    if delivery is None:
        return None
    return lines.callback_of(open_sealed(key, delivery.sealed, f"delivery:{delivery.id}"))


async def line_of(session: AsyncSession, line_id: uuid.UUID) -> FaxLine:
    """The line a fax came through."""
    rows = await session.scalars(
        select(FaxLine).where(FaxLine.practice_id == practice_of(session), FaxLine.id == line_id)
    )
    return rows.one()


async def _download(provider: FaxProvider, announced: Announced) -> bytes:
    """What the callback brought along may be the only copy, so it comes first."""
    if announced.callback and (brought := provider.enclosed(*announced.callback)):
        return brought
    try:
        return await provider.download(announced.account, announced.external_id)
    except DocumentGone as gone:
        raise Unfetchable(gone.code, GONE) from None
    except ProviderUnavailable as busy:
        raise TryAgain(busy.code, busy.retry_after) from None


async def write_document(session: AsyncSession, fax: Fax, stored: StoredDocument | None) -> None:
    """Record what was fetched; the provider may forget it only afterwards."""
    if stored is None or fax.document_id is not None:
        return
    fax.duplicate_of = await service.earlier_copy(session, stored)
    documents.record(session, stored)
    await session.flush()
    fax.document_id = stored.id
    await service.acknowledge_later(session, fax)
