"""Times by text: the card shows them before anybody calls, the desk offers them with one click, "2" books one."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Product, ask, choose_first_text
from tests.browser.test_journeys import column, sign_in
from tests.browser.test_texting_journey import beside, from_clinic

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SOON = 20_000
PHONE = "+12175550163"
NAME = "Wren Timesby"


@pytest.fixture
def texting(product: Product) -> Iterator[None]:
    """The practice texts when a lead opens, for as long as this lasts."""
    choose_first_text(product.url, "consent_first")
    yield
    choose_first_text(product.url, "off")


async def test_a_two_books_the_second_time(page: Page, product: Product, texting: None) -> None:
    await sign_in(page)
    handset = await beside(page, f"/patients-phone?number=%2B{PHONE[1:]}")
    clinic = ask(product.url, "GET", "/locations")["items"][0]["id"]
    patient = {"first_name": "Wren", "last_name": "Timesby", "phone": PHONE}
    lead = ask(product.url, "POST", "/leads", {"source": "web_form", "patient": patient, "location_id": clinic})["id"]
    phone = handset.get_by_role("region", name="Phone (217) 555-0163")
    await expect(from_clinic(phone)).to_have_count(1, timeout=SOON)

    # The card promises times at once; what the patient says about days changes them.
    card = page.locator(f'[data-card="{lead}"]')
    badge = card.locator("[data-kind=slots]")
    await expect(badge).to_contain_text(":", timeout=SOON)
    await phone.get_by_label("Text as the patient").fill("Mornings are best")
    await phone.get_by_label("Text as the patient").press("Enter")
    await expect(card).to_contain_text("Replied: morning", timeout=SOON, ignore_case=True)
    await expect(badge).to_contain_text("AM", timeout=SOON)
    await expect(badge).not_to_contain_text("PM")

    # One click offers them; the answer to the patient's text is given with it.
    await card.locator("[data-open]").click()
    texts = page.get_by_role("region", name="Texts")
    times = texts.get_by_role("list", name="First times that fit").get_by_role("listitem")
    await expect(times).to_have_count(3)
    second = (await times.nth(1).locator("b").inner_text()).replace(",", "")
    await texts.get_by_role("button", name="Offer these times").click()
    await expect(from_clinic(phone)).to_have_count(2, timeout=SOON)
    await expect(from_clinic(phone).last).to_contain_text(f"2) {second}")
    await expect(card).not_to_contain_text("Replied")

    await phone.get_by_label("Text as the patient").fill("2")
    await phone.get_by_label("Text as the patient").press("Enter")
    await expect(from_clinic(phone)).to_have_count(3, timeout=SOON)
    await expect(from_clinic(phone).last).to_contain_text(f"you are booked for {second}")
    await page.get_by_role("button", name="Close").click()
    await expect(column(page, "Scheduled").locator(f'[data-card="{lead}"]')).to_be_visible(timeout=SOON)
    await expect(card).not_to_contain_text("Replied")
    visits = ask(product.url, "GET", f"/appointments?lead_id={lead}")["items"]
    assert [(visit["status"], visit["source"]) for visit in visits] == [("booked", "text")]
    told = {item["title"] for item in ask(product.url, "GET", f"/leads/{lead}/timeline")["items"]}
    assert {"Times offered by text", "Evaluation booked"} <= told
