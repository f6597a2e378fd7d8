"""Telnyx: signed events in sequence, documents behind addresses that expire."""

import asyncio
import base64
import json
import time
import uuid
from typing import Annotated, Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, File, Form, Header, HTTPException, Query, Response, UploadFile

from backend.sandbox.accounts import SandboxAccount
from backend.sandbox.carriers import Callback, Carriers
from backend.sandbox.store import SandboxFax, Store

SEQUENCE = ("fax.receiving.started", "fax.media.processing.started", "fax.received")
SENT: Final = ("fax.queued", "fax.media.processed", "fax.sending.started")
REASONS: Final = {
    "busy": "user_busy", "no_answer": "receiver_no_answer", "bad_number": "receiver_unallocated_number",
    "midway": "receiver_call_dropped",
}  # fmt: skip
RETRIES = (5.0, 30.0, 120.0, 600.0)
MEDIA_SECONDS = 5
STALE_SECONDS = 3600


def callbacks(store: Store, fax: SandboxFax, account: SandboxAccount, media_url: str) -> list[Callback]:
    """The three events of an inbound fax, the last one with the document's address; four of one we sent."""
    if fax.direction == "outbound":
        return [_about_sent(store, fax, account, event) for event in (*SENT, f"fax.{fax.status}")]
    return [_callback(store, fax, account, event, media_url) for event in SEQUENCE]


def _about_sent(store: Store, fax: SandboxFax, account: SandboxAccount, event: str) -> Callback:
    payload: dict[str, Any] = {
        "fax_id": fax.id, "connection_id": account.credentials.get("connection_id"), "direction": "outbound",
        "from": fax.from_number, "to": fax.to_number, "status": event.removeprefix("fax."),
        "client_state": base64.b64encode(fax.ref.encode()).decode(),
    }  # fmt: skip
    if event == "fax.delivered":
        payload |= {"page_count": fax.pages, "call_duration_secs": 30 * fax.pages}
    if event == "fax.failed":
        payload |= {"failure_reason": REASONS[fax.outcome]}
    data = {
        "record_type": "event", "event_type": event, "id": str(uuid.uuid5(uuid.UUID(fax.id), event)),
        "occurred_at": fax.received_at, "payload": payload,
    }  # fmt: skip
    body = json.dumps({"data": data, "meta": {"attempt": 1}}).encode()
    return Callback(sign(store, account, body), body)


def _callback(store: Store, fax: SandboxFax, account: SandboxAccount, event: str, media_url: str) -> Callback:
    payload: dict[str, Any] = {
        "fax_id": fax.id,
        "connection_id": account.account_key,
        "direction": "inbound",
        "from": fax.from_number,
        "to": fax.to_number,
        "status": event.removeprefix("fax."),
    }
    if event == "fax.received":
        payload |= {"media_url": media_url, "partial_content": False}
    # The event's id stays the same however often it is delivered.
    event_id = str(uuid.uuid5(uuid.UUID(fax.id), event))
    data = {
        "record_type": "event",
        "event_type": event,
        "id": event_id,
        "occurred_at": fax.received_at,
        "payload": payload,
    }
    body = json.dumps({"data": data, "meta": {"attempt": 1}}).encode()
    return Callback(sign(store, account, body), body)


def sign(store: Store, account: SandboxAccount, body: bytes) -> dict[str, str]:
    """Headers with the Ed25519 signature over `timestamp|body`, or what a fault makes of them."""
    seconds = int(time.time()) - (STALE_SECONDS if store.fault("telnyx", "stale") else 0)
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(account.credentials["private_key"]))
    signature = base64.b64encode(key.sign(f"{seconds}|".encode() + body)).decode()
    headers = {"content-type": "application/json", "telnyx-timestamp": str(seconds)}
    return headers if store.fault("telnyx", "unsigned") else headers | {"telnyx-signature-ed25519": signature}


