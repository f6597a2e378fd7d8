"""Referrers: entered, found from what papers say, merged and parted, visited; status and timeline."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from backend.core import clock
from backend.core.actor import Actor, act_as
from backend.core.context import ProcessContext
from backend.identity import service as identity
from backend.loop import rules
from backend.referral_sources import service
from backend.referral_sources.service import ReferrerFacts
from tests.conftest import PASSWORD, SamplePractice, make_practice
from tests.referrers import LAKESIDE, enter, npi, refer, referrer_of

URL = "/api/v1/referrers"


async def test_a_referrer_is_entered_corrected_and_found(client: httpx.AsyncClient) -> None:
    made = await enter(client, "Dr. Rowan Ortho, M.D.", npi=npi(1), specialty="Orthopedic surgery", **LAKESIDE)
    assert (made["name"], made["credential"], made["hear_by"], len(made["hear_of"])) == ("Rowan Ortho", "MD", "fax", 10)
    assert made["office"]["name"] == "Lakeside Orthopedics"
    for q in ("rowan", "lakeside ORTHO", npi(1), "555-0155", "orthopedic surg"):
        assert [item["id"] for item in (await client.get(URL, params={"q": q})).json()["items"]] == [made["id"]], q
    assert (await client.get(URL, params={"q": "100%"})).json()["items"] == []
    change = {"version": 1, "hear_by": "email"}
    assert (await client.patch(f"{URL}/{made['id']}", json=change)).status_code == 422, "no address to write to"
    change |= {"email": "rowan@lakeside.example.org", "hear_of": ["scheduled", "discharge"]}
    changed = await client.patch(f"{URL}/{made['id']}", json=change)
    assert (changed.status_code, changed.json()["version"], changed.json()["hear_of"]) == (
        200, 2, ["scheduled", "discharge"],
    )  # fmt: skip
    assert (await client.patch(f"{URL}/{made['id']}", json=change)).status_code == 409


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"npi": "1234567890"}, "/npi"),
        ({"npi": "3000000001"}, "/npi"),
        ({"fax": "12"}, "/fax"),
        ({"email": "nobody"}, "/email"),
        ({"hear_by": "pigeon"}, "/hear_by"),
        ({"hear_of": ["everything"]}, "/hear_of/0"),
        ({"nickname": "x"}, "/nickname"),
    ],
)
async def test_what_cannot_be_is_refused(client: httpx.AsyncClient, facts: dict[str, Any], pointer: str) -> None:
    answer = await client.post(URL, json={"name": "Rowan Ortho"} | facts)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_an_npi_belongs_to_one(client: httpx.AsyncClient) -> None:
    first = await enter(client, "Rowan Ortho", npi=npi(1))
    answer = await client.post(URL, json={"name": "Somebody Else", "npi": npi(1)})
    assert (answer.status_code, answer.json()["referrer_id"]) == (409, first["id"])


async def test_papers_find_the_one_they_can_only_mean(client: httpx.AsyncClient) -> None:
    known = referrer_of(await refer(client, "Ada", "Emily C Jimenez", npi=npi(7), **LAKESIDE))
    same = [
        {"name": "EMILY C. JIMENEZ, DO", "npi": npi(7)},
        {"name": "Emily Jimenez", "npi": npi(7), "practice_name": "Another Office"},
        {"name": "Dr. Emily Jimenez", "fax": LAKESIDE["fax"]},
        {"name": "Jimenez, Emily", "practice_name": "Lakeside Orthopedics, PLLC"},
        {"name": "Emily Jimenez"},
    ]
    for number, facts in enumerate(same):
        assert referrer_of(await refer(client, f"Same{number}", **facts)) == known, facts
    other = [
        {"name": "Emily Jimenez", "npi": npi(8)},
        {"name": "Emily D. Jimenez", "fax": LAKESIDE["fax"]},
        {"name": "E. Jimenez", "fax": LAKESIDE["fax"]},
        {"name": "Emilia Jimenez", "fax": LAKESIDE["fax"]},
    ]
    for number, facts in enumerate(other):
        assert referrer_of(await refer(client, f"Other{number}", **facts)) != known, facts


async def test_two_who_fit_are_nobody(client: httpx.AsyncClient) -> None:
    one = referrer_of(await refer(client, "Ada", "John Smith", practice_name="North Clinic", fax="+13125550161"))
    two = referrer_of(await refer(client, "Ben", "John Smith", practice_name="South Clinic", fax="+13125550162"))
    assert one != two, "another office and another fax: perhaps another person"
    unclear = referrer_of(await refer(client, "Cal", "John Smith"))
    assert unclear not in {one, two}
    assert referrer_of(await refer(client, "Dan", "John Smith", fax="+13125550162")) == two
    doubles = (await client.get("/api/v1/referrer-doubles")).json()["items"]
    assert {frozenset((item["first"]["id"], item["second"]["id"])) for item in doubles} == {
        frozenset((one, two)), frozenset((one, unclear)), frozenset((two, unclear)),
    }  # fmt: skip
    assert all("same name" in item["agrees"] for item in doubles)


async def test_merging_moves_everything_and_can_be_taken_back(client: httpx.AsyncClient) -> None:
    old = referrer_of(first := await refer(client, "Ada", "Emily Jimenez", npi=npi(7), **LAKESIDE))
    new = referrer_of(second := await refer(client, "Ben", "Emely Jimenez", fax=LAKESIDE["fax"]))
    await client.post(f"{URL}/{new}/notes", json={"text": "Call before ten"})
    (double,) = (await client.get(f"{URL}/{new}/doubles")).json()["items"]
    assert (double["first"]["id"], double["second"]["id"], double["likely"]) == (new, old, False)
    assert double["agrees"] == ["similar name", "same phone or fax", "same office"]
    merge = {"into": old, "version": double["first"]["version"], "into_version": double["second"]["version"]}
    merged = await client.post(f"{URL}/{new}/merge", json=merge)
    assert (merged.status_code, merged.json()["id"]) == (200, old)
    for lead in (first, second):
        assert referrer_of((await client.get(f"/api/v1/leads/{lead['id']}")).json()) == old
    profile = (await client.get(f"{URL}/{old}")).json()
    assert (profile["referrals_90"], [item["id"] for item in profile["merges"]]) == (2, [new])
    assert [item["kind"] for item in (await client.get(f"{URL}/{old}/timeline")).json()["items"]].count("note") == 1
    gone = (await client.get(f"{URL}/{new}")).json()
    assert (gone["merged_into"], gone["referrals_90"]) == (old, 0)
    assert [item["id"] for item in (await client.get(URL)).json()["items"]] == [old]
    assert (await client.patch(f"{URL}/{new}", json={"version": gone["version"], "name": "X"})).status_code == 409
    assert referrer_of(await refer(client, "Cal", "Emely Jimenez", fax=LAKESIDE["fax"])) == old, "found, and followed"
    parted = await client.post(f"{URL}/{new}/unmerge", json={"version": gone["version"]})
    assert (parted.status_code, parted.json()["merged_into"]) == (200, None)
    assert referrer_of((await client.get(f"/api/v1/leads/{second['id']}")).json()) == new
    assert referrer_of((await client.get(f"/api/v1/leads/{first['id']}")).json()) == old
    assert (await client.get(f"{URL}/{old}")).json()["npi"] == npi(7)


async def test_an_npi_goes_along_and_comes_back(client: httpx.AsyncClient) -> None:
    one = await enter(client, "Emily Jimenez", npi=npi(7))
    two = await enter(client, "Emily Jimenez", fax="+13125550155")
    merge = {"into": two["id"], "version": one["version"], "into_version": two["version"]}
    assert (await client.post(f"{URL}/{one['id']}/merge", json=merge)).json()["npi"] == npi(7)
    parted = await client.post(f"{URL}/{one['id']}/unmerge", json={"version": one["version"] + 1})
    assert parted.json()["npi"] == npi(7)
    assert (await client.get(f"{URL}/{two['id']}")).json()["npi"] is None


async def test_two_npis_are_two_providers(client: httpx.AsyncClient) -> None:
    one, two = await enter(client, "Emily Jimenez", npi=npi(7)), await enter(client, "Emily Jimenez", npi=npi(8))
    assert (await client.get("/api/v1/referrer-doubles")).json()["items"] == []
    merge = {"into": two["id"], "version": 1, "into_version": 1}
    answer = await client.post(f"{URL}/{one['id']}/merge", json=merge)
    assert (answer.status_code, "different NPIs" in answer.json()["detail"]) == (409, True)


async def test_not_the_same_is_remembered(client: httpx.AsyncClient) -> None:
    one, two = await enter(client, "Ann Lee", fax="+13125550155"), await enter(client, "A Lee", fax="+13125550155")
    dismissal = f"{URL}/{two['id']}/doubles/{one['id']}/dismissal"
    assert len((await client.get("/api/v1/referrer-doubles")).json()["items"]) == 1
    assert (await client.put(dismissal)).status_code == 204
    assert (await client.get("/api/v1/referrer-doubles")).json()["items"] == []
    (double,) = (await client.get(f"{URL}/{one['id']}/doubles")).json()["items"]
    assert double["dismissed_by"] == "Dana Desk"
    assert (await client.delete(dismissal)).status_code == 204
    assert len((await client.get("/api/v1/referrer-doubles")).json()["items"]) == 1


async def test_status_is_computed_and_may_be_set(client: httpx.AsyncClient, admin: Any) -> None:
    await enter(client, "Never Referred")
    active = referrer_of(await refer(client, "Ada", "Active Provider"))
    lead = await refer(client, "Ben", "Quiet Provider")
    quiet, at = referrer_of(lead), clock.now() - timedelta(days=91)
    await admin.execute("UPDATE leads SET opened_at = $1 WHERE id = $2", at, lead["id"])
    rows = {item["name"]: item for item in (await client.get(URL)).json()["items"]}
    assert {name: row["status"] for name, row in rows.items()} == {
        "Never Referred": "lead", "Active Provider": "active", "Quiet Provider": "inactive",
    }  # fmt: skip
    assert (rows["Quiet Provider"]["referrals_90"], rows["Quiet Provider"]["referrals_before"]) == (0, 1)
    assert rows["Quiet Provider"]["by_month"] == [0, 0, 1, 0, 0, 0]
    for status, name in (("lead", "Never"), ("active", "Active"), ("inactive", "Quiet")):
        found = (await client.get(URL, params={"status": status})).json()["items"]
        assert [item["name"].split()[0] for item in found] == [name]
    change = {"version": rows["Quiet Provider"]["version"], "status_override": "not_engaged"}
    assert (await client.patch(f"{URL}/{quiet}", json=change)).status_code == 422, "no reason"
    set_so = await client.patch(f"{URL}/{quiet}", json=change | {"status_reason": "Opened their own clinic"})
    assert (set_so.json()["status_override"], set_so.json()["status_by"]) == ("not_engaged", "Dana Desk")
    assert (await client.get(URL, params={"status": "inactive"})).json()["items"] == []
    assert (await client.get(f"{URL}/{quiet}")).json()["status"] == "not_engaged"
    by_count = (await client.get(URL, params={"sort": "referrals"})).json()["items"]
    assert by_count[0]["id"] == active


async def test_a_visit_plans_the_next_one(client: httpx.AsyncClient, practice: SamplePractice) -> None:
    made = await enter(client, "Rowan Ortho")
    today = clock.now().date()
    first, later = str(today + timedelta(days=20)), str(today + timedelta(days=40))
    visit = {"visited_on": str(today - timedelta(days=1)), "met": "Pat", "note": "Wants faxes", "next_on": first}
    assert (await client.post(f"{URL}/{made['id']}/visits", json=visit)).status_code == 201
    again = visit | {"next_on": later}
    headers = {"Idempotency-Key": "visit-1"}
    for _ in range(2):
        assert (await client.post(f"{URL}/{made['id']}/visits", json=again, headers=headers)).status_code == 201
    tasks = [task for task in (await client.get("/api/v1/tasks")).json()["items"] if task["kind"] == "visit_referrer"]
    assert [(task["title"], task["due_at"][:10], task["referrer_id"]) for task in tasks] == [
        ("Visit Rowan Ortho", later, made["id"])
    ]
    assert tasks[0]["owner"]["id"] == str(practice.user_id)
    future = await client.post(f"{URL}/{made['id']}/visits", json={"visited_on": later})
    assert future.status_code == 422
    done = await client.post(f"/api/v1/tasks/{tasks[0]['id']}/done", json={"version": tasks[0]["version"]})
    assert done.status_code == 200
    profile = (await client.get(f"{URL}/{made['id']}")).json()
    assert profile["next_visit_on"] == later


async def test_the_timeline_is_one_list_in_pages(client: httpx.AsyncClient) -> None:
    lead = await refer(client, "Ada", "Rowan Ortho")
    url = f"{URL}/{referrer_of(lead)}"
    await client.post(f"{url}/visits", json={"visited_on": str(clock.now().date() - timedelta(days=3))})
    for number in range(5):
        await client.post(f"{url}/notes", json={"text": f"Note {number}"})
    whole = (await client.get(f"{url}/timeline")).json()
    kinds = [item["kind"] for item in whole["items"]]
    assert [kind for kind in kinds if kind != "letter"] == [*["note"] * 5, "referral", "visit"]
    pages, cursor = [], None
    while True:
        page = (
            await client.get(f"{url}/timeline", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        ).json()
        pages += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert pages == whole["items"]
    referral = next(item for item in whole["items"] if item["kind"] == "referral")
    assert (referral["title"], referral["lead_id"]) == ("Referred Ada Sample", lead["id"])


async def test_the_list_and_the_timeline_ask_as_often_for_many_as_for_one(
    client: httpx.AsyncClient, context: ProcessContext
) -> None:
    lead = await refer(client, "Ada", "Rowan Ortho")
    url = f"{URL}/{referrer_of(lead)}/timeline"
    few = [await _statements(context, client, path) for path in (URL, url)]
    for number in range(6):
        await refer(client, f"Ben{number}", "Rowan Ortho")
        await refer(client, f"Cal{number}", f"Number{number} Ortho")
        await client.post(f"{URL}/{referrer_of(lead)}/notes", json={"text": "Again"})
    assert [await _statements(context, client, path) for path in (URL, url)] == few


async def _statements(context: ProcessContext, client: httpx.AsyncClient, path: str) -> int:
    seen: list[str] = []

    def note(*called: Any) -> None:
        seen.append(called[2])

    event.listen(context.database.engine.sync_engine, "before_cursor_execute", note)
    try:
        assert (await client.get(path)).status_code == 200
    finally:
        event.remove(context.database.engine.sync_engine, "before_cursor_execute", note)
    return len(seen)


async def test_a_liaison_sees_where_a_referral_stands_and_no_more(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead = await refer(client, "Ada", "Rowan Ortho")
    async with context.database.transaction(practice.id) as session:
        await identity.create_user(
            session, email="lia@northside.example.org", name="Lia", password=PASSWORD, role="liaison"
        )
    signed = await client.post("/api/v1/session", json={"email": "lia@northside.example.org", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
    url = f"{URL}/{referrer_of(lead)}"
    for path in (URL, url, f"{url}/timeline"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert "shoulder" not in answer.text
    assert (await client.post(f"{url}/notes", json={"text": "Likes tea"})).status_code == 201
    assert (await client.post(f"{url}/links")).status_code == 403, "a link opens more than a liaison may see"


async def test_not_yours_is_not_found(client: httpx.AsyncClient, context: ProcessContext, admin: Any) -> None:
    theirs = await make_practice(context, "lakeview")
    signed = await client.post("/api/v1/session", json={"email": theirs.email, "password": PASSWORD})
    mine = client.headers["X-CSRF-Token"]
    client.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
    made = await enter(client, "Their Referrer", npi=npi(1))
    client.headers["X-CSRF-Token"] = mine
    signed = await client.post("/api/v1/session", json={"email": "dana@northside.example.org", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
    assert (await client.get(f"{URL}/{made['id']}")).status_code == 404
    assert (await client.patch(f"{URL}/{made['id']}", json={"version": 1, "name": "X"})).status_code == 404
    ours = await enter(client, "Our Referrer", npi=npi(1))
    assert (await client.put(f"{URL}/{ours['id']}/doubles/{made['id']}/dismissal")).status_code == 404
    merge = {"into": made["id"], "version": 1, "into_version": 1}
    assert (await client.post(f"{URL}/{ours['id']}/merge", json=merge)).status_code == 404


async def test_pages_miss_nobody_in_either_order(client: httpx.AsyncClient, practice: SamplePractice) -> None:
    for number in range(7):
        await refer(client, f"P{number}", f"Provider Number{'ABCDEFG'[number]}")
    for sort in ("name", "referrals"):
        seen, cursor = [], None
        while True:
            asked = {"limit": 3, "sort": sort} | ({"cursor": cursor} if cursor else {})
            page = (await client.get(URL, params=asked)).json()
            seen += [item["id"] for item in page["items"]]
            if (cursor := page["next_cursor"]) is None:
                break
        assert len(seen) == len(set(seen)) == 7, sort
    assert (await client.get(URL, params={"cursor": "nonsense"})).status_code == 422


async def test_a_paper_gives_nobody_known_another_number(context: ProcessContext, practice: SamplePractice) -> None:
    """Names and NPIs are public: whoever writes them over a number of their own would get letters on patients."""
    async with context.database.transaction(practice.id) as session:
        act_as(session, Actor(practice.id, "system", "frontdesk", "Fax", frozenset()))
        facts = ReferrerFacts("Emily Jimenez", npi=npi(1), practice_name="Lakeside Orthopedics")
        known = await service.find_or_create(session, facts)
        forged = replace(facts, fax="+13125550199", sent_from="+13125550188")
        assert (await service.find_or_create(session, forged)).id == known.id
        assert await rules.way_to(session, known) is None
        # From the very number it names, or noted by the practice itself, it is theirs.
        await service.find_or_create(session, replace(forged, sent_from=forged.fax))
        assert await rules.way_to(session, known) == ("fax", "+13125550199")
        other = await service.find_or_create(session, ReferrerFacts("Rowan Ortho", npi=npi(2)))
        act_as(session, practice.actor)
        await service.find_or_create(session, ReferrerFacts("Rowan Ortho", npi=npi(2), fax="+13125550177"))
        assert await rules.way_to(session, other) == ("fax", "+13125550177")
