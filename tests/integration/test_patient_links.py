"""Links in texts: reused, forwarded, expired, guessed, previewed by robots; one family, one browser, two links."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.api import spa
from backend.api.app import create_app, serve_with
from backend.core import clock
from backend.core.context import ProcessContext
from backend.core.link_tokens import hash_of
from backend.patient_links import marks
from backend.patient_links import service as links
from tests.conftest import SamplePractice
from tests.patients_phone import DOB, LINKS, enter, make_link, open_link


async def test_a_link_opens_after_the_second_check_and_says_little_before(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    link = await make_link(context, practice)
    answer = await open_link(anonymous, link.token)
    page = answer.json()
    assert (page["purpose"], page["check"], page["verified"], page["person"]) == ("upload", "dob", False, "Ada S.")
    assert "Sample" not in answer.text
    assert "1961" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-frontdesk-patient=")
    assert "HttpOnly" in cookie
    assert "Secure" in cookie
    assert "SameSite=strict" in cookie
    checked = await anonymous.post(f"{LINKS}/check", json={"dob": "1961-04-09"})
    assert checked.json()["verified"] is True
    assert (await anonymous.get(f"{LINKS}/session")).json()["verified"] is True
    actions = [row["action"] for row in await admin.fetch("SELECT action FROM audit_events ORDER BY seq")]
    assert actions[-2:] == ["link.opened", "link.checked"]
    assert await admin.fetchval("SELECT actor_kind FROM audit_events ORDER BY seq DESC LIMIT 1") == "patient"


async def test_the_database_holds_no_token(context: ProcessContext, practice: SamplePractice, admin: Any) -> None:
    link = await make_link(context, practice)
    row = await admin.fetchrow("SELECT * FROM patient_links")
    assert row["token_hash"] == hash_of(link.token)
    assert link.token not in str(dict(row))
    assert len(link.token) == marks.TOKEN_LENGTH


async def test_a_link_that_was_never_sent_opens_nothing(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    link = await make_link(context, practice)
    await admin.execute("UPDATE patient_links SET token_hash = NULL")
    assert (await open_link(anonymous, link.token)).status_code == 404


async def test_five_wrong_answers_and_the_link_is_dead(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    link = await make_link(context, practice)
    await open_link(anonymous, link.token)
    for left in (4, 3, 2, 1):
        answer = await anonymous.post(f"{LINKS}/check", json={"dob": "1970-01-01"})
        assert (answer.status_code, answer.json()["type"], answer.json()["tries_left"]) == (422, "check-failed", left)
    last = await anonymous.post(f"{LINKS}/check", json={"dob": "1970-01-01"})
    assert (last.status_code, last.json()["type"]) == (404, "link-not-usable")
    right = await anonymous.post(f"{LINKS}/check", json={"dob": DOB.isoformat()})
    assert right.status_code == 404, "the right answer comes too late"
    assert (await open_link(anonymous, link.token)).status_code == 404


@pytest.mark.parametrize(
    "what",
    [
        "UPDATE patient_links SET expires_at = now() - interval '1 day'",
        "UPDATE patient_links SET revoked_at = now()",
        "UPDATE patient_links SET used_at = now(), purpose = 'intake'",
        "UPDATE patient_links SET failed_checks = 5",
    ],
)
async def test_dead_links_look_like_unknown_ones(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any, what: str
) -> None:
    link = await make_link(context, practice)
    await admin.execute(what)
    dead = await open_link(anonymous, link.token)
    unknown = await open_link(anonymous, "a" * 26)
    assert dead.status_code == unknown.status_code == 404
    assert {**dead.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    assert "set-cookie" not in dead.headers


async def test_it_expires_after_72_hours_and_a_form_after_seven_days(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    upload, intake = await make_link(context, practice), await make_link(context, practice, "intake")
    try:
        clock.shift_by(timedelta(hours=71))
        assert (await open_link(anonymous, upload.token)).status_code == 200
        clock.shift_by(timedelta(hours=73))
        assert (await open_link(anonymous, upload.token)).status_code == 404
        assert (await open_link(anonymous, intake.token)).status_code == 200
        clock.shift_by(timedelta(days=7, hours=1))
        assert (await open_link(anonymous, intake.token)).status_code == 404
    finally:
        clock.shift_by(timedelta(0))


async def test_a_revoked_link_closes_open_pages(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    link = await make_link(context, practice)
    await enter(anonymous, link.token)
    async with context.database.transaction(practice.id) as session:
        await links.revoke(session, link.id)
    answer = await anonymous.get(f"{LINKS}/session")
    assert (answer.status_code, answer.json()["type"]) == (404, "link-not-usable"), "opening it again would not help"


async def test_a_page_closes_by_itself(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    link = await make_link(context, practice)
    await enter(anonymous, link.token)
    try:
        clock.shift_by(timedelta(minutes=31))
        assert (await anonymous.get(f"{LINKS}/session")).status_code == 401
    finally:
        clock.shift_by(timedelta(0))


async def test_two_links_in_one_browser_never_mix(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    ada, bea = await make_link(context, practice), await make_link(context, practice, first_name="Bea")
    await enter(anonymous, ada.token)
    adas = anonymous.headers["X-CSRF-Token"]
    await open_link(anonymous, bea.token)
    anonymous.headers["X-CSRF-Token"] = adas
    answer = await anonymous.post(f"{LINKS}/check", json={"dob": DOB.isoformat()})
    assert (answer.status_code, answer.json()["type"]) == (403, "other-page")


async def test_another_site_cannot_open_or_answer(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    link = await make_link(context, practice)
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.org"}
    body = {"token": link.token}
    assert (await anonymous.post(f"{LINKS}/exchange", json=body, headers=foreign)).status_code == 403
    await open_link(anonymous, link.token)
    dob = {"dob": DOB.isoformat()}
    assert (await anonymous.post(f"{LINKS}/check", json=dob, headers=foreign)).status_code == 403


@pytest.mark.parametrize(
    ("last_name", "said", "right"),
    [
        ("García-Nuñez", "garcia nunez", True),
        ("García-Nuñez", "Nunez", True),
        ("O'Brien", "OBRIEN", True),
        ("de la Cruz", "Cruz", True),
        ("de la Cruz", "de", False),
        ("Sample", "Samples", False),
        ("Sample", "'-", False),
    ],
)
async def test_without_a_date_of_birth_the_last_name_is_asked(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, last_name: str, said: str,
    right: bool,
) -> None:  # fmt: skip
    link = await make_link(context, practice, dob=None, last_name=last_name)
    assert (await open_link(anonymous, link.token)).json()["check"] == "last_name"
    answer = await anonymous.post(f"{LINKS}/check", json={"last_name": said})
    assert answer.status_code == (200 if right else 422)
    by_date = await anonymous.post(f"{LINKS}/check", json={"dob": date(1961, 4, 9).isoformat()})
    assert by_date.status_code == 422, "no date is on file, so none is right"


async def test_of_a_caller_nobody_knows_nothing_is_asked_and_nothing_shown(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    link = await make_link(context, practice, dob=None, first_name="Unknown", last_name="Caller")
    page = (await open_link(anonymous, link.token)).json()
    assert (page["check"], page["verified"], page["person"]) == ("none", True, None)


async def test_eleven_tries_a_minute_are_too_many(anonymous: httpx.AsyncClient, context: ProcessContext) -> None:
    answers = [(await open_link(anonymous, f"guess{number}")).status_code for number in range(11)]
    assert answers == [404] * 10 + [429]


async def test_of_phones_behind_one_address_every_one_opens_its_link(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    link = await make_link(context, practice)
    assert [(await open_link(anonymous, link.token)).status_code for _ in range(15)] == [200] * 15


async def test_without_redis_links_still_open(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await make_link(context, practice)

    async def gone(*_: object) -> int:
        raise ConnectionError

    monkeypatch.setattr(type(context.redis), "incr", gone)
    assert (await open_link(anonymous, link.token)).status_code == 200


PREVIEWERS = [
    "WhatsApp/2.23.20.0", "TelegramBot (like TwitterBot)", "Twitterbot/1.0", "facebookexternalhit/1.1",
    "Facebot", "LinkedInBot/1.0", "Slackbot-LinkExpanding 1.0", "Slack-ImgProxy", "Discordbot/2.0", "SkypeUriPreview",
    "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Twitterbot/1.0",
    "Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)", "Googlebot/2.1", "bingbot/2.0",
    "BingPreview/1.0b", "Applebot/0.1", "Iframely/1.3.1", "Embedly/0.2", "vkShare", "redditbot/1.0", "Viber/13.3",
    "Pinterestbot/1.0", "Snapchat/10.77", "MicrosoftPreview/2.0",
]  # fmt: skip


async def test_robots_that_preview_links_change_nothing(
    context: ProcessContext, practice: SamplePractice, admin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "patient.html").write_text("<!doctype html><title>Your clinic</title>")
    monkeypatch.setattr(spa, "DIST", tmp_path)
    app = create_app()
    serve_with(app, context, {})
    spa.install(app)
    link = await make_link(context, practice)
    before = await _everything(admin)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as robot:
        for agent in PREVIEWERS:
            for method in ("HEAD", "GET"):
                # What stands behind the # stays with the caller; a careless robot may put it into the path instead.
                for path in (f"/p#{link.token}", f"/p?{link.token}", f"/p/{link.token}"):
                    answer = await robot.request(method, path, headers={"User-Agent": agent, "Purpose": "prefetch"})
                    assert "set-cookie" not in answer.headers
                page = await robot.request(method, "/p", headers={"User-Agent": agent})
                assert page.status_code == 200
                assert page.headers["cache-control"] == "no-store"
                assert page.headers["x-robots-tag"] == "noindex, nofollow"
                assert page.headers["referrer-policy"] == "no-referrer"
        for path in (f"{LINKS}/exchange", f"{LINKS}/check"):
            assert (await robot.get(path)).status_code in {404, 405}
    assert await _everything(admin) == before


async def _everything(admin: Any) -> str:
    tables = ("patient_links", "patient_sessions", "audit_events", "leads", "jobs")
    return str([[dict(row) for row in await admin.fetch(f"SELECT * FROM {table}")] for table in tables])
