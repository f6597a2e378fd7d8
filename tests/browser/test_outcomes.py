"""Outcome measures: from a link to the phone to the episode; entered by keyboard; what a practice chooses."""

import json
import re
import time
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Product, ask
from tests.browser.patient_phone import LINK, answer, handset
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in
from tests.browser.test_patient_pages import fits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
# The drawer loads many things at once.
LOADS = 20_000


def in_care(product: Product, phone: str, last_name: str) -> tuple[str, str]:
    """(lead, episode) of a shoulder whose evaluation was attended, and who may be texted."""
    places = ask(product.url, "GET", "/locations")["items"]
    patient = {"first_name": "Ada", "last_name": last_name, "dob": "1961-04-09", "phone": phone}
    order = {"body_part": "shoulder", "side": "right", "icd10_codes": []}
    body = {"source": "phone", "patient": patient, "location_id": places[0]["id"], "order": order}
    lead = ask(product.url, "POST", "/leads", body)["id"]
    version = ask(product.url, "GET", f"/leads/{lead}")["version"]
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    version = ask(product.url, "POST", f"/leads/{lead}/evaluation", {"at": at, "version": version})["version"]
    ask(product.url, "POST", f"/leads/{lead}/evaluation/attended", {"version": version})
    episode = ask(product.url, "GET", f"/episodes?lead_id={lead}")["items"][0]["id"]
    return lead, episode


def allow_texts(product: Product, lead: str) -> None:
    """They said on the phone that texts are fine."""
    sent = ask(product.url, "POST", f"/leads/{lead}/messages", {"body": "Northside: see you soon"})
    consent = {"status": "granted", "method": "verbal", "note": "Said on the phone that texts are fine"}
    ask(product.url, "POST", f"/conversations/{sent['conversation_id']}/consent", consent)


def newest_link(product: Product, phone: str) -> str:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{product.url}/sandbox/sms?to={phone.replace('+', '%2B')}", timeout=10) as reply:
            found = json.load(reply)
        texts: list[dict[str, Any]] = found["items"] if isinstance(found, dict) else found
        linked = [match.group(1) for text in texts if (match := LINK.search(text["body"]))]
        if linked:
            return linked[-1]
        time.sleep(0.2)
    raise AssertionError("no text with a link has come")


@pytest.fixture
async def phone(browser: Browser, product: Product) -> AsyncIterator[Page]:
    """A patient's phone; an error in the page fails the test."""
    context = await handset(browser, product)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await context.close()
    assert errors == []


async def test_from_the_link_to_the_phone_to_the_episode(page: Page, phone: Page, product: Product) -> None:
    lead, _ = in_care(product, "+12175550151", "Outcome")
    allow_texts(product, lead)
    await sign_in(page)
    await page.goto(f"/board?lead={lead}")
    panel = page.get_by_role("region", name="Outcome measures")
    await expect(panel.get_by_text("No outcome score yet")).to_be_visible(timeout=LOADS)
    await panel.get_by_role("button", name="Ask by text").click()
    on_its_way = re.compile("on its way|delivered, not opened yet")
    await expect(panel.get_by_text(on_its_way)).to_be_visible(timeout=LOADS)

    await phone.goto(newest_link(product, "+12175550151"))
    await answer(phone)
    await expect(phone.get_by_role("heading", name="How are you doing?")).to_be_visible()
    await fits(phone)
    activities = (("Reach a shelf", "3"), ("Sleep on my side", "2"), ("Lift my bag", "4"))
    for number, (words, rating) in enumerate(activities, 1):
        row = phone.get_by_role("group", name=f"Number {number}")
        await row.get_by_role("textbox").fill(words)
        await row.locator(".number", has_text=re.compile(f"^{rating}$")).click()
    await expect(phone.get_by_text("Saved")).to_be_visible()
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Your pain")).to_be_visible()
    await fits(phone)
    for question, rating in (("right now", "6"), ("its best", "3")):
        group = phone.get_by_role("group", name=re.compile(question))
        await group.locator(".number", has_text=re.compile(f"^{rating}$")).click()
    await phone.get_by_role("button", name="Go on without an answer").click()
    await expect(phone.get_by_text("One question has no answer")).to_be_visible()
    await fits(phone)
    await phone.get_by_role("button", name="Answer it now").click()
    worst = phone.get_by_role("group", name=re.compile("its worst"))
    await worst.locator(".number", has_text=re.compile("^8$")).click()
    await phone.get_by_role("button", name="Next").click()
    await phone.get_by_role("button", name="Send my answers").dblclick()
    await expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    await fits(phone)

    # It appears by itself.
    hard = panel.get_by_role("article", name="PSFS")
    await expect(hard.get_by_text("3", exact=True).first).to_be_visible(timeout=LOADS)
    pain = panel.get_by_role("article", name="NPRS (now, best, worst)")
    await expect(pain.get_by_text("5.7").first).to_be_visible()
    await expect(panel.get_by_text("intake · answered")).to_be_visible()
    assert await violations(page) == []


