"""From check-in to discharge in a real browser: the episode, its plan of care, visits, and both lists."""

from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def book(product: Product, lead_id: str, kind: str) -> dict[str, Any]:
    """The next free time of this type, within half a day, so that who comes early can be checked in."""
    types = ask(product.url, "GET", "/appointment-types")["items"]
    type_id = next(one["id"] for one in types if one["kind"] == kind)
    query = urlencode({"appointment_type": type_id, "audience": "staff"})
    slot = ask(product.url, "GET", f"/slots?{query}")["items"][0]
    names = ("appointment_type_id", "clinician_id", "location_id", "starts_at")
    return ask(product.url, "POST", "/appointments", {name: slot[name] for name in names} | {"lead_id": lead_id})


@pytest.mark.parametrize("width", [1440, 390])
async def test_from_check_in_to_discharge(page: Page, product: Product, width: int) -> None:
    order = {"body_part": "shoulder", "side": "right", "procedure": "Rotator cuff repair"}
    patient = {"first_name": f"Care{width}", "last_name": "Sample"}
    lead = ask(product.url, "POST", "/leads", {"source": "phone", "patient": patient, "order": order})
    book(product, lead["id"], "evaluation")
    await page.set_viewport_size({"width": width, "height": 844})
    await sign_in(page)
    await page.goto(f"/board?lead={lead['id']}")
    drawer = page.get_by_role("dialog", name="Lead")
    await drawer.get_by_role("region", name="First visit").get_by_role("button", name="Check in").press("Enter")
    care = drawer.get_by_role("region", name="Care", exact=True)
    await expect(care).to_contain_text("Right shoulder · Rotator cuff repair", timeout=15_000)
    await expect(care.get_by_role("article", name="Episode of care")).to_contain_text("1 visit")

    await care.get_by_role("button", name="Write the plan").press("Enter")
    form = care.get_by_role("form", name="Write the plan")
    await form.get_by_label("Weeks").fill("6")
    await form.get_by_label("Diagnoses, one per line").fill("M75.121 Rotator cuff tear")
    await form.get_by_label("Long-term goals").fill("Reach the shelf without pain by week 6")
    assert await violations(page) == []
    await form.get_by_role("button", name="Save, complete").press("Enter")
    plan = care.get_by_role("article", name="Initial plan")
    await expect(plan).to_contain_text("Send it to be signed by", timeout=15_000)
    await expect(drawer.get_by_text("In care", exact=True).first).to_be_visible(timeout=15_000)

    book(product, lead["id"], "follow_up")
    visits = care.get_by_role("list", name="Visits of this episode")
    await visits.get_by_role("button", name="Attended").press("Enter")
    await expect(care).to_contain_text("2 of 12 visits", timeout=15_000)
    await care.get_by_role("button", name="Note a visit").press("Enter")
    await care.get_by_role("form", name="Note a visit").get_by_role("combobox", name="What became of it").click()
    await page.get_by_role("option", name="No-show").click()
    await care.get_by_role("button", name="Save visit").press("Enter")
    await expect(care).to_contain_text("1 no-show", timeout=15_000)
    await plan.get_by_role("button", name="Signed…").press("Enter")
    await plan.get_by_role("button", name="Save").press("Enter")
    await expect(plan.get_by_text("Signed", exact=True)).to_be_visible(timeout=15_000)
    assert await violations(page) == []

    await care.get_by_role("button", name="Discharge…").press("Enter")
    dialog = page.get_by_role("dialog", name=f"Discharge Care{width} Sample")
    await dialog.get_by_label("Goals met").press("Space")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Discharge").press("Enter")
    await expect(dialog).to_have_count(0, timeout=15_000)
    await expect(care.get_by_role("article", name="Episode of care")).to_contain_text("Goals met", timeout=15_000)
    await expect(care.get_by_role("button", name="Reopen")).to_be_visible()
    assert ask(product.url, "GET", f"/leads/{lead['id']}")["stage"] == "discharged"


async def test_a_check_in_by_mistake_is_undone(page: Page, product: Product) -> None:
    patient = {"first_name": "Mistaken", "last_name": "Sample"}
    lead = ask(product.url, "POST", "/leads", {"source": "phone", "patient": patient})
    appointment = book(product, lead["id"], "evaluation")
    ask(product.url, "POST", f"/appointments/{appointment['id']}/check-in", {"version": appointment["version"]})
    await sign_in(page)
    await page.goto(f"/board?lead={lead['id']}")
    first = page.get_by_role("dialog").get_by_role("region", name="First visit")
    await first.get_by_role("button", name="Undo the check-in").press("Enter")
    await expect(first.get_by_text("Booked", exact=True)).to_be_visible(timeout=15_000)
    assert ask(product.url, "GET", f"/leads/{lead['id']}")["stage"] == "scheduled"


@pytest.mark.parametrize("width", [1440, 390])
async def test_both_lists(page: Page, product: Product, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await sign_in(page)
    await page.goto("/in-care")
    rows = page.get_by_role("list", name="Patients in care").get_by_role("button")
    await expect(rows.first).to_be_visible(timeout=15_000)
    await page.get_by_role("textbox", name="Find a patient in care").fill("nobody like this")
    await expect(page.get_by_text("Nobody like that is in care")).to_be_visible()
    await page.get_by_role("textbox", name="Find a patient in care").fill("")
    await expect(rows.first).to_be_visible(timeout=15_000)
    assert await violations(page) == []
    await page.goto("/plans-of-care")
    overdue = page.get_by_role("region", name="Overdue")
    await expect(overdue).to_be_visible(timeout=15_000)
    assert await violations(page) == []
    await overdue.get_by_role("button").first.press("Enter")
    await expect(page.get_by_role("dialog").get_by_role("region", name="Care", exact=True)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_card_moved_to_discharged_asks_why(page: Page, product: Product) -> None:
    patient = {"first_name": "Moved", "last_name": "Sample"}
    lead = ask(product.url, "POST", "/leads", {"source": "phone", "patient": patient})
    made = book(product, lead["id"], "evaluation")
    ask(product.url, "POST", f"/appointments/{made['id']}/check-in", {"version": made["version"]})
    await sign_in(page)
    card = page.locator(f"[data-card='{lead['id']}']")
    await card.get_by_role("button", name="Move or log a call: Moved Sample").click()
    await page.get_by_role("menuitem", name="Discharged").click()
    dialog = page.get_by_role("dialog", name="Discharge Moved Sample")
    await dialog.get_by_label("Goals met").press("Space")
    await dialog.get_by_role("button", name="Discharge").press("Enter")
    await expect(dialog).to_have_count(0, timeout=15_000)
    assert ask(product.url, "GET", f"/leads/{lead['id']}")["stage"] == "discharged"
