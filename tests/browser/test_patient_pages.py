"""A phone opens the link of a text: checked, booked, moved, canceled, papers sent; by touch, keyboard, in Spanish."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import Product, ask
from tests.browser.patient_phone import answer, handset, open_calendar, text_link
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in
from tests.card_photos import CARD, card

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
READ = 60_000
FOCUSED = "(at => (at.labels && at.labels[0] ? at.labels[0].innerText : at.innerText) || '')(document.activeElement)"


@pytest.fixture
async def phone(browser: Browser, product: Product) -> AsyncIterator[Page]:
    """A patient's phone; an error in the page fails the test."""
    open_calendar(product)
    context = await handset(browser, product)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await context.close()
    assert errors == []


async def fits(page: Page) -> None:
    """Nothing to scroll sideways, also on the narrowest phone; nothing for axe to find."""
    for width in (390, 320):
        await page.set_viewport_size({"width": width, "height": 700})
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} px on a phone of {width}"
        assert await violations(page) == []
    await page.set_viewport_size({"width": 390, "height": 844})


async def test_from_the_text_to_a_booked_visit(phone: Page, product: Product) -> None:
    lead, path = text_link(product, "schedule_link", "+12175550121")
    await phone.goto(path)
    await expect(phone.get_by_role("heading", name="Page for Ada S.")).to_be_visible()
    assert "#" not in phone.url, "the token leaves the address"
    await fits(phone)
    await answer(phone)
    await expect(phone.get_by_role("heading", name="Choose a time for your first visit")).to_be_visible()
    await fits(phone)
    await phone.locator(".days button").nth(2).click()
    await phone.locator(".times button").nth(3).click()
    await expect(phone.get_by_role("heading", name="Is this right?")).to_be_visible()
    await fits(phone)
    chosen = await phone.locator(".large").inner_text()
    await phone.get_by_role("button", name="Book this time").dblclick()
    await expect(phone.get_by_role("heading", name="Your visit is booked")).to_be_visible()
    await expect(phone.get_by_role("definition").filter(has_text=chosen)).to_be_visible()
    await fits(phone)
    assert ask(product.url, "GET", f"/leads/{lead}")["stage"] == "scheduled"
    booked = ask(product.url, "GET", f"/appointments?lead_id={lead}")["items"]
    assert [(one["status"], one["source"]) for one in booked] == [("booked", "patient")]

    # The calendar's file, a reload, the same text tapped again: it shows the visit.
    async with phone.expect_download() as download:
        await phone.get_by_role("link", name="Add to my calendar").click()
    assert (await download.value).suggested_filename == "visit.ics"
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Your visit")).to_be_visible()
    await phone.goto("about:blank")
    await phone.goto(path)
    await answer(phone)
    await phone.get_by_role("button", name="Yes, I will come").click()
    await expect(phone.get_by_role("heading", name="Thank you. We will see you then.")).to_be_visible()

    # Another time, then not at all.
    await phone.get_by_role("button", name="Choose another time").click()
    await phone.locator(".days button").nth(4).click()
    await phone.locator(".times button").nth(1).click()
    await phone.get_by_role("button", name="Move my visit").click()
    await expect(phone.get_by_role("heading", name="Your visit was moved")).to_be_visible()
    await phone.get_by_role("button", name="Cancel my visit").click()
    await fits(phone)
    await phone.get_by_role("button", name="Cancel my visit").click()
    await expect(phone.get_by_role("alert")).to_have_text("Choose one.")
    await phone.get_by_label("I have no ride").check()
    await phone.get_by_role("button", name="Cancel my visit").click()
    await expect(phone.get_by_role("heading", name="Your visit is canceled")).to_be_visible()
    assert ask(product.url, "GET", f"/appointments?lead_id={lead}")["items"][0]["cancel_reason"] == "No ride"


