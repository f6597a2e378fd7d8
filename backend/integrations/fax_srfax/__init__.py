"""SRFax: one POST address, HTTP 200 even for errors; what comes in is polled, and marked viewed only once stored.

Source: srfax.com/developers/internet-fax-api.
"""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

import httpx

from backend.core.callbacks import ProviderUnavailable
from backend.faxes.ports import DocumentGone, FaxAccount, FaxNotice, ProviderName, WebhookRequest
from backend.integrations.fax_srfax import sending
from backend.integrations.http import json_of

BASE_URL = "https://www.srfax.com/SRF_SecWebSvc.php"


class SRFax(sending.SRFaxSending):
    """Secrets: access_id, access_pwd."""

    name: ProviderName = "srfax"

    def __init__(self, http: httpx.AsyncClient, base_url: str = BASE_URL) -> None:
        self._http, self._url = http, base_url

    def verify(self, account: FaxAccount, request: WebhookRequest) -> None:
        """SRFax calls nobody about inbound faxes; about those we send it calls the address we gave it."""
        sending.verify(account, request)

    def notices(self, account: FaxAccount, request: WebhookRequest) -> list[FaxNotice]:
        """What it calls about is never an inbound fax."""
        return []

    async def download(self, account: FaxAccount, external_id: str) -> bytes:
        """As PDF, without marking it viewed."""
        result = await self._do(
            account, "Retrieve_Fax", sFaxDetailsID=external_id, sDirection="IN", sFaxFormat="PDF", sMarkasViewed="N"
        )
        try:
            return base64.b64decode(str(result))
        except (binascii.Error, ValueError):
            raise ProviderUnavailable("not_base64") from None

    async def list_received(self, account: FaxAccount, since: datetime) -> list[FaxNotice]:
        """Viewed or not: staff may have opened a fax in the portal."""
        result = await self._do(
            account,
            "Get_Fax_Inbox",
            sPeriod="RANGE",
            sStartDate=since.astimezone(UTC).strftime("%Y%m%d"),
            sEndDate=datetime.now(UTC).strftime("%Y%m%d"),
            sViewedStatus="ALL",
        )
        return [_notice(row, account) for row in result]

    async def acknowledge(self, account: FaxAccount, external_id: str) -> None:
        """Mark it viewed, now that the document is stored."""
        await self._do(account, "Update_Viewed_Status", sFaxDetailsID=external_id, sDirection="IN", sMarkasViewed="Y")

    def enclosed(self, content_type: str, body: bytes) -> bytes | None:
        """There are no callbacks."""
        return None

    async def _do(self, account: FaxAccount, action: str, **fields: str) -> Any:
        form = {
            "action": action,
            "access_id": account.secrets["access_id"],
            "access_pwd": account.secrets["access_pwd"],
            "sResponseFormat": "JSON",
            **fields,
        }
        answer = await json_of(self._http, "POST", self._url, data=form)
        if answer.get("Status") != "Success":
            # The text is SRFax's own; only its kind is kept.
            text = str(answer.get("Result", "")).lower()
            if action == "Retrieve_Fax" and ("not found" in text or "no such" in text or "does not exist" in text):
                raise DocumentGone("not_found")
            raise ProviderUnavailable("unauthorized" if "access" in text or "password" in text else "failed")
        return answer.get("Result")


def _notice(row: dict[str, Any], account: FaxAccount) -> FaxNotice:
    """`FileName` is `20150430124505-8104-19_1|31524120`; the fax's id stands after the bar."""
    external_id = str(row["FileName"]).rpartition("|")[2]
    epoch = row.get("EpochTime")
    failed = str(row.get("ReceiveStatus", "Ok")).lower() not in {"ok", "success"}
    return FaxNotice(
        event_id=f"list:{external_id}",
        external_id=external_id,
        status="failed" if failed else "received",
        from_number=row.get("CallerID") or row.get("RemoteID") or None,
        to_number=account.number,
        received_at=datetime.fromtimestamp(int(epoch), UTC) if epoch else None,
        page_count=int(row["Pages"]) if str(row.get("Pages", "")).isdigit() else None,
        failure_code="receive_failed" if failed else None,
    )
