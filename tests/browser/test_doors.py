"""The other ways in, as people use them: the website's form on another site, one typed line, two leads made one."""

import asyncio
import json
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Product, ask, choose_first_text, window
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import column, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
# 60 words a minute are five keys a second.
KEYS_PER_SECOND = 5.0
# Whole pages are loaded between steps, on machines that do much else.
PATIENCE = 20_000


@pytest.fixture(autouse=True)
def patient(page: Page) -> Iterator[None]:
    """Wait longer than usual."""
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


def served(html: str) -> Any:
    """A website of the practice's: one page on a port of its own, which is an origin of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = html.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    return asyncio.start_server(answer, "127.0.0.1", 0)


@pytest.fixture
async def website(product: Product) -> AsyncIterator[str]:
    """The practice's contact page, which it has named under Settings."""
    tag = f'<script src="{product.url}/embed/lead-form.js" data-practice="northside" async></script>'
    spanish = f'<script src="{product.url}/embed/lead-form.js" data-practice="northside" data-lang="es"></script>'
    html = f'<!doctype html><html lang="en"><title>Contact</title><main><h1>Contact</h1>{tag}{spanish}</main>'
    server = await served(html)
    origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    form = ask(product.url, "GET", "/settings/web-form")
    kept = ("active", "consent_en", "consent_es", "thanks_url", "per_hour", "version")
    chosen = {name: form[name] for name in kept} | {"allowed_origins": [origin]}
    ask(product.url, "PUT", "/settings/web-form", chosen)
    yield origin
    server.close()


def texts_to(product: Product, number: str) -> list[str]:
    with urllib.request.urlopen(f"{product.url}/sandbox/sms?to=%2B{number}", timeout=10) as answer:
        return [text["body"] for text in json.load(answer)]


async def test_the_websites_form_becomes_a_card_and_a_first_text(
    browser: Browser, page: Page, product: Product, website: str
) -> None:
    choose_first_text(product.url, "consent_first")
    try:
        await sign_in(page)
        context = await window(browser, product)
        visitor = await context.new_page()
        await visitor.goto(website)
        form = visitor.get_by_role("form", name="Request an appointment")
        await expect(form).to_be_visible()
        assert await violations(visitor) == []
        await form.get_by_role("button", name="Send").click()
        await expect(form.get_by_role("status")).to_contain_text("First name")
        await expect(form.get_by_label("First name")).to_be_focused()
        await form.get_by_label("First name").fill("Wendy")
        await form.get_by_label("Last name").fill("Webster")
        await form.get_by_label("Phone").fill("12")
        await form.get_by_label("What brings you in?").fill("left shoulder pain")
        await form.get_by_role("checkbox").check()
        await visitor.wait_for_timeout(3_000)
        await form.get_by_role("button", name="Send").click()
        await expect(form.get_by_role("status")).to_contain_text("Please check: Phone")
        await form.get_by_label("Phone").fill("(847) 555-0171")
        await form.get_by_role("button", name="Send").click()
        await expect(visitor.get_by_text("Thank you. We have your request")).to_be_visible()
        await expect(visitor.get_by_role("form", name="Solicite una cita")).to_be_visible()
        await context.close()
        await expect(column(page, "New").or_(column(page, "Contacted")).get_by_text("Wendy Webster")).to_be_visible()
        until = time.monotonic() + 20
        while not (told := texts_to(product, "18475550171")) and time.monotonic() < until:
            await asyncio.sleep(0.3)
        assert len(told) == 1 and "Northside" in told[0]
    finally:
        choose_first_text(product.url, "off")


async def test_what_looks_like_spam_waits_to_be_checked(page: Page, product: Product, website: str) -> None:
    body = {"first_name": "Robo", "last_name": "Seller", "email": "r@example.org", "message": "SEO http://x.example"}
    request = urllib.request.Request(
        f"{product.url}/api/v1/public/web-leads/northside", json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Origin": website},
    )  # fmt: skip
    await asyncio.to_thread(urllib.request.urlopen, request)
    await sign_in(page)
    await page.get_by_role("link", name="To check").first.click()
    item = page.get_by_role("listitem", name="Robo Seller")
    await expect(item.get_by_text("It holds links")).to_be_visible()
    assert await violations(page) == []
    await item.get_by_role("button", name="Discard").click()
    await expect(item).to_have_count(0)
    await page.get_by_role("radiogroup", name="Which to show").get_by_text("Discarded").click()
    await expect(item.first).to_be_visible()


