"""The calendar in a real browser: a visit is booked, moved with the mouse and by keyboard, refused, checked in."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import SHIFT, Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
MORNING = {"opens": "09:00", "closes": "13:00"}
MONDAY_TO_FRIDAY = range(5)
HOUR = 72  # pixels


class Desk:
    """A clinician of one's own with hours, and a lead: nobody else books there."""

    def __init__(self, product: Product) -> None:
        self.url = product.url
        self.name = f"Test {uuid4().hex[:6]}"
        clinic = ask(self.url, "GET", "/locations")["items"][0]
        self.zone, self.location_id = ZoneInfo(clinic["timezone"]), clinic["id"]
        kinds = ask(self.url, "GET", "/appointment-types")["items"]
        self.type_id = next(kind["id"] for kind in kinds if kind["kind"] == "evaluation" and not kind["resource_kind"])
        self.clinician = self.hire(self.name)

    def hire(self, name: str) -> dict[str, Any]:
        """Somebody who works every weekday morning."""
        body = {
            "name": name, "disciplines": ["PT"], "color": "#1971c2", "location_ids": [self.location_id],
            "appointment_type_ids": [self.type_id],
        }  # fmt: skip
        made = ask(self.url, "POST", "/clinicians", body)
        items = [{"weekday": day, "location_id": self.location_id, **MORNING} for day in MONDAY_TO_FRIDAY]
        week = {"version": made["version"], "items": items}
        ask(self.url, "PUT", f"/clinicians/{made['id']}/availability", week)
        return made

    def day(self) -> str:
        """A weekday next week."""
        found = datetime.now(self.zone) + SHIFT + timedelta(days=7)
        while found.weekday() not in MONDAY_TO_FRIDAY or (found.month, found.day) in {(12, 25), (1, 1)}:
            found += timedelta(days=1)
        return found.date().isoformat()

    def lead(self, name: str) -> str:
        """Somebody who wants to come."""
        patient = {"first_name": name, "last_name": uuid4().hex[:8].title()}
        body = {"source": "phone", "patient": patient, "separate": True, "location_id": self.location_id}
        return str(ask(self.url, "POST", "/leads", body)["id"])

    def book(self, lead_id: str, hour: int, minute: int = 0) -> dict[str, Any]:
        """A visit on that day."""
        starts_at = datetime.fromisoformat(f"{self.day()}T{hour:02}:{minute:02}:00").replace(tzinfo=self.zone)
        body = {
            "appointment_type_id": self.type_id, "clinician_id": self.clinician["id"], "location_id": self.location_id,
            "lead_id": lead_id, "starts_at": starts_at.isoformat(),
        }  # fmt: skip
        return ask(self.url, "POST", "/appointments", body)

    def local(self, appointment_id: str) -> str:
        """When it is, on the clinic's clock."""
        found = ask(self.url, "GET", f"/appointments/{appointment_id}")
        return datetime.fromisoformat(found["starts_at"]).astimezone(self.zone).strftime("%H:%M")

    @property
    def address(self) -> str:
        """The calendar of that day, only this clinician."""
        return f"/calendar?day={self.day()}&clinician={self.clinician['id']}"


@pytest.fixture
def desk(product: Product) -> Iterator[Desk]:
    """A clinician and hours."""
    yield Desk(product)


def visit(page: Page, appointment: dict[str, Any]) -> Locator:
    """Its block."""
    return page.locator(f'[data-visit="{appointment["id"]}"]')


async def test_a_first_visit_is_booked_from_the_lead(page: Page, desk: Desk) -> None:
    await sign_in(page)
    await page.goto(f"/board?lead={desk.lead('Booking')}")
    part = page.get_by_role("dialog").get_by_role("region", name="First visit", exact=True)
    await expect(part.get_by_text("Book the first visit")).to_be_visible()
    await part.get_by_role("button", name="More times").press("Enter")
    await part.get_by_role("combobox", name="Clinician").fill(desk.name)
    await page.get_by_role("option", name=desk.name).click()
    times = part.get_by_role("region", name="Free times on")
    await expect(times.get_by_role("button").first).to_contain_text("AM")
    assert await violations(page) == []
    await times.get_by_role("button", name="10:00 AM").press("Enter")
    await expect(part).to_contain_text("Booked")
    await expect(part).to_contain_text(f"with {desk.name}")
    await expect(page.get_by_role("dialog").get_by_text("Scheduled", exact=True).first).to_be_visible()
    await part.get_by_role("button", name="Cancel visit…").press("Enter")
    await part.get_by_label("Why is it canceled?").fill("Sick")
    await part.get_by_role("button", name="Cancel visit", exact=True).press("Enter")
    await expect(part).to_contain_text("Why: Sick")
    await expect(part.get_by_text("Book the first visit")).to_be_visible()


