"""From the referral's fax to STOP, and a missed call: a desk and a patient, each with a screen, nothing reloaded."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, expect

from backend.sandbox.samples.people import Person, invent
from tests.browser.conftest import Product, ask, choose_first_text
from tests.browser.test_journeys import send, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
# This one's packet is read without doubt and files itself.
SEED = 7301
ARRIVES = 60_000
SOON = 20_000
CALLER = "+12175550175"


@pytest.fixture
def texting(product: Product) -> Iterator[None]:
    """The practice asks by text when a lead opens, for as long as this lasts."""
    choose_first_text(product.url, "consent_first")
    yield
    choose_first_text(product.url, "off")


def referred() -> Person:
    """Whom the fax refers."""
    return invent(SEED, datetime.now(UTC).date())


def e164(phone: str) -> str:
    return "+1" + re.sub(r"\D", "", phone)


def photo() -> FilePayload:
    """A snapshot of a card."""
    out = io.BytesIO()
    Image.new("RGB", (320, 200), (40, 110, 160)).save(out, "PNG")
    return FilePayload(name="card.png", mimeType="image/png", buffer=out.getvalue())


async def beside(page: Page, path: str) -> Page:
    """Another screen of the same browser."""
    opened = await page.context.new_page()
    await opened.goto(path)
    return opened


def from_clinic(phone: Locator) -> Locator:
    return phone.get_by_role("article").filter(has_text="The clinic ·")


async def test_from_fax_to_stop(page: Page, product: Product, texting: None) -> None:
    person = referred()
    name = f"{person.first} {person.last}"
    await sign_in(page)
    inbox, handset = await beside(page, "/inbox?filter=all"), await beside(page, "/patients-phone")

    # A fax comes in; the first text asks, and says nothing about the patient's health.
    await send(page, product, "packet", "text_pdf", SEED)
    await handset.get_by_role("button", name=person.phone).click(timeout=ARRIVES)
    phone = handset.get_by_role("region", name=f"Phone {person.phone}")
    await expect(from_clinic(phone)).to_have_count(1)
    first = await from_clinic(phone).inner_text()
    assert "May we text you" in first and "STOP" in first
    assert not re.search(f"{person.first}|{person.last}|{person.body_part}|{person.diagnosis}|{person.provider}", first)

    # YES brings what waited; the next reply names times.
    await phone.get_by_role("button", name="YES").click()
    await expect(from_clinic(phone)).to_have_count(2, timeout=SOON)
    await expect(from_clinic(phone).last).to_contain_text("Which days and times suit you")
    await phone.get_by_role("button", name="Tues after 3 or Thurs morning").click()
    card = page.locator("[data-card]").filter(has_text=name)
    await expect(card).to_contain_text("Replied: Tue after 3:00 pm · Thu morning", timeout=SOON)
    row = inbox.locator("[data-row]").filter(has_text=name)
    await expect(row).to_contain_text("Tues after 3 or Thurs morning", timeout=SOON)
    await row.click()
    thread = inbox.get_by_role("log", name="Thread")
    reply = thread.get_by_role("listitem").filter(has_text="Tues after 3 or Thurs morning")
    await expect(reply.get_by_text("Tue after 3:00 pm")).to_be_visible()
    await expect(reply.get_by_text("Thu morning")).to_be_visible()

    # The desk answers; the patient sends a photo.
    await inbox.get_by_label("Text to the patient").fill("Thursday at 9 is yours. Please send a photo of your card.")
    await inbox.keyboard.press("Control+Enter")
    await expect(from_clinic(phone).last).to_contain_text("Thursday at 9 is yours", timeout=SOON)
    await expect(card).not_to_contain_text("Replied")
    await phone.locator("input[type=file]").set_input_files(photo())
    picture = thread.get_by_role("img")
    await expect(picture).to_be_visible(timeout=SOON)
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320

    # A text is planned for later; STOP comes first.
    await inbox.get_by_label("Text to the patient").fill("See you tomorrow at 9.")
    await inbox.get_by_role("button", name="Send later").click()
    await inbox.get_by_role("menuitem", name="In an hour").click()
    planned = thread.get_by_role("listitem").filter(has_text="See you tomorrow at 9.")
    await expect(planned).to_contain_text("as planned")
    await phone.get_by_role("button", name="STOP", exact=True).click()
    await expect(phone.get_by_text("said STOP")).to_be_visible()
    await expect(inbox.get_by_text("The patient opted out (STOP)", exact=True)).to_be_visible(timeout=SOON)
    await expect(inbox.get_by_label("Text to the patient")).to_have_count(0)
    await expect(planned).to_contain_text("Taken back: the patient opted out (STOP)")
    await expect(row).not_to_contain_text("See you tomorrow")

    # Nothing more reaches the phone, whoever tries; what is left is to call.
    await card.locator("[data-open]").click()
    steps = page.get_by_role("region", name="Next steps")
    await expect(steps.get_by_text("Call: no texts to this patient")).to_be_visible()
    lead = str(await card.get_attribute("data-card"))
    refused = ask(product.url, "POST", f"/leads/{lead}/messages", {"body": "One more thing"})
    assert (refused["status"], refused["reason"]) == ("blocked", "opted_out")
    await handset.wait_for_timeout(3_000)
    await expect(from_clinic(phone)).to_have_count(3)


async def test_a_missed_call_is_texted_back_once_and_a_voicemail_is_heard(page: Page) -> None:
    await sign_in(page)
    inbox = await beside(page, "/inbox?filter=all")
    day, handset = await beside(page, "/my-day"), await beside(page, f"/patients-phone?number=%2B{CALLER[1:]}")
    phone = handset.get_by_role("region", name="Phone (217) 555-0175")
    await phone.get_by_role("button", name="Call and hang up").click()
    row = inbox.locator("[data-row]").filter(has_text="(217) 555-0175")
    await row.click(timeout=ARRIVES)
    thread = inbox.get_by_role("log", name="Thread")
    await expect(thread.get_by_role("article", name=re.compile("^Missed call"))).to_be_visible(timeout=SOON)
    await expect(from_clinic(phone)).to_have_count(1, timeout=SOON)
    await expect(day.get_by_text("Call back: missed call").first).to_be_visible(timeout=SOON)

    await phone.get_by_role("button", name="Call and leave a voicemail").click()
    sound = thread.get_by_label("Voicemail from (217) 555-0175")
    await expect(sound).to_be_visible(timeout=SOON)
    length = await sound.evaluate(
        "sound => new Promise((done, fail) => { sound.onended = () => done(sound.duration);"
        " sound.onerror = () => fail(sound.error.message); sound.play().catch(fail) })"
    )
    assert length > 1
    await expect(from_clinic(phone)).to_have_count(1)
