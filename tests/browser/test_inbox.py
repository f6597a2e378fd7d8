"""The front desk answers texts, by keyboard alone."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Product, window
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
# The product has just been started: its workers may still be on their way.
ARRIVES = 60_000


class Patient:
    """A lead's patient, and their phone."""

    def __init__(self, page: Page, product: Product, phone: str) -> None:
        self._page, self._product, self.phone, self.lead_id = page, product, phone, ""

    async def refer(self, first: str, last: str) -> None:
        """Their lead opens."""
        body = {"source": "fax", "patient": {"first_name": first, "last_name": last, "phone": self.phone}}
        answer = await self._page.request.post(
            f"{self._product.url}/api/v1/leads", data=body, headers={"Authorization": f"Bearer {self._product.key}"}
        )
        assert answer.status == 201, await answer.text()
        self.lead_id = (await answer.json())["id"]

    async def writes(self, body: str) -> None:
        """A text from their phone."""
        answer = await self._page.request.post(
            f"{self._product.url}/sandbox/sms", data={"from": self.phone, "body": body}
        )
        assert answer.status == 201

    async def texts(self) -> list[str]:
        """What their phone shows of us."""
        answer = await self._page.request.get(f"{self._product.url}/sandbox/sms", params={"to": self.phone})
        found: list[dict[str, Any]] = await answer.json()
        return [str(text["body"]) for text in found]


async def test_a_text_comes_in_and_is_answered_by_keyboard(page: Page, product: Product) -> None:
    patient = Patient(page, product, "+13125550107")
    await patient.refer("Ines", "Inbox")
    await sign_in(page)
    await page.goto("/inbox")
    await expect(page.get_by_role("heading", name="Inbox")).to_be_attached()
    await patient.writes("Tues after 3 or Thurs morning")
    row = page.locator("[data-row]").filter(has_text="Ines Inbox")
    await expect(row).to_be_visible(timeout=ARRIVES)
    await expect(row).to_contain_text("unread text")

    await page.keyboard.press("j")
    await expect(row).to_be_focused()
    await page.keyboard.press("Enter")
    thread = page.get_by_role("log", name="Thread")
    await expect(thread.get_by_text("Thu morning")).to_be_visible()
    await expect(page.get_by_text("Goes out at once")).to_be_visible()
    await expect(row).not_to_contain_text("unread text")

    await page.keyboard.press("r")
    await page.keyboard.type("Thursday at 9 works. See you then!")
    await page.keyboard.press("Control+Enter")
    await page.keyboard.press("Control+Enter")
    await expect(thread.get_by_text("Thursday at 9 works")).to_be_visible()
    await expect(thread.get_by_text("Delivered")).to_be_visible(timeout=30_000)
    assert await patient.texts() == ["Thursday at 9 works. See you then!"], "pressed twice, sent once"
    await expect(row).to_have_count(0)

    await patient.writes("great 😀")
    await expect(thread.get_by_text("great 😀")).to_be_visible(timeout=20_000)
    await page.get_by_role("button", name="No owner. Assign").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Take it myself").press("Enter")
    await expect(page.get_by_role("button", name="Owner: Dana Desk. Hand over")).to_be_visible()

    await expect(page.get_by_role("menu")).to_have_count(0)
    await page.keyboard.press("e")
    await expect(page.get_by_role("button", name="Tick off")).to_be_disabled()
    await expect(row).to_have_count(0)


