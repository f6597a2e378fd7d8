"""The mailboxes of a practice: add, change, close; secrets sealed."""

import uuid
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.jobs import set_timer
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.lead_capture.mail import sealing
from backend.lead_capture.mail.models import Mail, MailAddress
from backend.lead_capture.mail.schemas import MailboxIn

POLL: Final = "mail.poll"


async def listed(session: AsyncSession) -> list[MailAddress]:
    """By name."""
    rows = await session.scalars(
        select(MailAddress)
        .where(MailAddress.practice_id == practice_of(session))
        .order_by(MailAddress.username, MailAddress.id)
    )
    return list(rows)


async def one(session: AsyncSession, mailbox_id: uuid.UUID, *, lock: bool = False) -> MailAddress:
    """Raises `NotFound`."""
    query = select(MailAddress).where(MailAddress.practice_id == practice_of(session), MailAddress.id == mailbox_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(query)
    if found is None:
        raise NotFound("There is no such mailbox in this practice.")
    return found


async def add(session: AsyncSession, practice_key: bytes, body: MailboxIn) -> MailAddress:
    """Raises `Invalid` without a password or what tokens need, `Conflict` for one that is read already."""
    row = MailAddress(practice_id=practice_of(session), id=new_id(), version=0)
    _seal(row, body, practice_key)
    await _free(session, body, None)
    return await _write(session, row, body)


async def change(session: AsyncSession, practice_key: bytes, mailbox_id: uuid.UUID, body: MailboxIn) -> MailAddress:
    """Secrets stay where none are given. Raises `NotFound`, `StaleVersion`, `Conflict`, `Invalid`."""
    row = await one(session, mailbox_id, lock=True)
    if row.version != body.version:
        raise StaleVersion(row.version)
    await _free(session, body, row.id)
    _seal(row, body, practice_key)
    return await _write(session, row, body)


def _seal(row: MailAddress, body: MailboxIn, practice_key: bytes) -> None:
    wanted = sealing.seal(row, body, practice_key)
    if wanted:
        raise Invalid("Give what is needed to sign in. It is asked for again when the server changes.", errors=wanted)


async def _free(session: AsyncSession, body: MailboxIn, but: uuid.UUID | None) -> None:
    for row in await listed(session):
        same = (row.host, row.username.lower(), row.folder) == (body.host, body.username.lower(), body.folder)
        if same and row.id != but:
            raise Conflict("This folder of this mailbox is read already.")


async def _write(session: AsyncSession, row: MailAddress, body: MailboxIn) -> MailAddress:
    for name, value in body.model_dump(exclude={"version", "password", "oauth"}).items():
        setattr(row, name, value)
    row.failure, row.looked_at, row.version = None, None, row.version + 1
    session.add(row)
    await session.flush()
    if row.active:
        await plan(session, row.id)
    tell(session, row)
    return row


async def plan(session: AsyncSession, mailbox_id: uuid.UUID) -> None:
    """Have it looked into now."""
    await set_timer(session, POLL, mailbox_id, now())


async def counts(session: AsyncSession) -> dict[uuid.UUID, int]:
    """Mails that came in, by mailbox."""
    rows = await session.execute(
        select(Mail.mailbox_id, func.count()).where(Mail.practice_id == practice_of(session)).group_by(Mail.mailbox_id)
    )
    return {row[0]: row[1] for row in rows}


def tell(session: AsyncSession, row: MailAddress) -> None:
    """Other screens see how it stands."""
    tell_live(session, [LiveEvent("mailbox.changed", str(row.id), row.version, actor_of(session).mutation_id)])