async def test_the_settings_show_what_to_put_into_the_page(page: Page, website: str) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.goto("/settings?tab=web-form")
    await expect(page.get_by_label("Websites that may use it")).to_have_value(website)
    await expect(page.get_by_text('data-practice="northside"').first).to_be_visible()
    await expect(page.get_by_role("form", name="Request an appointment")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("tab", name="Spanish").click()
    await expect(page.get_by_role("form", name="Solicite una cita")).to_be_visible()


async def test_a_lead_in_one_line_and_less_than_twenty_seconds(page: Page) -> None:
    await sign_in(page)
    keys = 0

    async def press(key: str) -> None:
        nonlocal keys
        keys += 1
        await page.keyboard.press(key)

    await press("n")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("In one line")).to_be_focused()
    line = "ada brownfield 847 555 0172 4/9/61 medicare right knee dr silva"
    keys += len(line)
    await page.keyboard.type(line)
    for label, value in {
        "First name": "Ada", "Last name": "Brownfield", "Phone": "847 555 0172", "Date of birth": "1961-04-09",
        "Insurance": "Medicare", "Reason for therapy": "Right knee", "Referred by": "Dr Silva",
    }.items():  # fmt: skip
        await expect(dialog.get_by_label(label, exact=label == "Phone").first).to_have_value(value)
    assert await violations(page) == []
    await press("Enter")
    await expect(page.get_by_role("heading", name="Ada Brownfield")).to_be_visible()
    drawer = page.get_by_role("dialog", name="Lead", exact=True)
    await expect(drawer.get_by_text("Medicare")).to_be_visible()
    assert keys / KEYS_PER_SECOND < 20, f"{keys} keys"


async def test_whoever_is_typed_in_may_be_known_already(page: Page, product: Product) -> None:
    known = {"first_name": "Nell", "last_name": "Known", "phone": "8475550173", "dob": "1955-05-05"}
    lead = ask(product.url, "POST", "/leads", {"source": "fax", "patient": known})
    await sign_in(page)
    await page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("In one line")).to_be_focused()
    await page.keyboard.type("Nell Known 847 555 0173")
    found = dialog.get_by_role("region", name="Known already?")
    await expect(found.get_by_text("same full name and phone")).to_be_visible()
    await found.get_by_role("button", name="Open").click()
    await expect(page).to_have_url(f"{product.url}/board?lead={lead['id']}")


async def test_two_leads_become_one_and_two_again_by_keys(page: Page, product: Product) -> None:
    one = {"first_name": "Dora", "last_name": "Double", "phone": "8475550174", "dob": "1961-04-09"}
    first = ask(product.url, "POST", "/leads", {"source": "fax", "patient": one})
    other = {"first_name": "Dora", "last_name": "Double", "phone": "8475550174"}
    second = ask(product.url, "POST", "/leads", {"source": "phone", "patient": other})
    assert second["possible_duplicates"][0]["lead_id"] == first["id"]
    await sign_in(page)
    await page.get_by_label("Duplicates").check()
    cards = column(page, "New").get_by_text("Dora Double")
    await expect(cards).to_have_count(2)
    await page.goto(f"/board?lead={second['id']}")
    drawer = page.get_by_role("dialog", name="Lead", exact=True)
    await drawer.get_by_role("button", name="Compare").press("Enter")
    asked = page.get_by_role("dialog", name="Is this the same person?")
    await expect(asked.get_by_text("same full name and phone").first).to_be_visible()
    assert await violations(page) == []
    merge = asked.get_by_role("button", name="Merge")
    await expect(merge).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{product.url}/board?lead={first['id']}")
    await expect(drawer.get_by_text("Joined by Dana Desk")).to_be_visible()
    await expect(page.locator(f'[data-card="{second["id"]}"]')).to_have_count(0)
    assert await violations(page) == []
    await page.goto(f"/board?lead={second['id']}")
    await expect(drawer.get_by_text("This lead was merged into another one")).to_be_visible()
    await drawer.get_by_role("button", name="Un-merge").press("Enter")
    await expect(drawer.get_by_role("button", name="Compare")).to_be_visible()
    await expect(page.locator(f'[data-card="{second["id"]}"]')).to_have_count(1)
    await drawer.get_by_role("button", name="Compare").press("Enter")
    await asked.get_by_role("button", name="Not a duplicate").press("Enter")
    await expect(drawer.get_by_text("Not the same person as Dora Double, says Dana Desk")).to_be_visible()


async def test_on_a_phone_the_comparison_fits(page: Page, product: Product) -> None:
    one = {"first_name": "Tess", "last_name": "Twin-of-a-very-long-family-name", "phone": "8475550175"}
    first = ask(product.url, "POST", "/leads", {"source": "fax", "patient": {**one, "dob": "1961-04-09"}})
    ask(product.url, "POST", "/leads", {"source": "phone", "patient": one})
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page)
    await page.goto(f"/board?lead={first['id']}")
    await page.get_by_role("button", name="Compare").click()
    asked = page.get_by_role("dialog", name="Is this the same person?")
    await expect(asked.get_by_role("button", name="Merge")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert await violations(page) == []
