"""From the first text, or the website, to the first visit: a desk and a patient's phone, nothing done behind them."""

import re
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import intake_form
from tests.browser.conftest import Product, ask, choose_first_text
from tests.browser.patient_phone import LINK, handset, texts_to
from tests.browser.test_doors import served
from tests.browser.test_journeys import column, sign_in
from tests.browser.test_texting_journey import beside, from_clinic

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SOON = 20_000


@pytest.fixture(autouse=True)
def texting(product: Product) -> Iterator[None]:
    """The practice texts when a lead opens, for as long as this lasts."""
    choose_first_text(product.url, "consent_first")
    yield
    choose_first_text(product.url, "off")


@pytest.fixture
async def phone(browser: Browser, product: Product) -> AsyncIterator[Page]:
    """The browser of the patient's phone; an error in the page fails the test."""
    context = await handset(browser, product)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await context.close()
    assert errors == []


async def texts_of(page: Page, number: str) -> Locator:
    """The patient's texts, on a screen beside the desk's."""
    shown = await beside(page, f"/patients-phone?number=%2B{number[1:]}")
    return shown.get_by_role("region", name=f"Phone ({number[2:5]}) {number[5:8]}-{number[8:]}")


async def write(texts: Locator, body: str) -> None:
    """The patient answers."""
    await texts.get_by_label("Text as the patient").fill(body)
    await texts.get_by_label("Text as the patient").press("Enter")


