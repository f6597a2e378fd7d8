"""Eligibility in real time: X12 270/271 (005010X279A1) through a clearinghouse that speaks CAQH CORE connectivity.

Source: 45 CFR 162.1203 (the adopted operating rules), CAQH CORE 270 connectivity rule 2.2.0 (envelope, errors, the
20 seconds a real-time answer may take: rule 156), payers' public companion guides (see `codes.py`).
"""

import uuid
from collections.abc import Mapping
from typing import Final

import httpx

from backend.core.callbacks import MalformedWebhook, ProviderUnavailable
from backend.insurance.ports import Account, Inquiry, Refused, Reply, Unreadable
from backend.integrations.eligibility_x12 import answer, envelope, inquiry
from backend.integrations.eligibility_x12.interchange import MOST_BYTES, BadInterchange
from backend.integrations.multipart import parts_of

TIMEOUT: Final = httpx.Timeout(22.0, connect=5.0)
DENIED: Final = frozenset({401, 403})
# ErrorCode of the envelope: our account is wrong, not the question.
OUR_ACCOUNT: Final = frozenset({"UnAuthorized", "UserNameIllegal", "PasswordIllegal", "SenderIDIllegal"})


class X12Eligibility:
    """One address for every practice; each signs with its own account."""

    def __init__(self, url: str, *, test: bool = False, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._url = url
        self._test = test
        self._timeout = timeout

    async def ask(self, account: Account, question: Inquiry) -> Reply:
        """One POST, one answer. Raises `ProviderUnavailable`, `Refused` or `Unreadable`."""
        payload = inquiry.build(account, question, test=self._test)
        content_type, body = envelope.request(account, question.trace, payload, question.asked_at)
        kind, data = await self._post(content_type, body)
        try:
            parts = parts_of(kind, data)
        except MalformedWebhook as broken:
            raise Unreadable(broken.code, data) from None
        return _reply(parts, question, data)

    async def _post(self, content_type: str, body: bytes) -> tuple[str, bytes]:
        headers = {"Content-Type": content_type, "User-Agent": "frontdesk"}
        data = bytearray()
        try:
            async with (
                httpx.AsyncClient(timeout=self._timeout, follow_redirects=False) as http,
                http.stream("POST", self._url, content=body, headers=headers) as response,
            ):
                if response.status_code in DENIED:
                    raise Refused("denied")
                if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or response.status_code == 429:
                    raise ProviderUnavailable(f"http_{response.status_code}")
                async for part in response.aiter_bytes():
                    data += part
                    if len(data) > MOST_BYTES:
                        raise Unreadable("too_large")
                return response.headers.get("content-type", ""), bytes(data)
        except httpx.HTTPError as error:
            raise ProviderUnavailable(type(error).__name__) from None


def _reply(parts: Mapping[str, bytes], question: Inquiry, data: bytes) -> Reply:
    code = parts.get("ErrorCode", b"").decode("ascii", "replace").strip()
    if code in OUR_ACCOUNT:
        raise Refused(code)
    if code not in {"", "Success"}:
        raise Unreadable("refused_envelope", data)
    if parts.get("PayloadType", b"").decode("ascii", "replace").strip() != envelope.RESPONSE:
        raise Unreadable("other_payload", data)
    said = parts.get("PayloadID", b"").decode("ascii", "replace").strip().lower()
    if said and said != str(uuid.UUID(question.trace)):
        raise Unreadable("other_payload_id", data)
    payload = parts.get("Payload", b"")
    try:
        return Reply(answer.parse(payload), payload)
    except BadInterchange as broken:
        raise Unreadable(broken.code, payload or data) from None
