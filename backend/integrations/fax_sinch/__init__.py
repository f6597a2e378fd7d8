"""Sinch Fax v3: multipart or JSON callbacks with the document enclosed, HTTP Basic, retries for three days.

Source: developers.sinch.com/docs/fax and Sinch's OpenAPI file.
"""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

import httpx

from backend.core.callbacks import MalformedWebhook
from backend.faxes.ports import FaxAccount, FaxNotice, ProviderName, WebhookRequest
from backend.integrations.fax_sinch.sending import SinchSending
from backend.integrations.http import basic, download, host_of, json_of, verify_basic
from backend.integrations.multipart import parts_of

BASE_URL = "https://fax.api.sinch.com/v3"
PAGE = 200


class SinchFax(SinchSending):
    """Secrets: project_id, key_id, key_secret, webhook_username, webhook_password."""

    name: ProviderName = "sinch"

    def __init__(self, http: httpx.AsyncClient, base_url: str = BASE_URL) -> None:
        self._http, self._base = http, base_url.rstrip("/")

    def verify(self, account: FaxAccount, request: WebhookRequest) -> None:
        """Sinch signs nothing; credentials are part of the webhook address and arrive as Basic."""
        verify_basic(request, account.secrets["webhook_username"], account.secrets["webhook_password"])

    def notices(self, account: FaxAccount, request: WebhookRequest) -> list[FaxNotice]:
        """INCOMING_FAX; in multipart its `fax` part is a JSON string."""
        event, fax = _event(request.headers.get("content-type", ""), request.body)
        try:
            return [_notice(fax, event)]
        except (KeyError, TypeError, ValueError):
            raise MalformedWebhook("unexpected_fax") from None

    async def download(self, account: FaxAccount, external_id: str) -> bytes:
        """As PDF; kept only when the service stores inbound faxes."""
        url = f"{self._project(account)}/faxes/{external_id}/file"
        return await download(self._http, url, hosts=(host_of(self._base),), headers=_authorization(account))

    async def list_received(self, account: FaxAccount, since: datetime) -> list[FaxNotice]:
        """Inbound faxes created since then."""
        found: list[FaxNotice] = []
        page = 1
        while True:
            params = {
                "direction": "INBOUND",
                "createTime>": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "pageSize": str(PAGE),
                "page": str(page),
            }
            answer = await json_of(
                self._http, "GET", f"{self._project(account)}/faxes", headers=_authorization(account), params=params
            )
            found += [_notice(fax, "INCOMING_FAX") for fax in answer["faxes"] if fax.get("to") == account.number]
            if page >= answer.get("totalPages", 1):
                return found
            page += 1

    async def acknowledge(self, account: FaxAccount, external_id: str) -> None:
        """Sinch needs no thanks."""

    def enclosed(self, content_type: str, body: bytes) -> bytes | None:
        """The document in the callback: the only copy when the service stores nothing."""
        if content_type.startswith("multipart/"):
            return parts_of(content_type, body).get("file") or None
        try:
            encoded = json.loads(body).get("file")
            return base64.b64decode(encoded) if encoded else None
        except (ValueError, AttributeError, binascii.Error):
            return None

    def _project(self, account: FaxAccount) -> str:
        return f"{self._base}/projects/{account.secrets['project_id']}"


def _authorization(account: FaxAccount) -> dict[str, str]:
    return {"Authorization": basic(account.secrets["key_id"], account.secrets["key_secret"])}


def _event(content_type: str, body: bytes) -> tuple[str, dict[str, Any]]:
    try:
        if content_type.startswith("multipart/"):
            parts = parts_of(content_type, body)
            return parts["event"].decode().strip('"'), dict(json.loads(parts["fax"]))
        whole = json.loads(body)
        fax = whole["fax"]
        return str(whole["event"]), dict(json.loads(fax) if isinstance(fax, str) else fax)
    except (ValueError, KeyError, TypeError):
        raise MalformedWebhook("unexpected_event") from None


def _notice(fax: dict[str, Any], event: str) -> FaxNotice:
    incoming = event == "INCOMING_FAX" and fax.get("direction", "INBOUND") == "INBOUND"
    failed = fax.get("status") == "FAILURE"
    at = fax.get("completedTime") or fax.get("createTime")
    return FaxNotice(
        event_id=f"{fax['id']}:{fax.get('status', '')}",
        external_id=str(fax["id"]),
        status="ignored" if not incoming else "failed" if failed else "received",
        from_number=fax.get("from") or None,
        to_number=fax.get("to") or None,
        received_at=datetime.fromisoformat(at) if at else None,
        page_count=fax.get("numberOfPages"),
        failure_code=str(fax.get("errorCode") or fax.get("errorType") or "failed") if failed else None,
    )
