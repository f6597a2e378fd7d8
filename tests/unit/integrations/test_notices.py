"""What callbacks say, in every shape a provider sends, with the traps seen in the wild."""

import base64
import json
from typing import Any

import pytest
from httpx import AsyncClient

from backend.core.callbacks import MalformedWebhook
from backend.faxes.ports import FaxAccount, FaxNotice, FaxProvider, WebhookRequest
from backend.integrations.fax_documo import DocumoFax
from backend.integrations.fax_sinch import SinchFax
from backend.integrations.fax_telnyx import TelnyxFax

OURS = "+12175550101"
ACCOUNT = FaxAccount("1", "2", "documo", "key", OURS, {})
DOCUMO, SINCH, TELNYX = DocumoFax(AsyncClient()), SinchFax(AsyncClient()), TelnyxFax(AsyncClient())
EDGE = "multipart/form-data; boundary=x"


def told(provider: FaxProvider, body: bytes, content_type: str = "application/json") -> FaxNotice:
    (notice,) = provider.notices(ACCOUNT, WebhookRequest({"content-type": content_type}, {}, body))
    return notice


def multipart(**parts: bytes) -> bytes:
    pieces = [
        f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n'.encode() + p + b"\r\n" for n, p in parts.items()
    ]
    return b"".join(pieces) + b"--x--\r\n"


def documo(**facts: Any) -> bytes:
    fax = {
        "messageId": "m1",
        "status": "success",
        "direction": "inbound",
        "faxNumber": OURS,
        "faxCallerId": "+13125550142",
        "createdAt": "2026-11-24T15:00:00.000Z",
    }
    return json.dumps(fax | facts).encode()


def test_documo_names_sender_and_our_line() -> None:
    notice = told(DOCUMO, documo())
    assert (notice.status, notice.external_id, notice.from_number, notice.to_number) == (
        "received", "m1", "+13125550142", OURS
    )  # fmt: skip


@pytest.mark.parametrize("caller", ["", OURS])
def test_documo_falls_back_to_the_station_id(caller: str) -> None:
    assert told(DOCUMO, documo(faxCallerId=caller, faxCsid="+13125550199")).from_number == "+13125550199"


def test_documo_success_and_complete_are_one_event() -> None:
    assert told(DOCUMO, documo()).event_id == told(DOCUMO, documo()).event_id


def test_documo_failures_and_purged_faxes_are_shown() -> None:
    assert told(DOCUMO, documo(status="failed", errorCode="17")).failure_code == "17"
    assert told(DOCUMO, documo(isFilePurged=True)).failure_code == "purged"
    assert told(DOCUMO, documo(direction="outbound")).status == "ignored"


def test_documo_legacy_brings_the_document() -> None:
    body = multipart(data=documo(), attachment=b"%PDF-1.7")
    assert told(DOCUMO, body, EDGE).external_id == "m1"
    assert DOCUMO.enclosed(EDGE, body) == b"%PDF-1.7"


def sinch(**facts: Any) -> dict[str, Any]:
    fax = {
        "id": "s1",
        "direction": "INBOUND",
        "from": "+13125550142",
        "to": OURS,
        "status": "COMPLETED",
        "numberOfPages": 2,
        "createTime": "2026-11-24T15:00:00Z",
    }
    return fax | facts


def test_sinch_multipart_has_its_fax_as_text() -> None:
    body = multipart(event=b"INCOMING_FAX", fax=json.dumps(sinch()).encode(), file=b"%PDF")
    notice = told(SINCH, body, EDGE)
    assert (notice.external_id, notice.page_count, notice.status) == ("s1", 2, "received")
    assert SINCH.enclosed(EDGE, body) == b"%PDF"


def test_sinch_json_has_the_document_in_base64() -> None:
    body = json.dumps({"event": "INCOMING_FAX", "fax": sinch(), "file": base64.b64encode(b"%PDF").decode()}).encode()
    assert told(SINCH, body).status == "received"
    assert SINCH.enclosed("application/json", body) == b"%PDF"


def test_sinch_failures_and_other_events() -> None:
    failed = {"event": "INCOMING_FAX", "fax": sinch(status="FAILURE", errorCode=131)}
    assert told(SINCH, json.dumps(failed).encode()).failure_code == "131"
    assert told(SINCH, json.dumps({"event": "FAX_COMPLETED", "fax": sinch()}).encode()).status == "ignored"


def telnyx(event: str, **payload: Any) -> bytes:
    facts = {"fax_id": "t1", "direction": "inbound", "from": "+13125550142", "to": OURS} | payload
    data = {"event_type": event, "id": f"e-{event}", "occurred_at": "2026-11-24T15:00:00Z", "payload": facts}
    return json.dumps({"data": data, "meta": {"attempt": 1}}).encode()


@pytest.mark.parametrize(
    ("event", "status"),
    [("fax.receiving.started", "ignored"), ("fax.media.processing.started", "ignored"), ("fax.received", "received"),
     ("fax.failed", "failed"), ("fax.delivered", "ignored")],
)  # fmt: skip
def test_telnyx_events(event: str, status: str) -> None:
    notice = told(TELNYX, telnyx(event))
    assert (notice.status, notice.external_id) == (status, "t1")


def test_telnyx_outbound_events_are_not_ours() -> None:
    assert told(TELNYX, telnyx("fax.failed", direction="outbound")).status == "ignored"


@pytest.mark.parametrize("provider", [DOCUMO, SINCH, TELNYX])
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"data": 1}', b'{"event": "INCOMING_FAX"}']
)
def test_nonsense_is_named_malformed(provider: FaxProvider, body: bytes) -> None:
    with pytest.raises(MalformedWebhook):
        told(provider, body)


@pytest.mark.parametrize("provider", [DOCUMO, SINCH])
@pytest.mark.parametrize("content_type", ["multipart/form-data", EDGE, "multipart/mixed; boundary=x"])
def test_broken_multipart_is_named_malformed(provider: FaxProvider, content_type: str) -> None:
    with pytest.raises(MalformedWebhook):
        told(provider, b"--x\r\nContent-Disposition: form-data", content_type)
