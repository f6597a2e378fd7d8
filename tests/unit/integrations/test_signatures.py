"""Callbacks are believed only with the provider's proof: right, wrong, missing, replayed."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx import AsyncClient

from backend.core.callbacks import BadSignature
from backend.faxes.ports import FaxAccount, FaxProvider, WebhookRequest
from backend.integrations.fax_documo import DocumoFax
from backend.integrations.fax_sinch import SinchFax
from backend.integrations.fax_srfax import SRFax
from backend.integrations.fax_telnyx import TelnyxFax
from backend.integrations.http import basic

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NOW = 1_790_000_000
BODY = b'{"data":{"event_type":"fax.received","id":"e1","payload":{"fax_id":"f1","from":"+13125550142"}}}'


def account(**secrets: str) -> FaxAccount:
    return FaxAccount("1", "2", "telnyx", "key", "+12175550103", secrets)


def telnyx() -> TelnyxFax:
    return TelnyxFax(AsyncClient(), clock=lambda: float(NOW))


def signed(body: bytes = BODY, at: int = NOW, key: Ed25519PrivateKey = KEY) -> dict[str, str]:
    signature = base64.b64encode(key.sign(f"{at}|".encode() + body)).decode()
    return {"telnyx-timestamp": str(at), "telnyx-signature-ed25519": signature}


TELNYX = account(public_key=base64.b64encode(KEY.public_key().public_bytes_raw()).decode(), api_key="k")
BASIC = account(webhook_username="fax", webhook_password="secret", api_key="k")


def test_telnyx_believes_its_own_signature() -> None:
    telnyx().verify(TELNYX, WebhookRequest(signed(), {}, BODY))


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (signed(), BODY.replace(b"f1", b"f2")),
        (signed(at=NOW - 301), BODY),
        (signed(at=NOW + 301), BODY),
        (signed(key=Ed25519PrivateKey.generate()), BODY),
        (signed() | {"telnyx-timestamp": str(NOW - 1)}, BODY),
        (signed() | {"telnyx-timestamp": "soon"}, BODY),
        (signed() | {"telnyx-signature-ed25519": "no base64!"}, BODY),
        ({}, BODY),
    ],
)
def test_telnyx_refuses_everything_else(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(BadSignature):
        telnyx().verify(TELNYX, WebhookRequest(headers, {}, body))


def test_telnyx_without_a_key_believes_nobody() -> None:
    with pytest.raises(BadSignature):
        telnyx().verify(account(public_key="", api_key="k"), WebhookRequest(signed(), {}, BODY))


@pytest.mark.parametrize("provider", [DocumoFax(AsyncClient()), SinchFax(AsyncClient())])
def test_basic_credentials_must_match(provider: FaxProvider) -> None:
    provider.verify(BASIC, WebhookRequest({"authorization": basic("fax", "secret")}, {}, b""))
    for header in (basic("fax", "other"), basic("", ""), "Basic ###", "Bearer secret", ""):
        with pytest.raises(BadSignature):
            provider.verify(BASIC, WebhookRequest({"authorization": header}, {}, b""))
    empty = account(webhook_username="", webhook_password="", api_key="k")
    with pytest.raises(BadSignature):
        provider.verify(empty, WebhookRequest({"authorization": basic("", "")}, {}, b""))


def test_nobody_can_call_for_srfax() -> None:
    with pytest.raises(BadSignature):
        SRFax(AsyncClient()).verify(BASIC, WebhookRequest({"authorization": basic("fax", "secret")}, {}, b""))
