"""Offices of referrers: found from papers, corrected, heard, merged and parted."""

import asyncio
import uuid
from typing import Any

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from backend.identity import service as identity
from backend.referral_sources import merging
from backend.referral_sources.mergeable import OFFICES
from tests.conftest import PASSWORD, SamplePractice, make_practice
from tests.referrers import LAKESIDE, enter, npi, refer, referrer_of

URL = "/api/v1/referrer-offices"
PEOPLE = "/api/v1/referrers"
WAITS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"""
# The same house, as another paper spells it.
TWIN = {"practice_name": "Lakeside Orthopaedics", "fax": LAKESIDE["fax"]}


async def items(client: httpx.AsyncClient, url: str = URL, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get(url, params=params)
    assert answer.status_code == 200, answer.json()
    return list(answer.json()["items"])


async def change(client: httpx.AsyncClient, office: dict[str, Any], **facts: Any) -> httpx.Response:
    return await client.patch(f"{URL}/{office['id']}", json={"version": office["version"]} | facts)


async def merge(client: httpx.AsyncClient, gone: dict[str, Any], into: dict[str, Any]) -> httpx.Response:
    body = {"into": into["id"], "version": gone["version"], "into_version": into["version"]}
    return await client.post(f"{URL}/{gone['id']}/merge", json=body)


async def two_houses(client: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Two offices of one fax number, and who works in the second."""
    await enter(client, "Rowan Ortho", npi=npi(1), **LAKESIDE)
    second = await enter(client, "Ann Lee", npi=npi(2), **TWIN)
    by_name = {office["name"]: office for office in await items(client)}
    return by_name["Lakeside Orthopedics"], by_name["Lakeside Orthopaedics"], second


async def test_an_office_is_found_and_corrected_for_all_its_people(client: httpx.AsyncClient) -> None:
    first = await enter(client, "Rowan Ortho", npi=npi(1), **LAKESIDE)
    await enter(client, "Ann Lee", practice_name="Lakeside Orthopedics, PLLC", phone=LAKESIDE["phone"])
    (office,) = await items(client)
    assert (office["name"], office["fax"], office["providers"]) == ("Lakeside Orthopedics", LAKESIDE["fax"], 2)
    for q in ("lakeside", "ORTHO lake", "555-0155"):
        assert [found["id"] for found in await items(client, q=q)] == [office["id"]], q
    for q in ("elsewhere", "100%", "_"):
        assert await items(client, q=q) == [], q
    address = "900 Lake Shore Drive, Chicago, IL 60611"
    changed = await change(client, office, name="Lakeside Ortho", address=address, email="desk@lakeside.example.org")
    assert (changed.status_code, changed.json()["version"], changed.json()["providers"]) == (200, 2, 2)
    assert (await change(client, office, name="Late")).status_code == 409
    assert (await client.get(f"{PEOPLE}/{first['id']}")).json()["office"]["address"] == address
    assert [found["name"] for found in await items(client, q="shore")] == ["Lakeside Ortho"]
    there = await items(client, PEOPLE, office_id=office["id"])
    assert [row["name"] for row in there] == ["Ann Lee", "Rowan Ortho"]
    assert await items(client, PEOPLE, office_id=str(uuid.uuid4())) == []


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"npi": "1234567890"}, "/npi"),
        ({"fax": "12"}, "/fax"),
        ({"name": ""}, "/name"),
        ({"name": None}, "/name"),
        ({"email": "nobody"}, "/email"),
        ({"address": "x" * 301}, "/address"),
        ({"hear_by": "pigeon"}, "/hear_by"),
        ({"hear_by": "email"}, "/email"),
        ({"hear_of": ["everything"]}, "/hear_of/0"),
        ({"merged_into": None}, "/merged_into"),
    ],
)
async def test_what_cannot_be_is_refused(client: httpx.AsyncClient, facts: dict[str, Any], pointer: str) -> None:
    await enter(client, "Rowan Ortho", **LAKESIDE)
    (office,) = await items(client)
    answer = await change(client, office, **facts)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])


