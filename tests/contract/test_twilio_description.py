"""Our adapter and our emulated Twilio, each held to Twilio's own description by a proxy between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from backend.core.callbacks import MediaGone, ProviderUnavailable
from backend.core.clock import now
from backend.integrations.sms_twilio import TwilioTexts
from backend.messaging.ports import Refused, TextAccount, Uncertain
from backend.sandbox.app import Sandbox, create_sandbox
from backend.sandbox.carriers import twilio
from backend.sandbox.carriers.twilio import api
from tests.contract.twilio_proxy import FILE, SPECS, TwilioProxy
from tests.ports import free_port

pytestmark = pytest.mark.skipif(
    not (SPECS / FILE).is_file(),
    reason=f"Twilio's description {FILE} is not beside the checkout (shared/specs, or FRONTDESK_SPECS)",
)
PHONE = "+12175550142"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 50


class Bench:
    """Adapter, proxy and emulator, each on its own port."""

    def __init__(self, sandbox: Sandbox, proxy: TwilioProxy, home: str, proxied: str) -> None:
        self.sandbox, self.proxy, self.home = sandbox, proxy, home
        self.texts = TwilioTexts(proxied)
        carrier = sandbox.twilio.account
        self.account = TextAccount("1", "1", carrier.account_key, carrier.number, carrier.credentials)
        self.client = Client(carrier.credentials["account_sid"], carrier.credentials["auth_token"])
        self.client.api.base_url = proxied
        self.callbacks: list[dict[str, str]] = []

    async def call(self, function: Any, *args: Any, **named: Any) -> Any:
        """The synchronous library, in a thread."""
        return await asyncio.to_thread(partial(function, *args, **named))

    async def send(self, body: str = "Hello", to: str = PHONE, media: tuple[str, ...] = ()) -> Any:
        return await self.texts.send(self.account, to, body, f"{self.home}/status", media)


@asynccontextmanager
async def serving(app: FastAPI, port: int) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    sandbox = Sandbox(tmp_path, home, f"{home}/sandbox", 0.001)
    app, heard = FastAPI(), list[dict[str, str]]()

    @app.post("/status")
    async def status(request: Request) -> Response:
        heard.append({name: str(value) for name, value in (await request.form()).items()})
        return Response(status_code=204)

    @app.get("/media/picture")
    async def picture() -> Response:
        return Response(PICTURE, media_type="image/png")

    app.mount("/sandbox", create_sandbox(sandbox))
    async with serving(app, port):
        proxy = TwilioProxy(home)
        async with serving(proxy.app(), free_port()) as proxied:
            made = Bench(sandbox, proxy, home, proxied)
            made.callbacks = heard
            yield made
    await sandbox.twilio.stop()


async def test_everything_we_ask_of_twilio_is_as_described(bench: Bench) -> None:
    texts, account, started = bench.texts, bench.account, now()
    plain = await bench.send()
    picture = await bench.send("", media=(f"{bench.home}/media/picture",) * 2)
    await asyncio.sleep(0.4)
    assert (await texts.look_up(account, plain.external_id)).status == "delivered"
    since = started - timedelta(seconds=1)
    found = await texts.find(account, PHONE, "", since, 2)
    assert found is not None and found.external_id == picture.external_id
    assert await texts.find(account, PHONE, "", since, 1) is None
    assert await texts.find(account, PHONE, "", since, 2, {picture.external_id}) is None
    assert await texts.find(account, PHONE, "Hello", now() + timedelta(minutes=1)) is None
    ids = await texts.media_ids(account, picture.external_id)
    assert await texts.media(account, picture.external_id, ids[0]) == PICTURE
    await texts.forget_media(account, picture.external_id, ids[0])
    assert await texts.media_ids(account, picture.external_id) == ids[1:]
    with pytest.raises(ProviderUnavailable):
        await texts.media(account, picture.external_id, ids[0])
    with pytest.raises(MediaGone):
        await texts.media(account, picture.external_id, "../../x")
    bench.sandbox.twilio.bring(PHONE, "🎉", [(PICTURE, "image/png")])
    assert [(text.body, text.media) for text in await texts.received(account, since)] == [("🎉", 1)]
    assert bench.proxy.violations == []
    assert {"MessageStatus", "I", "RawDlrDoneDate"} - set(bench.callbacks[-1]) == {"I"}
    assert bench.proxy.checked >= {
        "post /2010-04-01/Accounts/{AccountSid}/Messages.json", "get /2010-04-01/Accounts/{AccountSid}/Messages.json",
        "get /2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json",
        "get /2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media.json",
        "delete /2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media/{Sid}.json",
    }  # fmt: skip


async def test_what_the_library_can_do_beside_is_as_described(bench: Bench) -> None:
    """Paging, a Messaging Service, a scheduled text taken back, one shortened, one deleted."""
    messages = bench.client.messages
    for number in range(7):
        await bench.send(f"text {number}")
    listed = await bench.call(messages.list, to=PHONE, page_size=3)
    assert [text.body for text in listed] == [f"text {number}" for number in range(6, -1, -1)]
    assert len(await bench.call(messages.list, to=PHONE, page_size=3, limit=5)) == 5
    assert await bench.call(messages.list, date_sent_after=now() + timedelta(days=1)) == []
    assert await bench.call(messages.list, date_sent_before=now() - timedelta(days=1)) == []
    service = f"MG{'0' * 32}"
    accepted = await bench.call(messages.create, to=PHONE, body="x", messaging_service_sid=service)
    assert (accepted.status, accepted.messaging_service_sid, accepted.from_) == ("accepted", service, None)
    later = {"schedule_type": "fixed", "send_at": now() + timedelta(hours=1)}
    planned = await bench.call(messages.create, to=PHONE, body="x", messaging_service_sid=service, **later)
    assert planned.status == "scheduled"
    assert (await bench.call(messages(planned.sid).update, status="canceled")).status == "canceled"
    with pytest.raises(TwilioRestException) as late:
        await bench.call(messages(planned.sid).update, status="canceled")
    assert late.value.status == 409
    assert (await bench.call(messages(accepted.sid).update, body="")).body == ""
    assert await bench.call(messages(accepted.sid).delete) is True
    with pytest.raises(TwilioRestException) as gone:
        await bench.call(messages(accepted.sid).fetch)
    assert (gone.value.status, gone.value.code) == (404, 20404)
    assert bench.proxy.violations == []


@pytest.mark.parametrize(
    ("to", "body", "media", "code"),
    [
        ("+15005550001", "x", (), "21211"), ("+15005550002", "x", (), "21612"), ("+15005550003", "x", (), "21408"),
        ("+15005550004", "x", (), "21610"), ("+15005550009", "x", (), "21614"), ("", "x", (), "21604"),
        ("12", "x", (), "21211"), (PHONE, "", (), "21619"), (PHONE, "x" * 1601, (), "21617"),
        (PHONE, "", ("nonsense",), "21620"), (PHONE, "", ("https://example.org/a",) * 11, "21623"),
    ],
)  # fmt: skip
async def test_refusals_are_twilios(bench: Bench, to: str, body: str, media: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        await bench.send(body, to, media)
    assert refused.value.code == code
    assert bench.sandbox.twilio.texts == {}
    assert bench.proxy.violations == []


async def test_wrong_senders_and_wrong_credentials(bench: Bench) -> None:
    for number, code in (("+15005550001", "21212"), ("+15005550007", "21606"), ("+15005550008", "21611")):
        with pytest.raises(Refused) as refused:
            await bench.texts.send(replace(bench.account, number=number), PHONE, "x", f"{bench.home}/status")
        assert refused.value.code == code
    stranger = replace(bench.account, secrets={**bench.account.secrets, "auth_token": "wrong"})
    with pytest.raises(Refused) as unknown:
        await bench.texts.send(stranger, PHONE, "x", f"{bench.home}/status")
    assert (unknown.value.code, unknown.value.policy) == ("20003", "alarm")
    assert bench.proxy.violations == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "bananas"}, {"date_created": 1764000000}, {"sid": "SM1"}, {"num_media": 0},
        {"direction": "sideways"}, {"error_code": "30003"}, {"account_sid": "nobody"}, {"subresource_uris": "none"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)  # fmt: skip
async def test_a_wrong_answer_of_the_emulator_is_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    monkeypatch.setattr(api, "shown", lambda text, sid: twilio.shown(text, sid) | wrong)
    if "date_created" in wrong:
        with pytest.raises(Uncertain):
            await bench.send()
    bench.sandbox.twilio.bring(PHONE, "x")
    with pytest.raises(ProviderUnavailable):
        await bench.texts.look_up(bench.account, next(iter(bench.sandbox.twilio.texts)))
    assert str(next(iter(wrong.values()))) in "".join(bench.proxy.violations)


async def test_a_wrong_request_of_ours_is_caught(bench: Bench) -> None:
    service = f"MG{'0' * 32}"
    with pytest.raises(TwilioRestException):
        await bench.call(
            bench.client.messages.create, to=PHONE, body="x", messaging_service_sid=service, schedule_type="bananas"
        )
    assert "bananas" in bench.proxy.violations[0]
