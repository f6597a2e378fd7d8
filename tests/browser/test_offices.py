"""Offices at the desk; the letterhead from settings to the pages of others; a question from an office, answered."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.browser.conftest import Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in
from tests.browser.test_referrers import fits
from tests.referrers import npi
from tests.unit.identity.test_logos import SVG, TEAL, drawn, saved

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
KEPT, GONE = "Harborview Orthopedics", "Harbor View Orthopaedic Group"


@pytest.fixture
async def elsewhere(browser: Browser, product: Product) -> AsyncIterator[BrowserContext]:
    """A browser in the referrer's office."""
    context = await browser.new_context(base_url=product.url, viewport={"width": 1280, "height": 860})
    yield context
    await context.close()


async def both_widths(page: Page) -> None:
    for width in (390, 1440):
        await page.set_viewport_size({"width": width, "height": 900})
        await page.wait_for_timeout(400)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await violations(page) == []


async def test_an_office_is_corrected_merged_and_taken_apart(page: Page, product: Product) -> None:
    for name, office, number in (("Hanna Harbor", KEPT, 4801), ("Hugo Harbor", GONE, 4802)):
        body = {"name": name, "npi": npi(number), "practice_name": office, "fax": "3125550181"}
        ask(product.url, "POST", "/referrers", body)
    await sign_in(page)
    await page.goto("/referrers")
    await page.get_by_role("link", name="Offices").click()
    await page.get_by_label("Find an office").fill("555-0181")
    await expect(page.get_by_role("list", name="Offices").get_by_role("listitem")).to_have_count(2)
    await both_widths(page)
    await page.get_by_role("link", name=KEPT).click()
    await expect(page.get_by_role("heading", level=1, name=KEPT)).to_be_visible()
    await page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Address").fill("12 Harbor Way, Chicago, IL 60611")
    await dialog.get_by_label("How they want to hear back").click()
    await page.get_by_role("option", name="Their own page").click()
    await dialog.get_by_label("Scorecards").uncheck()
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("12 Harbor Way, Chicago, IL 60611", exact=True)).to_be_visible()
    await expect(page.get_by_label("How its people hear back").get_by_text("Their own page")).to_be_visible()

    await page.get_by_role("button", name="Merge…").click()
    await page.get_by_role("button", name=KEPT, exact=True).click()
    people = page.get_by_label("Who works there")
    await expect(people.get_by_role("link", name="Hugo Harbor")).to_be_visible()
    await both_widths(page)
    await people.get_by_role("link", name="Hugo Harbor").click()
    await expect(page.get_by_text("Their own page, as their office wants it")).to_be_visible()
    await page.get_by_role("link", name=KEPT).click()
    await page.get_by_role("button", name="Take it back").click()
    await expect(people.get_by_role("link", name="Hugo Harbor")).to_have_count(0)
    await expect(people.get_by_role("link", name="Hanna Harbor")).to_be_visible()


async def test_a_logo_goes_from_settings_to_letters_and_pages(
    page: Page, elsewhere: BrowserContext, product: Product
) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.goto("/settings?tab=letterhead")
    await page.get_by_label("A line below it").fill("Orthopedic and sports rehabilitation")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved")).to_be_visible()
    chooser = page.locator("input[type=file]")
    await chooser.set_input_files(FilePayload(name="logo.png", mimeType="image/png", buffer=SVG))
    await expect(page.get_by_role("alert").filter(has_text="PNG or JPEG")).to_be_visible()
    logo = saved(drawn(TEAL, size=(900, 240)))
    await chooser.set_input_files(FilePayload(name="logo.png", mimeType="image/png", buffer=logo))
    await expect(page.get_by_role("img", name=re.compile("^Logo of"))).to_be_visible()
    sample = page.get_by_role("img", name=re.compile("^A sample letter"))
    await expect(sample).to_have_js_property("complete", True)
    assert await sample.evaluate("image => image.naturalWidth") == 1728
    await both_widths(page)

    made = ask(product.url, "POST", "/referrers", {"name": "Lola Logo", "npi": npi(4803)})
    link = ask(product.url, "POST", f"/referrers/{made['id']}/links")
    theirs = await elsewhere.new_page()
    await theirs.goto(link["address"])
    shown = theirs.locator(".practice img")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("image => image.naturalWidth") > 100
    await fits(theirs)
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("None yet")).to_be_visible()


async def test_what_an_office_asks_is_answered_where_it_asked(
    page: Page, elsewhere: BrowserContext, product: Product
) -> None:
    patient = {"first_name": "Quinn", "last_name": "Question", "dob": "1971-03-04"}
    order = {"referrer": {"name": "Quentin Asker", "npi": npi(4804), "fax": "3125550182"}}
    lead = ask(product.url, "POST", "/leads", {"source": "phone", "patient": patient, "order": order})
    link = ask(product.url, "POST", f"/referrers/{lead['orders'][0]['referrer']['id']}/links")
    theirs = await elsewhere.new_page()
    await theirs.goto(link["address"])
    await theirs.get_by_label("The last four digits of the NPI").fill(npi(4804)[-4:])
    await theirs.get_by_role("button", name="Continue").click()
    await theirs.get_by_role("button", name="Messages").click()
    await theirs.get_by_label("About").select_option(label="Quinn Question")
    await theirs.get_by_label("Your message").fill("May she swim?")
    await theirs.get_by_role("button", name="Send", exact=True).click()
    await expect(theirs.get_by_text("Thank you. Somebody at the practice")).to_be_visible()

    await sign_in(page)
    await page.goto("/letters?tab=messages")
    card = page.get_by_role("listitem").filter(has_text="May she swim?")
    await expect(card.get_by_text("Waits for an answer")).to_be_visible()
    await both_widths(page)
    await card.get_by_role("button", name="Answer", exact=True).click()
    await page.get_by_label("Your answer").fill("Yes, from the third week on.")
    assert await violations(page) == []
    await page.get_by_role("button", name="Send the answer").click()
    await expect(card).to_have_count(0)
    await page.goto(f"/board?lead={lead['id']}")
    await expect(page.get_by_role("dialog").get_by_text("Yes, from the third week on.").first).to_be_visible()
    assert await violations(page) == []

    await theirs.reload()
    await theirs.get_by_role("button", name="Messages").click()
    await expect(theirs.get_by_text("Yes, from the third week on.")).to_be_visible()
    await fits(theirs)
