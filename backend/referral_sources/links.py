"""Secure links for referrers: made here, opened by `referrer_portal`. Letters carry them, and no word on a patient."""

import uuid
from datetime import datetime, timedelta
from typing import Final, Protocol, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import link_tokens
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import Database, practice_of
from backend.core.ids import new_id
from backend.core.problems import NotFound
from backend.core.settings import get_settings
from backend.referral_sources.models import LinkPurpose, ReferrerLink

# Offices read their mail within a week.
LASTS: Final = timedelta(days=7)
MOST_FAILED_CHECKS: Final = 5
PURPOSES: Final[tuple[LinkPurpose, ...]] = get_args(LinkPurpose)


class Facts(Protocol):
    """What decides whether a link is dead."""

    expires_at: datetime
    revoked_at: datetime | None
    failed_checks: int


def alive(link: Facts, at: datetime) -> bool:
    """Whether it may still be opened."""
    return link.revoked_at is None and at < link.expires_at and link.failed_checks < MOST_FAILED_CHECKS


async def create(
    session: AsyncSession, referrer_id: uuid.UUID, purpose: LinkPurpose, ref_id: uuid.UUID | None = None
) -> ReferrerLink:
    """A link that opens nothing until its address is asked for."""
    link = ReferrerLink(
        practice_id=practice_of(session), id=new_id(), referrer_id=referrer_id, purpose=purpose, ref_id=ref_id,
        created_at=now(), created_by=actor_of(session).name, expires_at=now() + LASTS, failed_checks=0,
    )  # fmt: skip
    session.add(link)
    await session.flush()
    return link


async def address_of(session: AsyncSession, link: ReferrerLink, practice_key: bytes) -> str:
    """Where it leads, for whoever sends it now. It lives from its first sending on.

    Nothing after `#` ever reaches a server's log.
    """
    token = link_tokens.token_of(practice_key, "referrer-link", link.id)
    if link.token_hash is None:
        link.token_hash, link.expires_at = link_tokens.hash_of(token), now() + LASTS
        await session.flush()
    return f"{get_settings().base_url}/r#{token}"


async def look_up(database: Database, token: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """(practice, link) of a token, dead or alive; None for one we never made."""
    wanted = ReferrerLink.token_hash == link_tokens.hash_of(token)
    async with database.system() as session:
        row = (await session.execute(select(ReferrerLink.practice_id, ReferrerLink.id).where(wanted))).one_or_none()
    return (row.practice_id, row.id) if row else None


async def get(session: AsyncSession, link_id: uuid.UUID) -> ReferrerLink:
    """The link, locked until commit. Raises `NotFound`."""
    link = await session.scalar(
        select(ReferrerLink)
        .where(ReferrerLink.practice_id == practice_of(session), ReferrerLink.id == link_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if link is None:
        raise NotFound("There is no such link in this practice.")
    return link


async def of(session: AsyncSession, referrer_id: uuid.UUID, link_id: uuid.UUID) -> ReferrerLink:
    """A link of this referrer, locked. Raises `NotFound`."""
    link = await get(session, link_id)
    if link.referrer_id != referrer_id:
        raise NotFound("There is no such link for this referrer.")
    return link


async def revoke(session: AsyncSession, link_id: uuid.UUID) -> ReferrerLink:
    """It opens nothing any more, and pages that are open with it close."""
    link = await get(session, link_id)
    link.revoked_at = link.revoked_at or now()
    await session.flush()
    return link
