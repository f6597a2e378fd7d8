"""SRFax's outbound side: `Queue_Fax`, an unsigned `sNotifyURL` that only makes us ask, our ref as `sAccountCode`."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlencode

import httpx

from backend.core.callbacks import BadSignature, MalformedWebhook, ProviderUnavailable
from backend.faxes.ports import (
    DocumentGone,
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

PROGRESS: Final[dict[str, Progress]] = {"sent": "delivered", "failed": "failed", "in progress": "transmitting"}
# Words in ErrorCode of a call that no machine answered.
BEFORE_DATA: Final = {"busy": "busy", "no answer": "no_answer", "no carrier": "no_answer", "invalid": "bad_number"}


class SRFaxSending:
    """Needs access_id, access_pwd and sender_email, which SRFax demands with every fax."""

    takes: Literal["image/tiff", "application/pdf"] = "image/tiff"
    _http: httpx.AsyncClient
    _url: str

    async def send(self, account: FaxAccount, fax: OutgoingFax) -> FaxReport:
        """SRFax's own retries are off: whether a fax may go again is ours to say."""
        email = account.secrets.get("sender_email")
        if not email:
            raise FaxRefused("no_sender_email")
        notify = f"{fax.callback_url}?{urlencode({'ref': fax.ref, 'proof': proof(account, fax.ref)})}"
        form = _form(account, "Queue_Fax") | {
            "sCallerID": account.number[-10:], "sSenderEmail": email, "sFaxType": "SINGLE",
            "sToFaxNumber": fax.to.lstrip("+"), "sAccountCode": fax.ref, "sRetries": "0", "sNotifyURL": notify,
            "sFileName_1": "letter.tif", "sFileContent_1": base64.b64encode(fax.document).decode(),
        }  # fmt: skip
        answer = await hand_over(self._http, self._url, data=form)
        if not isinstance(answer, dict) or answer.get("Status") not in {"Success", "Failed"}:
            raise FaxUncertain("unexpected_answer")
        if answer["Status"] == "Failed":
            text = str(answer.get("Result", "")).lower()
            raise FaxRefused("unauthorized" if "access" in text or "password" in text else "refused")
        return FaxReport(str(answer["Result"]), "accepted", ref=fax.ref)

    async def find_sent(self, account: FaxAccount, ref: str, to: str, since: datetime) -> FaxReport | None:
        """In the outbox, by account code."""
        fields = {
            "sPeriod": "RANGE", "sStartDate": since.astimezone(UTC).strftime("%Y%m%d"),
            "sEndDate": datetime.now(UTC).strftime("%Y%m%d"),
        }  # fmt: skip
        rows = await self._asked(account, "Get_Fax_Outbox", **fields)
        return next((_report(row) for row in rows if row.get("AccountCode") == ref), None)

    async def look_up(self, account: FaxAccount, external_id: str) -> FaxReport:
        """By FaxDetailsID."""
        found = await self._asked(account, "Get_FaxStatus", sFaxDetailsID=external_id)
        return _report(found[0] if isinstance(found, list) else found, external_id)

    def reports(self, account: FaxAccount, request: WebhookRequest) -> list[FaxReport]:
        """Its callback is only a hint, whatever it says: the report names the fax and nothing else."""
        try:
            said = parse_qs(request.body.decode())
        except UnicodeDecodeError:
            raise MalformedWebhook("not_a_form") from None
        external_id = (said.get("FaxDetailsID") or [""])[0]
        ref = request.query.get("ref")
        event = f"sent:{external_id or ref}:{(said.get('SentStatus') or [''])[0]}"
        return [FaxReport(external_id, None, ref=ref, event_id=event)]

    async def _asked(self, account: FaxAccount, action: str, **fields: str) -> Any:
        answer = await json_of(self._http, "POST", self._url, data=_form(account, action) | fields)
        if answer.get("Status") == "Success":
            return answer.get("Result")
        if "not found" in str(answer.get("Result", "")).lower():
            raise DocumentGone("not_found")
        raise ProviderUnavailable("failed")


def proof(account: FaxAccount, ref: str) -> str:
    """What only we and whoever holds the account can put into an address to be called."""
    return hmac.new(account.secrets["access_pwd"].encode(), f"notify:{ref}".encode(), hashlib.sha256).hexdigest()


def verify(account: FaxAccount, request: WebhookRequest) -> None:
    """The address called is one we gave out. Raises `BadSignature`."""
    ref, given = request.query.get("ref", ""), request.query.get("proof", "")
    if not ref or not hmac.compare_digest(given, proof(account, ref)):
        raise BadSignature


def _form(account: FaxAccount, action: str) -> dict[str, str]:
    return {
        "action": action, "access_id": account.secrets["access_id"], "access_pwd": account.secrets["access_pwd"],
        "sResponseFormat": "JSON",
    }  # fmt: skip


def _report(row: dict[str, Any], external_id: str | None = None) -> FaxReport:
    state = PROGRESS.get(str(row.get("SentStatus", "")).lower(), "accepted")
    said = str(row.get("ErrorCode") or "failed").lower()
    known = next((word for sign, word in BEFORE_DATA.items() if sign in said), None)
    pages = int(row["Pages"]) if str(row.get("Pages", "")).isdigit() else 0
    reached: Reached | None = None
    if state == "failed":
        reached = "before_data" if known else "unknown"
    epoch = row.get("EpochTime")
    return FaxReport(
        external_id=external_id or str(row["FileName"]).rpartition("|")[2], state=state, ref=row.get("AccountCode"),
        code=(known or "failed") if state == "failed" else None, reached=reached,
        pages=pages or None, remote_station=row.get("RemoteID") or None,
        at=datetime.fromtimestamp(int(epoch), UTC) if epoch else None,
    )  # fmt: skip
