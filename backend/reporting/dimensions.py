"""What the keys of a split are called."""

import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.identity.models import Location, User
from backend.referral_sources.models import Referrer
from backend.scheduling.models import Clinician

UNKNOWN: Final = "Not known"
TITLES: Final = {
    "month": "Month", "week": "Week from", "location": "Clinic", "source": "Source", "referrer": "Referrer",
    "payer": "Payer", "clinician": "Clinician", "body_region": "Body region", "procedure": "Procedure",
    "post_op": "After surgery", "person": "Person", "part": "Reason", "instrument": "Measure", "point": "Point in care",
}  # fmt: skip
WORDS: Final = {
    "fax": "Fax", "web_form": "Web form", "phone": "Phone", "walk_in": "Walk-in", "api": "Partner program",
    "text": "Text", "email": "E-mail", "import": "Import", "upload": "Upload",
}  # fmt: skip
YES_NO: Final = {"true": "After surgery", "false": "No surgery"}
TABLES: Final = {"location": Location, "referrer": Referrer, "clinician": Clinician, "person": User}


async def labels(session: AsyncSession, dimension: str | None, keys: Sequence[str | None]) -> dict[str | None, str]:
    """By key."""
    found: dict[str | None, str] = {None: UNKNOWN}
    table = TABLES.get(dimension or "")
    if table is None:
        return found | {key: _word(dimension, key) for key in keys if key is not None}
    ids = [uuid.UUID(key) for key in keys if key is not None]
    query = select(table.id, table.name).where(table.practice_id == practice_of(session), table.id.in_(ids))  # type: ignore[attr-defined]
    return found | {str(row_id): name for row_id, name in await session.execute(query)}


def _word(dimension: str | None, key: str) -> str:
    if dimension == "post_op":
        return YES_NO[key]
    if dimension in {"source", "instrument", "point"}:
        return WORDS.get(key) or key.replace("_", " ").capitalize()
    return key[:1].upper() + key[1:] if dimension == "body_region" else key