async def test_staff_enter_by_keyboard_and_see_the_change(page: Page, product: Product) -> None:
    lead, episode = in_care(product, "+12175550152", "Keyboard")
    body = {"episode_id": episode, "instrument": "quickdash", "items": [4, 3, 4, 3, 3, 4, 3, 3, 4, 3, 3]}
    ask(product.url, "POST", "/outcome-scores", body)
    await sign_in(page)
    await page.goto(f"/board?lead={lead}")
    panel = page.get_by_role("region", name="Outcome measures")
    await panel.get_by_role("button", name="Enter a score").click(timeout=LOADS)
    dialog = page.get_by_role("dialog", name="Enter a score")
    await expect(dialog.get_by_label("Item 1, 1 to 5")).to_be_focused()
    await page.keyboard.type("2232232-")
    await expect(dialog.get_by_text("More items are unanswered")).to_be_visible()
    await page.keyboard.type("232")
    await expect(dialog.get_by_text("MCID reached")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    card = panel.get_by_role("article", name="QuickDASH")
    await expect(card.get_by_text("32.5", exact=True).first).to_be_visible()
    await expect(card.get_by_text("26.6 points better (45 %)")).to_be_visible()
    await expect(card.get_by_role("img", name="QuickDASH: 59.1, then 32.5")).to_be_visible()
    await card.get_by_text("2 scores").click()
    await card.get_by_role("button", name=re.compile("Actions for 32.5")).click()
    await page.get_by_role("menuitem", name="Correct…").click()
    fix = page.get_by_role("dialog", name="Correct QuickDASH")
    await expect(fix.get_by_label("Item 1, 1 to 5")).to_have_value("2")
    await fix.get_by_label("Item 8, 1 to 5").focus()
    await page.keyboard.type("2")
    await fix.get_by_label("Why it is corrected").fill("Item 8 was answered")
    await fix.get_by_role("button", name="Save the correction").click()
    await expect(card.get_by_text("31.8", exact=True).first).to_be_visible()
    await panel.get_by_role("switch", name="Show corrections").click()
    await expect(card.get_by_text("Item 8 was answered")).to_be_visible()
    assert await violations(page) == []


@pytest.mark.parametrize("width", [1440, 390])
async def test_a_practice_chooses_and_enters_what_it_has_licensed(page: Page, width: int) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto("/settings?tab=outcomes")
    await expect(page.get_by_role("heading", name="How patients are doing")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Enter questions").click()
    dialog = page.get_by_role("dialog", name="Enter licensed questions")
    await dialog.get_by_role("combobox", name="Measure").click()
    await page.get_by_role("option", name="KOOS, JR").click()
    await dialog.get_by_label("Answers, lowest (0) first").fill("0 = None\n4 = Extreme")
    await dialog.get_by_role("textbox", name="Questions").fill("\n".join(f"{n}. Licensed {n}" for n in range(1, 8)))
    await expect(dialog.get_by_text("7 of 7 questions")).to_be_visible()
    await dialog.get_by_label("Licence").fill("No. 12 of Nov 2")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("7 questions · No. 12 of Nov 2")).to_be_visible()
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("No questions entered yet")).to_be_visible()
