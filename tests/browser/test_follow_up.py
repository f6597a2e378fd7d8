"""A manager writes a sequence and a front desk steers a lead's, in a real browser and by keyboard."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Product
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


async def open_lead(page: Page, product: Product, name: str) -> None:
    """A lead over the API, its drawer open and its sequence begun."""
    body = {"source": "phone", "patient": {"first_name": name, "last_name": "Followed", "phone": "(312) 555-0177"}}
    headers = {"Authorization": f"Bearer {product.key}"}
    answer = await page.request.post(f"{product.url}/api/v1/leads", data={**body, "separate": True}, headers=headers)
    assert answer.status == 201
    await page.goto(f"/board?lead={(await answer.json())['id']}")


async def test_a_sequence_is_written_by_keyboard(page: Page) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_role("tab", name="Follow-up").click()
    card = page.get_by_role("region", name="New referral")
    await expect(card).to_contain_text("At once: text “First text”.")
    assert await violations(page) == []
    await page.get_by_role("button", name="New sequence").press("Enter")
    editor = page.get_by_role("dialog")
    await editor.get_by_label("Name").fill("Post-op")
    await editor.get_by_role("button", name="Add a step").press("Enter")
    await page.get_by_role("menuitem", name="Call task").press("Enter")
    await editor.get_by_role("textbox", name="Task").fill("Call about the surgery")
    await editor.get_by_role("button", name="Move step 2 up").press("Enter")
    await expect(editor.get_by_role("button", name="Move step 1 down")).to_be_focused()
    preview = editor.get_by_role("region", name="Preview")
    await expect(preview.get_by_role("listitem").first).to_contain_text("Call about the surgery")
    assert await violations(page) == []
    await editor.get_by_role("button", name="Save").press("Enter")
    made = page.get_by_role("region", name="Post-op")
    await expect(made).to_contain_text("After 1 working day: call task “Call about the surgery”")
    await made.get_by_role("button", name="Move Post-op up").press("Enter")
    await expect(made.get_by_role("button", name="Move Post-op up")).to_be_focused()
    await made.get_by_role("button", name="Delete Post-op").press("Enter")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    await expect(made).to_have_count(0)


async def test_rules_are_saved(page: Page) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_role("tab", name="Follow-up").click()
    field = page.get_by_label("At most so many an hour and clinic")
    await field.fill("25")
    await page.get_by_role("button", name="Save rules").click()
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    await page.reload()
    await page.get_by_role("tab", name="Follow-up").click()
    await expect(field).to_have_value("25")


async def test_the_desk_steers_a_leads_follow_up(page: Page, product: Product) -> None:
    await sign_in(page)
    await open_lead(page, product, "Steered")
    part = page.get_by_role("dialog").get_by_role("region", name="Follow-up")
    await expect(part).to_contain_text("Going on", timeout=15_000)
    await expect(part).to_contain_text("Text “Second text”")
    await part.get_by_role("button", name="Snooze").press("Enter")
    await page.get_by_role("menuitem", name="Next Monday").press("Enter")
    await expect(part).to_contain_text("Snoozed", timeout=15_000)
    await part.get_by_role("button", name="Go on now").press("Enter")
    await expect(part).to_contain_text("Going on")
    await part.get_by_role("button", name="Stop").press("Enter")
    await expect(part).to_contain_text("stopped by a person")
    await part.get_by_role("button", name="Start a sequence").press("Enter")
    await page.get_by_role("menuitem", name="Last attempt").press("Enter")
    await expect(part).to_contain_text("Last attempt: call the patient")
    assert await violations(page) == []


async def test_the_desk_notes_an_evaluation(page: Page, product: Product) -> None:
    await sign_in(page)
    await open_lead(page, product, "Booked")
    drawer = page.get_by_role("dialog")
    part = drawer.get_by_role("region", name="First visit", exact=True)
    await part.get_by_text("Booked in another system?").click()
    # The sequence begins a moment after the lead opens.
    await expect(drawer.get_by_role("region", name="Follow-up")).to_contain_text("Going on", timeout=15_000)
    await part.get_by_label("Evaluation booked for").fill("2030-03-04T09:30")
    await part.get_by_role("button", name="Booked").click()
    await expect(part).to_contain_text("Booked for Mon, Mar 4, 9:30 AM")
    await expect(drawer.get_by_text("Scheduled", exact=True).first).to_be_visible()
    await expect(drawer.get_by_role("region", name="Follow-up")).to_contain_text("the evaluation is booked")
    await part.get_by_role("button", name="Missed").click()
    await expect(part).to_contain_text("Missed: Mon, Mar 4")
    await expect(drawer.get_by_role("region", name="Follow-up")).to_contain_text("Missed evaluation")
    await part.get_by_role("button", name="Attended").click()
    await expect(drawer.get_by_text("First visit complete", exact=True).first).to_be_visible()
