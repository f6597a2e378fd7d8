"""The website's form: from another site to the board, with consent on record; spam waits for a person."""

from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import func, select

from backend.core import clock
from backend.core.context import ProcessContext
from backend.lead_capture.models import Arrival
from tests.conftest import SamplePractice
from tests.integration.test_leads import cards, open_lead

SITE = "https://www.example.org"
PATH = "/api/v1/public/web-leads/northside"
ADA = {"first_name": "Ada", "last_name": "Sample", "phone": "312 555 0142", "reason": "knee pain", "consent": True}
Form = dict[str, Any]


@pytest.fixture
async def form(client: httpx.AsyncClient) -> Form:
    """The practice lets one site use its form; what the script is given there."""
    now = (await client.get("/api/v1/settings/web-form")).json()
    chosen = {name: now[name] for name in ("active", "consent_en", "consent_es", "thanks_url", "per_hour", "version")}
    changed = await client.put("/api/v1/settings/web-form", json={**chosen, "allowed_origins": [SITE + "/"]})
    assert changed.status_code == 200, changed.json()
    return (await client.get(PATH, headers={"Origin": SITE})).json()  # type: ignore[no-any-return]


@pytest.fixture
def later(form: Form) -> Any:
    """Somebody has taken their time to type."""
    real = clock.now()
    clock.follow(lambda: real + timedelta(seconds=30))
    yield
    clock.shift_by(timedelta(0))


async def post(client: httpx.AsyncClient, form: Form, origin: str | None = SITE, **fields: Any) -> httpx.Response:
    headers = {"Origin": origin} if origin else {}
    body = {**ADA, "token": form["token"], "page_url": f"{SITE}/contact?name=secret", **fields}
    return await client.post(PATH, json=body, headers=headers)


async def held(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get("/api/v1/arrivals")).json()["items"]
    return items


@pytest.mark.usefixtures("later")
async def test_a_form_becomes_a_card_with_the_consent_on_record(
    client: httpx.AsyncClient, form: Form, admin: "asyncpg.Connection"
) -> None:
    answer = await post(client, form)
    assert (answer.status_code, answer.json()["status"]) == (201, "received"), answer.json()
    assert answer.headers["access-control-allow-origin"] == SITE
    (card,) = await cards(client, "new")
    assert (card["source"], card["headline"]) == ("web_form", "Knee pain")
    row = await admin.fetchrow("SELECT * FROM consents")
    assert (row["status"], row["method"], row["scope"], row["phone"]) == ("granted", "form", "care", "+13125550142")
    assert form["consent"]["en"] in row["evidence"] and f"{SITE}/contact" in row["evidence"]
    assert "secret" not in row["evidence"]
    assert (await held(client)) == []


@pytest.mark.usefixtures("later")
async def test_an_unticked_box_is_no_consent(
    client: httpx.AsyncClient, form: Form, admin: "asyncpg.Connection"
) -> None:
    await post(client, form, consent=False)
    assert await admin.fetchval("SELECT status FROM consents") == "asked"


@pytest.mark.usefixtures("later")
async def test_a_form_never_takes_back_a_stop(
    client: httpx.AsyncClient, form: Form, admin: "asyncpg.Connection", practice: SamplePractice
) -> None:
    await admin.execute(
        "INSERT INTO consents (practice_id, id, phone, scope, status, method, captured_by, at)"
        " VALUES ($1, gen_random_uuid(), '+13125550142', 'all', 'revoked', 'sms', '', now() - interval '1 day')",
        practice.id,
    )
    await post(client, form)
    assert await admin.fetchval("SELECT count(*) FROM consents") == 1


@pytest.mark.usefixtures("later")
async def test_sending_it_twice_is_sending_it_once(client: httpx.AsyncClient, form: Form) -> None:
    answers = [await post(client, form) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    await post(client, form, message="I forgot: mornings are best")
    (card,) = await cards(client, "new")
    told = (await client.get(f"/api/v1/leads/{card['id']}/timeline")).text
    assert "I forgot: mornings are best" in told


async def test_only_named_sites_may_use_it(client: httpx.AsyncClient, form: Form) -> None:
    for origin in ("https://evil.example.org", "null", SITE.replace("https", "http")):
        assert (await post(client, form, origin)).status_code == 403
        asked = await client.options(PATH, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert asked.status_code == 403 and "access-control-allow-origin" not in asked.headers
    asked = await client.options(PATH, headers={"Origin": SITE, "Access-Control-Request-Method": "POST"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, SITE)
    assert (await client.get(PATH.replace("northside", "nowhere"))).status_code == 404


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"website": "http://x"}, "A field people cannot see was filled in"),
        ({"token": None}, "The form's own script did not send it"),
        ({"token": "AAAA"}, "The form was not one of ours, or older than a day"),
        ({"message": "Cheap SEO at https://example.com"}, "It holds links"),
        ({"first_name": "http://buy"}, "The name does not look like one"),
        ({"origin": None}, "It does not say which website it comes from"),
    ],
)
@pytest.mark.usefixtures("later")
async def test_what_looks_like_spam_waits_for_a_person(
    client: httpx.AsyncClient, form: Form, fields: dict[str, Any], reason: str
) -> None:
    origin = fields.pop("origin", SITE)
    answer = await post(client, form, origin, **fields)
    assert answer.json()["status"] == "received"
    assert await cards(client, "new") == []
    (waiting,) = await held(client)
    assert reason in waiting["reasons"]
    accepted = await client.post(
        f"/api/v1/arrivals/{waiting['id']}/accept", json={"version": waiting["version"], "first_name": "Ada"}
    )
    assert accepted.status_code == 200, accepted.json()
    (card,) = await cards(client, "new")
    assert card["id"] == accepted.json()["lead_id"]
    again = await client.post(f"/api/v1/arrivals/{waiting['id']}/discard", json={"version": waiting["version"] + 1})
    assert again.status_code == 409


