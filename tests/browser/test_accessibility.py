"""axe-core finds nothing on any page, wide and narrow, nor in open dialogs (WCAG 2.2 AA)."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # The kit's dialogs have a <header> of their own, which axe takes for a second banner.
    "rules": {"landmark-no-duplicate-banner": {"enabled": False}, "landmark-unique": {"enabled": False}},
}


async def violations(page: Page) -> list[str]:
    """What axe finds, and finds again a second later: a notice that fades away has no contrast for a moment."""
    await page.wait_for_timeout(500)
    await page.evaluate(AXE.read_text())
    if await _found(page) == []:
        return []
    await page.wait_for_timeout(1_000)
    return await _found(page)


async def _found(page: Page) -> list[str]:
    result: dict[str, Any] = await page.evaluate("options => axe.run(document, options)", RULES)
    return [f"{item['id']}: {node['html'][:160]}" for item in result["violations"] for node in item["nodes"][:3]]


async def test_sign_in(page: Page) -> None:
    await page.goto("/sign-in")
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert await violations(page) == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "path",
    [
        "/board",
        "/inbox",
        "/faxes",
        "/my-day",
        "/in-care",
        "/plans-of-care",
        "/letters",
        "/referrers",
        "/offices",
        "/reports",
        "/settings",
        "/send-an-email",
        "/send-a-fax",
        "/patients-phone",
    ],
)
async def test_pages(page: Page, path: str, width: int) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto(path)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await violations(page) == []


@pytest.mark.parametrize("width", [1440, 390])
async def test_fax_review(page: Page, width: int) -> None:
    await sign_in(page)
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto("/faxes")
    await page.get_by_role("listitem").first.get_by_role("link").click()
    await expect(page.get_by_label("Page image")).to_be_visible()
    assert await violations(page) == []


async def test_lead_drawer_and_dialogs(page: Page) -> None:
    await sign_in(page)
    await page.locator("[data-open]").first.click()
    await expect(page.get_by_role("dialog").get_by_text("Timeline")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="New lead").click()
    await expect(page.get_by_role("dialog").get_by_label("First name")).to_be_visible()
    assert await violations(page) == []
