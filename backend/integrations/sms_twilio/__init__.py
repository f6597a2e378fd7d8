"""Twilio Programmable Messaging by its own library.

Source: twilio.com/docs/messaging (webhook requests, status callbacks, error codes), twilio-python 9.13. Callbacks are
verified against our configured public address, never the request's. The library is synchronous: calls run in threads.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import httpx
import requests
from starlette.datastructures import FormData
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from backend.core.callbacks import BadSignature, MalformedWebhook, ProviderUnavailable
from backend.integrations import twilio_media as media
from backend.integrations.sms_twilio.line_check import line_state
from backend.messaging.ports import (
    OLD_TOKEN,
    Form,
    InboundText,
    LineState,
    Policy,
    Refused,
    TextAccount,
    TextReport,
    Uncertain,
)
from backend.messaging.states import OF_TWILIO

BASE_URL: Final = "https://api.twilio.com"
TIMEOUT_SECONDS: Final = 10
LISTED: Final = 200
# More than a line can receive between two comparisons, and between failures of a day.
ALL, PAGE = 20_000, 1000
TOO_MANY: Final = 429
POLICIES: Final[dict[str, Policy]] = {
    **dict.fromkeys(("21610", "30004"), "opted_out"),
    **dict.fromkeys(("21211", "30005", "21612"), "bad_number"),
    **dict.fromkeys(("21614", "30006"), "landline"),
    **dict.fromkeys(("30003", "30008", "30410", "30001"), "retry"),
    **dict.fromkeys("30002 30007 30034 30032 30022 30023 30027 20003 21606 21703".split(), "alarm"),
}


class TwilioTexts:
    """Secrets: account_sid, auth_token, messaging_service_sid (optional)."""

    def __init__(self, base_url: str = BASE_URL) -> None:
        self._base = base_url.rstrip("/")

    def verify(self, account: TextAccount, url: str, form: Form, headers: Mapping[str, str]) -> None:
        """HMAC-SHA1 over the address and the sorted parameters."""
        if "x-twilio-webhooks-signature-settings" in headers:
            raise BadSignature  # shared keys are not HIPAA eligible
        signature = headers.get("x-twilio-signature", "")
        # names may repeat: the validator asks this one for all values of a name
        said = FormData([(name, value) for name, value in form])
        tokens = [account.secrets[name] for name in ("auth_token", OLD_TOKEN) if account.secrets.get(name)]
        if not any(RequestValidator(token).validate(url, said, signature) for token in tokens):
            raise BadSignature
        if dict(form).get("AccountSid") != account.secrets["account_sid"]:
            raise BadSignature

    def inbound(self, account: TextAccount, form: Form) -> InboundText:
        """`MessageSid`, `From`, `To`, `Body`, `NumMedia`, `OptOutType`; unknown parameters are welcome."""
        said = dict(form)
        media_ids = media.ids_of(said)
        try:
            return InboundText(
                said["MessageSid"], said["From"], said["To"], said.get("Body", "").replace("\0", ""),
                opt_out=said.get("OptOutType") or None, media=media.count_of(said, media_ids), media_ids=media_ids,
            )  # fmt: skip
        except KeyError:
            raise MalformedWebhook("unexpected_form") from None

    def report(self, form: Form) -> TextReport:
        """`MessageSid`, `MessageStatus`, `ErrorCode`."""
        said = dict(form)
        try:
            return TextReport(said["MessageSid"], OF_TWILIO[said["MessageStatus"]], said.get("ErrorCode") or None)
        except KeyError:
            raise MalformedWebhook("unexpected_form") from None

    def policy(self, code: str | None) -> Policy:
        """By twilio.com/docs/api/errors."""
        return POLICIES.get(code or "", "failed")

    async def send(
        self, account: TextAccount, to: str, body: str, callback: str, media_urls: Sequence[str] = ()
    ) -> TextReport:
        """`POST /Messages.json`. Twilio has no idempotency key for it: a lost answer is `Uncertain`."""
        service = account.secrets.get("messaging_service_sid")
        sender = {"messaging_service_sid": service} if service else {"from_": account.number}
        said: dict[str, Any] = {"body": body} if body else {}
        if media_urls:
            said["media_url"] = list(media_urls)
        create = partial(self._client(account).messages.create, to=to, status_callback=callback, **said, **sender)
        try:
            return _report(await asyncio.to_thread(create))
        except TwilioRestException as error:
            raise _refusal(error) from None
        except requests.exceptions.ConnectTimeout:
            raise ProviderUnavailable("connect_timeout") from None
        except requests.exceptions.ConnectionError as error:
            if _never_connected(error):
                raise ProviderUnavailable("not_connected") from None
            raise Uncertain from None
        except (requests.exceptions.RequestException, TwilioException, ValueError):
            raise Uncertain from None

    async def find(
        self, account: TextAccount, to: str, body: str, since: datetime, media: int = 0, known: Collection[str] = ()
    ) -> TextReport | None:
        """`GET /Messages.json?To=&DateSent>=`: the newest that says the same and is no other text of ours."""
        found = await self._list(account, to=to, date_sent_after=since)
        same = [
            text
            for text in found
            if text.direction != "inbound" and text.sid not in known and (_utc(text.date_created) or since) >= since
            and (text.body or "") == body and int(text.num_media or 0) == media
        ]  # fmt: skip
        return _report(same[0]) if same else None

    async def look_up(self, account: TextAccount, external_id: str) -> TextReport:
        """`GET /Messages/{Sid}.json`."""
        return _report(await self._call(self._client(account).messages(external_id).fetch))

    async def received(self, account: TextAccount, since: datetime) -> list[InboundText]:
        """`GET /Messages.json?To=<our number>`."""
        found = await self._list(account, ALL, to=account.number, date_sent_after=since)
        return [
            InboundText(
                text.sid, text.from_, text.to, (text.body or "").replace("\0", ""), _utc(text.date_created),
                media=min(int(text.num_media or 0), media.MOST),
            )
            for text in found
            if text.direction == "inbound"
        ]  # fmt: skip

    async def media_ids(self, account: TextAccount, external_id: str) -> list[str]:
        """`GET /Messages/{Sid}/Media.json`."""
        listed = self._client(account).messages(external_id).media.list
        found = await self._call(partial(listed, limit=media.MOST))
        return [str(item.sid) for item in found]

    async def media(self, account: TextAccount, external_id: str, media_id: str) -> bytes:
        """By its ids at the API, then wherever Twilio's CDN keeps it."""
        async with httpx.AsyncClient() as http:
            data, _ = await media.fetch(http, **self._place(account, external_id, media_id), hosts=media.CDN_HOSTS)
        return data

    async def forget_media(self, account: TextAccount, external_id: str, media_id: str) -> None:
        """`DELETE /Messages/{Sid}/Media/{Sid}.json`."""
        place = self._place(account, external_id, media_id)
        async with httpx.AsyncClient() as http:
            await media.forget(http, **{**place, "path": f"{place['path']}.json"})

    def _place(self, account: TextAccount, external_id: str, media_id: str) -> dict[str, Any]:
        sid = account.secrets["account_sid"]
        return {
            "api": self._base, "path": media.path_of(sid, external_id, media_id), "account_sid": sid,
            "auth_token": account.secrets["auth_token"],
        }  # fmt: skip

    async def check(self, account: TextAccount) -> LineState:
        """Accounts, IncomingPhoneNumbers and the Messaging Service, read."""
        client = self._client(account)
        if self._base != BASE_URL:
            client.messaging.base_url = self._base
        state: LineState = await self._call(partial(line_state, client, account))
        return state

    async def _list(self, account: TextAccount, limit: int = LISTED, **wanted: Any) -> list[Any]:
        listed = partial(self._client(account).messages.list, limit=limit, page_size=min(limit, PAGE), **wanted)
        return list(await self._call(listed))

    async def _call(self, ask: Any) -> Any:
        try:
            return await asyncio.to_thread(ask)
        except (requests.exceptions.RequestException, TwilioException) as error:
            raise ProviderUnavailable(f"code_{getattr(error, 'code', None) or type(error).__name__}") from None

    def _client(self, account: TextAccount) -> Client:
        http = TwilioHttpClient(timeout=TIMEOUT_SECONDS)
        client = Client(account.secrets["account_sid"], account.secrets["auth_token"], http_client=http)
        client.api.base_url = self._base
        return client


def _report(text: Any) -> TextReport:
    code = str(text.error_code) if text.error_code else None
    return TextReport(str(text.sid), OF_TWILIO.get(str(text.status), "sending"), code)


def _refusal(error: TwilioRestException) -> Exception:
    if error.status == TOO_MANY:
        return ProviderUnavailable("rate_limited", 5.0)
    if error.status >= 500:
        return Uncertain()
    code = str(error.code or error.status)
    return Refused(code, POLICIES.get(code, "failed"))


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Whether the failure came before a byte was sent."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in {"NewConnectionError", "ConnectTimeoutError", "NameResolutionError"}


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment and moment.tzinfo else moment.replace(tzinfo=UTC) if moment else None
