"""The mailboxes of a practice: add, change, close; passwords sealed."""

import uuid
from typing import Final, cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.crypto import open_sealed, seal
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.jobs import set_timer
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.lead_capture.mail.models import Mail, MailAddress
from backend.lead_capture.mail.ports import MailAccount, Security
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
    """Raises `Invalid` without a password, `Conflict` for one that is read already."""
    if not body.password:
        raise Invalid("Give the mailbox's password.", errors=[("/password", "required")])
    await _free(session, body, None)
    row = MailAddress(practice_id=practice_of(session), id=new_id(), version=0)
    return await _write(session, practice_key, row, body)


async def change(session: AsyncSession, practice_key: bytes, mailbox_id: uuid.UUID, body: MailboxIn) -> MailAddress:
    """The password stays where none is given. Raises `NotFound`, `StaleVersion`, `Conflict`."""
    row = await one(session, mailbox_id, lock=True)
    if row.version != body.version:
        raise StaleVersion(row.version)
    await _free(session, body, row.id)
    moved = (row.host, row.username) != (body.host, body.username)
    if moved and not body.password:
        raise Invalid("Another server or name needs its password.", errors=[("/password", "required")])
    return await _write(session, practice_key, row, body)


async def _free(session: AsyncSession, body: MailboxIn, but: uuid.UUID | None) -> None:
    for row in await listed(session):
        same = (row.host, row.username.lower(), row.folder) == (body.host, body.username.lower(), body.folder)
        if same and row.id != but:
            raise Conflict("This folder of this mailbox is read already.")


async def _write(session: AsyncSession, practice_key: bytes, row: MailAddress, body: MailboxIn) -> MailAddress:
    for name, value in body.model_dump(exclude={"version", "password"}).items():
        setattr(row, name, value)
    if body.password:
        row.sealed_password = seal(practice_key, body.password.get_secret_value().encode(), f"mailbox:{row.id}")
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


def account_of(row: MailAddress, practice_key: bytes) -> MailAccount:
    """With the password in the clear, for the adapter."""
    password = open_sealed(practice_key, row.sealed_password, f"mailbox:{row.id}").decode()
    return MailAccount(
        row.host, row.port, cast(Security, row.security), row.username, password, row.folder, row.done_folder
    )


async def counts(session: AsyncSession) -> dict[uuid.UUID, int]:
    """Mails that came in, by mailbox."""
    rows = await session.execute(
        select(Mail.mailbox_id, func.count()).where(Mail.practice_id == practice_of(session)).group_by(Mail.mailbox_id)
    )
    return {row[0]: row[1] for row in rows}


def tell(session: AsyncSession, row: MailAddress) -> None:
    """Other screens see how it stands."""
    tell_live(session, [LiveEvent("mailbox.changed", str(row.id), row.version, actor_of(session).mutation_id)])