async def test_a_clinical_word_is_asked_about_and_stop_locks_the_composer(page: Page, product: Product) -> None:
    patient = Patient(page, product, "+13125550108")
    await patient.refer("Stan", "Stop")
    await sign_in(page)
    await patient.writes("hello")
    await page.goto("/inbox?filter=all")
    await page.locator("[data-row]").filter(has_text="Stan Stop").click(timeout=ARRIVES)
    await page.keyboard.press("r")
    await expect(page.locator("[data-write=text]")).to_be_focused()
    await page.keyboard.type("How is your knee?")
    await expect(page.get_by_role("list", name="Before you send")).to_contain_text("knee")
    await page.keyboard.press("Control+Enter")
    asking = page.get_by_role("dialog")
    await expect(asking).to_contain_text("Texts are not private")
    await asking.get_by_role("button", name="Change it").press("Enter")
    await expect(asking).to_have_count(0)
    assert await patient.texts() == []
    await patient.writes("STOP")
    await expect(page.get_by_text("The patient opted out (STOP)")).to_be_visible(timeout=20_000)
    await expect(page.get_by_label("Text to the patient")).to_have_count(0)


async def test_a_note_names_a_colleague_who_finds_it(page: Page, browser: Browser, product: Product) -> None:
    patient = Patient(page, product, "+13125550109")
    await patient.refer("Nora", "Note")
    await sign_in(page)
    await patient.writes("Monday at 9:30")
    await page.goto("/inbox?filter=all")
    await page.locator("[data-row]").filter(has_text="Nora Note").click(timeout=ARRIVES)
    theirs = await window(browser, product)
    owner = await theirs.new_page()
    await sign_in(owner, "owner@northside.example.org")

    await page.keyboard.press("n")
    await expect(page.locator("[data-write=note]")).to_be_focused()
    await page.keyboard.type("Can you take her, @oliv")
    await expect(page.get_by_role("option", name="Olivia Owner")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.type("please?")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("Note by Dana Desk")).to_be_visible()

    await expect(owner.get_by_label("1 mention you")).to_be_visible(timeout=20_000)
    await owner.goto("/inbox?filter=mentioned")
    await owner.locator("[data-row]").filter(has_text="Nora Note").press("Enter")
    await expect(owner.get_by_text("@Olivia Owner")).to_be_visible()
    await expect(owner.get_by_label("1 mention you")).to_have_count(0)
    await owner.keyboard.press("r")
    await expect(owner.locator("[data-write=text]")).to_be_focused()
    await owner.keyboard.type("Yes, ")
    await expect(page.get_by_text("Olivia Owner is typing…")).to_be_visible()
    assert await patient.texts() == [], "a note is never sent"
    await theirs.close()


async def test_the_card_shows_the_reply_and_the_drawer_answers_it(page: Page, product: Product) -> None:
    patient = Patient(page, product, "+13125550110")
    await patient.refer("Cora", "Card")
    await sign_in(page)
    await page.goto(f"/board?lead={patient.lead_id}")
    texts = page.get_by_role("region", name="Texts")
    await expect(texts.get_by_text("Held until the patient agrees to texts")).to_be_visible()
    await expect(texts.get_by_role("button", name="Ask by text")).to_be_visible()
    await patient.writes("call me at 5")
    await expect(texts.get_by_text("Wants a call at 5:00 pm")).to_be_visible(timeout=20_000)
    card = page.locator(f"[data-card='{patient.lead_id}']")
    await expect(card).to_contain_text("Replied: Wants a call at 5:00 pm")
    await texts.get_by_label("Text to the patient").fill("We will call at 5.")
    await page.keyboard.press("Control+Enter")
    await expect(texts.get_by_text("Delivered")).to_be_visible(timeout=30_000)
    await expect(card).not_to_contain_text("Replied")


@pytest.mark.parametrize("width", [1440, 390])
async def test_axe_finds_nothing_in_a_conversation(page: Page, product: Product, width: int) -> None:
    patient = Patient(page, product, "+13125550111")
    await patient.refer("Axel", "Axe")
    await patient.writes("Tues after 3 or already seeing someone")
    await sign_in(page)
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto("/inbox?filter=all")
    await page.locator("[data-row]").filter(has_text="Axel Axe").first.click(timeout=ARRIVES)
    await expect(page.get_by_role("log", name="Thread")).to_contain_text("Tues after 3")
    assert await violations(page) == []
