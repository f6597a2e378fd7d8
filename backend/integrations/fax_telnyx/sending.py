"""Telnyx's outbound side: multipart `POST /v2/faxes` so that no address of a document is exposed, signed events."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any, Final, Literal

import httpx

from backend.core.callbacks import MalformedWebhook
from backend.faxes.ports import (
    FaxAccount,
    FaxRefused,
    FaxReport,
    FaxUncertain,
    OutgoingFax,
    Progress,
    Reached,
    WebhookRequest,
)
from backend.integrations.http import hand_over, json_of

PAGE = 100
PROGRESS: Final[dict[str, Progress]] = {
    "delivered": "delivered", "failed": "failed", "sending": "transmitting", "sending.started": "transmitting",
    "originated": "transmitting",
}  # fmt: skip
BEFORE_DATA: Final = {
    "user_busy": "busy", "receiver_no_answer": "no_answer", "receiver_no_response": "no_answer",
    "fax_initial_communication_timeout": "no_answer", "receiver_unallocated_number": "bad_number",
    "receiver_invalid_number_format": "bad_number", "destination_invalid": "bad_number",
    "destination_unreachable": "no_answer", "receiver_decline": "declined", "file_format_invalid": "document",
    "file_download_failed": "document", "media_processing_exception": "document",
}  # fmt: skip


class TelnyxSending:
    """Needs api_key and connection_id, the fax application that sends."""

    takes: Literal["image/tiff", "application/pdf"] = "application/pdf"
    _http: httpx.AsyncClient
    _base: str

    async def send(self, account: FaxAccount, fax: OutgoingFax) -> FaxReport:
        """Our ref travels as `client_state`, which every event and the fax itself carry back."""
        connection_id = account.secrets.get("connection_id")
        if not connection_id:
            raise FaxRefused("no_connection_id")
        form = {
            "connection_id": connection_id, "to": fax.to, "from": account.number, "quality": "high",
            "monochrome": "true", "store_media": "false", "webhook_url": fax.callback_url,
            "client_state": base64.b64encode(fax.ref.encode()).decode(),
        }  # fmt: skip
        files = {"contents": ("letter.pdf", fax.document, fax.media_type)}
        answer = await hand_over(self._http, f"{self._base}/faxes", headers=_bearer(account), data=form, files=files)
        try:
            return _report(answer["data"], answer["data"]["id"])
        except (KeyError, TypeError, ValueError):
            raise FaxUncertain("unexpected_answer") from None

    async def find_sent(self, account: FaxAccount, ref: str, to: str, since: datetime) -> FaxReport | None:
        """By `client_state`, among what was sent to that number since then."""
        page = 1
        while True:
            params = {
                "filter[direction][eq]": "outbound", "filter[to][eq]": to,
                "filter[created_at][gte]": since.astimezone(UTC).isoformat(), "page[number]": str(page),
                "page[size]": str(PAGE),
            }  # fmt: skip
            answer = await json_of(self._http, "GET", f"{self._base}/faxes", headers=_bearer(account), params=params)
            for fax in answer["data"]:
                if _ref(fax) == ref:
                    return _report(fax, fax["id"])
            if page >= answer.get("meta", {}).get("total_pages", 1):
                return None
            page += 1

    async def look_up(self, account: FaxAccount, external_id: str) -> FaxReport:
        """By id."""
        answer = await json_of(self._http, "GET", f"{self._base}/faxes/{external_id}", headers=_bearer(account))
        return _report(answer["data"], external_id)

    def reports(self, account: FaxAccount, request: WebhookRequest) -> list[FaxReport]:
        """Outbound events, in whatever order they come."""
        try:
            data = json.loads(request.body)["data"]
            payload = data["payload"]
            if payload.get("direction", "inbound") != "outbound":
                return []
            status = str(data["event_type"]).removeprefix("fax.")
            told = payload | {"status": status, "created_at": data.get("occurred_at")}
            return [_report(told, payload["fax_id"], f"sent:{data['id']}")]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise MalformedWebhook("unexpected_json") from None


def _bearer(account: FaxAccount) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.secrets['api_key']}"}


def _ref(fax: dict[str, Any]) -> str | None:
    try:
        return base64.b64decode(fax.get("client_state") or "", validate=True).decode() or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def _report(fax: dict[str, Any], external_id: str, event_id: str = "") -> FaxReport:
    state = PROGRESS.get(str(fax.get("status")), "accepted")
    reason = str(fax.get("failure_reason") or "failed")
    reached: Reached | None = None
    if state == "failed":
        reached = "before_data" if reason in BEFORE_DATA else "unknown"
    at = fax.get("updated_at") or fax.get("created_at")
    return FaxReport(
        external_id=str(external_id), state=state, ref=_ref(fax),
        code=BEFORE_DATA.get(reason, reason) if state == "failed" else None, reached=reached,
        pages=fax.get("page_count"), at=datetime.fromisoformat(at) if at else None, event_id=event_id,
    )  # fmt: skip
