"""A clinic with a calendar, a patient with a phone, and the texts the sandbox gave them."""

import json
import re
import time
import urllib.request
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import TURN_CLOCK, Product, ask

DOB = {"month": "4", "day": "9", "year": "1961"}
LINK = re.compile(r"https?://[^\s/]+(/p#[a-z2-7]+)")
PHONE = ViewportSize(width=390, height=844)


def open_calendar(product: Product) -> None:
    """An evaluation that patients may book, and a clinician who gives it on weekdays; once."""
    types = ask(product.url, "GET", "/appointment-types")["items"]
    if any(kind["kind"] == "evaluation" and kind["self_schedulable"] for kind in types):
        return
    kind = {"name": "Evaluation", "kind": "evaluation", "minutes": 60}
    made = ask(product.url, "POST", "/appointment-types", kind)
    places = [place["id"] for place in ask(product.url, "GET", "/locations")["items"]]
    person = ask(
        product.url, "POST", "/clinicians",
        {"name": "Pat Therapist", "disciplines": ["PT"], "location_ids": places, "appointment_type_ids": [made["id"]]},
    )  # fmt: skip
    week = [{"weekday": day, "opens": "09:00", "closes": "17:00", "location_id": places[0]} for day in range(5)]
    ask(product.url, "PUT", f"/clinicians/{person['id']}/availability",
        {"version": person["version"], "items": week})  # fmt: skip


def text_link(product: Product, template: str, phone: str, first_name: str = "Ada") -> tuple[str, str]:
    """(lead, path of the link) of a new patient who was sent this text."""
    # Nobody is the same person twice.
    last_name = "S" + "".join(chr(ord("a") + int(digit)) for digit in phone[-6:])
    patient = {"first_name": first_name, "last_name": last_name, "dob": "1961-04-09", "phone": phone}
    places = ask(product.url, "GET", "/locations")["items"]
    body = {"source": "phone", "patient": patient, "location_id": places[0]["id"]}
    lead = ask(product.url, "POST", "/leads", body)["id"]
    return lead, send_link(product, lead, template, phone)


def send_link(product: Product, lead: str, template: str, phone: str) -> str:
    """The path of the link in a text sent now."""
    known = len(texts_to(product, phone))
    sent = ask(product.url, "POST", f"/leads/{lead}/messages", {"template_id": template})
    consent = {"status": "granted", "method": "verbal", "note": "Said on the phone that texts are fine"}
    ask(product.url, "POST", f"/conversations/{sent['conversation_id']}/consent", consent)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        texts = texts_to(product, phone)
        if len(texts) > known and (found := LINK.search(texts[-1]["body"])):
            return found.group(1)
        time.sleep(0.2)
    raise AssertionError("no text with a link has come")


def texts_to(product: Product, phone: str) -> list[dict[str, Any]]:
    """What was sent to this number with a link in it, oldest first."""
    with urllib.request.urlopen(f"{product.url}/sandbox/sms?to={phone.replace('+', '%2B')}", timeout=10) as answer:
        found = json.load(answer)
        listed: list[dict[str, Any]] = found["items"] if isinstance(found, dict) else found
        return [text for text in listed if LINK.search(text["body"])]


async def handset(browser: Browser, product: Product, locale: str = "en-US") -> BrowserContext:
    """The patient's own browser: a phone, in no way signed in."""
    context = await browser.new_context(
        base_url=product.url, viewport=PHONE, has_touch=True, is_mobile=True, locale=locale
    )
    await context.add_init_script(TURN_CLOCK)
    context.set_default_timeout(10_000)
    return context


async def answer(page: Page) -> None:
    """The date of birth."""
    await page.get_by_label("Month").select_option(DOB["month"])
    await page.get_by_label("Day", exact=True).fill(DOB["day"])
    await page.get_by_label("Year").fill(DOB["year"])
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", name="One quick check")).to_have_count(0)
