"""E-mails become faxes and leads: a real IMAP server over a socket, the adapter, both jobs, and crashes between."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from backend.integrations.email_imap import ImapFolder, ImapMailbox
from backend.integrations.oauth_tokens import OAuthTokens
from backend.lead_capture.mail import polling, taking
from backend.sandbox import samples
from backend.sandbox.mailbox.server import MailServer, written
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice
from tests.integration.test_leads import cards
from tests.ports import free_port

ASKS = "Hello, I hurt my knee and would like an appointment.\nMy number is (312) 555-0142.\n\nThank you"


class Post:
    """The practice's mailbox with the product's jobs, to be run by hand."""

    def __init__(
        self, context: ProcessContext, admin: "asyncpg.Connection", server: MailServer, client: httpx.AsyncClient
    ) -> None:
        self.context, self.admin, self.server, self.client = context, admin, server, client
        handlers = {
            polling.POLL: partial(polling.poll, context, ImapMailbox(timeout=3, local=True), OAuthTokens(local=True)),
            polling.TAKE: partial(taking.take, context),
        }
        self.runner = JobRunner(context.database, handlers, lease_seconds=30, attempts=3)

    def send(self, text: str = ASKS, subject: str = "Appointment", sender: str = "Ada Sample <ada@example.org>",
             files: Any = (), message_id: str | None = None) -> bytes:  # fmt: skip
        raw = written(sender, self.server.account.address, subject, text, list(files), message_id)
        self.server.deliver(raw)
        return raw

    async def work(self) -> None:
        for _ in range(2):
            await self.admin.execute(
                "UPDATE jobs SET rung_at = NULL, run_at = now() WHERE kind LIKE 'mail.%' AND state = 'queued'"
            )
            await self.runner.run_due("default")

    async def box(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.get("/api/v1/settings/mailboxes")).json()["items"][0]
        return found

    async def held(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.client.get("/api/v1/arrivals")).json()["items"]
        return found

    async def mails(self) -> list[tuple[str, str | None]]:
        rows = await self.admin.fetch("SELECT state, reason FROM mails ORDER BY id")
        return [tuple(row) for row in rows]

    def settings(self, **changed: Any) -> dict[str, Any]:
        account = self.server.account
        return {
            "version": 0, "host": account.host, "port": account.port, "security": "none", "username": account.address,
            "password": account.password, **changed,
        }  # fmt: skip


@pytest.fixture
async def post(
    context: ProcessContext, admin: "asyncpg.Connection", client: httpx.AsyncClient, tmp_path: Path
) -> AsyncIterator[Post]:
    """A mailbox that is read."""
    server = MailServer(tmp_path)
    await server.start()
    found = Post(context, admin, server, client)
    made = await client.post("/api/v1/settings/mailboxes", json=found.settings())
    assert made.status_code == 201, made.text
    yield found
    await server.stop()


async def test_a_mail_in_words_becomes_a_lead_and_is_moved_away(post: Post, client: httpx.AsyncClient) -> None:
    post.send()
    await post.work()
    (card,) = await cards(client, "new")
    assert card["patient"]["display_name"] == "Ada Sample" and card["source"] == "email", card
    lead = (await client.get(f"/api/v1/leads/{card['id']}")).json()
    assert (lead["patient"]["phone"], lead["patient"]["email"]) == ("+13125550142", "ada@example.org")
    timeline = (await client.get(f"/api/v1/leads/{card['id']}/timeline")).text
    assert "I hurt my knee" in timeline
    assert post.server.listed() == [] and [mail["flags"] for mail in post.server.listed("Frontdesk")] == ["S"]
    box = await post.box()
    assert (box["failure"], box["received"]) == (None, 1) and box["worked_at"]


async def test_the_same_mail_twice_is_one_lead(post: Post, client: httpx.AsyncClient) -> None:
    raw = post.send(message_id="<one@example.org>")
    await post.work()
    post.server.deliver(b"Received: by another way\r\n" + raw)
    await post.work()
    assert len(await cards(client, "new")) == 1
    assert [state for state, _ in await post.mails()] == ["taken", "repeated"]
    assert post.server.listed() == []


async def test_another_mail_under_the_same_id_is_not_lost(post: Post, client: httpx.AsyncClient) -> None:
    post.send(message_id="<one@example.org>")
    post.send("I am Bo and my shoulder hurts, 312 555 0143", sender="Bo Other <bo@example.org>",
              message_id="<one@example.org>")  # fmt: skip
    await post.work()
    assert {card["patient"]["display_name"] for card in await cards(client, "new")} == {"Ada Sample", "Bo Other"}


async def test_documents_go_the_way_of_faxes_once(post: Post, client: httpx.AsyncClient) -> None:
    pdf, _ = samples.draw("packet", "text_pdf", 7)
    tiff, _ = samples.draw("order_form", "fine", 8)
    files = [("referral.pdf", "application/pdf", pdf), ("scan.bin", "application/octet-stream", tiff)]
    post.send("Please see attached.", "New referral", "Rowan Ortho <office@example.org>", files)
    await post.work()
    await post.work()
    faxes = (await client.get("/api/v1/faxes")).json()["items"]
    assert [fax["channel"] for fax in faxes] == ["email", "email"]
    for fax, data in zip(sorted(faxes, key=lambda each: each["id"]), (pdf, tiff), strict=True):
        assert (await client.get(f"/api/v1/faxes/{fax['id']}/document")).content == data
    assert await post.held() == [] and await cards(client, "new") == []


@pytest.mark.parametrize(
    ("sender", "subject", "text", "why"),
    [
        ("Seo Seller <s@example.org>", "Rank your site", "Backlinks at https://x.example", "advertising"),
        ("reception@example.org", "Knee pain", "call 312 555 0142", "not clear"),
        ("Rowan Ortho Office <o@example.org>", "Knee pain", "call 312 555 0142", "not clear"),
        ("Ada Sample <ada@example.org>", "Hello", "how are you", "not clear"),
    ],
)
async def test_what_looks_like_nobody_waits_to_be_checked(
    post: Post, client: httpx.AsyncClient, sender: str, subject: str, text: str, why: str
) -> None:
    post.send(text, subject, sender)
    await post.work()
    (arrival,) = await post.held()
    assert why in " ".join(arrival["reasons"]) and arrival["channel"] == "email"
    assert await cards(client, "new") == []
    body = {"version": arrival["version"], "first_name": "Ada", "last_name": "Sample"}
    accepted = await client.post(f"/api/v1/arrivals/{arrival['id']}/accept", json=body)
    assert accepted.json()["state"] == "opened", accepted.text
    assert len(await cards(client, "new")) == 1


async def test_who_writes_for_somebody_else_keeps_their_own_address(post: Post, client: httpx.AsyncClient) -> None:
    text = "Patient: Sample, Ada\nDOB: 4/9/1961\nPhone: 312-555-0142\nReason: knee pain\nInsurance: Lakeside Mutual"
    post.send(text, "Referral", "Wix Forms <no-reply@example.org>")
    await post.work()
    (card,) = await cards(client, "new")
    patient = (await client.get(f"/api/v1/leads/{card['id']}")).json()["patient"]
    assert (patient["dob"], patient["email"], patient["phone"]) == ("1961-04-09", None, "+13125550142")
    assert patient["coverages"][0]["payer_name"] == "Lakeside Mutual" and card["headline"] == "Knee pain"


async def test_answers_nobody_wrote_and_reports_are_left_alone(post: Post, client: httpx.AsyncClient) -> None:
    post.server.deliver(b"From: Ada Sample <ada@example.org>\r\nAuto-Submitted: auto-replied\r\n\r\nI am away, pain")
    post.server.deliver(b"Return-Path: <>\r\nFrom: Mail System <m@example.org>\r\n\r\nUndeliverable appointment")
    await post.work()
    assert sorted(await post.mails()) == [("ignored", "bounce"), ("ignored", "reply")]
    assert await post.held() == [] and await cards(client, "new") == []


def nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\r\n\r\nhi\r\n"
    for number in range(depth):
        mark = b"b%d" % number
        inner = b"Content-Type: multipart/mixed; boundary=" + mark + b"\r\n\r\n--" + mark + b"\r\n" + inner
        inner += b"\r\n--" + mark + b"--\r\n"
    return b"From: x@example.org\r\n" + inner


def html_only() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "=?utf-8?q?Jos=C3=A9_L=C3=B3pez?= <jose@example.org>", "cita"
    mail.set_content(
        "<html><head><style>p{}</style></head><body><script>alert(1)</script><p>Me duele la&nbsp;rodilla</p>"
        "<div>312 555 0144</div></body></html>", subtype="html",
    )  # fmt: skip
    return mail.as_bytes()


async def test_html_only_and_a_name_in_another_alphabet(post: Post, client: httpx.AsyncClient) -> None:
    post.server.deliver(html_only())
    await post.work()
    (card,) = await cards(client, "new")
    assert card["patient"]["display_name"] == "José López"
    timeline = (await client.get(f"/api/v1/leads/{card['id']}/timeline")).text
    assert "Me duele la" in timeline and "alert" not in timeline


@pytest.mark.parametrize(
    "raw",
    [
        nested(150),
        b"Content-Type: text/plain; charset=no-such\r\nFrom: =?x?b?!!!?= <\xff@\xfe>\r\n\r\n\xff\xfe\x00 pain \x00",
        b"Content-Type: text/plain; charset=idna\r\n\r\n" + b"a" * 300,
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\n====%%%",
        b"",
        b"\r\n",
        b"Subject: " + b"x" * 900_000 + b"\r\n\r\nx",
    ],
    ids=range(8),
)
async def test_hostile_mails_are_held_and_the_next_one_comes_through(
    post: Post, client: httpx.AsyncClient, raw: bytes
) -> None:
    post.server.deliver(raw)
    post.send()
    await post.work()
    assert [card["patient"]["display_name"] for card in await cards(client, "new")] == ["Ada Sample"]
    assert len(await post.held()) == 1 and post.server.listed() == []
    assert await post.admin.fetchval("SELECT count(*) FROM jobs WHERE state = 'dead'") == 0


async def test_a_mail_the_server_itself_stumbles_over_holds_up_no_other(post: Post, client: httpx.AsyncClient) -> None:
    post.server.deliver(nested(1500))
    post.send()
    await post.work()
    assert [card["patient"]["display_name"] for card in await cards(client, "new")] == ["Ada Sample"]
    assert "does not hand out one" in (await post.box())["failure"]


async def test_a_mail_too_large_is_named_and_stays_where_it_is(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MOST_BYTES", 100_000)
    post.server.deliver(b"From: a@example.org\r\n\r\n" + b"x" * 3_000_000)
    await post.work()
    (arrival,) = await post.held()
    assert "too large" in arrival["reasons"][0] and "3 MB" in arrival["message"]
    assert len(post.server.listed("Frontdesk")) == 1


@pytest.mark.parametrize("where", ["store", "finish", "settle"])
async def test_a_crash_anywhere_loses_nothing_and_doubles_nothing(
    post: Post, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    broken = {"left": 1}

    def breaking(real: Any) -> Any:
        async def run(*args: Any) -> Any:
            if where == "settle":
                await real(*args)
            if broken["left"]:
                broken["left"] -= 1
                raise RuntimeError("power cut")
            return None if where == "settle" else await real(*args)

        return run

    if where == "store":
        monkeypatch.setattr(polling, "_store", breaking(polling._store))
    elif where == "finish":
        monkeypatch.setattr(ImapFolder, "finish", breaking(ImapFolder.finish))
    else:
        monkeypatch.setattr(taking, "_settle", breaking(taking._settle))
    pdf, _ = samples.draw("packet", "text_pdf", 7)
    post.send()
    post.send("attached", "Referral", "Rowan Ortho <o@example.org>", [("a.pdf", "application/pdf", pdf)])
    for _ in range(3):
        await post.work()
    assert broken["left"] == 0
    assert len(await cards(client, "new")) == 1 and post.server.listed() == []
    assert len((await client.get("/api/v1/faxes")).json()["items"]) == 1
    assert await post.admin.fetchval("SELECT count(*) FROM mails") == 2


async def test_what_somebody_has_read_already_comes_in_too(post: Post, client: httpx.AsyncClient) -> None:
    post.send()
    box = post.server._box()
    for key, mail in list(box.items()):
        mail.set_subdir("cur")
        mail.set_flags("S")
        box[key] = mail
    await post.work()
    assert len(await cards(client, "new")) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"password": "wrong"}, "refuses the name or the password"),
        ({"folder": "Nope"}, "no folder of this name"),
        ({"port": free_port()}, "cannot be reached"),
        ({"security": "tls"}, "breaks off"),
    ],
)
async def test_what_is_wrong_with_a_mailbox_is_said_in_words(
    post: Post, client: httpx.AsyncClient, changed: dict[str, Any], words: str
) -> None:
    box = await post.box()
    body = post.settings(version=box["version"], **changed)
    answer = await client.put(f"/api/v1/settings/mailboxes/{box['id']}", json=body)
    assert answer.status_code == 200, answer.text
    await post.work()
    assert words in (await post.box())["failure"]
    body = post.settings(version=answer.json()["version"])
    assert (await client.put(f"/api/v1/settings/mailboxes/{box['id']}", json=body)).status_code == 200
    await post.work()
    assert (await post.box())["failure"] is None


async def test_settings_are_checked_sealed_and_never_shown(post: Post, client: httpx.AsyncClient) -> None:
    path = "/api/v1/settings/mailboxes"
    assert post.server.account.password not in (await client.get(path)).text
    sealed = await post.admin.fetchval("SELECT sealed_password FROM mailboxes")
    assert post.server.account.password.encode() not in sealed
    again = await client.post(path, json=post.settings())
    assert again.status_code == 409
    names = ({"host": "imap.example.org"}, {"host": "a/b"}, {"username": "a\nb"})
    for wrong in (*names, {"folder": "Frontdesk"}, {"password": None}):
        answer = await client.post(path, json=post.settings(**wrong))
        assert answer.status_code == 422, wrong
    box = await post.box()
    stale = await client.put(f"{path}/{box['id']}", json=post.settings(version=box["version"] + 1))
    assert (stale.status_code, stale.json()["current_version"]) == (409, box["version"])
    closed = await client.put(f"{path}/{box['id']}", json=post.settings(version=box["version"], active=False))
    assert closed.json()["active"] is False
    post.send()
    await post.work()
    assert len(post.server.listed()) == 1
    assert (await client.post(f"{path}/{box['id']}/look")).status_code == 409


async def test_another_practice_sees_no_mailbox(post: Post, other_practice: SamplePractice) -> None:
    async with post.context.database.transaction(other_practice.id) as session:
        from backend.lead_capture.mail import mailboxes

        assert await mailboxes.listed(session) == []


async def test_a_failing_server_is_asked_again_and_a_refusing_one_later(post: Post) -> None:
    await post.server.stop()
    await post.work()
    soon = await post.admin.fetchval("SELECT run_at - now() FROM jobs WHERE kind = 'mail.poll'")
    assert timedelta(0) < soon <= timedelta(seconds=61)
    assert await post.admin.fetchval("SELECT state FROM jobs WHERE kind = 'mail.poll'") == "queued"


async def test_a_server_inside_is_not_asked(post: Post, client: httpx.AsyncClient) -> None:
    """Whoever owns a practice could otherwise find out what listens in the network we run in."""
    knocks: list[Any] = []
    inside = await asyncio.start_server(lambda *wire: knocks.append(wire), "127.0.0.1", 0)
    port = inside.sockets[0].getsockname()[1]
    box = await post.box()
    body = post.settings(version=box["version"], port=port)
    assert (await client.put(f"/api/v1/settings/mailboxes/{box['id']}", json=body)).status_code == 200
    for strange, allowed in ((ImapMailbox(timeout=1), False), (ImapMailbox(timeout=1, inner=["127.0.0.1"]), True)):
        handler = partial(polling.poll, post.context, strange, OAuthTokens())
        post.runner = JobRunner(post.context.database, {polling.POLL: handler}, lease_seconds=30, attempts=3)
        await post.work()
        assert ("private network" in (await post.box())["failure"]) is not allowed
        assert bool(knocks) is allowed
    inside.close()
