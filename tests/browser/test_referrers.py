"""From the referrer's page at the desk to their own page, and back: link, check, status, a referral, a lead."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.browser.conftest import Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in
from tests.referrers import npi
from tests.unit.faxes import papers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
READ = 60_000
NAME = "Wanda Portal"


@pytest.fixture
async def office(browser: Browser, product: Product) -> AsyncIterator[BrowserContext]:
    """A browser in the referrer's office."""
    context = await browser.new_context(base_url=product.url, viewport={"width": 1280, "height": 860})
    yield context
    await context.close()


async def fits(page: Page) -> None:
    """Nothing to scroll sideways, wide or narrow; nothing for axe to find."""
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 844})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await violations(page) == []
    await page.set_viewport_size({"width": 1280, "height": 860})


async def test_a_referrer_opens_their_page_and_sends_a_referral(
    page: Page, office: BrowserContext, product: Product
) -> None:
    patient = {"first_name": "Petra", "last_name": "Portalis", "dob": "1970-02-03"}
    order = {"referrer": {"name": NAME, "npi": npi(4711), "fax": "3125550189"}}
    ask(product.url, "POST", "/leads", {"source": "phone", "patient": patient, "order": order})
    await sign_in(page)
    await page.get_by_role("link", name="Referrers").click()
    await page.get_by_label("Find a referrer").fill("portal")
    await page.get_by_role("list", name="Referrers").get_by_role("link", name=NAME).click()
    await expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    await expect(page.get_by_role("link", name="Referred Petra Portalis")).to_be_visible()
    await page.get_by_role("button", name="Make a link").click()
    address = await page.get_by_label("The address, shown only now").input_value()
    assert re.fullmatch(rf"{product.url}/r#[a-z2-7]{{26}}", address)

    theirs = await office.new_page()
    errors: list[str] = []
    theirs.on("pageerror", lambda error: errors.append(str(error)))
    await theirs.goto(address)
    await expect(theirs.get_by_role("heading", name="One check first")).to_be_visible()
    assert "#" not in theirs.url, "the token leaves the address"
    await fits(theirs)
    await theirs.get_by_label("The last four digits of the NPI").fill("0000")
    await theirs.get_by_role("button", name="Continue").click()
    await expect(theirs.get_by_role("alert")).to_contain_text("4 tries left")
    await theirs.get_by_label("Fax number").check()
    await theirs.get_by_label("The last four digits of your fax number").fill("0189")
    await theirs.keyboard.press("Enter")
    await expect(theirs.get_by_text("Received; we are contacting the patient")).to_be_visible()
    await expect(theirs.get_by_role("listitem")).to_have_count(1)
    await fits(theirs)

    await theirs.get_by_role("button", name="Send a referral").click()
    await fits(theirs)
    order_paper = FilePayload(name="order.pdf", mimeType="application/pdf", buffer=papers.pdf())
    await theirs.get_by_label("The file").set_input_files(order_paper)
    await expect(theirs.get_by_text("Thank you. The referral has arrived")).to_be_visible()
    await theirs.get_by_role("button", name="Messages").click()
    await theirs.get_by_label("About").select_option(label="Petra Portalis")
    await theirs.get_by_label("Your message").fill("Please see her this week.")
    await theirs.get_by_role("button", name="Send", exact=True).click()
    await expect(theirs.get_by_text("Thank you. Somebody at the practice")).to_be_visible()
    await fits(theirs)
    await theirs.reload()
    await expect(theirs.get_by_text("Where your patients are")).to_be_visible()
    await _filed(theirs)

    await page.reload()
    await expect(page.get_by_text("Wrote on their page")).to_be_visible()
    await expect(page.get_by_role("link", name="Referred Ada Sample")).to_be_visible(timeout=READ)
    await page.get_by_role("link", name="Referred Ada Sample").click()
    await expect(page.get_by_role("dialog").get_by_role("link", name=NAME)).to_be_visible()
    assert errors == []


async def _filed(theirs: Page) -> None:
    """The paper is read, and the patient on the list."""
    for _ in range(READ // 1000):
        await expect(theirs.get_by_role("listitem").first).to_be_visible()
        if await theirs.get_by_text("Ada Sample").count():
            return
        await theirs.wait_for_timeout(1000)
        await theirs.reload()
    raise AssertionError("the referral never came to the list")


async def test_a_referrer_is_entered_visited_and_set_by_hand(page: Page) -> None:
    await sign_in(page)
    await page.goto("/referrers")
    await page.get_by_role("button", name="Add a referrer").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Dr. Viola Visited, MD")
    await dialog.get_by_label("NPI").fill("1234567890")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Add").click()
    await expect(dialog.get_by_text("valid NPI check digit")).to_be_visible()
    await dialog.get_by_label("NPI").fill(npi(4712))
    await dialog.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("heading", name="Viola Visited, MD")).to_be_visible()
    await page.get_by_text("Visit", exact=True).click()
    await page.get_by_label("What was said").fill("Likes short letters")
    await page.get_by_role("button", name="Note the visit").click()
    await expect(page.get_by_text("Likes short letters")).to_be_visible()
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_role("combobox", name="Status").click()
    await page.get_by_role("option", name="Not engaged").click()
    await page.get_by_label("Why").fill("Opened their own clinic")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Status set by Dana Desk: Opened their own clinic")).to_be_visible()
    assert await violations(page) == []
