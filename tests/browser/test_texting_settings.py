"""An administrator sets texting up without the API: texts with the linter, the policy with its agreement, a line."""

import re

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Product
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
OWNER = "owner@northside.example.org"
TABS = ("phone-lines", "texting", "texts")


@pytest.mark.parametrize("width", [1440, 390])
async def test_each_tab_is_accessible_and_fits(page: Page, width: int) -> None:
    await sign_in(page, OWNER)
    await page.set_viewport_size({"width": width, "height": 844})
    for tab in TABS:
        await page.goto(f"/settings?tab={tab}")
        await expect(page.get_by_role("tab", selected=True)).to_be_in_viewport()
        await expect(page.get_by_role("tabpanel").get_by_role("button").first).to_be_visible()
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_text_is_written_under_the_linters_eyes(page: Page) -> None:
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=texts")
    await page.get_by_role("button", name="Add a text").click()
    form = page.get_by_role("form", name="Add a text")
    await form.get_by_label("Name").fill("Parking")
    field = form.get_by_label("Text", exact=True)
    await field.fill("{practice}: park here after your knee surgery")
    await expect(form.get_by_text("“knee” says something")).to_be_visible()
    await expect(form.get_by_role("button", name="Add", exact=True)).to_be_disabled()
    await field.fill("{practice}: we’re behind the house,")
    await expect(form.get_by_text("curly apostrophe")).to_be_visible()
    await form.get_by_role("button", name="First name").click()
    await expect(field).to_have_value("{practice}: we’re behind the house, {first_name}")
    await expect(form.get_by_text("Northside Physical Therapy: we’re behind the house, Ada")).to_be_visible()
    await form.get_by_role("button", name="Add", exact=True).click()
    own = page.get_by_role("form", name="Parking")
    await expect(own).to_be_visible()
    await own.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("button", name=re.compile("^Parking"))).to_have_count(0)


async def test_someone_else_changed_the_text_meanwhile(page: Page, product: Product) -> None:
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=texts")
    await page.get_by_role("button", name=re.compile("^Second text {")).click()
    form = page.get_by_role("form", name="Second text")
    field = form.get_by_label("Text", exact=True)
    mine = "{practice}: this is mine, {first_name}."
    await field.fill(mine)
    path, headers = "/api/v1/message-templates", {"Authorization": f"Bearer {product.key}"}
    async with httpx.AsyncClient(base_url=product.url, headers=headers) as colleague:
        listed = (await colleague.get(path)).json()["items"]
        version = next(item["version"] for item in listed if item["id"] == "second_text")
        theirs = {"body": "{practice}: this is theirs.", "version": version}
        assert (await colleague.put(f"{path}/second_text", json=theirs)).status_code == 200
    await form.get_by_role("button", name="Save", exact=True).click()
    await expect(form.get_by_text("Someone changed this text meanwhile")).to_be_visible()
    await expect(form.get_by_text("this is theirs")).to_be_visible()
    await expect(field).to_have_value(mine)
    await form.get_by_role("button", name="Save mine instead").click()
    await expect(form.get_by_text("Someone changed this text meanwhile")).to_be_hidden()
    await form.get_by_role("button", name="Put in the standard text").click()
    await form.get_by_role("button", name="Save", exact=True).click()
    await expect(form.get_by_role("button", name="Put in the standard text")).to_be_hidden()


async def test_texting_unasked_must_be_agreed_to(page: Page) -> None:
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=texting")
    await page.get_by_role("radio", name=re.compile("Text at once")).click()
    await expect(page.get_by_text("without being asked, between")).to_be_visible()
    await page.get_by_role("button", name="Save …").click()
    dialog = page.get_by_role("dialog")
    agree = dialog.get_by_role("button", name="I agree")
    await expect(agree).to_be_disabled()
    await dialog.get_by_role("checkbox").check()
    await expect(agree).to_be_enabled()
    assert await violations(page) == []
    # Not carried through: other journeys count on nobody being texted.
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_a_line_is_checked_at_the_carrier(page: Page) -> None:
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=phone-lines")
    await page.get_by_role("button", name="Check this line").click()
    await expect(page.get_by_text("Texts of patients reach us")).to_be_visible()
    await expect(page.get_by_text("Twilio accepts the credentials")).to_be_visible()
    assert await violations(page) == []
    for button in ("Edit", "Calls", "New token", "Take out of use", "Add a number"):
        await page.get_by_role("button", name=button, exact=True).click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await violations(page) == []
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
