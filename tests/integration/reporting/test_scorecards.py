"""What Dr Adams is told of the referrals of 2026, by hand; what is refused; the monthly batch; sent as letters."""

import time
from datetime import date
from typing import Any

import httpx
import pypdfium2
import pytest

from backend.reporting.figures import Figure, Withheld
from backend.reporting.scorecards import page, sentences
from backend.reporting.scorecards.schemas import ScorecardOut
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.integration.reporting.forty_referrals import ASKED
from tests.integration.reporting.test_reports_api import http, key  # noqa: F401
from tests.integration.reporting.world import World, at

YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


def path(world: World, name: str = "Adams") -> str:
    return f"/api/v1/referrers/{world.referrers[name]}/scorecard"


async def work(world: World) -> None:
    """Everything that is due of reporting, as a worker would."""
    runner = JobRunner(world.context.database, job_handlers(world.context, {}), lease_seconds=30, attempts=2)
    while rows := await world.admin.fetch(
        "SELECT id FROM jobs WHERE state = 'queued' AND kind LIKE 'reporting.%scorecards'"
    ):
        for row in rows:
            await world.admin.execute("UPDATE jobs SET run_at = now() - interval '1 s' WHERE id = $1", row["id"])
            assert await runner.run(row["id"])


async def test_what_dr_adams_is_told(http: httpx.AsyncClient, world: World) -> None:  # noqa: F811
    """7 of 10 contacted; 11 9 13 10 2 12 11 visits in seven cases, too few; shoulders by 40 %, 1 of 7 lost."""
    body = (await http.get(path(world), params=YEAR)).json()
    contact, visits, outcome = body["sentences"]
    assert contact["text"] == "70 % of your referrals were contacted in under 24 hours."
    assert not visits["said"] and visits["withheld"]["reason"] == "too_few"
    assert visits["text"] == "Care ended for seven of your patients in this period: too few for an average of visits."
    assert outcome["text"] == "Your post-op shoulder patients improved 40 % by week six."
    assert outcome["note"].startswith("6 patients measured, 14 % lost to follow-up.")
    assert body["said"] == 2
    # Of ten, four is young enough to be left out of the funnel.
    assert {count["label"]: count["text"] for count in body["counts"]} == {
        "Received": "9", "Contacted": "8", "Scheduled": "8", "Evaluated": "7", "Came back": "7", "Completed": "6",
    }  # fmt: skip


async def test_forty_per_cent_opens_to_its_rows(http: httpx.AsyncClient, world: World) -> None:  # noqa: F811
    outcome = (await http.get(path(world), params=YEAR)).json()["sentences"][2]
    rows = (await http.get(outcome["rows_url"])).json()["items"]
    values = sorted(row["value"] for row in rows if row["value"] is not None)
    assert values == [0.25, 0.3, 0.4, 0.4, 0.5, 0.5] and sum(row["value"] is None for row in rows) == 1
    assert {(row["body_region"], row["referrer"]) for row in rows} == {("shoulder", "Adams Sample")}


async def test_small_numbers_are_not_printed(http: httpx.AsyncClient, world: World) -> None:  # noqa: F811
    """Dr Chen's period of one week: one referral."""
    body = (await http.get(path(world, "Chen"), params={"from": "2026-03-30", "to": "2026-04-05"})).json()
    assert body["said"] == 0 and "Fewer than five referrals" in body["sentences"][0]["text"]
    assert {count["text"] for count in body["counts"]} == {"fewer than 5"}


async def test_the_page(http: httpx.AsyncClient, world: World) -> None:  # noqa: F811
    """One page in under a second; no patient is on it."""
    begun = time.perf_counter()
    answer = await http.get(path(world), params=YEAR | {"format": "pdf"})
    assert time.perf_counter() - begun < 1
    asked = await http.get(path(world), params=YEAR, headers={"Accept": "application/pdf"})
    assert asked.content == answer.content and asked.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    words = " ".join(document[0].get_textpage().get_text_range().split())
    assert len(document) == 1 and "improved 40 % by week six" in words and "For Adams Sample" in words
    assert "Nr" not in words and "January 1, 2026 to December 31, 2026" in words


