"""The default intake form, answered on a phone, page by page, as a patient would."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.test_accessibility import violations


def question(phone: Page, name: str) -> Locator:
    """One question of the form."""
    return phone.locator(f'[data-question="{name}"]')


async def choose(phone: Page, name: str, label: str) -> None:
    """Tick one of its answers."""
    await question(phone, name).get_by_label(label, exact=True).check()


async def go_on(phone: Page, title: str) -> None:
    """The next page, whose heading has the focus."""
    assert await violations(phone) == []
    await phone.get_by_role("button", name="Next").click()
    await expect(phone.get_by_role("heading", name=title)).to_be_focused()


async def about_you(phone: Page) -> None:
    """Who they are."""
    await choose(phone, "sex", "Female")
    await question(phone, "emergency_name").get_by_role("textbox").fill("Ben <b>Sample</b>")
    await question(phone, "emergency_phone").get_by_role("textbox").fill("312 555 0143")
    await go_on(phone, "Insurance")


async def insurance(phone: Page) -> None:
    """Who pays."""
    await choose(phone, "pays", "With my health insurance")
    await question(phone, "payer_name").get_by_role("textbox").fill("Lakeside Mutual")
    await question(phone, "member_id").get_by_role("textbox").fill("LM4711")
    await choose(phone, "holder", "Mine")
    await choose(phone, "second", "No")
    await choose(phone, "pt_this_year", "No")
    await go_on(phone, "Your problem")


async def problem(phone: Page) -> None:
    """What hurts, on the drawing too."""
    await question(phone, "where").locator("polygon").filter(has_text="Left lower back").click()
    await choose(phone, "began", "2 to 6 weeks ago")
    await choose(phone, "how", "I fell")
    await go_on(phone, "Pain and daily life")


async def pain(phone: Page) -> None:
    """How much, and what is hard to do."""
    for name, number in (("pain_now", "4"), ("pain_best", "1"), ("pain_worst", "8")):
        await question(phone, name).locator("label", has_text=re.compile(f"^{number}$")).click()
    for place, (words, rating) in enumerate((("Climb stairs", "3"), ("Kneel", "1"), ("Walk", "5")), start=1):
        row = question(phone, "activities").get_by_role("group", name=f"Activity {place}", exact=True)
        await row.get_by_label("What is hard to do?").fill(words)
        await row.locator("label", has_text=re.compile(f"^{rating}$")).click()
    await go_on(phone, "Your health")


async def health(phone: Page) -> None:
    """What they have had."""
    await choose(phone, "conditions", "Diabetes")
    await choose(phone, "surgeries", "No")
    await choose(phone, "warning_signs", "Fainting")
    await choose(phone, "fell", "Yes")
    await question(phone, "falls").get_by_role("textbox").fill("2")
    await choose(phone, "fall_hurt", "No")
    await go_on(phone, "Medicines and allergies")


async def medicines(phone: Page) -> None:
    """What they take."""
    await question(phone, "medicines").get_by_role("button", name="Add a medicine").click()
    await expect(question(phone, "medicines").get_by_role("textbox", name="Name")).to_be_focused()
    await phone.keyboard.type("Metformin")
    await choose(phone, "thinners", "No")
    await choose(phone, "allergies", "Nothing")
    await go_on(phone, "Your goals")


async def agree_and_sign(phone: Page, name: str) -> None:
    """To the end."""
    for agreement in ("privacy", "treatment", "payment"):
        await choose(phone, agreement, "I have read this and I agree.")
    await go_on(phone, "Sign")
    await choose(phone, "signer", "I am the patient")
    await question(phone, "signature").get_by_label("Your full name").fill(name)
    await draw(phone)
    await go_on(phone, "Check and send")
    await phone.get_by_role("button", name="Send the form").click()
    await expect(phone.get_by_role("heading", name="Thank you! We have your form.")).to_be_visible()


async def draw(phone: Page) -> None:
    """A signature, as a finger would."""
    pad = question(phone, "signature").get_by_role("img", name="Sign here")
    await pad.scroll_into_view_if_needed()
    box = await pad.bounding_box()
    assert box is not None
    await phone.mouse.move(box["x"] + 30, box["y"] + 60)
    await phone.mouse.down()
    for step in range(12):
        await phone.mouse.move(box["x"] + 30 + step * 20, box["y"] + 60 - 40 * (step % 2))
    await phone.mouse.up()
    await expect(pad.locator("polyline")).to_have_count(1)
