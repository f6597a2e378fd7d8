"""Keyset pages: `?cursor=&limit=` in, `{items, next_cursor}` out. A cursor is opaque and holds sort keys only."""

import base64
import binascii
import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic import BaseModel

from backend.core.problems import Invalid

Item = TypeVar("Item")
UNKNOWN = "Use the next_cursor of the page before, unchanged."
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before", max_length=500)]
Limit = Annotated[int, Query(ge=1, le=200, description="most items to return")]


class Page(BaseModel):
    """Base of every list answer; subclasses give `items` its type."""

    next_cursor: str | None = None


def encode_cursor(keys: Sequence[Any]) -> str:
    """Pack the sort keys of the last row."""
    return base64.urlsafe_b64encode(json.dumps(list(keys), default=str).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """Unpack sort keys. Raises `Invalid` for anything we did not make."""
    try:
        keys = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        keys = None
    if not isinstance(keys, list) or len(keys) != length:
        raise Invalid(UNKNOWN, errors=[("query/cursor", "unknown")])
    return keys


def moment_of(cursor: str | None) -> tuple[datetime, uuid.UUID] | None:
    """The (time, id) in the cursor of a list ordered by time. Raises `Invalid` for anything we did not make."""
    if not cursor:
        return None
    at, row_id = decode_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(at), uuid.UUID(row_id)
    except (TypeError, ValueError, AttributeError):
        raise Invalid(UNKNOWN, errors=[("query/cursor", "unknown")]) from None


def cut(rows: Sequence[Item], limit: int) -> tuple[Sequence[Item], bool]:
    """Queries fetch `limit + 1` rows; the extra one only says that there are more."""
    return rows[:limit], len(rows) > limit
