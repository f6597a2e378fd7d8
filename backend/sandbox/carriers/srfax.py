"""SRFax: one POST address, HTTP 200 whatever happens, base64 with line breaks, viewed or not."""

import base64
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request

from backend.sandbox.carriers import STATION, Callback, Carriers
from backend.sandbox.store import SandboxFax, Store

RETRIES: tuple[float, ...] = ()
ERRORS: Final = {"busy": "User Busy", "no_answer": "No Answer", "bad_number": "Invalid Number", "midway": "Comm Error"}


def callbacks(store: Store, fax: SandboxFax) -> list[Callback]:
    """`sNotifyURL` hears of a fax we sent; unsigned."""
    body = urlencode({"FaxDetailsID": fax.id, **{name: str(value) for name, value in _sent(fax).items()}}).encode()
    return [Callback({"content-type": "application/x-www-form-urlencoded"}, body)]


def _sent(fax: SandboxFax) -> dict[str, Any]:
    at = datetime.fromisoformat(fax.received_at)
    done = fax.pages if fax.status == "delivered" else int(fax.outcome == "midway")
    return {
        "FileName": f"{at:%Y%m%d%H%M%S}-8104-19_1|{fax.id}",
        "SentStatus": {"queued": "In Progress", "delivered": "Sent", "failed": "Failed"}[fax.status],
        "EpochTime": int(at.timestamp()),
        "ToFaxNumber": fax.to_number.lstrip("+"),
        "Pages": str(done if fax.status != "queued" else fax.pages),
        "RemoteID": STATION if fax.status == "delivered" else "",
        "ErrorCode": ERRORS.get(fax.outcome, "") if fax.status == "failed" else "",
        "AccountCode": fax.ref,
    }


def _row(fax: SandboxFax) -> dict[str, Any]:
    at = datetime.fromisoformat(fax.received_at)
    return {
        "FileName": f"{at:%Y%m%d%H%M%S}-8104-19_1|{fax.id}",
        "ReceiveStatus": "Ok",
        "Date": f"{at:%b %d/%y %I:%M %p}",
        "EpochTime": int(at.timestamp()),
        "CallerID": fax.from_number,
        "RemoteID": "",
        "Pages": "1",
        "Size": "1024",
        "ViewedStatus": "Y" if fax.viewed else "N",
    }


def router(carriers: Carriers) -> APIRouter:
    """The part of SRFax's API that we use."""
    routes = APIRouter()
    account = carriers.accounts["srfax"]

    def failed(text: str) -> dict[str, Any]:
        return {"Status": "Failed", "Result": text}

    def inbox(form: dict[str, str]) -> list[dict[str, Any]]:
        found = carriers.store.of("srfax")
        if form.get("sViewedStatus") == "UNREAD":
            found = [fax for fax in found if not fax.viewed]
        if form.get("sPeriod") == "RANGE":
            found = [
                fax for fax in found if form["sStartDate"] <= fax.received_at[:10].replace("-", "") <= form["sEndDate"]
            ]
        return [_row(fax) for fax in found]

    @routes.post("/providers/srfax")
    async def act(request: Request) -> dict[str, Any]:
        form = {name: str(value) for name, value in (await request.form()).items()}
        carriers.trouble("srfax")
        wanted = (account.credentials["access_id"], account.credentials["access_pwd"])
        if (form.get("access_id"), form.get("access_pwd")) != wanted:
            return failed("Invalid Access Code / Password")
        if form.get("action") == "Get_Fax_Inbox":
            return {"Status": "Success", "Result": inbox(form)}
        if form.get("action") == "Queue_Fax":
            taken = carriers.send(
                "srfax", form["sToFaxNumber"], base64.b64decode(form["sFileContent_1"]),
                ref=form.get("sAccountCode", ""), callback=form.get("sNotifyURL", ""),
            )  # fmt: skip
            return {"Status": "Success", "Result": taken.id}
        if form.get("action") == "Get_Fax_Outbox":
            return {"Status": "Success", "Result": [_sent(fax) for fax in carriers.store.of("srfax", "outbound")]}
        fax = carriers.store.faxes.get(form.get("sFaxDetailsID", ""))
        if fax is not None and form.get("action") == "Get_FaxStatus":
            return {"Status": "Success", "Result": _sent(fax)}
        if fax is None or fax.provider != "srfax" or carriers.store.fault("srfax", "media_404"):
            return failed("Fax not found")
        if form.get("sMarkasViewed") == "Y":
            carriers.store.mark_viewed(fax.id)
        if form.get("action") == "Retrieve_Fax":
            return {"Status": "Success", "Result": base64.encodebytes(carriers.store.document(fax)).decode()}
        return {"Status": "Success", "Result": ""}

    return routes
