"""Documo: flat JSON callbacks with Basic, sent twice (`succeed`, `complete`); history limited to 8 calls a minute."""

import json
import time
from collections import deque
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, Header, HTTPException, Response, UploadFile

from backend.integrations.http import basic
from backend.sandbox.accounts import SandboxAccount
from backend.sandbox.carriers import STATION, Callback, Carriers
from backend.sandbox.store import SandboxFax, Store

RETRIES = (5.0, 25.0, 120.0, 600.0, 3120.0, 14400.0, 79200.0)
CALLS_A_MINUTE = 8
RESULTS: Final = {"busy": "6100", "no_answer": "6000", "bad_number": "5100", "midway": "7001"}


def _sent(fax: SandboxFax) -> dict[str, Any]:
    done = {"delivered": fax.pages, "failed": int(fax.outcome == "midway")}.get(fax.status, 0)
    return {
        "messageId": fax.id,
        "status": {"queued": "processing", "delivered": "success", "failed": "failed"}[fax.status],
        "direction": "outbound",
        "faxNumber": fax.to_number,
        "faxCallerId": fax.from_number,
        "faxCsid": STATION if done else "",
        "pagesCount": fax.pages,
        "pagesComplete": done,
        "resultCode": RESULTS.get(fax.outcome, "0") if fax.status == "failed" else "0",
        "tags": fax.ref,
        "isFilePurged": False,
        "createdAt": fax.received_at,
    }


def _facts(fax: SandboxFax) -> dict[str, Any]:
    if fax.direction == "outbound":
        return _sent(fax)
    return {
        "messageId": fax.id,
        "status": "success",
        "direction": "inbound",
        "faxNumber": fax.to_number,
        # Empty as often seen; the sender then stands in faxCsid.
        "faxCallerId": "",
        "faxCsid": fax.from_number,
        "pagesCount": 1,
        "pagesComplete": 1,
        "errorCode": "0",
        "resultCode": "0",
        "isFilePurged": False,
        "createdAt": fax.received_at,
        "resolvedDate": fax.received_at,
    }


def callbacks(store: Store, fax: SandboxFax, account: SandboxAccount) -> list[Callback]:
    """`succeed` and `complete` for the same message."""
    secrets = account.credentials
    headers = {"content-type": "application/json"}
    if not store.fault("documo", "unsigned"):
        headers["authorization"] = basic(secrets["webhook_username"], secrets["webhook_password"])
    body = json.dumps(_facts(fax)).encode()
    first = "failed" if fax.status == "failed" else "succeed"
    return [
        Callback(headers | {"x-webhook-event": f"fax.v1.{fax.direction}.{event}"}, body)
        for event in (first, "complete")
    ]


def router(carriers: Carriers) -> APIRouter:
    """The part of Documo's API that we use."""
    routes = APIRouter(prefix="/providers/documo/v1")
    account = carriers.accounts["documo"]
    calls: deque[float] = deque(maxlen=CALLS_A_MINUTE)

    def allowed(authorization: str) -> None:
        if authorization != f"Basic {account.credentials['api_key']}":
            raise HTTPException(401)

    @routes.post("/faxes")
    async def send(
        number: Annotated[str, Form(alias="faxNumber")],
        attachments: Annotated[UploadFile, File()],
        tags: Annotated[str, Form()] = "",
        authorization: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        allowed(authorization)
        carriers.trouble("documo")
        return _facts(carriers.send("documo", number, await attachments.read(), ref=tags, callback=""))

    @routes.get("/fax/history")
    async def history(
        authorization: Annotated[str, Header()] = "", direction: str = "inbound", offset: int = 0, limit: int = 25
    ) -> dict[str, Any]:
        allowed(authorization)
        carriers.trouble("documo")
        if len(calls) == CALLS_A_MINUTE and calls[0] > time.monotonic() - 60:
            raise HTTPException(429, headers={"Retry-After": "60"})
        calls.append(time.monotonic())
        found = carriers.store.of("documo", direction)
        return {"count": len(found), "rows": [_facts(fax) for fax in found[offset : offset + limit]]}

    @routes.get("/fax/{fax_id}/info")
    async def info(fax_id: str, authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        allowed(authorization)
        return _facts(carriers.fax("documo", fax_id))

    @routes.get("/fax/{fax_id}/download")
    async def download(fax_id: str, authorization: Annotated[str, Header()] = "") -> Response:
        allowed(authorization)
        fax = carriers.fax("documo", fax_id)
        if carriers.store.fault("documo", "media_404"):
            raise HTTPException(404)
        return Response(carriers.store.document(fax), media_type=fax.media_type)

    return routes