async def link_in(product: Product, number: str, purpose: str) -> str:
    """The address in the newest text that says this."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for text in reversed(texts_to(product, number)):
            found = LINK.search(text["body"])
            if found and purpose in text["body"]:
                return found.group(1)
    raise AssertionError(f"no text with a link for the {purpose}")


async def booked_by_text(page: Page, texts: Locator, lead: str) -> None:
    """YES to the first question; the desk offers times; "2" books one."""
    card = page.locator(f'[data-card="{lead}"]')
    await expect(from_clinic(texts)).to_have_count(1, timeout=SOON)
    await write(texts, "YES")
    await expect(column(page, "Contacted").locator(f'[data-card="{lead}"]')).to_be_visible(timeout=SOON)
    await card.locator("[data-open]").click()
    drawer = page.get_by_role("region", name="Texts")
    times = drawer.get_by_role("list", name="First times that fit").get_by_role("listitem")
    await expect(times).to_have_count(3)
    await drawer.get_by_role("button", name="Offer these times").click()
    await expect(from_clinic(texts).last).to_contain_text("2) ", timeout=SOON)
    await write(texts, "2")
    await expect(from_clinic(texts).last).to_contain_text("you are booked for", timeout=SOON)
    await expect(column(page, "Scheduled").locator(f'[data-card="{lead}"]')).to_be_visible(timeout=SOON)


async def filled_in(page: Page, phone: Page, product: Product, lead: str, number: str, name: str) -> None:
    """The desk texts the form, the patient fills it in on the phone, the card says so."""
    card = page.locator(f'[data-card="{lead}"]')
    await page.get_by_role("region", name="Intake form").get_by_role("button", name="Text the form").click()
    await expect(column(page, "Intake sent").locator(f'[data-card="{lead}"]')).to_be_visible(timeout=SOON)
    await expect(card).to_contain_text("intake sent", ignore_case=True)
    await phone.goto(await link_in(product, number, "form"))
    check = phone.get_by_label("Last name").or_(phone.get_by_label("Month"))
    await expect(check).to_be_visible()
    if await phone.get_by_label("Month").count():
        await phone.get_by_label("Month").select_option("4")
        await phone.get_by_label("Day", exact=True).fill("9")
        await phone.get_by_label("Year").fill("1961")
    else:
        await check.fill(name.split()[-1])
    await phone.get_by_role("button", name="Continue").click()
    await expect(phone.get_by_role("heading", name="About you")).to_be_visible()
    await missing_facts(phone)
    for fill in (
        intake_form.about_you, intake_form.insurance, intake_form.problem, intake_form.pain, intake_form.health,
        intake_form.medicines,
    ):  # fmt: skip
        await fill(phone)
    await intake_form.question(phone, "goal").get_by_role("textbox").fill("Sleep through the night")
    await intake_form.go_on(phone, "Please read and agree")
    await intake_form.agree_and_sign(phone, name)
    await expect(card).to_contain_text("intake done", ignore_case=True, timeout=SOON)


async def missing_facts(phone: Page) -> None:
    """What nobody told the clinic yet."""
    born, home = intake_form.question(phone, "dob"), intake_form.question(phone, "address")
    if not await born.get_by_label("Year").input_value():
        await born.get_by_label("Month").select_option("4")
        await born.get_by_label("Day").fill("9")
        await born.get_by_label("Year").fill("1961")
    for label, value in (("Street", "12 Elm Street"), ("City", "Chicago"), ("State", "IL"), ("ZIP code", "60601")):
        await home.get_by_label(label).fill(value)


async def checked_in(page: Page, product: Product, lead: str, name: str) -> None:
    """The patient arrives; the card is in the first column of the won."""
    await page.get_by_role("link", name="Show in the calendar").click()
    last = name.split()[-1]
    await page.get_by_role("dialog", name="Appointment").get_by_role("button", name="Close").click()
    await page.get_by_role("button", name=re.compile(f"^(?!Actions).*{last}")).first.hover()
    await page.get_by_role("button", name=f"Actions for {name}").click()
    await page.get_by_role("menuitem", name="Check in").click()
    await expect(page.get_by_role("button", name=re.compile(f"{last}.*Arrived$"))).to_be_visible(timeout=SOON)
    await page.goto("/board")
    await expect(column(page, "First visit complete").locator(f'[data-card="{lead}"]')).to_be_visible(timeout=SOON)
    assert ask(product.url, "GET", f"/leads/{lead}")["group"] == "won"


async def test_from_a_text_to_the_first_visit(page: Page, phone: Page, product: Product) -> None:
    number, name = "+12175550181", "Tilda Textby"
    await sign_in(page)
    texts = await texts_of(page, number)
    patient = {"first_name": "Tilda", "last_name": "Textby", "dob": "1961-04-09", "phone": number}
    clinic = ask(product.url, "GET", "/locations")["items"][0]["id"]
    lead = ask(product.url, "POST", "/leads", {"source": "fax", "patient": patient, "location_id": clinic})["id"]
    await booked_by_text(page, texts, lead)
    await filled_in(page, phone, product, lead, number, name)
    await checked_in(page, product, lead, name)


async def test_from_the_website_to_the_first_visit(page: Page, phone: Page, product: Product) -> None:
    number, name = "+12175550182", "Wilma Webby"
    tag = f'<script src="{product.url}/embed/lead-form.js" data-practice="northside" async></script>'
    site = await served(f'<!doctype html><html lang="en"><title>Contact</title><h1>Contact</h1>{tag}</html>')
    origin = f"http://127.0.0.1:{site.sockets[0].getsockname()[1]}"
    form = ask(product.url, "GET", "/settings/web-form")
    kept = {key: form[key] for key in ("active", "consent_en", "consent_es", "thanks_url", "per_hour", "version")}
    ask(product.url, "PUT", "/settings/web-form", kept | {"allowed_origins": [origin]})
    await sign_in(page)
    texts = await texts_of(page, number)
    await phone.goto(origin)
    asked = phone.get_by_role("form", name="Request an appointment")
    await asked.get_by_label("First name").fill("Wilma")
    await asked.get_by_label("Last name").fill("Webby")
    await asked.get_by_label("Phone").fill("(217) 555-0182")
    await asked.get_by_label("What brings you in?").fill("my knee")
    await asked.get_by_role("checkbox").check()
    await phone.wait_for_timeout(3_000)
    await asked.get_by_role("button", name="Send").click()
    await expect(phone.get_by_text("Thank you. We have your request")).to_be_visible()
    site.close()
    card = page.locator("[data-card]").filter(has_text=name)
    await expect(card).to_be_visible(timeout=SOON)
    lead = await card.get_attribute("data-card") or ""
    await booked_by_text(page, texts, lead)
    await filled_in(page, phone, product, lead, number, name)
    await checked_in(page, product, lead, name)


async def test_a_canceled_time_goes_to_who_waits(page: Page, product: Product) -> None:
    clinic = ask(product.url, "GET", "/locations")["items"][0]["id"]
    await sign_in(page)
    leads = {}
    for first, number in (("Gloria", "+12175550183"), ("Wanda", "+12175550184")):
        patient = {"first_name": first, "last_name": "Waitby", "dob": "1961-04-09", "phone": number}
        leads[first] = ask(
            product.url, "POST", "/leads",
            {"source": "fax", "patient": patient, "location_id": clinic, "separate": True},
        )["id"]  # fmt: skip
    hers = await texts_of(page, "+12175550183")
    waiting = await texts_of(page, "+12175550184")
    await booked_by_text(page, hers, leads["Gloria"])
    given = (await page.get_by_role("region", name="First visit").locator("p").first.inner_text()).strip()
    await expect(from_clinic(waiting)).to_have_count(1, timeout=SOON)
    await write(waiting, "YES")

    # Wanda would come sooner; her wish is any time.
    await page.goto(f"/board?lead={leads['Wanda']}")
    visit = page.get_by_role("region", name="First visit")
    await visit.get_by_role("button", name=re.compile("waitlist", re.IGNORECASE)).click()
    await visit.get_by_role("button", name="Add to the waitlist").last.click()
    await expect(visit.get_by_text("Waits for", exact=False).or_(visit.get_by_text("On the waitlist"))).to_be_visible()

    await page.goto(f"/board?lead={leads['Gloria']}")
    await visit.get_by_role("button", name="Cancel visit…").click()
    await visit.get_by_label("Why is it canceled?").fill("Has the flu")
    await visit.get_by_role("button", name="Cancel visit", exact=True).click()
    await expect(from_clinic(waiting).last).to_contain_text("a time has opened", timeout=SOON)
    await write(waiting, "YES")
    await expect(from_clinic(waiting).last).to_contain_text("you are booked", timeout=SOON)
    await page.goto(f"/board?lead={leads['Wanda']}")
    await expect(visit.get_by_text(given)).to_be_visible(timeout=SOON)
    found = ask(product.url, "GET", f"/appointments?lead_id={leads['Wanda']}")["items"]
    assert [(one["status"], one["source"]) for one in found] == [("booked", "waitlist")]
