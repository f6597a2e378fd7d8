"""Reports in a browser: from an improved shoulder to its rows and the letter; charts with their tables; saved ones."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from backend.faxes.reading.ocr import read_page
from tests.browser.conftest import Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

# The page loads its charts first, on a machine that may be busy.
PATIENT = 20_000
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


async def fresh(product: Product) -> dict[str, Any]:
    """Wait until the demo's history is counted, and its month of scorecards written."""
    for _ in range(180):
        found = ask(product.url, "GET", "/scorecard-batches")["items"]
        if found and found[0]["state"] == "ready":
            batch: dict[str, Any] = found[0]
            return batch
        await asyncio.sleep(1)
    raise AssertionError("no scorecards were prepared")


async def surgeon(product: Product) -> dict[str, Any]:
    """The referrer whose shoulders the demo has treated."""
    batch = await fresh(product)
    cards = ask(product.url, "GET", f"/scorecard-batches/{batch['id']}/scorecards")["items"]
    best: dict[str, Any] = next(card for card in cards if card["content"]["said"])
    return best


async def scorecard_at(page: Page, number: str) -> str:
    """What the doctor's fax machine printed at this number, read as a fax is read: the page with the results."""
    seen: dict[str, str] = {}
    for _ in range(120):
        for fax in await (await page.request.get("/sandbox/faxes", params={"to": number})).json():
            if fax["id"] not in seen:
                printed = await (await page.request.get(f"/sandbox/faxes/{fax['id']}/pages/1")).body()
                seen[fax["id"]] = " ".join(str(word[0]) for word in next(read_page({}, printed))[0]["words"])
            if "improved" in seen[fax["id"]]:
                return seen[fax["id"]]
        await asyncio.sleep(0.5)
    raise AssertionError(f"no scorecard came out of the doctor's fax machine: {list(seen.values())}")


async def test_from_the_scorecard_to_its_rows_and_out(page: Page, product: Product) -> None:
    card = await surgeon(product)
    sentence = next(each for each in card["content"]["sentences"] if each["key"] == "outcome")
    shown = f"{round(sentence['value'] * 100)} %"
    await sign_in(page, "owner@northside.example.org")
    await page.goto(f"/referrers/{card['content']['referrer_id']}?tab=scorecard")
    await expect(page.get_by_text("Your post-op shoulder patients improved")).to_be_visible(timeout=PATIENT)
    assert await violations(page) == []
    await page.get_by_role("button", name=f"{shown}: show the rows").click()
    rows = page.get_by_role("table", name="Rows")
    await expect(rows.get_by_role("row").nth(sentence["n"])).to_be_visible(timeout=PATIENT)
    assert shown in await page.get_by_role("dialog", name="Improvement").inner_text()
    assert await violations(page) == []
    await rows.get_by_role("button").first.click()
    await expect(page.get_by_role("dialog", name="Lead").get_by_text("Timeline")).to_be_visible(timeout=PATIENT)
    await page.keyboard.press("Escape")
    await expect(rows).to_be_visible(timeout=PATIENT)
    await page.goto(f"/referrers/{card['content']['referrer_id']}?tab=scorecard")
    await page.get_by_role("button", name="Send to the referrer").click()
    await page.get_by_role("dialog").get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("The scorecard is on its way")).to_be_visible(timeout=PATIENT)
    letters = ask(product.url, "GET", "/letters?kind=scorecard")["items"]
    assert len(letters) == 1 and letters[0]["state"] not in {"failed", "not_sent"}
    referrer = ask(product.url, "GET", f"/referrers/{card['content']['referrer_id']}")
    words = await scorecard_at(page, referrer["fax"])
    assert f"improved {shown}" in words.replace("%", " %").replace("  ", " "), words
    assert "Northside" in words


@pytest.mark.parametrize("width", [1440, 390])
async def test_the_overview(page: Page, product: Product, width: int) -> None:
    await fresh(product)
    await sign_in(page, "dana@northside.example.org")
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto("/reports?period=all")
    await expect(page.get_by_role("heading", name="Contacted within 24 hours")).to_be_visible(timeout=PATIENT)
    await expect(page.get_by_text("n = ").first).to_be_visible(timeout=PATIENT)
    assert await violations(page) == []
    await page.get_by_role("button", name="Open Contacted within 24 hours").click()
    panel = page.get_by_role("dialog", name="Contacted within 24 hours")
    await expect(panel.get_by_text("metric_contacted_within_24h_v1")).to_be_visible(timeout=PATIENT)
    await panel.get_by_role("button", name="Rows", exact=True).click()
    await expect(panel.get_by_role("table", name="Rows")).to_be_visible(timeout=PATIENT)
    assert await violations(page) == []
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


async def test_a_saved_report(page: Page, product: Product) -> None:
    await fresh(product)
    await sign_in(page, "owner@northside.example.org")
    await page.goto("/reports?metric=conversion_rate&by=referrer&period=all")
    panel = page.get_by_role("dialog", name="Conversion")
    await panel.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Save this report")
    await dialog.get_by_label("Name").fill("Conversion by referrer, for Monday")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved", exact=True).first).to_be_visible(timeout=PATIENT)
    await page.goto("/reports?tab=saved")
    await expect(page.get_by_text("Conversion by referrer, for Monday")).to_be_visible(timeout=PATIENT)
    assert await violations(page) == []
    await page.get_by_role("button", name="Forget Conversion by referrer, for Monday").click()
    await expect(page.get_by_text("No saved reports")).to_be_visible(timeout=PATIENT)


async def test_the_batch_is_looked_at_before_it_goes(page: Page, product: Product) -> None:
    batch = await fresh(product)
    await sign_in(page, "owner@northside.example.org")
    await page.goto(f"/reports?tab=scorecards&batch={batch['id']}")
    chosen = page.get_by_role("checkbox", checked=True)
    await expect(chosen.first).to_be_visible(timeout=PATIENT)
    assert await violations(page) == []
    send = page.get_by_role("button", name="Send 1 scorecard")
    await expect(send).to_be_enabled()
    await chosen.first.click()
    await expect(page.get_by_role("button", name="Send 0 scorecards")).to_be_disabled()


async def test_a_liaison_reads_figures_not_names(page: Page, product: Product) -> None:
    await fresh(product)
    await sign_in(page, "lia@northside.example.org")
    await page.goto("/reports?metric=outcome_change&period=all&rows=which%3Dcounted")
    rows = page.get_by_role("table", name="Rows")
    await expect(rows).to_be_visible(timeout=PATIENT)
    await expect(rows.get_by_role("button", name="Open the lead").first).to_be_visible(timeout=PATIENT)
    assert "houlder" not in await rows.inner_text()
