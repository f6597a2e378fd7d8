"""Intake in a browser: filled in on a phone, by touch and by keys alone; built, sent and read at the desk."""

import io
import itertools
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import pdfplumber
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import intake_form
from tests.browser.conftest import Product, ask, window
from tests.browser.intake_form import question
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
async def phone(browser: Browser, product: Product) -> AsyncIterator[Page]:
    """A phone-sized browser; an error in the page fails the test."""
    context = await window(browser, product, viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(8_000)
    opened = await context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    await context.close()
    assert errors == []


def prepared(product: Product, name: str) -> tuple[str, str, str]:
    """A lead as a fax would open it, its form, and the link to it."""
    patient = {
        "first_name": name, "last_name": "Sample", "dob": "1961-04-09", "phone": "(312) 555-0142",
        "address": "12 Elm Street, Chicago, IL 60601",
    }  # fmt: skip
    body = {"source": "fax", "patient": patient, "order": {"body_part": "knee", "side": "right"}, "separate": True}
    lead = ask(product.url, "POST", "/leads", body)
    intake = ask(product.url, "POST", f"/leads/{lead['id']}/intake", {"by": "desk", "language": "en"})
    code = ask(product.url, "POST", f"/intake/{intake['id']}/qr", {})
    return lead["id"], intake["id"], code["url"]


async def enter(phone: Page, url: str) -> None:
    """Open the link and say when one was born."""
    await phone.goto(url)
    await phone.get_by_label("Month").select_option("4")
    await phone.get_by_label("Day").fill("9")
    await phone.get_by_label("Year").fill("1961")
    await phone.get_by_role("button", name="Continue").click()
    await expect(phone.get_by_role("heading", name="About you")).to_be_visible()


def pdf_words(product: Product, intake_id: str) -> str:
    request = urllib.request.Request(
        f"{product.url}/api/v1/intake/{intake_id}/pdf", headers={"Authorization": f"Bearer {product.key}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer, pdfplumber.open(io.BytesIO(answer.read())) as document:
        return "\n".join(page.extract_text() for page in document.pages)


async def test_a_whole_form_on_a_phone(phone: Page, product: Product) -> None:
    lead_id, intake_id, url = prepared(product, "Phoebe")
    await enter(phone, url)
    assert "#" not in phone.url
    await expect(question(phone, "first_name").get_by_role("textbox")).to_have_value("Phoebe")
    await expect(question(phone, "phone").get_by_role("textbox")).to_have_value("(312) 555-0142")
    await phone.get_by_role("button", name="Next").click()
    await expect(question(phone, "sex").get_by_text("Please choose one.")).to_be_visible()
    assert await violations(phone) == []
    await intake_form.about_you(phone)
    await intake_form.insurance(phone)
    await expect(question(phone, "where").get_by_role("status")).to_have_text("Marked: Right knee, front")
    for fill in (intake_form.problem, intake_form.pain, intake_form.health, intake_form.medicines):
        await fill(phone)
    await question(phone, "goal").get_by_role("textbox").fill("Dance at my daughter's wedding")
    await expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    await phone.reload()
    await expect(phone.get_by_role("heading", name="About you")).to_be_visible()
    await expect(question(phone, "emergency_name").get_by_role("textbox")).to_have_value("Ben <b>Sample</b>")
    for title in ("Insurance", "Your problem", "Pain and daily life", "Your health", "Medicines and allergies",
                  "Your goals", "Please read and agree"):  # fmt: skip
        await phone.get_by_role("button", name="Next").click()
        await expect(phone.get_by_role("heading", name=title)).to_be_focused()
    await intake_form.agree_and_sign(phone, "Phoebe Sample")
    assert await violations(phone) == []
    await _read(product, lead_id, intake_id)


async def _read(product: Product, lead_id: str, intake_id: str) -> None:
    lead = ask(product.url, "GET", f"/leads/{lead_id}")
    assert lead["intake"] == {"state": "done", "percent": 100}
    words = ""
    for _ in range(40):
        if ask(product.url, "GET", f"/intake/{intake_id}")["pdf"]:
            words = pdf_words(product, intake_id)
            break
    for said in (
        "Phoebe Sample", "Ben <b>Sample</b>", "Lakeside Mutual", "Left lower back", "Climb stairs: 3 / 10", "Fainting",
        "Metformin", "Dance at my daughter's wedding", "Consent to treatment (version 1)", "I agree to be examined",
        "Signed (drawn) by Phoebe Sample", "Page 1 of",
    ):  # fmt: skip
        assert said in words, said


FOCUSED = """() => {
  const at = document.activeElement;
  const group = at.closest("[data-question]");
  return {
    tag: at.tagName, type: at.type || "", question: group ? group.dataset.question : "", words: at.innerText || "",
    label: at.labels && at.labels[0] ? at.labels[0].innerText : "", value: at.value || "", checked: at.checked === true,
  };
}"""
NUMBERS = itertools.count(1)
TYPED = {
    "emergency_name": "Ben Sample", "emergency_phone": "3125550143", "goal": "Garden again", "signature": "Kai Sample",
    "activities": "Climb stairs",
}  # fmt: skip
# Boxes that are ticked; every other box is passed by.
TICKED = {
    "conditions": "None of these", "warning_signs": "None of these", "allergies": "Nothing",
    "medicines": "I take no medicines", "privacy": "I have", "treatment": "I have", "payment": "I have",
}  # fmt: skip
LAST = {"pays", "how", "surgeries", "fell", "pt_this_year", "thinners"}
PRESSED = {"Type my name instead", "Next", "Send the form"}


async def test_a_whole_form_by_keys_alone(phone: Page, product: Product) -> None:
    """Tab from field to field; whatever has the focus is answered by keys."""
    _, intake_id, url = prepared(product, "Kai")
    await enter(phone, url)
    for _ in range(600):
        if await phone.get_by_role("heading", name="Thank you! We have your form.").count():
            break
        await phone.keyboard.press("Tab")
        await _answer(phone, await phone.evaluate(FOCUSED))
    await expect(phone.get_by_role("heading", name="Thank you! We have your form.")).to_be_focused()
    found = ask(product.url, "GET", f"/intake/{intake_id}")
    words = {line["question_id"]: line["words"] for part in found["parts"] for line in part["lines"]}
    assert (words["goal"], words["signature"]) == (["Garden again"], ["Kai Sample"])
    assert words["conditions"] == ["None of these"]


async def _answer(phone: Page, at: dict[str, Any]) -> None:
    name, kind = at["question"], at["type"]
    if kind == "radio" and not at["checked"]:
        # The last of these asks for nothing more: no insurance, no surgery, no falls to describe.
        await phone.keyboard.press("ArrowUp" if name in LAST else "Space")
    elif kind == "checkbox" and not at["checked"] and at["label"].strip().startswith(TICKED.get(name, "\0")):
        await phone.keyboard.press("Space")
    elif kind in {"text", "tel", "textarea"} and not at["value"] and name in TYPED:
        # Activities must differ.
        more = f" {next(NUMBERS)}" if name == "activities" else ""
        await phone.keyboard.type(TYPED[name] + more)
    elif at["tag"] == "BUTTON" and at["words"].strip() in PRESSED:
        await phone.keyboard.press("Enter")
        await phone.wait_for_timeout(150)


async def test_the_form_in_spanish(phone: Page, product: Product) -> None:
    _, _, url = prepared(product, "Lucía")
    await phone.goto(url)
    await phone.get_by_role("button", name="Español").click()
    await phone.get_by_label("Mes").select_option("4")
    await phone.get_by_label("Día").fill("9")
    await phone.get_by_label("Año").fill("1961")
    await phone.get_by_role("button", name="Seguir").click()
    await expect(phone.get_by_role("heading", name="Sobre usted")).to_be_visible()
    assert await phone.evaluate("document.documentElement.lang") == "es"
    assert await violations(phone) == []


async def test_the_desk_gives_the_form_and_reads_it(page: Page, product: Product) -> None:
    lead_id, intake_id, _ = prepared(product, "Dora")
    await sign_in(page)
    await page.goto(f"/board?lead={lead_id}")
    drawer = page.get_by_role("dialog")
    panel = drawer.get_by_role("region", name="Intake form")
    await expect(panel.get_by_text("Ready, not given yet")).to_be_visible(timeout=15_000)
    await panel.get_by_role("button", name="Show a code").click()
    await expect(page.get_by_alt_text("Code with the link to the form")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await panel.get_by_role("button", name="Open on this device").click()
    await page.get_by_role("button", name="Sign out and open the form").click()
    await expect(page.get_by_role("heading", name="About you")).to_be_visible()
    await question(page, "email").get_by_role("textbox").fill("dora@example.org")
    await question(page, "last_name").get_by_role("textbox").fill("Samples")
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    await page.goto("/board")
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await sign_in(page)
    await page.goto(f"/board?lead={lead_id}")
    await expect(panel.get_by_text("Begun", exact=False)).to_be_visible()
    await panel.get_by_text("answers missing").click()
    await panel.get_by_role("button", name="Read answers").click()
    await expect(page.get_by_text("dora@example.org")).to_be_visible()
    assert await violations(page) == []
    assert ask(product.url, "GET", f"/intake/{intake_id}")["state"] == "started"


async def test_a_form_is_written_by_keys_and_published(page: Page, product: Product) -> None:
    await sign_in(page, "owner@northside.example.org")
    await page.goto("/settings?tab=forms")
    await page.get_by_role("button", name="New form").click()
    await page.get_by_role("textbox", name="Name").fill("Pelvic health")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("navigation", name="Sections")).to_be_visible()
    await page.get_by_role("button", name="Publish…").click()
    await expect(page.get_by_text("“Section 1”: Add a question")).to_be_visible()
    await page.keyboard.press("Escape")
    for words in ("Are you pregnant?", "When is it due?"):
        await page.get_by_role("button", name="Add a question").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("menuitem", name="Yes or no" if "pregnant" in words else "Date").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Question", exact=False).first).to_be_visible()
        await expect(page.get_by_role("textbox", name="Question", exact=True)).to_be_focused()
        await page.keyboard.type(words)
    await page.get_by_role("button", name="Show it only in some cases").last.click()
    await expect(page.get_by_text("Only if “Are you pregnant?” is yes")).to_be_visible()
    preview = page.frame_locator("iframe[title='The form on a phone']")
    await expect(preview.get_by_text("Are you pregnant?")).to_be_visible()
    await expect(preview.get_by_text("When is it due?")).to_be_hidden()
    await preview.get_by_label("Yes").check()
    await expect(preview.get_by_text("When is it due?")).to_be_visible()
    await page.get_by_role("button", name="Move “When is it due?” up").click()
    await expect(page.get_by_text("Choose a question that comes before this one.")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Move “When is it due?” down").click()
    await expect(page.get_by_text("Draft saved")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Publish…").click()
    await expect(page.get_by_text("First version: 1 sections, 2 questions.")).to_be_visible()
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text("Version 1 is published")).to_be_visible()
    await page.get_by_role("button", name="All forms").click()
    await expect(page.get_by_role("region", name="Pelvic health")).to_be_visible()
    assert await violations(page) == []
