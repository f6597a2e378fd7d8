"""Reports over the API: figures open to their rows, rows hide what a role may not see, exports run no formulas."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pypdfium2
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.api.app import serve_with
from backend.identity import api_keys, permissions
from backend.reporting import answering, rows
from backend.reporting.asking import Question
from backend.reporting.metrics import METRICS, named
from backend.reporting.rows import Asked
from tests.integration.reporting.forty_referrals import ASKED
from tests.integration.reporting.world import World, at

DAYS = st.dates(date(2026, 2, 20), date(2026, 12, 20))
SPLITS = st.sampled_from(["month", "location", "source", "referrer", "payer", "clinician", "body_region", "post_op"])


async def key(world: World, scopes: frozenset[str]) -> dict[str, str]:
    async with world.context.database.transaction(world.practice.id) as session:
        _, made = api_keys.create(session, "reports", sorted(scopes))
    return {"Authorization": f"Bearer {made}"}


@pytest.fixture
async def http(app: FastAPI, world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A program that may do everything."""
    serve_with(app, world.context, {})
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as client:
        client.headers.update(await key(world, permissions.ALL))
        with at(ASKED):
            yield client


def also(url: str, **more: Any) -> httpx.URL:
    """The address with more asked."""
    return httpx.URL(url).copy_merge_params(more)


async def test_the_catalog_defines_every_metric(http: httpx.AsyncClient) -> None:
    body = (await http.get("/api/v1/reports")).json()
    assert body["as_of"] == "2026-12-15T18:00:00Z"
    assert {item["key"] for item in body["items"]} == set(METRICS)
    assert all(item["words"] and item["formula"] and item["cohort"] for item in body["items"])


async def test_a_figure_with_all_that_carries_it(http: httpx.AsyncClient) -> None:
    body = (await http.get("/api/v1/reports/contacted_within_24h", params={"group_by": "source"})).json()
    assert (body["value"], body["n"], body["also"]["hits"]) == (0.7, 30, 21)
    assert body["interval"]["method"] == "wilson" and 0.5 < body["interval"]["low"] < 0.7 < body["interval"]["high"]
    assert body["definition"]["version"] == 1 and body["as_of"] and body["counted_until"] == "2026-12-14"
    fax = next(group for group in body["groups"] if group["key"] == "fax")
    assert (fax["label"], fax["n"], fax["rows_url"]) == (
        "Fax", 19, "/api/v1/reports/contacted_within_24h/rows?source=fax",
    )  # fmt: skip
    listed = (await http.get(also(fax["rows_url"], limit=200))).json()["items"]
    assert len(listed) == 19 and sum(row["hits"] for row in listed) == fax["also"]["hits"]


@pytest.mark.parametrize("metric", sorted(METRICS))
async def test_every_figure_opens_to_its_rows(http: httpx.AsyncClient, metric: str) -> None:
    """As many rows as n says, in the whole and in every group; page by page."""
    split = METRICS[metric].dimensions[0]
    body = (await http.get(f"/api/v1/reports/{metric}", params={"group_by": split})).json()
    assert "n" in body, body
    for figure in (body, *body["groups"]):
        seen: list[dict[str, Any]] = []
        cursor = None
        while cursor is not None or not seen:
            query: dict[str, str] = {"cursor": cursor} if cursor else {}
            page = (await http.get(also(figure["rows_url"], limit=7, **query))).json()
            seen += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len({row["id"] for row in seen}) == len(seen) or METRICS[metric].subject == "person"
        assert figure["n"] == _carried(metric, seen)


def _carried(metric: str, seen: list[dict[str, Any]]) -> int:
    kind = METRICS[metric].kind
    if kind in {"share", "parts"}:
        return sum(row["tries"] for row in seen)
    return sum(row["value"] is not None for row in seen) if kind in {"mean", "median"} else len(seen)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.tuples(DAYS, DAYS), split=SPLITS, metric=st.sampled_from(["visit_arrival_rate", "cancel_no_show_rate"]))
async def test_months_and_days_add_up(world: World, days: tuple[date, date], split: Any, metric: str) -> None:
    """Visits are counted by month in between and one by one at both ends; the rows are the proof."""
    question = Question(named(metric), min(days), max(days), split)
    with at(ASKED):
        found = await world.act(answering.answer, question)
        page = await world.act(rows.page, Asked(question), None, 1_000)
    assert found.whole.n == len([row for row in page.rows if row.tries]) == sum(figure.n for _, figure in found.groups)
    assert (found.whole.also.get("hits") or 0) == sum(row.hits or 0 for row in page.rows)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.tuples(DAYS, DAYS), split=SPLITS)
