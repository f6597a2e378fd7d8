"""The letterhead: what it says, its logo taken from any file, and where both are shown."""

import io
import uuid
from typing import Any

import asyncpg
import httpx
import pdfplumber
import pytest
from PIL import Image

from backend.core.context import ProcessContext
from backend.core.objects import ObjectMissing
from backend.identity import service as identity
from tests.conftest import PASSWORD, SamplePractice, make_practice
from tests.integration.test_referrer_portal import Office, browser, office
from tests.referrers import refer, referrer_of
from tests.unit.identity.test_logos import AMBER, BOMB, SVG, TEAL, drawn, saved

__all__ = ["browser", "office"]  # fixtures
URL = "/api/v1/settings/letterhead"
SAID = {
    "name": "Northside Physical Therapy & Sports", "tagline": "Hands and shoulders", "website": "northside.example.org",
    "address": "500 N Clark St, Chicago, IL 60654", "phone": "312-555-0100",
}  # fmt: skip
SAMPLE = "/api/v1/settings/letters/sample"


async def put_logo(client: httpx.AsyncClient, data: bytes, version: int = 0) -> httpx.Response:
    return await client.put(f"{URL}/logo", params={"version": version}, content=data)


async def pdf_of(client: httpx.AsyncClient, url: str) -> tuple[str, list[dict[str, Any]]]:
    """(words, pictures) of its only page."""
    answer = await client.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
        return " ".join((pdf.pages[0].extract_text() or "").split()), list(pdf.pages[0].images)


async def a_letter(client: httpx.AsyncClient) -> str:
    lead = await refer(client, "Ada", "Rowan Ortho", fax="+13125550155")
    (letter,) = (await client.get(f"/api/v1/leads/{lead['id']}/letters")).json()["items"]
    return f"/api/v1/letters/{letter['id']}/document"


async def test_it_says_what_it_is_told_on_letters_and_scorecards(client: httpx.AsyncClient) -> None:
    assert (await client.get(URL)).json()["version"] == 0
    changed = await client.put(URL, json={"version": 0} | SAID)
    assert (changed.status_code, changed.json()["version"], changed.json()["phone"]) == (200, 1, "+13125550100")
    assert (await client.put(URL, json={"version": 0} | SAID)).status_code == 409
    letter = await a_letter(client)
    referrer = referrer_of(await refer(client, "Ben", "Rowan Ortho", fax="+13125550155"))
    scorecard = f"/api/v1/referrers/{referrer}/scorecard?format=pdf"
    for url in (letter, scorecard, SAMPLE):
        words, pictures = await pdf_of(client, url)
        assert all(said in words for said in (SAID["name"], SAID["tagline"], SAID["website"])), words
        assert pictures == []
    assert SAID["address"] in (await pdf_of(client, scorecard))[0] and "(312) 555-0100" in words
    bare = await client.put(URL, json={"version": 1})
    assert (bare.json()["name"], bare.json()["practice"]) == (None, "Northside")
    assert (await pdf_of(client, letter))[0].startswith("Northside")


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"name": ""}, "/name"), ({"name": "x" * 81}, "/name"), ({"tagline": "a\nb"}, "/tagline"),
        ({"website": "   "}, "/website"), ({"phone": "12"}, "/phone"), ({"logo_id": None}, "/logo_id"),
        ({"address": "x" * 161}, "/address"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused(client: httpx.AsyncClient, facts: dict[str, Any], pointer: str) -> None:
    answer = await client.put(URL, json={"version": 0} | facts)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])