def router(carriers: Carriers) -> APIRouter:
    """The part of Telnyx's API that we use."""
    routes = APIRouter(prefix="/providers/telnyx")
    account = carriers.accounts["telnyx"]
    expiry: dict[str, float] = {}

    def allowed(authorization: Annotated[str, Header()] = "") -> None:
        if authorization != f"Bearer {account.credentials['api_key']}":
            raise HTTPException(401)

    def sent(fax: SandboxFax) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "record_type": "fax", "id": fax.id, "direction": "outbound", "from": fax.from_number, "to": fax.to_number,
            "status": fax.status, "created_at": fax.received_at,
            "client_state": base64.b64encode(fax.ref.encode()).decode(),
        }  # fmt: skip
        if fax.status == "delivered":
            facts |= {"page_count": fax.pages}
        return facts | ({"failure_reason": REASONS[fax.outcome]} if fax.status == "failed" else {})

    def shown(fax: SandboxFax) -> dict[str, Any]:
        if fax.direction == "outbound":
            return sent(fax)
        expires = expiry.setdefault(fax.id, time.time() + MEDIA_SECONDS)
        return {
            "record_type": "fax",
            "id": fax.id,
            "direction": "inbound",
            "from": fax.from_number,
            "to": fax.to_number,
            "status": "received",
            "created_at": fax.received_at,
            "media_url": f"{carriers.base_url}/providers/telnyx/media/{fax.id}?expires={expires:.3f}",
        }

    @routes.post("/faxes", status_code=202)
    async def send(
        connection_id: Annotated[str, Form()],
        to: Annotated[str, Form()],
        contents: Annotated[UploadFile, File()],
        state: Annotated[str, Form(alias="client_state")] = "",
        webhook_url: Annotated[str, Form()] = "",
        authorization: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        allowed(authorization)
        carriers.trouble("telnyx")
        if connection_id != account.credentials.get("connection_id"):
            raise HTTPException(422)
        ref = base64.b64decode(state).decode()
        return {"data": shown(carriers.send("telnyx", to, await contents.read(), ref=ref, callback=webhook_url))}

    @routes.get("/faxes")
    async def list_faxes(
        authorization: Annotated[str, Header()] = "",
        direction: Annotated[str, Query(alias="filter[direction][eq]")] = "inbound",
        to: Annotated[str, Query(alias="filter[to][eq]")] = "",
        since: Annotated[str, Query(alias="filter[created_at][gte]")] = "",
        page: Annotated[int, Query(alias="page[number]")] = 1,
        size: Annotated[int, Query(alias="page[size]")] = 20,
    ) -> dict[str, Any]:
        allowed(authorization)
        carriers.trouble("telnyx")
        found = [
            fax for fax in carriers.store.of("telnyx", direction)
            if fax.received_at >= since and to in {"", fax.to_number}
        ]  # fmt: skip
        pages = max(1, -(-len(found) // size))
        rows = [shown(fax) for fax in found[(page - 1) * size : page * size]]
        return {"data": rows, "meta": {"page_number": page, "total_pages": pages, "total_results": len(found)}}

    @routes.get("/faxes/{fax_id}")
    async def get_fax(fax_id: str, authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        allowed(authorization)
        return {"data": shown(carriers.fax("telnyx", fax_id))}

    @routes.post("/faxes/{fax_id}/actions/refresh")
    async def refresh(fax_id: str, authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        allowed(authorization)
        fax = carriers.fax("telnyx", fax_id)
        expiry[fax.id] = time.time() + MEDIA_SECONDS
        return {"data": {"result": "ok"}}

    @routes.get("/media/{fax_id}")
    async def media(fax_id: str, expires: float) -> Response:
        fax = carriers.store.faxes.get(fax_id)
        if fax is None or carriers.store.fault("telnyx", "media_404"):
            raise HTTPException(404)
        if carriers.store.fault("telnyx", "media_slow"):
            await asyncio.sleep(3)
        if expires < time.time():
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        return Response(carriers.store.document(fax), media_type=fax.media_type)

    return routes
