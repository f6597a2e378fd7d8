"""At the desk: links that are closed, and care that came with a file and has no lead."""

import asyncio
import json
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import KEY, SHIFT, Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_intake import phone, prepared
from tests.browser.test_journeys import sign_in

__all__ = ["phone"]  # fixture
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WIDTHS = (1440, 390)


async def test_a_link_that_went_astray_is_closed(page: Page, phone: Page, product: Product) -> None:
    lead_id, intake_id, url = prepared(product, "Linka")
    ask(product.url, "POST", f"/intake/{intake_id}/qr", {})
    await phone.goto(url)
    await expect(phone.get_by_label("Month")).to_be_visible()
    await sign_in(page)
    await page.goto(f"/board?lead={lead_id}")
    section = page.get_by_role("dialog").get_by_role("region", name="Links to the patient’s pages")
    links = section.get_by_role("list", name="Links the patient was sent").get_by_role("listitem")
    await expect(links).to_have_count(2, timeout=15_000)
    await expect(links.nth(1)).to_contain_text("first opened")
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 844})
        await page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
        assert await violations(page) == []
    await links.nth(1).get_by_role("button", name="Close the link: Intake form").press("Enter")
    await expect(links.nth(1)).to_contain_text("Closed")
    await expect(links.nth(0)).to_contain_text("Works until")
    await phone.reload()
    await expect(phone.get_by_text("or the clinic closed it")).to_be_visible()
    assert await violations(phone) == []
    ask(product.url, "POST", f"/intake/{intake_id}/qr", {})
    await page.reload()
    await section.get_by_role("button", name="Close all links").press("Enter")
    await expect(section.get_by_role("button", name="Close all", exact=True)).to_be_focused()
    await section.get_by_role("button", name="Close all", exact=True).press("Enter")
    await expect(section.get_by_text("Works until")).to_have_count(0)
    await expect(links.filter(has_text="Closed")).to_have_count(3)


def imported(product: Product, name: str) -> None:
    """Two visits of somebody in care, as an export of the EMR has them."""
    today = (datetime.now(UTC) + SHIFT).date()
    head = "First,Last,DOB,Visit ID,Date,Status,Type"
    rows = [
        f"{name},Importa,1/2/1950,{name}1,{today - timedelta(days=12):%m/%d/%Y},Attended,Initial Eval",
        f"{name},Importa,1/2/1950,{name}2,{today - timedelta(days=5):%m/%d/%Y},Attended,Follow up",
    ]
    file = "\n".join((head, *rows)) + "\n"
    body = (
        '--x\r\nContent-Disposition: form-data; name="file"; filename="visits.csv"\r\nContent-Type: text/csv\r\n\r\n'
        f"{file}\r\n--x--\r\n"
    )
    request = urllib.request.Request(
        f"{product.url}/api/v1/imports/visits", body.encode(), method="POST",
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "multipart/form-data; boundary=x"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["kind"] == "visits"


async def test_care_without_a_lead_is_opened_and_worked_on(page: Page, product: Product) -> None:
    imported(product, "Imka")
    for _ in range(60):
        if ask(product.url, "GET", "/in-care?q=Importa")["items"]:
            break
        await asyncio.sleep(0.5)
    await sign_in(page)
    await page.goto("/in-care?q=Importa")
    row = page.get_by_role("list", name="Patients in care").get_by_role("button", name="Imka Importa")
    await row.press("Enter")
    drawer = page.get_by_role("dialog", name="Care")
    await expect(drawer.get_by_role("heading", name="Imka Importa")).to_be_visible()
    task = drawer.get_by_role("region", name="To do").get_by_role("listitem").filter(has_text="Write the plan of care")
    await expect(task).to_be_visible(timeout=15_000)
    await expect(drawer.get_by_text("2 visits")).to_be_visible()
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 844})
        await page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
        assert await violations(page) == []
    await drawer.get_by_role("button", name="Discharge…").press("Enter")
    dialog = page.get_by_role("dialog", name="Discharge")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(row).to_be_focused()
    await page.goto("/plans-of-care")
    await page.get_by_role("button", name="Imka Importa").first.press("Enter")
    await expect(page.get_by_role("dialog", name="Care")).to_be_visible()