async def test_a_visit_is_dragged(page: Page, desk: Desk) -> None:
    booked = desk.book(desk.lead("Dragged"), 9)
    await sign_in(page)
    await page.goto(desk.address)
    block = visit(page, booked)
    await expect(block).to_be_visible()
    assert await violations(page) == []
    box = await block.bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 20
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, y + 30, steps=3)
    # Held near an edge the calendar scrolls, so the place of eleven o'clock is asked for while the visit is in hand.
    target = page.get_by_text("11:00 AM", exact=True)
    for _ in range(20):
        lane = await page.locator("[data-column]").first.bounding_box()
        assert lane is not None
        await page.mouse.move(x, lane["y"] + 3 * HOUR + 20, steps=3)
        await page.wait_for_timeout(100)
        if await target.is_visible():
            break
    await page.mouse.up()
    await expect(page.get_by_text("moved to")).to_be_visible()
    assert desk.local(booked["id"]) == "11:00"


async def test_a_visit_is_moved_by_keyboard(page: Page, desk: Desk) -> None:
    first, second = desk.book(desk.lead("First"), 9), desk.book(desk.lead("Second"), 11)
    await sign_in(page)
    await page.goto(desk.address)
    await visit(page, first).focus()
    await page.keyboard.press("ArrowDown")
    await expect(visit(page, second)).to_be_focused()
    await page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    times = dialog.get_by_role("region", name="Free times on")
    await expect(times.get_by_role("button", name="12:00 PM")).to_be_visible()
    assert await violations(page) == []
    await times.get_by_role("button", name="12:00 PM").press("Enter")
    await expect(dialog).to_have_count(0)
    assert desk.local(second["id"]) == "12:00"
    await visit(page, second).press("Enter")
    drawer = page.get_by_role("dialog", name="Appointment")
    await expect(drawer.get_by_role("region", name="History")).to_contain_text("Moved from")
    assert await violations(page) == []


async def test_a_taken_time_is_refused_with_others(page: Page, desk: Desk) -> None:
    first, second = desk.book(desk.lead("Stays"), 9), desk.book(desk.lead("Moves"), 11)
    await sign_in(page)
    await page.goto(desk.address)
    await visit(page, second).press("m")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("Exactly at…").click()
    await dialog.locator('input[type="time"]').fill("09:30")
    await dialog.get_by_role("button", name="Move", exact=True).press("Enter")
    alert = dialog.get_by_role("alert")
    await expect(alert).to_contain_text("Somebody else has this time")
    assert await violations(page) == []
    assert desk.local(second["id"]) == "11:00"
    await alert.get_by_role("button", name="Move it there all the same…").press("Enter")
    await alert.get_by_label("Why? It goes on record.").fill("Twins, seen together")
    await alert.get_by_role("button", name="Move it there", exact=True).press("Enter")
    await expect(page.get_by_text("Double-booked")).to_be_visible()
    assert (desk.local(first["id"]), desk.local(second["id"])) == ("09:00", "09:30")


async def test_another_desk_sees_what_changes_and_a_patient_is_checked_in(page: Page, desk: Desk) -> None:
    await sign_in(page)
    await page.goto(desk.address)
    await expect(page.get_by_role("button", name=f"{desk.name} : show the week")).to_be_visible()
    lead = desk.lead("Arriving")
    booked = desk.book(lead, 10)
    await expect(visit(page, booked)).to_be_visible(timeout=15_000)
    await visit(page, booked).hover()
    await page.get_by_role("button", name="Actions for Arriving").click()
    await page.get_by_role("menuitem", name="Check in").click()
    await expect(visit(page, booked)).to_have_accessible_name(re.compile("Arrived$"))
    assert ask(desk.url, "GET", f"/leads/{lead}")["evaluation_state"] == "attended"