async def test_the_office_says_how_its_people_hear_back_unless_they_do(
    client: httpx.AsyncClient, admin: "asyncpg.Connection"
) -> None:
    follows = await enter(client, "Rowan Ortho", npi=npi(1), **LAKESIDE)
    chose = await enter(client, "Ann Lee", npi=npi(2), hear_by="fax", hear_of=["seen"], **LAKESIDE)
    assert (follows["hear_own"], chose["hear_own"]) == (False, True)
    (office,) = await items(client)
    quiet = (await change(client, office, hear_by="none")).json()
    heard = [(await client.get(f"{PEOPLE}/{row['id']}")).json() for row in (follows, chose)]
    assert [(row["hear_by"], len(row["hear_of"])) for row in heard] == [("none", 10), ("fax", 1)]
    assert {row["name"]: row["hear_by"] for row in await items(client, PEOPLE)} == {
        "Rowan Ortho": "none", "Ann Lee": "fax",
    }  # fmt: skip
    await refer(client, "Ada", "Rowan Ortho", npi=npi(1))
    await refer(client, "Ben", "Ann Lee", npi=npi(2))
    told = await admin.fetch("SELECT reason FROM letters ORDER BY created_at")
    assert [row["reason"] for row in told] == ["prefers_none", "prefers_less"]
    own = {"version": heard[0]["version"], "hear_by": "portal"}
    assert (await client.patch(f"{PEOPLE}/{follows['id']}", json=own)).json()["hear_own"] is True
    again = {"version": heard[0]["version"] + 1, "hear_own": False}
    assert (await client.patch(f"{PEOPLE}/{follows['id']}", json=again)).json()["hear_by"] == "none"
    usual = await change(client, quiet, hear_by=None)
    assert usual.json()["hear_by"] is None
    assert (await client.get(f"{PEOPLE}/{follows['id']}")).json()["hear_by"] == "portal", "what they had"


async def test_merging_moves_people_and_can_be_taken_back(
    client: httpx.AsyncClient, admin: "asyncpg.Connection"
) -> None:
    kept, gone, second = await two_houses(client)
    await change(client, gone, address="900 Lake Shore Drive, Chicago, IL 60611")
    (double,) = await items(client, f"{URL}/{gone['id']}/doubles")
    assert (double["first"]["id"], double["second"]["id"], double["likely"]) == (gone["id"], kept["id"], False)
    assert (double["agrees"], double["differs"]) == (["same phone or fax"], ["another name"])
    merged = await merge(client, double["first"], double["second"])
    assert (merged.status_code, merged.json()["id"], merged.json()["providers"]) == (200, kept["id"], 2)
    assert merged.json()["address"].startswith("900 Lake"), "what it did not know"
    assert [(one["id"], one["by"], one["can_undo"]) for one in merged.json()["merges"]] == [
        (gone["id"], "Dana Desk", True)
    ]
    assert [row["id"] for row in await items(client)] == [kept["id"]]
    was = (await client.get(f"{URL}/{gone['id']}")).json()
    assert (was["merged_into"], was["providers"]) == (kept["id"], 0)
    assert (await change(client, was, name="X")).status_code == 409, "work with the other"
    later = await enter(client, "Cal Later", npi=npi(3), **TWIN)
    assert later["office"]["id"] == kept["id"], "papers that still name it mean the other"
    parted = await client.post(f"{URL}/{gone['id']}/unmerge", json={"version": was["version"]})
    assert (parted.status_code, parted.json()["merged_into"], parted.json()["providers"]) == (200, None, 1)
    assert (await client.get(f"{PEOPLE}/{second['id']}")).json()["office"]["id"] == gone["id"]
    assert (await client.get(f"{PEOPLE}/{later['id']}")).json()["office"]["id"] == kept["id"], "came later"
    assert (await client.get(f"{URL}/{kept['id']}")).json()["address"] is None
    again = await client.post(f"{URL}/{gone['id']}/unmerge", json={"version": parted.json()["version"]})
    assert (again.status_code, again.json()["detail"]) == (409, "This office is not part of another.")
    actions = await admin.fetch("SELECT action FROM audit_events WHERE action LIKE 'referrer_office.%' ORDER BY seq")
    assert [row["action"].split(".")[1] for row in actions] == ["changed", "merged", "unmerged"]


async def test_a_paper_of_an_office_that_was_merged_finds_the_other_by_its_old_number(
    client: httpx.AsyncClient,
) -> None:
    await enter(client, "Rowan Ortho", npi=npi(1), **LAKESIDE)
    await enter(client, "Ann Lee", npi=npi(2), practice_name="Lakeside Orthopedics", fax="+13125550199")
    one, two = await items(client)
    assert one["name"] == two["name"], "clinics of one group"
    (double,) = await items(client, "/api/v1/referrer-office-doubles")
    assert (double["likely"], double["differs"]) == (False, ["other phone and fax"])
    assert (await merge(client, two, one)).status_code == 200
    new = await enter(client, "Cal New", npi=npi(3), practice_name="Lakeside Orthopedics", fax=two["fax"])
    assert new["office"]["id"] == one["id"]
    ordered = referrer_of(await refer(client, "Ada", "Dee Fresh", npi=npi(4), fax=two["fax"]))
    assert (await client.get(f"{PEOPLE}/{ordered}")).json()["office"]["id"] == one["id"], "by the number alone"


