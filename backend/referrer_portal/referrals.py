"""A referral uploaded by the referrer goes the way of every fax, and counts as theirs."""

import hashlib
import uuid
from dataclasses import dataclass
from typing import Final, Literal

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.bodies import bounded
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.documents import StoredDocument
from backend.core.problems import Invalid
from backend.faxes import service as faxes
from backend.faxes.decoding import sniff
from backend.faxes.models import Fax
from backend.identity.queries import practice_key
from backend.referrer_portal import session as sessions
from backend.referrer_portal.schemas import OwnReferral
from backend.referrer_portal.session import ReferrerSession

MOST_BYTES: Final = 25 * 1024 * 1024
REFUSAL: Final = "The file may have at most 25 MB. Send fewer pages at once, or fax it."
LISTED: Final = 20
State = Literal["received", "with_a_person", "filed", "not_readable", "rejected"]
STATES: Final[dict[str, State]] = {
    "filed": "filed", "needs_review": "with_a_person", "failed": "not_readable", "rejected": "rejected",
}  # fmt: skip


class UnknownFile(Invalid):
    """Not a document we can read."""

    type = "unknown-file"
    title = "Choose a PDF, a fax (TIFF) or a picture"

    def __init__(self) -> None:
        super().__init__("Choose a PDF, TIFF, JPEG or PNG file.", errors=[("/file", "not a kind we can read")])


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is safe in the object store, without its row yet."""

    stored: StoredDocument
    digest: bytes


async def receive(request: Request, context: ProcessContext, known: ReferrerSession) -> Received:
    """The body, sealed. Raises `TooLarge` as soon as it is, and `UnknownFile`."""
    data = await bounded(request, MOST_BYTES, REFUSAL)
    kind = sniff(data)
    if kind is None:
        raise UnknownFile
    async with sessions.transaction_of(context, known) as session:
        key = await practice_key(session, context)
    stored = await context.documents.put(known.practice_id, key, data, kind)
    return Received(stored, hashlib.sha256(data).digest())


async def keep(session: AsyncSession, referrer_id: uuid.UUID, received: Received) -> uuid.UUID:
    """A fax that came through the portal: nothing about it is taken for granted but who sent it."""
    return await faxes.receive_document(session, received.stored, channel="upload", from_referrer_id=referrer_id)


async def own(session: AsyncSession, referrer_id: uuid.UUID) -> list[OwnReferral]:
    """What they uploaded, newest first."""
    rows = await session.scalars(
        select(Fax)
        .where(Fax.practice_id == practice_of(session), Fax.from_referrer_id == referrer_id)
        .order_by(Fax.received_at.desc(), Fax.id.desc())
        .limit(LISTED)
    )
    return [
        OwnReferral(id=fax.id, at=fax.received_at, state=STATES.get(fax.status, "received"), pages=fax.page_count)
        for fax in rows
    ]