async def test_what_comes_too_fast_waits_too(client: httpx.AsyncClient, form: Form) -> None:
    await post(client, form)
    (waiting,) = await held(client)
    assert waiting["reasons"] == ["It was sent faster than anybody types"]
    gone = await client.post(f"/api/v1/arrivals/{waiting['id']}/discard", json={"version": waiting["version"]})
    assert gone.json()["state"] == "discarded" and await held(client) == []
    assert (await client.get("/api/v1/arrivals/count")).json() == {"held": 0}


@pytest.mark.usefixtures("later")
async def test_one_sender_cannot_flood(client: httpx.AsyncClient, form: Form) -> None:
    answers = [await post(client, form, last_name=f"Sample{'abcdefgh'[number]}") for number in range(8)]
    assert [answer.status_code for answer in answers] == [201] * 6 + [429] * 2
    assert answers[-1].headers["retry-after"] and answers[-1].headers["access-control-allow-origin"] == SITE


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"phone": "12"}, "/phone"),
        ({"phone": None}, "/"),
        ({"first_name": ""}, "/first_name"),
        ({"dob": "2999-01-01"}, "/dob"),
        ({"surprise": "x"}, "/surprise"),
        ({"last_name": "x" * 101}, "/last_name"),
    ],
)
async def test_bad_entries_are_named_and_never_repeated(
    client: httpx.AsyncClient, form: Form, fields: dict[str, Any], pointer: str
) -> None:
    answer = await post(client, form, **fields)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "Ada" not in answer.text and answer.headers["access-control-allow-origin"] == SITE


async def test_a_plain_html_form_ends_on_a_page(client: httpx.AsyncClient, form: Form) -> None:
    fields = {"first_name": "Ada", "last_name": "Sample", "phone": "3125550142", "consent": "on", "utm_source": "x"}
    answer = await client.post(PATH, data=fields, headers={"Origin": SITE})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/thanks?lang=en")
    assert "Thank you" in (await client.get(answer.headers["location"])).text
    assert len(await cards(client, "new")) == 1
    wrong = await client.post(PATH, data={**fields, "phone": "1", "language": "es"}, headers={"Origin": SITE})
    assert (wrong.status_code, wrong.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "Teléfono" in wrong.text and "Sample" not in wrong.text


@pytest.mark.usefixtures("later")
async def test_a_stranger_who_knows_a_name_and_a_birthday_is_not_taken_for_the_patient(
    client: httpx.AsyncClient, form: Form
) -> None:
    known = await open_lead(client, {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09"})
    await post(client, form, dob="1961-04-09")
    lead = (await client.get(f"/api/v1/leads/{known['id']}")).json()
    assert lead["patient"]["phone"] is None
    assert len(await cards(client, "new")) == 2


@pytest.mark.usefixtures("later")
async def test_who_has_an_open_lead_adds_to_it(client: httpx.AsyncClient, form: Form) -> None:
    known = await open_lead(client, {**{k: ADA[k] for k in ("first_name", "last_name", "phone")}, "dob": "1961-04-09"})
    await post(client, form, dob="1961-04-09", message="Any news?")
    assert [card["id"] for card in await cards(client, "new")] == [known["id"]]
    assert "Any news?" in (await client.get(f"/api/v1/leads/{known['id']}/timeline")).text


async def test_the_script_is_small_and_may_be_used_elsewhere(client: httpx.AsyncClient) -> None:
    answer = await client.get("/embed/lead-form.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(answer.content) < 16_000


async def test_another_practice_sees_none_of_it(
    client: httpx.AsyncClient, form: Form, context: ProcessContext, other_practice: SamplePractice
) -> None:
    await post(client, form)
    async with context.database.transaction(other_practice.id) as session:
        assert await session.scalar(select(func.count()).select_from(Arrival)) == 0
