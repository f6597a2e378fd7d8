"""The desk takes an insurance from the card to verified benefits and an authorization, in a real browser."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


async def open_lead(page: Page, product: Product, first_name: str) -> Locator:
    """A lead over the API; its insurance in the open drawer."""
    patient = {"first_name": first_name, "last_name": "Insured", "dob": "1961-04-09"}
    lead = ask(product.url, "POST", "/leads", {"source": "phone", "patient": patient})
    await page.goto(f"/board?lead={lead['id']}")
    part = page.get_by_role("dialog").get_by_role("region", name="Insurance")
    await expect(part).to_contain_text("No insurance on file.", timeout=15_000)
    return part


async def add(part: Locator, payer: str, member_id: str) -> None:
    await part.get_by_role("button", name="Add insurance").press("Enter")
    form = part.get_by_role("form", name="Add insurance")
    await form.get_by_label("Payer").fill(payer)
    await form.get_by_label("Member ID").fill(member_id)
    await form.get_by_role("button", name="Save").press("Enter")
    await expect(form).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
async def test_benefits_are_verified_in_two_clicks(page: Page, product: Product, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await sign_in(page)
    part = await open_lead(page, product, f"Two{width}")
    await add(part, "Lakeside Mut. Ins.", "AUTH77")
    card = part.get_by_role("article", name="Insurance: Lakeside Mutual")
    await expect(card).to_contain_text("To verify")
    await card.get_by_role("button", name="Check eligibility").press("Enter")
    checklist = card.get_by_role("region", name="Benefits of Lakeside Mutual")
    await expect(checklist).to_be_visible(timeout=20_000)
    await expect(card).to_contain_text("Sandbox: not a real answer")
    await expect(checklist).to_contain_text("Copay · physical therapy · in network")
    assert await violations(page) == []
    await checklist.get_by_role("button", name="Verified").press("Enter")
    await expect(card.get_by_text("Verified", exact=True)).to_be_visible()
    await expect(card).to_contain_text("Told by Clearinghouse (sandbox)")
    needed = part.get_by_role("article", name="Authorization needed")
    await expect(needed).to_be_visible()
    await needed.get_by_role("button", name="Edit authorization needed").press("Enter")
    form = part.get_by_role("form", name="Edit authorization")
    await form.get_by_role("combobox", name="State").click()
    await page.get_by_role("option", name="Approved").click()
    await form.get_by_label("Number").fill("A-778")
    await form.get_by_label("Visits approved").fill("12")
    assert await violations(page) == []
    await form.get_by_role("button", name="Save").press("Enter")
    await expect(part.get_by_role("article", name="Authorization A-778")).to_contain_text("0 of 12 visits")
    assert await violations(page) == []
    await page.get_by_role("dialog").get_by_role("button", name="Close").press("Enter")
    shown = page.locator("article", has_text=f"Two{width} Insured")
    await expect(shown).to_contain_text("Benefits verified")
    await expect(shown).to_contain_text("Auth 0 of 12")


async def test_the_wrong_patient_is_a_problem_on_the_screen(page: Page, product: Product) -> None:
    await sign_in(page)
    part = await open_lead(page, product, "Wrong")
    await add(part, "Lakeside Mutual", "WRONGDOB1")
    card = part.get_by_role("article", name="Insurance: Lakeside Mutual")
    await card.get_by_role("button", name="Check eligibility").press("Enter")
    await expect(card).to_contain_text("The payer answered for another person", timeout=20_000)
    await expect(card).to_contain_text("The payer has another date of birth: Apr 9, 1960.")
    await expect(card.get_by_text("Problem", exact=True)).to_be_visible()
    assert await violations(page) == []


async def test_benefits_are_verified_by_hand(page: Page, product: Product) -> None:
    await sign_in(page)
    part = await open_lead(page, product, "Hand")
    await add(part, "Unheard Of Mutual", "U1")
    card = part.get_by_role("article", name="Insurance: Unheard Of Mutual")
    await card.get_by_role("button", name="Check eligibility").press("Enter")
    await expect(card.get_by_role("alert")).to_contain_text("The payer is not in the practice's list")
    await card.get_by_role("button", name="Verify by hand").press("Enter")
    checklist = card.get_by_role("region", name="Benefits of Unheard Of Mutual")
    await checklist.get_by_role("button", name="Verified").press("Enter")
    await expect(checklist.get_by_role("alert").first).to_contain_text("Coverage active: needs an answer")
    for question in ("Coverage active", "We are in network", "PT is a benefit"):
        await checklist.get_by_role("radiogroup", name=question).get_by_text("Yes").click()
    await checklist.get_by_role("radiogroup", name="Authorization required").get_by_text("No", exact=True).click()
    await checklist.get_by_label("Copay").fill("25")
    await checklist.get_by_label("Who said so").fill("Kim")
    assert await violations(page) == []
    await checklist.get_by_role("button", name="Verified").press("Enter")
    await expect(card).to_contain_text("Told by Kim")
    await expect(card).to_contain_text("$25.00")


async def test_payers_and_questions_are_settings(page: Page) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.goto("/settings?tab=insurance")
    await page.get_by_role("button", name="New payer").press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Harbor Benefit Trust")
    await dialog.get_by_role("combobox", name="Wants an authorization").click()
    await page.get_by_role("option", name="After a number of visits").click()
    await dialog.get_by_label("After so many visits").fill("6")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Save").press("Enter")
    await expect(page.get_by_text("authorization: after 6 visits")).to_be_visible()
    await page.get_by_role("button", name="Add a question").press("Enter")
    await page.get_by_label("Question 11", exact=True).fill("Telehealth covered")
    await page.get_by_role("button", name="Save checklist").press("Enter")
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Question 11", exact=True)).to_have_value("Telehealth covered")
    await expect(page.get_by_role("button", name="Remove Coverage active")).to_be_disabled()
    assert await violations(page) == []