async def test_a_new_appointment_is_made_where_somebody_points(page: Page, desk: Desk) -> None:
    lead = desk.lead("Pointed")
    whose = ask(desk.url, "GET", f"/leads/{lead}")["patient"]["last_name"]
    await sign_in(page)
    await page.goto(desk.address)
    column = page.locator("[data-column]").first
    await expect(column).to_be_visible()
    await column.click(position={"x": 60, "y": 3 * HOUR + 10})
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"11:00 AM with {desk.name}")
    await dialog.get_by_role("textbox", name="Patient").fill(whose)
    await page.get_by_role("option", name=whose).click()
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Book", exact=True).press("Enter")
    await expect(page.get_by_role("button", name=whose).first).to_be_visible()
    found = ask(desk.url, "GET", f"/appointments?lead_id={lead}")["items"]
    assert [desk.local(one["id"]) for one in found] == ["11:00"]


async def test_on_a_phone_the_day_is_a_list(page: Page, desk: Desk) -> None:
    booked = desk.book(desk.lead("Listed"), 9)
    await sign_in(page)
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(desk.address)
    await expect(visit(page, booked)).to_contain_text("9:00 AM")
    assert await violations(page) == []
    await visit(page, booked).click()
    await expect(page.get_by_role("dialog", name="Appointment")).to_contain_text(desk.name)
    assert await violations(page) == []


async def test_somebody_waits(page: Page, desk: Desk) -> None:
    lead = desk.lead("Waiting")
    whose = ask(desk.url, "GET", f"/leads/{lead}")["patient"]["last_name"]
    await sign_in(page)
    await page.goto("/calendar")
    await page.get_by_role("button", name="Waitlist").click()
    drawer = page.get_by_role("dialog", name="Waitlist")
    await drawer.get_by_role("button", name="Add somebody").press("Enter")
    await drawer.get_by_role("textbox", name="Patient").fill(whose)
    await page.get_by_role("option", name=whose).click()
    await drawer.get_by_role("button", name="Add a time").press("Enter")
    assert await violations(page) == []
    await drawer.get_by_role("button", name="Add to the waitlist").press("Enter")
    entry = drawer.get_by_role("listitem").filter(has_text=whose)
    await expect(entry).to_contain_text("any day 8 AM–12 PM")
    await entry.get_by_role("button", name="Take").press("Enter")
    await expect(entry).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
async def test_the_settings_are_accessible(page: Page, width: int) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto("/settings?tab=scheduling")
    for name in ("Clinicians", "Visit types", "Rooms", "Blocked time", "Booking rules", "Offering", "Calendar feeds"):
        await page.get_by_role("tab", name=name).click()
        await expect(page.get_by_role("tabpanel").last.get_by_role("heading").first).to_be_visible()
        assert await violations(page) == []


async def test_a_clinician_is_set_up(page: Page) -> None:
    name = f"New {uuid4().hex[:6]}"
    await sign_in(page, "owner@northside.example.org")
    await page.goto("/settings?tab=scheduling")
    await page.get_by_role("button", name="New clinician").press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill(name)
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Save").press("Enter")
    row = page.get_by_role("listitem").filter(has_text=name)
    await expect(row).to_contain_text("Not offered: needs weekly hours")
    await row.get_by_role("button", name=f"Hours of {name}").press("Enter")
    await dialog.get_by_role("button", name="Add hours on Monday").press("Enter")
    await dialog.get_by_role("button", name="Monday's hours for Tuesday to Friday").press("Enter")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Save hours").press("Enter")
    await expect(page.get_by_text("Hours saved")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(row).not_to_contain_text("Not offered")


async def test_a_rule_is_said_in_plain_words(page: Page) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.goto("/settings?tab=scheduling")
    await page.get_by_role("tab", name="Booking rules").click()
    await page.get_by_role("button", name="New rule").press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("At most").fill("30")
    await dialog.get_by_label("Payer's name has").fill("Lakeside")
    said = "Every clinician takes at most 30 evaluations of patients with Lakeside a day."
    await expect(dialog).to_contain_text(said)
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Save").press("Enter")
    row = page.get_by_role("listitem").filter(has_text=said)
    await expect(row).to_be_visible()
    await row.get_by_role("button", name="Remove").press("Enter")
    await expect(row).to_have_count(0)
