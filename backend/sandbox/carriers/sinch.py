"""Sinch v3: multipart callbacks that bring the document along; the fax part is a JSON string."""

import base64
import json
import uuid
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, HTTPException, Query, Request, Response

from backend.integrations.http import basic
from backend.sandbox.accounts import SandboxAccount
from backend.sandbox.carriers import Callback, Carriers
from backend.sandbox.store import SandboxFax, Store

ERRORS: Final = {
    "busy": ("CALL_ERROR", 17), "no_answer": ("CALL_ERROR", 30), "bad_number": ("CALL_ERROR", 34),
    "midway": ("FAX_ERROR", 131),
}  # fmt: skip
RETRIES = (300.0, 600.0, 1200.0, 1800.0, 21600.0, 21600.0)


def _sent(fax: SandboxFax, project_id: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "id": fax.id, "direction": "OUTBOUND", "from": fax.from_number, "to": fax.to_number,
        "numberOfPages": fax.pages, "createTime": fax.received_at, "labels": {"ref": fax.ref}, "projectId": project_id,
        "status": {"queued": "QUEUED", "delivered": "COMPLETED", "failed": "FAILURE"}[fax.status], "maxRetries": 0,
    }  # fmt: skip
    if fax.status == "delivered":
        return facts | {"completedTime": fax.received_at, "pagesSentSuccessfully": fax.pages}
    if fax.status == "failed":
        kind, number = ERRORS[fax.outcome]
        pages = int(fax.outcome == "midway")
        facts |= {"errorType": kind, "errorCode": number, "errorMessage": "", "pagesSentSuccessfully": pages}
    return facts


def _facts(fax: SandboxFax, project_id: str) -> dict[str, Any]:
    if fax.direction == "outbound":
        return _sent(fax, project_id)
    return {
        "id": fax.id,
        "direction": "INBOUND",
        "from": fax.from_number,
        "to": fax.to_number,
        "numberOfPages": 1,
        "status": "COMPLETED",
        "createTime": fax.received_at,
        "completedTime": fax.received_at,
        "hasFile": True,
        "projectId": project_id,
    }


def callbacks(store: Store, fax: SandboxFax, account: SandboxAccount) -> list[Callback]:
    """INCOMING_FAX in multipart, the default."""
    secrets = account.credentials
    if fax.direction == "outbound":
        told = {"event": "FAX_COMPLETED", "eventTime": fax.received_at, "fax": _sent(fax, secrets["project_id"])}
        headers = {"content-type": "application/json"}
        if not store.fault("sinch", "unsigned"):
            headers["authorization"] = basic(secrets["webhook_username"], secrets["webhook_password"])
        return [Callback(headers, json.dumps(told).encode())]
    edge = uuid.uuid4().hex
    head = f"--{edge}\r\nContent-Disposition: form-data; name="
    facts = json.dumps(_facts(fax, secrets["project_id"]))
    body = (
        f'{head}"event"\r\nContent-Type: application/json\r\n\r\nINCOMING_FAX\r\n'
        f'{head}"eventTime"\r\n\r\n{fax.received_at}\r\n'
        f'{head}"fax"\r\nContent-Type: application/json\r\n\r\n{facts}\r\n'
        f'{head}"file"; filename="fax.pdf"\r\nContent-Type: {fax.media_type}\r\n\r\n'
    ).encode() + store.document(fax) + f"\r\n--{edge}--\r\n".encode()  # fmt: skip
    headers = {"content-type": f"multipart/form-data; boundary={edge}"}
    if not store.fault("sinch", "unsigned"):
        headers["authorization"] = basic(secrets["webhook_username"], secrets["webhook_password"])
    return [Callback(headers, body)]


def router(carriers: Carriers) -> APIRouter:
    """The part of Sinch's API that we use."""
    account = carriers.accounts["sinch"]
    secrets = account.credentials
    routes = APIRouter(prefix=f"/providers/sinch/projects/{secrets['project_id']}/faxes")

    def allowed(authorization: str) -> None:
        if authorization != basic(secrets["key_id"], secrets["key_secret"]):
            raise HTTPException(401)

    @routes.post("")
    async def send(request: Request, authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        allowed(authorization)
        carriers.trouble("sinch")
        body = await request.json()
        document = base64.b64decode(body["files"][0]["file"])
        ref = body.get("labels", {}).get("ref", "")
        return _facts(
            carriers.send("sinch", body["to"], document, ref=ref, callback=body.get("callbackUrl", "")),
            secrets["project_id"],
        )

    @routes.get("")
    async def list_faxes(
        authorization: Annotated[str, Header()] = "",
        direction: str = "INBOUND",
        to: str = "",
        since: Annotated[str, Query(alias="createTime>")] = "",
        page: int = 1,
        size: Annotated[int, Query(alias="pageSize", le=1000)] = 20,
    ) -> dict[str, Any]:
        allowed(authorization)
        carriers.trouble("sinch")
        found = [
            fax for fax in carriers.store.of("sinch", direction.lower())
            if fax.received_at >= since.replace("Z", "+00:00") and to in {"", fax.to_number}
        ]  # fmt: skip
        rows = [_facts(fax, secrets["project_id"]) for fax in found[(page - 1) * size : page * size]]
        return {"pageNumber": page, "totalPages": max(1, -(-len(found) // size)), "pageSize": size, "faxes": rows}

    @routes.get("/{fax_id}")
    async def get_fax(fax_id: str, authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        allowed(authorization)
        return _facts(carriers.fax("sinch", fax_id), secrets["project_id"])

    @routes.get("/{fax_id}/file")
    async def file(fax_id: str, authorization: Annotated[str, Header()] = "") -> Response:
        allowed(authorization)
        fax = carriers.fax("sinch", fax_id)
        if carriers.store.fault("sinch", "media_404"):
            raise HTTPException(404)
        return Response(carriers.store.document(fax), media_type=fax.media_type)

    return routes