async def test_who_comes_while_the_office_is_merged_works_at_the_other(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    kept, gone, _ = await two_houses(client)
    async with context.database.transaction(practice.id) as session:
        await merging.merge(session, OFFICES, uuid.UUID(gone["id"]), uuid.UUID(kept["id"]), (1, 1))
        coming = asyncio.create_task(enter(client, "Cal Now", npi=npi(3), referrer_practice_id=gone["id"]))
        for _ in range(200):
            if await admin.fetchval(WAITS):
                break
            await asyncio.sleep(0.02)
        assert not coming.done()
    assert (await coming)["office"]["id"] == kept["id"]


async def test_what_may_not_be_merged(client: httpx.AsyncClient) -> None:
    kept, gone, _ = await two_houses(client)
    assert (await merge(client, gone, gone)).status_code == 422
    assert (await merge(client, gone | {"version": 9}, kept)).status_code == 409
    numbered = [(await change(client, row, npi=npi(5 + place))).json() for place, row in enumerate((kept, gone))]
    answer = await merge(client, numbered[1], numbered[0])
    assert (answer.status_code, "different NPIs" in answer.json()["detail"]) == (409, True)
    assert await items(client, "/api/v1/referrer-office-doubles") == [], "two NPIs are two offices"
    stray = {"into": str(uuid.uuid4()), "version": 2, "into_version": 1}
    assert (await client.post(f"{URL}/{gone['id']}/merge", json=stray)).status_code == 404


async def test_not_the_same_is_remembered(client: httpx.AsyncClient) -> None:
    kept, gone, _ = await two_houses(client)
    dismissal = f"{URL}/{kept['id']}/doubles/{gone['id']}/dismissal"
    assert len(await items(client, "/api/v1/referrer-office-doubles")) == 1
    assert (await client.put(dismissal)).status_code == 204
    assert await items(client, "/api/v1/referrer-office-doubles") == []
    (double,) = await items(client, f"{URL}/{gone['id']}/doubles")
    assert double["dismissed_by"] == "Dana Desk"
    assert (await client.delete(dismissal)).status_code == 204
    assert len(await items(client, "/api/v1/referrer-office-doubles")) == 1
    assert (await client.put(f"{URL}/{kept['id']}/doubles/{kept['id']}/dismissal")).status_code == 422


async def test_pages_miss_no_office(client: httpx.AsyncClient) -> None:
    for number in range(5):
        await enter(client, f"P{number} Sample", practice_name="Same Name", fax=f"+1312555016{number}")
    seen: list[str] = []
    cursor = None
    while True:
        page = (await client.get(URL, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [row["id"] for row in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert (await client.get(URL, params={"cursor": "nonsense"})).status_code == 422


async def test_a_liaison_may_and_another_practice_may_not(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    kept, gone, _ = await two_houses(client)
    theirs = await make_practice(context, "lakeview")
    await _as(client, theirs.email)
    assert await items(client) == []
    await enter(client, "Their Referrer", practice_name="Their Office", fax="+13125550177")
    (other,) = await items(client)
    assert (await client.get(f"{URL}/{kept['id']}")).status_code == 404
    assert (await change(client, kept, name="X")).status_code == 404
    assert (await merge(client, other, kept)).status_code == 404
    assert (await client.get(f"{URL}/{kept['id']}/doubles")).status_code == 404
    assert (await client.put(f"{URL}/{other['id']}/doubles/{kept['id']}/dismissal")).status_code == 404
    stranger = {"name": "Stranger", "referrer_practice_id": kept["id"]}
    assert (await client.post(PEOPLE, json=stranger)).status_code == 422
    async with context.database.transaction(practice.id) as session:
        await identity.create_user(
            session, email="lia@northside.example.org", name="Lia", password=PASSWORD, role="liaison"
        )
    await _as(client, "lia@northside.example.org")
    assert (await merge(client, gone, kept)).status_code == 200


async def _as(client: httpx.AsyncClient, email: str) -> None:
    signed = await client.post("/api/v1/session", json={"email": email, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