async def test_by_keyboard_alone(phone: Page, product: Product) -> None:
    _, path = text_link(product, "schedule_link", "+12175550122")
    await phone.goto(path)
    await expect(phone.get_by_label("Month")).to_be_visible()

    async def tab_to(name: str) -> None:
        seen: list[str] = []
        for _ in range(80):
            await phone.keyboard.press("Tab")
            focused = await phone.evaluate(
                "document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText || ''"
            )
            seen.append(focused[:40])
            if re.match(name, focused.strip()):
                return
        raise AssertionError(f"no way to {name} by Tab: {seen[:20]}")

    await tab_to("January")
    await phone.keyboard.type("April")
    await tab_to("Day")
    await phone.keyboard.type("9")
    await tab_to("Year")
    await phone.keyboard.type("1961")
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_role("heading", name="Choose a time for your first visit")).to_be_focused()
    await expect(phone.locator(".times button").first).to_be_visible()
    await tab_to(r"\d+:\d\d")
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_role("heading", name="Is this right?")).to_be_focused()
    await tab_to("Book this time")
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_role("heading", name="Your visit is booked")).to_be_focused()


async def test_a_time_taken_meanwhile_is_answered_kindly(phone: Page, product: Product) -> None:
    _, path = text_link(product, "schedule_link", "+12175550123")
    await phone.goto(path)
    await answer(phone)
    await expect(phone.locator(".times button").first).to_be_visible()
    async with phone.expect_response(re.compile("visit/times")) as looked:
        await phone.locator(".days button").nth(6).click()
    times = (await (await looked.value).json())["times"]
    wanted = times[0]
    other = ask(product.url, "POST", "/leads", {"source": "phone", "patient": {"first_name": "Bea", "last_name": "X"}})
    kind = next(one for one in ask(product.url, "GET", "/appointment-types")["items"] if one["kind"] == "evaluation")
    for clinician in ask(product.url, "GET", "/clinicians")["items"]:
        if wanted["location_id"] not in clinician["location_ids"]:
            continue
        ask(product.url, "POST", "/appointments", {
            "appointment_type_id": kind["id"], "clinician_id": clinician["id"], "location_id": wanted["location_id"],
            "starts_at": wanted["starts_at"], "patient_id": other["patient"]["id"], "override_reason": "Asked for it",
        })  # fmt: skip
    await phone.locator(".times button").first.click()
    await phone.get_by_role("button", name="Book this time").click()
    await expect(phone.get_by_role("alert")).to_contain_text("Someone else just took that time.")
    await phone.locator(".days button").nth(6).click()
    await phone.locator(".times button").first.click()
    await phone.get_by_role("button", name="Book this time").click()
    await expect(phone.get_by_role("heading", name="Your visit is booked")).to_be_visible()


async def test_papers_are_sent_read_and_confirmed(phone: Page, product: Product) -> None:
    lead, path = text_link(product, "upload_link", "+12175550124")
    await phone.goto(path)
    await answer(phone)
    await expect(phone.get_by_role("heading", name="Send photos of your papers")).to_be_visible()
    await fits(phone)
    slot = phone.get_by_role("region", name="Insurance card, front")
    wrong = FilePayload(name="a.svg", mimeType="image/svg+xml", buffer=b"<svg onload='alert(1)'/>")
    await slot.locator("input").set_input_files(wrong)
    await expect(slot.get_by_role("alert")).to_have_text("Choose a photo or a PDF.")
    await slot.locator("input").set_input_files(FilePayload(name="card.jpg", mimeType="image/jpeg", buffer=card()))
    await expect(phone.get_by_role("heading", name="Check what we read")).to_be_visible(timeout=READ)
    await expect(phone.get_by_label("Insurance company")).to_have_value(CARD["payer_name"])
    await expect(phone.get_by_label("Member ID")).to_have_value(CARD["member_id"])
    await fits(phone)
    await phone.get_by_label("Insurance company").fill("Lakeside <b>Mutual</b>")
    await phone.get_by_role("button", name="Yes, this is right").click()
    await expect(phone.get_by_text("Thank you. We saved your insurance.")).to_be_visible()
    found = ask(product.url, "GET", f"/leads/{lead}/uploads")
    assert found["card"]["payer_name"] == "Lakeside <b>Mutual</b>"
    assert [item["state"] for item in found["items"]] == ["read"]


