"""Make links, put tokens to them, note what becomes of them."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import link_tokens
from backend.core.clock import now
from backend.core.database import Database, practice_of, publish
from backend.core.ids import new_id
from backend.core.link_tokens import hash_of
from backend.core.problems import NotFound
from backend.patient_links import rules
from backend.patient_links.events import LinkDelivered, LinkUsed
from backend.patient_links.models import PatientLink
from backend.patient_links.rules import Purpose


async def create(
    session: AsyncSession, purpose: Purpose, *, patient_id: uuid.UUID, lead_id: uuid.UUID | None,
    ref_id: uuid.UUID | None = None,
) -> PatientLink:  # fmt: skip
    """A link that opens nothing until it is put into a text."""
    link = PatientLink(
        practice_id=practice_of(session), id=new_id(), purpose=purpose, patient_id=patient_id, lead_id=lead_id,
        ref_id=ref_id, created_at=now(), expires_at=now() + rules.lasts(purpose), failed_checks=0,
    )  # fmt: skip
    session.add(link)
    await session.flush()
    return link


def token_of(practice_key: bytes, link_id: uuid.UUID) -> str:
    """The link's token."""
    return link_tokens.token_of(practice_key, "patient-link", link_id)


async def tokens(session: AsyncSession, link_ids: Sequence[uuid.UUID], practice_key: bytes) -> dict[uuid.UUID, str]:
    """The tokens of these links, for the text that is about to be sent. A link lives from its first sending on."""
    made = {}
    for link in await locked(session, link_ids):
        made[link.id] = token_of(practice_key, link.id)
        if link.token_hash is None:
            link.token_hash, link.expires_at = hash_of(made[link.id]), now() + rules.lasts(link.purpose)
    await session.flush()
    return made


async def look_up(database: Database, token: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """(practice, link) of a token, dead or alive; None for one we never made."""
    async with database.system() as session:
        row = (
            await session.execute(
                select(PatientLink.practice_id, PatientLink.id).where(PatientLink.token_hash == hash_of(token))
            )
        ).one_or_none()
    return (row.practice_id, row.id) if row else None


async def get(session: AsyncSession, link_id: uuid.UUID) -> PatientLink:
    """The link, locked until commit. Raises `NotFound`."""
    found = await locked(session, [link_id])
    if not found:
        raise NotFound("There is no such link in this practice.")
    return found[0]


async def locked(session: AsyncSession, link_ids: Sequence[uuid.UUID]) -> Sequence[PatientLink]:
    """Those of them that are there, locked until commit, always in the same order."""
    rows = await session.scalars(
        select(PatientLink)
        .where(PatientLink.practice_id == practice_of(session), PatientLink.id.in_(link_ids))
        .order_by(PatientLink.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def owners(session: AsyncSession, link_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Whose each link is; those of other practices are missing."""
    ours = (PatientLink.practice_id == practice_of(session)) & PatientLink.id.in_(link_ids)
    rows = await session.execute(select(PatientLink.id, PatientLink.patient_id).where(ours))
    return {row.id: row.patient_id for row in rows}


async def any_spent(session: AsyncSession, link_ids: Sequence[uuid.UUID]) -> bool:
    """Whether one of them was revoked, or what it is for has been done."""
    return any(link.revoked_at or link.used_at for link in await locked(session, link_ids))


async def delivered(session: AsyncSession, link_ids: Sequence[uuid.UUID]) -> None:
    """A text with these links has arrived."""
    for link in await locked(session, link_ids) if link_ids else []:
        if link.delivered_at is None:
            link.delivered_at = now()
            await session.flush()
            await publish(session, LinkDelivered(link.id, _purpose(link), link.patient_id, link.lead_id, link.ref_id))


async def use(session: AsyncSession, link_id: uuid.UUID, ref_id: uuid.UUID | None = None) -> bool:
    """What it was for is done; `ref_id` says what came of it. False when that had been noted before."""
    link = await get(session, link_id)
    if link.used_at is not None:
        return False
    link.used_at, link.ref_id = now(), ref_id or link.ref_id
    await session.flush()
    await publish(session, LinkUsed(link.id, _purpose(link), link.patient_id, link.lead_id, link.ref_id))
    return True


async def revoke(session: AsyncSession, link_id: uuid.UUID) -> None:
    """It opens nothing any more, and pages that are open with it close."""
    link = await get(session, link_id)
    link.revoked_at = link.revoked_at or now()
    await session.flush()


async def revoke_all(session: AsyncSession, patient_ids: Sequence[uuid.UUID]) -> None:
    """Every link of these patients is dead: somebody else has them."""
    await session.execute(
        update(PatientLink)
        .where(PatientLink.practice_id == practice_of(session), PatientLink.patient_id.in_(patient_ids))
        .where(PatientLink.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def _purpose(link: PatientLink) -> Purpose:
    return next(purpose for purpose in rules.PURPOSES if purpose == link.purpose)
