"""What is missing is asked for in two clicks, ticked and signed at the doctor's fax machine, and back on its lead."""

import re
import time
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
DOCTOR = "+13125550161"


def refer(url: str, last_name: str) -> str:
    """A lead whose order lacks its side."""
    patient = {"first_name": "Greta", "last_name": last_name, "dob": "1957-03-04", "phone": "+18475550166"}
    order = {"body_part": "knee", "diagnosis_text": "Pain in knee", "referrer": {"name": "Rowan Quill", "fax": DOCTOR}}
    return str(ask(url, "POST", "/leads", {"source": "phone", "patient": patient, "order": order})["id"])


def arrived(url: str, lead: str, kind: str) -> dict[str, Any]:
    """The lead's letter of this kind, once it has arrived."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        found = ask(url, "GET", f"/leads/{lead}/letters")["items"]
        for letter in found:
            if letter["kind"] == kind and letter["state"] == "sent":
                return dict(letter)
        time.sleep(0.5)
    raise AssertionError(f"no {kind} letter arrived: {found}")


async def test_what_is_missing_comes_back_ticked_and_signed(page: Page, product: Product) -> None:
    lead = refer(product.url, "Letterly")
    await sign_in(page)
    await page.goto(f"/board?lead={lead}")
    drawer = page.get_by_role("dialog", name="Lead")
    letters = drawer.get_by_role("region", name="Letters to the referrer")
    await letters.get_by_role("button", name="Ask for what is missing").click()
    await expect(letters.get_by_label("Which side is to be treated?")).to_be_checked()
    assert await violations(page) == []
    await letters.get_by_role("button", name="Fax the request").click()
    await expect(page.get_by_text("Asked. It is on its way.")).to_be_visible()
    arrived(product.url, lead, "missing_info")
    await expect(letters.get_by_text("Proof of transmission").first).to_be_visible(timeout=15_000)

    await page.goto("/send-a-fax")
    await page.get_by_text("What it printed").click()
    await page.get_by_role("button", name=re.compile(r"\(312\) 555-0161")).first.click()
    await page.get_by_label("Tick box 2").check()
    await page.get_by_label("Sign it").check()
    assert await violations(page) == []
    await page.get_by_role("button", name="Fax this page back").click()
    await expect(page.get_by_text("Fed in and faxed back")).to_be_visible()

    await page.goto("/letters?tab=answered")
    card = page.get_by_role("listitem").filter(has_text="Greta Letterly").first
    await expect(card.get_by_text("Right", exact=True)).to_be_visible(timeout=90_000)
    assert await violations(page) == []
    await card.get_by_role("link", name="Look at the page that came back").click()
    await expect(page.get_by_label("Page image")).to_be_visible()


async def test_a_letter_is_held_looked_at_and_sent_by_keyboard(page: Page, product: Product) -> None:
    rules = ask(product.url, "GET", "/settings/letters")
    change = {"version": rules["version"], "gather_minutes": 30, "rules": {"received": "review"}}
    ask(product.url, "PUT", "/settings/letters", change)
    try:
        lead = refer(product.url, "Keyboard")
        await sign_in(page)
        await page.goto("/letters")
        card = page.get_by_role("listitem").filter(has_text="Greta Keyboard").first
        await expect(card.get_by_text("To review")).to_be_visible(timeout=15_000)
        read = card.get_by_role("link", name=re.compile("^Read"))
        document = await page.request.get(f"{product.url}{await read.get_attribute('href')}")
        assert document.ok and (await document.body()).startswith(b"%PDF")
        await read.focus()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("On its way").first).to_be_visible()
        arrived(product.url, lead, "received")
    finally:
        rules = ask(product.url, "GET", "/settings/letters")
        back = {"version": rules["version"], "gather_minutes": 1, "rules": {"received": "automatic"}}
        ask(product.url, "PUT", "/settings/letters", back)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("path", ["/letters", "/letters?tab=all", "/settings?tab=letters"])
async def test_pages(page: Page, path: str, width: int) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto(path)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
