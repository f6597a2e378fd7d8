"""Calls in Chromium: a voicemail is heard from the lead, and an outcome is logged in two clicks."""

import asyncio

import httpx
from playwright.async_api import Page, expect

from tests.browser.conftest import Product
from tests.browser.test_journeys import sign_in

STRANGER = "+12175550173"


async def test_a_voicemail_is_heard_and_the_call_back_logged_in_two_clicks(page: Page, product: Product) -> None:
    headers = {"Authorization": f"Bearer {product.key}"}
    async with httpx.AsyncClient(base_url=product.url, timeout=30, headers=headers) as carrier:
        played = await carrier.post("/sandbox/calls", json={"from": STRANGER, "outcome": "voicemail", "seconds": 3})
        assert set(played.json()["answers"]) <= {200, 204}
        cards = "/api/v1/board/columns/new/cards"
        async with asyncio.timeout(30):
            while "Unknown Caller" not in (await carrier.get(cards)).text:
                await asyncio.sleep(0.3)
    await sign_in(page)
    await page.get_by_role("button", name="Unknown Caller").first.click()
    calls = page.get_by_role("region", name="Calls")
    sound = calls.get_by_label("Voicemail from (217) 555-0173")
    await expect(sound).to_be_visible()
    length = await sound.evaluate(
        "sound => new Promise((done, fail) => { sound.onloadedmetadata = () => done(sound.duration);"
        " sound.onerror = () => fail(sound.error.message); sound.load() })"
    )
    assert 2.9 < length < 3.1
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Move or log a call: Unknown Caller").first.click()
    await page.get_by_role("menuitem", name="Reached").click()
    await expect(page.get_by_text("Call logged: reached")).to_be_visible()