async def test_a_lost_connection_loses_no_paper(phone: Page, product: Product) -> None:
    lead, path = text_link(product, "upload_link", "+12175550125")
    await phone.goto(path)
    await answer(phone)
    tries: list[str] = []

    async def shaky(route: object) -> None:
        headers = await route.request.all_headers()  # type: ignore[attr-defined]
        tries.append(headers["idempotency-key"])
        if len(tries) == 1:
            await route.fetch()  # type: ignore[attr-defined] # it arrives, but the answer is lost
            await route.abort()  # type: ignore[attr-defined]
        elif len(tries) == 2:
            await route.abort()  # type: ignore[attr-defined]
        else:
            await route.continue_()  # type: ignore[attr-defined]

    await phone.route(re.compile("/public/uploads/"), shaky)
    slot = phone.get_by_role("region", name="Insurance card, back")
    await slot.locator("input").set_input_files(FilePayload(name="card.jpg", mimeType="image/jpeg", buffer=card()))
    await expect(slot.get_by_text(re.compile("We have it"))).to_be_visible(timeout=READ)
    assert len(tries) == 3 and len(set(tries)) == 1
    assert len(ask(product.url, "GET", f"/leads/{lead}/uploads")["items"]) == 1


async def test_a_dead_link_says_whom_to_call_and_a_script_in_a_name_stays_a_name(phone: Page, product: Product) -> None:
    await phone.goto("/p#aaaaaaaaaaaaaaaaaaaaaaaaaa")
    await expect(phone.get_by_role("heading", name="We can not open this page")).to_be_visible()
    await expect(phone.get_by_text("Need help? Call your clinic.")).to_be_visible()
    await fits(phone)
    name = "<img src=x onerror=alert(1)>"
    lead, path = text_link(product, "directions", "+12175550126", first_name=name)
    dialogs: list[str] = []
    phone.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await phone.goto(path)
    await expect(phone.get_by_role("heading", name=f"Page for {name} S.")).to_be_visible()
    await phone.get_by_label("Month").select_option("1")
    await phone.get_by_label("Day", exact=True).fill("31")
    await phone.get_by_label("Year").fill("1970")
    for left in ("4 more times", "3 more times", "2 more times", "one more time"):
        await phone.get_by_role("button", name="Continue").click()
        await expect(phone.get_by_role("alert")).to_contain_text(left)
    await phone.get_by_role("button", name="Continue").click()
    await expect(phone.get_by_text("This link does not work any more.")).to_be_visible()
    await expect(phone.get_by_role("link", name=re.compile("Call"))).to_have_attribute("href", re.compile(r"^tel:\+1"))
    assert dialogs == []
    assert lead


async def test_who_texts_in_spanish_reads_spanish(browser: Browser, product: Product) -> None:
    open_calendar(product)
    _, path = text_link(product, "schedule_link", "+12175550127")
    context = await handset(browser, product, locale="es-MX")
    phone = await context.new_page()
    await phone.goto(path)
    await expect(phone.get_by_role("heading", name="Página de Ada S.")).to_be_visible()
    assert await phone.evaluate("document.documentElement.lang") == "es"
    await phone.get_by_label("Mes").select_option("4")
    await phone.get_by_label("Día").fill("9")
    await phone.get_by_label("Año").fill("1961")
    await phone.get_by_role("button", name="Seguir").click()
    await expect(phone.get_by_role("heading", name="Elija la hora de su primera visita")).to_be_visible()
    await fits(phone)
    await phone.get_by_role("button", name="English").click()
    await expect(phone.get_by_role("heading", name="Choose a time for your first visit")).to_be_visible()
    await context.close()


async def test_the_sandbox_phone_opens_the_link(page: Page, product: Product) -> None:
    text_link(product, "upload_link", "+12175550128")
    await sign_in(page)
    await page.goto("/patients-phone")
    await page.get_by_label("Another number").fill("(217) 555-0128")
    await page.get_by_label("Another number").press("Enter")
    async with page.expect_popup() as opened:
        await page.get_by_role("log").get_by_role("link").last.click()
    await expect((await opened.value).get_by_role("heading", name="Page for Ada S.")).to_be_visible()
