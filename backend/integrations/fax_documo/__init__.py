"""Documo (mFax) v1: JSON callbacks with HTTP Basic, documents by message id.

Source: docs.documo.com, help.documo.com (New Webhooks, Legacy Webhooks).
"""

import json
from datetime import datetime
from typing import Any

import httpx

from backend.core.callbacks import MalformedWebhook
from backend.faxes.ports import FaxAccount, FaxNotice, ProviderName, WebhookRequest
from backend.integrations.fax_documo.sending import DocumoSending
from backend.integrations.http import download, host_of, json_of, verify_basic
from backend.integrations.multipart import parts_of

BASE_URL = "https://api.documo.com"
PAGE = 100
# History is limited to 8 calls a minute; more pages wait for the next comparison.
MOST_PAGES = 6


class DocumoFax(DocumoSending):
    """Secrets: api_key (sent raw after `Basic`), webhook_username, webhook_password."""

    name: ProviderName = "documo"

    def __init__(self, http: httpx.AsyncClient, base_url: str = BASE_URL) -> None:
        self._http, self._base = http, base_url.rstrip("/")

    def verify(self, account: FaxAccount, request: WebhookRequest) -> None:
        """Documo signs nothing; its webhooks carry the Basic credentials set with them."""
        verify_basic(request, account.secrets["webhook_username"], account.secrets["webhook_password"])

    def notices(self, account: FaxAccount, request: WebhookRequest) -> list[FaxNotice]:
        """ "New" JSON callbacks and the "legacy" multipart ones."""
        content_type = request.headers.get("content-type", "")
        body = request.body
        if content_type.startswith("multipart/"):
            body = parts_of(content_type, request.body).get("data", b"")
        try:
            return [_notice(json.loads(body), account)]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise MalformedWebhook("unexpected_json") from None

    async def download(self, account: FaxAccount, external_id: str) -> bytes:
        """As PDF."""
        url = f"{self._base}/v1/fax/{external_id}/download"
        return await download(
            self._http, url, hosts=(host_of(self._base),), headers=_authorization(account), params={"format": "pdf"}
        )

    async def list_received(self, account: FaxAccount, since: datetime) -> list[FaxNotice]:
        """From the history, newest first, until older than `since`."""
        found: list[FaxNotice] = []
        for page in range(MOST_PAGES):
            params = {"direction": "inbound", "offset": str(page * PAGE), "limit": str(PAGE)}
            answer = await json_of(
                self._http, "GET", f"{self._base}/v1/fax/history", headers=_authorization(account), params=params
            )
            rows = [_notice(row, account) for row in answer["rows"]]
            found += [row for row in rows if row.received_at is None or row.received_at >= since]
            if len(rows) < PAGE or (rows[-1].received_at and rows[-1].received_at < since):
                break
        return found

    async def acknowledge(self, account: FaxAccount, external_id: str) -> None:
        """Documo needs no thanks."""

    def enclosed(self, content_type: str, body: bytes) -> bytes | None:
        """Legacy callbacks bring the document along."""
        if not content_type.startswith("multipart/"):
            return None
        return parts_of(content_type, body).get("attachment") or None


def _authorization(account: FaxAccount) -> dict[str, str]:
    return {"Authorization": f"Basic {account.secrets['api_key']}"}


def _notice(fax: dict[str, Any], account: FaxAccount) -> FaxNotice:
    """Inbound, `faxNumber` is our own line; the sender is `faxCallerId` (may be ours or empty), else `faxCsid`."""
    sender = fax.get("faxCallerId") or ""
    if not sender or sender == account.number:
        sender = fax.get("faxCsid") or ""
    failed = fax["status"] == "failed" or fax.get("isFilePurged") is True
    inbound = fax.get("direction", "inbound") == "inbound"
    done = fax["status"] in {"success", "failed"}
    at = fax.get("resolvedDate") or fax.get("createdAt")
    return FaxNotice(
        # `succeed` and `complete` may both be sent for one fax: the message id names the event.
        event_id=f"{fax['messageId']}:{fax['status']}",
        external_id=str(fax["messageId"]),
        status="ignored" if not inbound or not done else "failed" if failed else "received",
        from_number=sender or None,
        to_number=fax.get("faxNumber") or None,
        received_at=datetime.fromisoformat(at) if at else None,
        page_count=fax.get("pagesComplete"),
        failure_code=("purged" if fax.get("isFilePurged") else str(fax.get("errorCode") or "failed"))
        if failed
        else None,
    )
