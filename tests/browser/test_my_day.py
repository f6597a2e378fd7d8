"""A day by keys, a late first contact told to every desk, and the hours a clinic works."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Product
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def _as(product: Product) -> dict[str, str]:
    return {"Authorization": f"Bearer {product.key}"}


async def test_the_day_by_keys(page: Page, product: Product) -> None:
    for name in ("Ash", "Birch"):
        body = {"source": "walk_in", "urgency": "stat", "patient": {"first_name": name, "last_name": "Tree"}}
        made = await page.request.post(f"{product.url}/api/v1/leads", data=body, headers=_as(product))
        assert made.status == 201
    await sign_in(page)
    await page.get_by_role("link", name="My day").click()
    rows = page.locator("[data-task]")
    await expect(page.get_by_role("heading", name="Now")).to_be_visible()
    await page.keyboard.press("j")
    await expect(rows.nth(0)).to_be_focused()
    await page.keyboard.press("j")
    await expect(rows.nth(1)).to_be_focused()
    await page.keyboard.press("k")
    first = await rows.nth(0).get_attribute("data-task")
    second = await rows.nth(1).get_attribute("data-task")
    await page.keyboard.press("s")
    await page.get_by_role("menuitem", name="Next Monday").click()
    await expect(page.get_by_text("Put off")).to_be_visible()
    await expect(page.locator(f'[data-task="{second}"]')).to_be_focused()
    await expect(rows.nth(0)).not_to_have_attribute("data-task", first or "")
    await page.keyboard.press("d")
    await expect(page.get_by_text("The next step is planned")).to_be_visible()
    await expect(page.locator(f'[data-task="{second}"]')).to_have_count(0)
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Lead").or_(page.get_by_label("Page image"))).to_be_visible()


async def test_hours_and_alerts(page: Page, product: Product) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.goto("/settings")
    await page.get_by_role("tab", name="Hours & alerts").click()
    await page.get_by_label("Friday closes").fill("12:00")
    await page.get_by_role("button", name="Save hours").click()
    await expect(page.get_by_text("Hours saved")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("combobox", name="Clinic").click()
    await page.get_by_role("option", name="Every clinic").click()
    await page.get_by_role("button", name="Add US federal holidays").click()
    await expect(page.get_by_text("Thanksgiving Day")).to_be_visible()
    await page.get_by_role("combobox", name="First").click()
    await page.get_by_role("option", name="Dana Desk").click()
    await page.locator("section", has_text="owner is silent").get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Chain saved")).to_be_visible()
    chain = await page.request.get(f"{product.url}/api/v1/settings/escalation", headers=_as(product))
    assert [one["name"] for one in (await chain.json())["effective"]] == ["Dana Desk"]
    assert await violations(page) == []
