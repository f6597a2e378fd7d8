"""Documo's outbound side: multipart `POST /v1/faxes`, how it went by callback or `/info`, our ref in `tags`."""

import json
from datetime import datetime
from typing import Any, Final, Literal

import httpx

from backend.core.callbacks import MalformedWebhook, ProviderUnavailable
from backend.faxes.ports import FaxAccount, FaxReport, FaxUncertain, OutgoingFax, Progress, Reached, WebhookRequest
from backend.integrations.http import hand_over, json_of
from backend.integrations.multipart import parts_of

PAGE = 100
MOST_PAGES = 6
PROGRESS: Final[dict[str, Progress]] = {
    "success": "delivered", "failed": "failed", "cancelled": "failed", "transmitting": "transmitting",
    "processing": "accepted", "scheduled": "accepted",
}  # fmt: skip
# Result codes of a call that no machine answered, and of a document that never left.
BEFORE_DATA: Final = {"6100": "busy", "6000": "no_answer", "5100": "blocked", "5200": "document"}


class DocumoSending:
    """Needs the api_key only."""

    takes: Literal["image/tiff", "application/pdf"] = "image/tiff"
    _http: httpx.AsyncClient
    _base: str

    async def send(self, account: FaxAccount, fax: OutgoingFax) -> FaxReport:
        """Documo knows no idempotency: our ref goes into `tags` and `cf`, to be looked for in its history."""
        form = {
            "faxNumber": fax.to, "callerId": account.number[-10:], "tags": fax.ref, "cf": json.dumps({"ref": fax.ref}),
            "coverPage": "false", "optimizeFax": "text",
        }  # fmt: skip
        files = {"attachments": ("letter.tif", fax.document, fax.media_type)}
        answer = await hand_over(
            self._http, f"{self._base}/v1/faxes", headers=_authorization(account), data=form, files=files
        )
        try:
            return _report(answer)
        except (KeyError, TypeError, ValueError):
            raise FaxUncertain("unexpected_answer") from None

    async def find_sent(self, account: FaxAccount, ref: str, to: str, since: datetime) -> FaxReport | None:
        """In the history, newest first. Rows that keep no tags cannot tell two faxes to one number apart."""
        for page in range(MOST_PAGES):
            params = {"direction": "outbound", "offset": str(page * PAGE), "limit": str(PAGE)}
            answer = await json_of(
                self._http, "GET", f"{self._base}/v1/fax/history", headers=_authorization(account), params=params
            )
            rows = [row for row in answer["rows"] if row.get("direction") == "outbound"]
            for row in rows:
                if ref in f"{row.get('tags')} {row.get('cf')}":
                    return _report(row)
                if row.get("faxNumber") == to and "tags" not in row and "cf" not in row and _at(row) >= since:
                    raise ProviderUnavailable("ambiguous")
            if len(answer["rows"]) < PAGE or (rows and _at(rows[-1]) < since):
                return None
        raise ProviderUnavailable("history_too_long")

    async def look_up(self, account: FaxAccount, external_id: str) -> FaxReport:
        """By message id."""
        url = f"{self._base}/v1/fax/{external_id}/info"
        return _report(await json_of(self._http, "GET", url, headers=_authorization(account)))

    def reports(self, account: FaxAccount, request: WebhookRequest) -> list[FaxReport]:
        """Callbacks with direction `outbound`; `succeed` and `complete` are one event."""
        content_type, body = request.headers.get("content-type", ""), request.body
        if content_type.startswith("multipart/"):
            body = parts_of(content_type, body).get("data", b"")
        try:
            fax = json.loads(body)
            return [_report(fax)] if fax.get("direction") == "outbound" else []
        except (ValueError, KeyError, TypeError, AttributeError):
            raise MalformedWebhook("unexpected_json") from None


def _authorization(account: FaxAccount) -> dict[str, str]:
    return {"Authorization": f"Basic {account.secrets['api_key']}"}


def _at(fax: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(fax["createdAt"])


def _report(fax: dict[str, Any]) -> FaxReport:
    state = PROGRESS.get(str(fax.get("status")), "accepted")
    pages = int(fax.get("pagesComplete") or 0)
    result = str(fax.get("resultCode") or fax.get("errorCode") or "")
    reached: Reached | None = None
    if state == "failed":
        known = "before_data" if result in BEFORE_DATA else "unknown"
        reached = "data_exchanged" if pages else known  # type: ignore[assignment]
    at = fax.get("resolvedDate") or fax.get("createdAt")
    return FaxReport(
        external_id=str(fax["messageId"]), state=state, ref=str(fax.get("tags") or "") or None,
        code=(BEFORE_DATA.get(result, result) or "failed") if reached else None, reached=reached, pages=pages or None,
        remote_station=fax.get("faxCsid") or None, at=datetime.fromisoformat(at) if at else None,
        event_id=f"sent:{fax['messageId']}:{fax.get('status')}",
    )  # fmt: skip