async def test_a_logo_is_drawn_anew_and_stands_on_letters_and_pages(
    client: httpx.AsyncClient, office: Office, admin: "asyncpg.Connection"
) -> None:
    given = saved(drawn(TEAL, size=(1600, 500)), "JPEG", comment=b"Ada Sample")
    shown = await put_logo(client, given)
    assert (shown.status_code, shown.json()["version"]) == (200, 1), shown.text
    logo = await office.browser.get(shown.json()["logo_url"])
    assert (logo.status_code, logo.headers["content-type"]) == (200, "image/png")
    assert "immutable" in logo.headers["cache-control"] and b"Ada" not in logo.content
    assert Image.open(io.BytesIO(logo.content)).width <= 640
    for url in (await a_letter(client), SAMPLE):
        _, (picture,) = await pdf_of(client, url)
        millimetres = [round(side / 72 * 25.4, 1) for side in (picture["width"], picture["height"])]
        assert millimetres[0] <= 55.1 and millimetres[1] <= 15.1, millimetres
    fax = Image.open(io.BytesIO((await client.get(SAMPLE, params={"fax": True})).content))
    assert (fax.mode, fax.width) == ("1", 1728)
    opened = await office.open()
    assert (opened.json()["logo"], opened.json()["practice"]) == (shown.json()["logo_url"], "Northside")
    row = await admin.fetchrow("SELECT content_type, size FROM documents JOIN letterheads ON id = logo_id")
    assert row["content_type"] == "image/png"


async def test_another_logo_takes_its_place_and_the_first_is_gone(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    first = (await put_logo(client, saved(drawn(TEAL)))).json()["logo_url"]
    assert (await put_logo(client, saved(drawn(AMBER)))).status_code == 409, "somebody else was faster"
    second = (await put_logo(client, saved(drawn(AMBER)), 1)).json()["logo_url"]
    assert first != second
    assert (await client.get(first)).status_code == 404
    with pytest.raises(ObjectMissing):
        await context.documents._objects.get(f"{practice.id}/{first.rpartition('/')[2]}")
    removed = await client.delete(f"{URL}/logo", params={"version": 2})
    assert (removed.status_code, removed.json()["logo_url"]) == (200, None)
    assert (await client.get(second)).status_code == 404
    assert await admin.fetchval("SELECT count(*) FROM documents WHERE content_type = 'image/png'") == 0
    assert (await pdf_of(client, SAMPLE))[1] == []


@pytest.mark.parametrize(
    ("data", "status", "kind"),
    [
        (b"", 422, "unusable-logo"), (SVG, 422, "unusable-logo"), (BOMB, 422, "unusable-logo"),
        (saved(drawn(TEAL))[:200], 422, "unusable-logo"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 2_200_000, 413, "too-large"),
    ],
    ids=["empty", "svg", "bomb", "cut", "too large"],
)  # fmt: skip
async def test_a_hostile_file_changes_nothing(client: httpx.AsyncClient, data: bytes, status: int, kind: str) -> None:
    kept = (await put_logo(client, saved(drawn(TEAL)))).json()
    refused = await put_logo(client, data, 1)
    assert (refused.status_code, refused.json()["type"]) == (status, kind)
    assert (await client.get(URL)).json() == kept
    assert (await client.get(kept["logo_url"])).status_code == 200


async def test_who_may_not(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    await client.put(URL, json={"version": 0} | SAID)
    theirs = await make_practice(context, "lakeview")
    async with context.database.transaction(practice.id) as session:
        await identity.create_user(
            session, email="dee@northside.example.org", name="Dee", password=PASSWORD, role="front_desk"
        )
        await identity.create_user(
            session, email="moe@northside.example.org", name="Moe", password=PASSWORD, role="manager"
        )
    of_moe = "user_id = (SELECT id FROM users WHERE name = 'Moe')"
    await admin.execute(f"UPDATE memberships SET location_id = $1 WHERE {of_moe}", practice.location_id)
    for email in ("dee@northside.example.org", "moe@northside.example.org"):
        await _as(client, email)
        assert (await client.put(URL, json={"version": 1})).status_code == 403, email
        assert (await put_logo(client, saved(drawn(TEAL)), 1)).status_code == 403, email
        assert (await client.delete(f"{URL}/logo", params={"version": 1})).status_code == 403, email
    await _as(client, theirs.email)
    assert (await client.get(URL)).json()["name"] is None
    assert (await put_logo(client, saved(drawn(TEAL)))).status_code == 200
    assert await admin.fetchval("SELECT count(*) FROM letterheads WHERE logo_id IS NOT NULL") == 1
    assert (await client.get(f"/api/v1/public/logos/{uuid.uuid4()}")).status_code == 404


async def _as(client: httpx.AsyncClient, email: str) -> None:
    signed = await client.post("/api/v1/session", json={"email": email, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
