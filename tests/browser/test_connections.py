"""E-mails and HL7, set up and used by people: a mail is sent in the sandbox and becomes a card or a fax."""

import asyncio
import json
import os
import time
import urllib.request
from typing import Any

import pytest
from playwright.async_api import Page, expect

from backend.sandbox import samples
from tests.browser.conftest import Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import column, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
OWNER = "owner@northside.example.org"


def sandbox(product: Product, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a person at the provider sees or does."""
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(
        f"{product.url}/sandbox{path}", data, headers={"Content-Type": "application/json"}
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


async def shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look."""
    if folder := os.environ.get("FRONTDESK_SHOTS"):
        await page.screenshot(path=f"{folder}/{name}.png")


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


async def test_a_mailbox_signs_in_by_token(page: Page, product: Product) -> None:
    app = await asyncio.to_thread(sandbox, product, "/oauth")
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=mail")
    item = page.get_by_role("listitem", name="referrals@northside.example.org")
    await item.get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog", name="Change the mailbox")
    await dialog.get_by_role("combobox", name="Sign in with").click()
    await page.get_by_role("option", name="Google Workspace").click()
    await expect(dialog.get_by_label("Server")).to_have_value("imap.gmail.com")
    await expect(dialog.get_by_text("console.cloud.google.com")).to_be_visible()
    await page.keyboard.press("Escape")
    await item.get_by_role("button", name="Change").click()
    await dialog.get_by_role("combobox", name="Sign in with").click()
    await page.get_by_role("option", name="Another provider with OAuth").click()
    await dialog.get_by_label("Token address").fill(f"{product.url}/sandbox/oauth/token")
    await dialog.get_by_label("Client id").fill(app["client_id"])
    await dialog.get_by_role("textbox", name="Client secret").fill(app["client_secret"])
    await dialog.get_by_role("button", name="Save").click()
    assert await dialog.get_by_role("textbox", name="Refresh token").evaluate("field => !field.checkValidity()")
    for width in (1440, 390):
        await page.set_viewport_size({"width": width, "height": 900 if width > 400 else 844})
        assert await violations(page) == []
        await shot(page, f"mailbox-oauth-{width}")
    await dialog.get_by_role("textbox", name="Refresh token").fill(app["refresh_token"])
    await dialog.get_by_role("button", name="Save").click()
    await expect(item.get_by_text("by a token")).to_be_visible()
    await expect(item.get_by_text("Looked into just now")).to_be_visible(timeout=30_000)
    await expect(item.get_by_role("alert")).to_have_count(0)
    await asyncio.to_thread(sandbox, product, "/oauth/faults", {"what": "refresh"})
    await asyncio.to_thread(sandbox, product, "/oauth/faults", {"what": "access"})
    await item.get_by_role("button", name="Look now").click()
    await expect(item.get_by_text("Consent once more")).to_be_visible(timeout=30_000)
    assert await violations(page) == []
    await shot(page, "mailbox-refused-390")
    fresh = await asyncio.to_thread(sandbox, product, "/oauth")
    await item.get_by_role("button", name="Change").click()
    await dialog.get_by_role("textbox", name="Refresh token").fill(fresh["refresh_token"])
    await dialog.get_by_role("button", name="Save").click()
    await expect(item.get_by_role("alert")).to_have_count(0, timeout=30_000)


async def tell(product: Product, message: bytes) -> str:
    """A message of the EMR, and the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", product.hl7_port)
    writer.write(b"\x0b" + message + b"\x1c\r")
    answer = (await asyncio.wait_for(reader.readuntil(b"\x1c\r"), 20)).decode()
    writer.close()
    return answer


def adt(control: str, person: str) -> bytes:
    head = f"MSH|^~\\&|PTEMR|WESTSIDE|FRONTDESK|NS|20261201120000||ADT^A08|{control}|P|2.5.1"
    return f"{head}\rEVN|A08|20261201\rPID|1||{person}||(847)555-0188\r".encode()


async def test_somebody_says_whose_a_message_is(page: Page, product: Product) -> None:
    sender = {"version": 0, "name": "Westside EMR", "facility": "WESTSIDE"}
    await asyncio.to_thread(ask, product.url, "POST", "/settings/hl7-senders", sender)
    patient = {"first_name": "Wilhelmina", "last_name": "Featherstonehaugh-Cholmondeley", "phone": "+18475550188"}
    lead = await asyncio.to_thread(ask, product.url, "POST", "/leads", {"source": "phone", "patient": patient})
    named = "W77^^^WS^MR||Featherstonehaugh-Cholmondeley^Wilhelmina||19610409|F|||9 Long Lane^^Springfield^IL^62701"
    for control in ("W1", "W2"):
        assert "MSA|AA|" in await tell(product, adt(control, named))
    assert "MSA|AA|" in await tell(product, adt("W3", "W99||||19700101|M"))
    await sign_in(page)
    await page.goto("/my-day")
    notice = page.get_by_role("alert").filter(has_text="The EMR wrote about")
    await expect(notice).to_be_visible(timeout=30_000)
    assert await violations(page) == []
    await shot(page, "my-day-notice-1440")
    await notice.get_by_role("link", name="Say who is meant").press("Enter")
    item = page.get_by_role("listitem", name="Wilhelmina Featherstonehaugh-Cholmondeley")
    await expect(item.get_by_text("Details changed")).to_have_count(2)
    await expect(item.get_by_text("same full name, same phone")).to_be_visible()
    for width in (1440, 390):
        await page.set_viewport_size({"width": width, "height": 900 if width > 400 else 844})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await violations(page) == []
        await shot(page, f"emr-messages-{width}")
    nameless = page.get_by_role("listitem", name="No name given")
    await expect(nameless.get_by_role("button", name="Somebody new")).to_have_count(0)
    await nameless.get_by_label("Somebody else").fill("featherstone")
    await expect(nameless.get_by_role("button", name="It is them: Wilhelmina")).to_be_visible()
    await nameless.get_by_role("button", name="Leave out").click()
    await expect(nameless).to_have_count(0)
    await item.get_by_role("button", name="It is them: Wilhelmina Featherstonehaugh-Cholmondeley").press("Enter")
    await expect(page.get_by_text("Of every message of the EMR it is clear")).to_be_visible()
    await page.get_by_text("Decided", exact=True).click()
    await expect(item.get_by_text("known already")).to_be_visible(timeout=20_000)
    assert await violations(page) == []
    await shot(page, "emr-decided-390")
    found = await asyncio.to_thread(ask, product.url, "GET", f"/leads/{lead['id']}")
    assert (found["patient"]["mrn"], found["patient"]["dob"]) == ("W77", "1961-04-09")