async def test_a_funnel_never_widens(world: World, days: tuple[date, date], split: Any) -> None:
    question = Question(named("funnel"), min(days), max(days), split)
    with at(ASKED):
        found = await world.act(answering.answer, question)
    for figure in (found.whole, *(figure for _, figure in found.groups)):
        steps = [part.n for part in figure.parts]
        assert steps == sorted(steps, reverse=True) and steps[0] == figure.n
    assert found.whole.n == sum(figure.n for _, figure in found.groups)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=DAYS, metric=st.sampled_from(["contact_rate", "conversion_rate", "early_dropout_rate", "no_show_rate"]))
async def test_two_periods_make_one(world: World, cut: date, metric: str) -> None:
    """No row is lost or counted twice where one period ends and the next begins."""
    with at(ASKED):
        whole = await world.act(answering.answer, Question(named(metric)))
        before = await world.act(answering.answer, Question(named(metric), None, cut))
        after = await world.act(answering.answer, Question(named(metric), cut + timedelta(days=1), None))
    assert whole.whole.n == before.whole.n + after.whole.n


async def test_a_liaison_sees_where_not_who(http: httpx.AsyncClient, world: World, admin: Any) -> None:
    headers = await key(world, permissions.ROLES["liaison"])
    for metric in ("contacted_within_24h", "outcome_change", "visit_arrival_rate"):
        answer = await http.get(f"/api/v1/reports/{metric}/rows", headers=headers)
        assert answer.status_code == 200 and answer.json()["items"]
        assert "Nr" not in answer.text and "Adams Sample" in answer.text
        assert "shoulder" not in answer.text and "quickdash" not in answer.text
    seen = await admin.fetchrow(
        "SELECT action, cardinality(patient_ids) AS n FROM audit_events ORDER BY at DESC, seq DESC"
    )
    assert seen["action"] == "report.rows_viewed" and seen["n"] > 0


async def test_rows_for_a_spreadsheet(http: httpx.AsyncClient, world: World, admin: Any) -> None:
    await admin.execute(
        "UPDATE patients SET first_name = '=1+1' WHERE id = (SELECT patient_id FROM leads WHERE id = $1)",
        world.leads[1],
    )
    answer = await http.get("/api/v1/reports/visits_per_case/rows.csv")
    await admin.execute("UPDATE patients SET first_name = 'Nr1' WHERE first_name = '=1+1'")
    read = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(read) == 19 and sum(float(row["value"]) for row in read) == 151
    assert "'=1+1 Sample" in {row["patient"] for row in read}


async def test_figures_for_a_spreadsheet_and_on_paper(http: httpx.AsyncClient) -> None:
    path = "/api/v1/reports/conversion_rate/export"
    sheet = await http.get(path, params={"group_by": "referrer"})
    read = list(csv.DictReader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    assert (read[0]["n"], read[0]["value"][:6]) == ("28", "0.7857")
    assert "Adams Sample" in {row["group"] for row in read}
    paper = await http.get(path, params={"group_by": "referrer", "format": "pdf"})
    words = pypdfium2.PdfDocument(paper.content)[0].get_textpage().get_text_range()
    assert "Conversion" in words and "79 %" in words and "Adams Sample" in words and "Nr1" not in words


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("nothing", {}, 404), ("contact_rate", {"group_by": "person"}, 422),
        ("contact_rate", {"person_id": "none"}, 422),
        ("contact_rate", {"from": "2026-05-02", "to": "2026-05-01"}, 422), ("contact_rate", {"from": "May"}, 422),
        ("contact_rate", {"location_id": "x"}, 422), ("no_show_rate", {"group_by": "week"}, 422),
        ("contact_rate/rows", {"cursor": "x"}, 422), ("contact_rate/rows", {"which": "all"}, 422),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked(http: httpx.AsyncClient, path: str, query: dict[str, str], status: int) -> None:
    answer = await http.get(f"/api/v1/reports/{path}", params=query)
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"


async def test_nobody_elses_rows(http: httpx.AsyncClient, world: World) -> None:
    """Lakeview's referrer of the same name is another one; its id finds nothing here."""
    assert world.other is not None
    body = await http.get("/api/v1/reports/contact_rate", params={"referrer_id": str(world.other.referrers["Adams"])})
    assert body.json()["n"] == 0 and body.json()["withheld"]["reason"] == "nothing"
