"""Telnyx Programmable Fax v2: Ed25519-signed JSON events, documents behind short-lived URLs.

Source: developers.telnyx.com/docs/programmable-fax (receiving webhooks) and Telnyx's OpenAPI file.
"""

import base64
import binascii
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend.core.callbacks import BadSignature, MalformedWebhook, ProviderUnavailable
from backend.faxes.ports import DocumentGone, FaxAccount, FaxNotice, ProviderName, WebhookRequest
from backend.integrations.fax_telnyx.sending import TelnyxSending
from backend.integrations.http import call, download, host_of, json_of

BASE_URL = "https://api.telnyx.com/v2"
TOLERANCE_SECONDS = 300
MEDIA_HOSTS = (".telnyx.com", ".amazonaws.com")
PAGE = 100


class TelnyxFax(TelnyxSending):
    """Secrets: api_key, public_key (base64 of 32 bytes, from the portal)."""

    name: ProviderName = "telnyx"

    def __init__(
        self, http: httpx.AsyncClient, base_url: str = BASE_URL, clock: Callable[[], float] = time.time
    ) -> None:
        self._http, self._base, self._clock = http, base_url.rstrip("/"), clock

    def verify(self, account: FaxAccount, request: WebhookRequest) -> None:
        """Signature over `timestamp|body`, at most five minutes old."""
        timestamp = request.headers.get("telnyx-timestamp", "")
        try:
            key = _public_key(account.secrets["public_key"])
            signature = base64.b64decode(request.headers.get("telnyx-signature-ed25519", ""), validate=True)
            key.verify(signature, timestamp.encode() + b"|" + request.body)
            age = abs(self._clock() - int(timestamp))
        except (KeyError, ValueError, binascii.Error, InvalidSignature):
            raise BadSignature from None
        if age > TOLERANCE_SECONDS:
            raise BadSignature

    def notices(self, account: FaxAccount, request: WebhookRequest) -> list[FaxNotice]:
        """`fax.received` and `fax.failed` concern us; the other events of the sequence need no work."""
        try:
            data = json.loads(request.body)["data"]
            payload, event = data["payload"], data["event_type"]
            notice = _notice(payload, str(data["id"]), str(payload["fax_id"]), data.get("occurred_at"))
        except (ValueError, KeyError, TypeError):
            raise MalformedWebhook("unexpected_json") from None
        inbound = payload.get("direction", "inbound") == "inbound"
        status = {"fax.received": "received", "fax.failed": "failed"}.get(event, "ignored") if inbound else "ignored"
        return [_with(notice, status, payload.get("failure_reason"))]

    async def download(self, account: FaxAccount, external_id: str) -> bytes:
        """By id; an expired address is refreshed once."""
        fax = await self._fax(account, external_id)
        hosts = (*MEDIA_HOSTS, host_of(self._base))
        try:
            return await download(self._http, _media_url(fax), hosts=hosts)
        except (DocumentGone, ProviderUnavailable) as error:
            if error.code not in {"unauthorized", "not_found"}:
                raise
        await call(self._http, "POST", f"{self._base}/faxes/{external_id}/actions/refresh", headers=_bearer(account))
        return await download(self._http, _media_url(await self._fax(account, external_id)), hosts=hosts)

    async def _fax(self, account: FaxAccount, external_id: str) -> dict[str, Any]:
        answer = await json_of(self._http, "GET", f"{self._base}/faxes/{external_id}", headers=_bearer(account))
        return dict(answer["data"])

    async def list_received(self, account: FaxAccount, since: datetime) -> list[FaxNotice]:
        """Inbound faxes created since then."""
        found: list[FaxNotice] = []
        page = 1
        while True:
            params = {
                "filter[direction][eq]": "inbound",
                "filter[created_at][gte]": since.astimezone(UTC).isoformat(),
                "page[number]": str(page),
                "page[size]": str(PAGE),
            }
            answer = await json_of(self._http, "GET", f"{self._base}/faxes", headers=_bearer(account), params=params)
            for fax in answer["data"]:
                if fax.get("to") == account.number and fax.get("status") in {"received", "failed"}:
                    notice = _notice(fax, f"list:{fax['id']}", fax["id"], fax.get("created_at"))
                    found.append(_with(notice, fax["status"], fax.get("failure_reason")))
            if page >= answer.get("meta", {}).get("total_pages", 1):
                return found
            page += 1

    async def acknowledge(self, account: FaxAccount, external_id: str) -> None:
        """Telnyx needs no thanks."""

    def enclosed(self, content_type: str, body: bytes) -> bytes | None:
        """Telnyx sends addresses, never documents."""
        return None


@lru_cache(maxsize=256)
def _public_key(encoded: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded, validate=True))


def _bearer(account: FaxAccount) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.secrets['api_key']}"}


def _media_url(fax: dict[str, Any]) -> str:
    url = fax.get("media_url")
    if not isinstance(url, str):
        raise ProviderUnavailable("no_media_yet", 30)
    return url


def _notice(payload: dict[str, Any], event_id: str, external_id: str, at: str | None) -> FaxNotice:
    return FaxNotice(
        event_id=event_id,
        external_id=external_id,
        status="ignored",
        from_number=payload.get("from") or payload.get("caller_id"),
        to_number=payload.get("to"),
        received_at=datetime.fromisoformat(at) if at else None,
        page_count=payload.get("page_count"),
    )


def _with(notice: FaxNotice, status: Any, failure: str | None) -> FaxNotice:
    return FaxNotice(
        notice.event_id, notice.external_id, status, notice.from_number, notice.to_number, notice.received_at,
        notice.page_count, (failure or "failed") if status == "failed" else None,
    )  # fmt: skip
