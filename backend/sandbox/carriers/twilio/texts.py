"""A text and its media, as the emulated Twilio keeps and shows them."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from backend.core.clock import now
from backend.messaging.segments import segments

VERSION: Final = "2010-04-01"
E164: Final = re.compile(r"\+[1-9]\d{7,14}")
FINAL: Final = frozenset({"delivered", "undelivered", "failed", "canceled", "received"})


@dataclass(slots=True)
class Text:
    """One text, either way."""

    sid: str
    sender: str
    to: str
    body: str
    direction: str
    status: str
    error_code: int | None = None
    at: datetime = field(default_factory=now)
    sent_at: datetime | None = None
    send_at: datetime | None = None
    media: list[str] = field(default_factory=list)
    media_urls: list[str] = field(default_factory=list)
    callback: str | None = None
    service: str | None = None
    # What becomes of it, decided when it was taken.
    fate: int | None = None


@dataclass(slots=True)
class Media:
    """One picture or file of a text."""

    sid: str
    text_sid: str
    content_type: str
    at: datetime = field(default_factory=now)


def new_sid(prefix: str = "SM") -> str:
    """As Twilio's: two letters and 32 hexadecimal digits."""
    return f"{prefix}{secrets.token_hex(16)}"


def stamp(at: datetime | None) -> str | None:
    """RFC 2822, as the API gives times."""
    return format_datetime(at) if at else None


def shown(text: Text, account_sid: str) -> dict[str, Any]:
    """As the Messages resource shows it."""
    uri = f"/{VERSION}/Accounts/{account_sid}/Messages/{text.sid}"
    return {
        "sid": text.sid, "account_sid": account_sid, "from": text.sender or None, "to": text.to, "body": text.body,
        "direction": text.direction, "status": text.status, "error_code": text.error_code, "error_message": None,
        "date_created": stamp(text.at), "date_sent": stamp(text.sent_at),
        "date_updated": stamp(text.sent_at or text.at),
        "num_media": str(len(text.media_urls) or len(text.media)), "num_segments": str(segments(text.body)),
        "api_version": VERSION, "messaging_service_sid": text.service, "price": None, "price_unit": "USD",
        "uri": f"{uri}.json", "subresource_uris": {"media": f"{uri}/Media.json"},
    }  # fmt: skip


def media_shown(media: Media, account_sid: str) -> dict[str, Any]:
    """As the Media resource shows it."""
    return {
        "sid": media.sid, "account_sid": account_sid, "parent_sid": media.text_sid, "content_type": media.content_type,
        "date_created": stamp(media.at), "date_updated": stamp(media.at),
        "uri": f"/{VERSION}/Accounts/{account_sid}/Messages/{media.text_sid}/Media/{media.sid}.json",
    }  # fmt: skip
