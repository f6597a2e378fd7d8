"""E-mails and HL7, set up and used by people: a mail is sent in the sandbox and becomes a card or a fax."""

import asyncio
import time

import pytest
from playwright.async_api import Page, expect

from backend.sandbox import samples
from tests.browser.conftest import Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import column, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
OWNER = "owner@northside.example.org"


async def look(page: Page, product: Product) -> None:
    """The mailbox is looked into now."""
    (box,) = ask(product.url, "GET", "/settings/mailboxes")["items"]
    await asyncio.to_thread(ask, product.url, "POST", f"/settings/mailboxes/{box['id']}/look", {})


async def test_an_email_becomes_a_card_and_its_pdf_a_fax(page: Page, product: Product) -> None:
    await sign_in(page, OWNER)
    await page.get_by_role("link", name="Send an e-mail").click()
    form = page.get_by_role("form", name="Send an e-mail")
    await form.get_by_label("From").fill("Emil Brandt <emil@example.org>")
    await form.get_by_label("Text").fill("My shoulder hurts, please call me: (312) 555-0167")
    assert await violations(page) == []
    await form.get_by_role("button", name="Send the e-mail").click()
    await expect(page.get_by_text("Sent. The mailbox is read")).to_be_visible()
    faxes = len(ask(product.url, "GET", "/faxes?limit=200")["items"])
    pdf, _ = samples.draw("packet", "text_pdf", 321)
    await form.get_by_label("From").fill("Rowan Ortho <office@example.org>")
    async with page.expect_file_chooser() as choosing:
        await form.get_by_role("button", name="Attach a PDF or TIFF").click()
    await (await choosing.value).set_files({"name": "r.pdf", "mimeType": "application/pdf", "buffer": pdf})
    await form.get_by_role("button", name="Send the e-mail").click()
    await expect(page.get_by_role("region", name="In the inbox, not yet taken in")).to_be_visible()
    await page.goto("/settings?tab=mail")
    item = page.get_by_role("listitem", name="referrals@northside.example.org")
    await item.get_by_role("button", name="Look now").press("Enter")
    await page.goto("/board")
    await expect(column(page, "New").get_by_text("Emil Brandt")).to_be_visible(timeout=20_000)
    until = time.monotonic() + 20
    while len(ask(product.url, "GET", "/faxes?limit=200")["items"]) == faxes and time.monotonic() < until:
        await asyncio.sleep(0.3)
    assert ask(product.url, "GET", "/faxes?limit=200")["items"][0]["channel"] == "email"


async def test_an_unclear_email_waits_to_be_checked(page: Page, product: Product) -> None:
    await sign_in(page)
    await page.goto("/send-an-email")
    form = page.get_by_role("form", name="Send an e-mail")
    await form.get_by_label("From").fill("win@example.org")
    await form.get_by_label("Subject").fill("Rank your website")
    await form.get_by_label("Text").fill("Backlinks at https://seo.example")
    await form.get_by_role("button", name="Send the e-mail").click()
    await expect(page.get_by_text("Sent. The mailbox is read")).to_be_visible()
    await look(page, product)
    await page.get_by_role("navigation").get_by_role("link", name="To check").click(timeout=20_000)
    await expect(page.get_by_text("It reads like advertising")).to_be_visible()
    await expect(page.get_by_text("from win@example.org")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Discard").first.click()


async def test_a_mailbox_that_does_not_answer_says_so(page: Page, product: Product) -> None:
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=mail")
    await page.get_by_role("button", name="Add a mailbox").click()
    dialog = page.get_by_role("dialog", name="Add a mailbox")
    await dialog.get_by_label("Server").fill("imap.example.org")
    await dialog.get_by_role("combobox", name="Security").click()
    await page.get_by_role("option", name="None").click()
    await dialog.get_by_label("User name").fill("other@example.org")
    await dialog.get_by_role("textbox", name="Password").fill("secret")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("not safe")).to_be_visible()
    assert await violations(page) == []
    await dialog.get_by_label("Server").fill("127.0.0.1")
    await dialog.get_by_label("Port").fill("9")
    await dialog.get_by_role("button", name="Save").click()
    item = page.get_by_role("listitem", name="other@example.org")
    await expect(item.get_by_text("The server cannot be reached.")).to_be_visible(timeout=30_000)
    for width in (1440, 390):
        await page.set_viewport_size({"width": width, "height": 844})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await violations(page) == []
    await item.get_by_role("button", name="Change").click()
    await page.get_by_role("switch", name="It is read").uncheck()
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(item.get_by_text("Closed")).to_be_visible()


async def test_an_hl7_interface_is_named(page: Page) -> None:
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=hl7")
    await page.get_by_role("button", name="Add an interface").click()
    dialog = page.get_by_role("dialog", name="Add an interface")
    await dialog.get_by_placeholder("Clinic EMR").fill("Clinic EMR")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("required without a port")).to_be_visible()
    await dialog.get_by_label("Sending facility").fill("NORTHSIDE")
    await dialog.get_by_label("Only from these addresses").fill("10.8.0.0/24")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Save").click()
    item = page.get_by_role("listitem", name="Clinic EMR")
    await expect(item.get_by_text("any application, NORTHSIDE")).to_be_visible()
    await expect(item.get_by_text("No message yet")).to_be_visible()
    assert await violations(page) == []
