"""What stands at the head of letters and pages: name, a line below it, where to reach the practice, its logo."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.database import Database, practice_of
from backend.core.documents import Document, StoredDocument
from backend.core.problems import StaleVersion
from backend.identity.logos import Logo
from backend.identity.models import Letterhead, Practice
from backend.identity.queries import practice

LOGO: Final = "/api/v1/public/logos/"


@dataclass(frozen=True, slots=True)
class Head:
    """As it is drawn. `logo`: a PNG in black and white; `logo_url`: where a browser finds it as it is."""

    name: str
    tagline: str | None = None
    website: str | None = None
    address: str | None = None
    phone: str | None = None
    logo: bytes | None = None
    logo_url: str | None = None


async def of_practice(session: AsyncSession) -> Letterhead:
    """As the practice set it, or nothing beyond its name (`version` 0)."""
    found = await session.get(Letterhead, practice_of(session), populate_existing=True)
    return found or Letterhead(practice_id=practice_of(session), version=0)


async def head(session: AsyncSession) -> Head:
    """What is drawn."""
    row, ours = await of_practice(session), await practice(session)
    return Head(
        row.name or ours.name, row.tagline, row.website, row.address, row.phone, row.paper_logo, url_of(row.logo_id)
    )  # fmt: skip


def url_of(logo_id: uuid.UUID | None) -> str | None:
    """Another address for every logo, so that browsers may keep it."""
    return f"{LOGO}{logo_id}" if logo_id else None


async def change(session: AsyncSession, version: int, facts: dict[str, Any]) -> Letterhead:
    """Change what is said. Raises `StaleVersion`."""
    row = await _locked(session, version)
    for name, value in facts.items():
        setattr(row, name, value)
    await session.flush()
    return row


async def set_logo(
    session: AsyncSession, version: int, logo: Logo | None, stored: StoredDocument | None
) -> uuid.UUID | None:
    """Another logo, or none; returns the document of the one before, whose bytes are to go. Raises `StaleVersion`."""
    row = await _locked(session, version)
    before = row.logo_id
    if stored is not None:
        documents.record(session, stored)
        await session.flush()
    row.logo_id, row.paper_logo = (stored.id, logo.paper) if stored and logo else (None, None)
    await session.flush()
    if before is not None:
        await session.delete(await session.get_one(Document, (practice_of(session), before)))
        await session.flush()
    return before


async def _locked(session: AsyncSession, version: int) -> Letterhead:
    # Two changes at once wait for each other, also where no row is there to lock.
    await session.get_one(Practice, practice_of(session), with_for_update={"key_share": True})
    row = await of_practice(session)
    if row.version != version:
        raise StaleVersion(row.version)
    row.version += 1
    session.add(row)
    return row


async def practice_with(database: Database, logo_id: uuid.UUID) -> uuid.UUID | None:
    """Whose logo this is."""
    async with database.system() as session:
        return await session.scalar(select(Letterhead.practice_id).where(Letterhead.logo_id == logo_id))
