"""Sinch's outbound side: JSON `POST /faxes` with the file in base64, `FAX_COMPLETED` callbacks, our ref as a label."""

import base64
import json
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import quote

import httpx

from backend.core.callbacks import MalformedWebhook
from backend.faxes.ports import FaxAccount, FaxReport, FaxUncertain, OutgoingFax, Progress, Reached, WebhookRequest
from backend.integrations.http import basic, hand_over, json_of
from backend.integrations.multipart import parts_of

PAGE = 200
PROGRESS: Final[dict[str, Progress]] = {
    "QUEUED": "accepted", "IN_PROGRESS": "transmitting", "COMPLETED": "delivered", "FAILURE": "failed"
}  # fmt: skip
# errorCode by errorType (CALL_ERROR, DOCUMENT_CONVERSION_ERROR): what ended before a machine answered.
BEFORE_DATA: Final = {
    ("CALL_ERROR", 17): "busy", ("CALL_ERROR", 16): "no_answer", ("CALL_ERROR", 30): "no_answer",
    ("CALL_ERROR", 15): "congestion", ("CALL_ERROR", 34): "bad_number", ("CALL_ERROR", 49): "bad_number",
    ("DOCUMENT_CONVERSION_ERROR", 54): "document", ("DOCUMENT_CONVERSION_ERROR", 129): "document",
}  # fmt: skip


class SinchSending:
    """Needs project_id, key_id and key_secret; callbacks carry webhook_username and webhook_password."""

    takes: Literal["image/tiff", "application/pdf"] = "application/pdf"
    _http: httpx.AsyncClient
    _base: str

    async def send(self, account: FaxAccount, fax: OutgoingFax) -> FaxReport:
        """Sinch's own retries are off: whether a fax may go again is ours to say."""
        body = {
            "to": fax.to, "from": account.number, "maxRetries": 0, "labels": {"ref": fax.ref}, "resolution": "FINE",
            "imageConversionMethod": "MONOCHROME", "callbackUrl": _with_credentials(account, fax.callback_url),
            "callbackUrlContentType": "application/json",
            "files": [{"file": base64.b64encode(fax.document).decode(), "fileType": "PDF"}],
        }  # fmt: skip
        answer = await hand_over(self._http, self._faxes(account), headers=_authorization(account), json=body)
        try:
            return _report(answer[0] if isinstance(answer, list) else answer)
        except (KeyError, TypeError, ValueError, IndexError):
            raise FaxUncertain("unexpected_answer") from None

    async def find_sent(self, account: FaxAccount, ref: str, to: str, since: datetime) -> FaxReport | None:
        """By label, among what was sent to that number since then."""
        page = 1
        while True:
            params = {
                "direction": "OUTBOUND", "to": to, "createTime>": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "pageSize": str(PAGE), "page": str(page),
            }  # fmt: skip
            answer = await json_of(
                self._http, "GET", self._faxes(account), headers=_authorization(account), params=params
            )
            for fax in answer["faxes"]:
                if (fax.get("labels") or {}).get("ref") == ref:
                    return _report(fax)
            if page >= answer.get("totalPages", 1):
                return None
            page += 1

    async def look_up(self, account: FaxAccount, external_id: str) -> FaxReport:
        """By id."""
        url = f"{self._faxes(account)}/{external_id}"
        return _report(await json_of(self._http, "GET", url, headers=_authorization(account)))

    def reports(self, account: FaxAccount, request: WebhookRequest) -> list[FaxReport]:
        """`FAX_COMPLETED`, in JSON or multipart."""
        content_type = request.headers.get("content-type", "")
        try:
            if content_type.startswith("multipart/"):
                parts = parts_of(content_type, request.body)
                event, fax = parts["event"].decode().strip('"'), json.loads(parts["fax"])
            else:
                whole = json.loads(request.body)
                event, fax = whole["event"], whole["fax"]
                fax = json.loads(fax) if isinstance(fax, str) else fax
            ours = event == "FAX_COMPLETED" and fax.get("direction", "OUTBOUND") == "OUTBOUND"
            return [_report(fax)] if ours else []
        except (ValueError, KeyError, TypeError, AttributeError):
            raise MalformedWebhook("unexpected_event") from None

    def _faxes(self, account: FaxAccount) -> str:
        return f"{self._base}/projects/{account.secrets['project_id']}/faxes"


def _authorization(account: FaxAccount) -> dict[str, str]:
    return {"Authorization": basic(account.secrets["key_id"], account.secrets["key_secret"])}


def _with_credentials(account: FaxAccount, url: str) -> str:
    """Sinch signs nothing; what proves its callbacks is part of the address it calls."""
    scheme, _, rest = url.partition("://")
    user, password = (quote(account.secrets[name], safe="") for name in ("webhook_username", "webhook_password"))
    return f"{scheme}://{user}:{password}@{rest}"


def _report(fax: dict[str, Any]) -> FaxReport:
    state = PROGRESS.get(str(fax.get("status")), "accepted")
    pages = int(fax.get("pagesSentSuccessfully") or 0)
    kind, number = str(fax.get("errorType") or ""), str(fax.get("errorCode") or "")
    known = BEFORE_DATA.get((kind, int(number))) if number.isdigit() else None
    reached: Reached | None = None
    if state == "failed":
        reached = "data_exchanged" if pages else "before_data" if known else "unknown"
    at = fax.get("completedTime") or fax.get("createTime")
    return FaxReport(
        external_id=str(fax["id"]), state=state, ref=(fax.get("labels") or {}).get("ref"),
        code=(known or f"{kind.lower() or 'failed'}_{number}".strip("_")) if state == "failed" else None,
        reached=reached, pages=pages or (fax.get("numberOfPages") if state == "delivered" else None),
        at=datetime.fromisoformat(at) if at else None, event_id=f"sent:{fax['id']}:{fax.get('status')}",
    )  # fmt: skip