async def test_a_month_of_scorecards(http: httpx.AsyncClient, world: World) -> None:  # noqa: F811
    """Prepared, looked at, one left out, sent: each once, as a letter with this very page."""
    made = await http.post("/api/v1/scorecard-batches", json=YEAR, headers={"Idempotency-Key": "december"})
    assert made.status_code == 201 and made.json()["state"] == "preparing"
    again = await http.post("/api/v1/scorecard-batches", json=YEAR, headers={"Idempotency-Key": "december"})
    assert again.json()["id"] == made.json()["id"]
    with at(ASKED):
        await work(world)
    batch_path = f"/api/v1/scorecard-batches/{made.json()['id']}"
    batch = (await http.get(batch_path)).json()
    assert (batch["state"], batch["cards"]) == ("ready", 3)
    cards = {card["content"]["referrer"]: card for card in (await http.get(f"{batch_path}/scorecards")).json()["items"]}
    assert {name: card["skip"] for name, card in cards.items()} == dict.fromkeys(
        ("Adams Sample", "Brown Sample", "Chen Sample"), "no_address"
    )
    refused = await http.patch(f"/api/v1/scorecards/{cards['Adams Sample']['id']}", json={"chosen": True, "version": 1})
    assert refused.status_code == 409, "nobody knows where to send it"
    await world.admin.execute("UPDATE referrers SET fax = '+12175550177'")
    later = await http.post("/api/v1/scorecard-batches", json=YEAR)
    with at(ASKED):
        await work(world)
    batch_path = f"/api/v1/scorecard-batches/{later.json()['id']}"
    cards = {card["content"]["referrer"]: card for card in (await http.get(f"{batch_path}/scorecards")).json()["items"]}
    assert {name: (card["skip"], card["chosen"]) for name, card in cards.items()} == {
        "Adams Sample": (None, True), "Brown Sample": ("nothing_to_say", False),
        "Chen Sample": ("nothing_to_say", False),
    }  # fmt: skip
    shown = await http.get(f"/api/v1/scorecards/{cards['Adams Sample']['id']}/document")
    batch = (await http.get(batch_path)).json()
    stale = await http.post(f"{batch_path}/send", json={"version": batch["version"] - 1})
    sent = await http.post(f"{batch_path}/send", json={"version": batch["version"]})
    assert (stale.status_code, sent.status_code, sent.json()["state"]) == (409, 200, "sending")
    with at(ASKED):
        await work(world)
        await work(world)
    assert (await http.get(batch_path)).json()["sent"] == 1
    letters = await world.admin.fetch(
        "SELECT * FROM letters WHERE kind = 'scorecard' AND practice_id = $1", world.practice.id
    )
    assert len(letters) == 1 and letters[0]["referrer_id"] == world.referrers["Adams"]
    assert await _document(world, letters[0]["document_id"]) == shown.content


async def _document(world: World, document_id: Any) -> bytes:
    from backend.core.documents import load
    from backend.identity.queries import practice_key

    async with world.context.database.transaction(world.practice.id) as session:
        row, opened = await load(session, document_id), await practice_key(session, world.context)
    return await world.context.documents.get(row, opened)


async def test_one_is_sent_by_hand(http: httpx.AsyncClient, world: World) -> None:  # noqa: F811
    await world.admin.execute("UPDATE referrers SET fax = '+12175550177'")
    headers = {"Idempotency-Key": "once"}
    first = await http.post(f"{path(world)}/send", json=YEAR, headers=headers)
    again = await http.post(f"{path(world)}/send", json=YEAR, headers=headers)
    assert first.status_code == 201 and again.json() == first.json()
    nothing = await http.post(f"{path(world, 'Brown')}/send", json={"from": "2026-01-01", "to": "2026-01-31"})
    assert nothing.status_code == 409
    assert (await http.post(f"{path(world)}/send", json={"from": "2026-01-01"})).status_code == 422


async def test_the_month_makes_its_own(world: World) -> None:
    """The refresh of December has prepared December 2025 to November 2026, and does so once."""
    await world.fresh()
    rows = await world.admin.fetch(
        "SELECT start, ends FROM scorecard_batches WHERE monthly AND practice_id = $1", world.practice.id
    )
    assert [(row["start"], row["ends"]) for row in rows] == [(date(2025, 12, 1), date(2026, 11, 30))]


def figure(n: int, value: float | None, reason: Any = "too_few", **also: float) -> Figure:
    withheld = None if value is not None else Withheld(reason, "")
    return Figure(n, value, withheld=withheld, also=dict(also))


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ({("knee", False): figure(30, 0.0)}, "Your knee patients did not improve by week six."),
        ({("knee", True): figure(30, -0.123)}, "Your post-op knee patients got worse by 12 % by week six."),
        ({(None, False): figure(30, 0.5)}, "Your patients improved 50 % by week six."),
        (
            {("hip", False): figure(9, 0.9), ("knee", False): figure(12, 0.3)},
            "Your knee patients improved 30 % by week six.",
        ),
        (
            {("hip", False): figure(4, None)},
            "Fewer than five patients measured in week six: too few to say how much they improved.",
        ),
        (
            {("hip", False): figure(5, None, "lost_to_follow_up", lost_share=0.6)},
            "We say nothing of results: 60 % of your patients have no score in week six, too many are missing.",
        ),
        ({}, "None of your patients has been measured up to week six in this period."),
    ],
)  # fmt: skip
def test_results_are_told_as_they_are(found: Any, text: str) -> None:
    assert sentences.outcome(found).text == text


def test_a_page_of_long_names_stays_one() -> None:
    long = "Dr Maximiliana-Alexandra Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh " * 4
    card = ScorecardOut(
        practice=long, referrer_id="0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d", referrer=long, office=long,
        start=date(2026, 1, 1), to=date(2026, 12, 31), as_of=None, said=0, sentences=[], counts=[], pdf_url="",
    )  # fmt: skip
    assert len(pypdfium2.PdfDocument(page.build(card))) == 1
