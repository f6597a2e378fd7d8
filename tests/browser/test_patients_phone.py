"""One person plays the patient: reads what came, answers, sends a photo, stops."""

import io
import re

import httpx
import pytest
from PIL import Image
from playwright.async_api import FilePayload, Page, expect

from tests.browser.conftest import Product
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
NUMBER = "+12175550186"


async def test_the_patient_writes_sends_a_photo_and_stops(page: Page, product: Product) -> None:
    await sign_in(page)
    await page.get_by_role("link", name="Patient's phone").click()
    await page.get_by_label("Another number").fill("(217) 555-0186")
    await page.get_by_label("Another number").press("Enter")
    phone = page.get_by_role("region", name="Phone (217) 555-0186")
    await expect(phone.get_by_text("Nothing yet")).to_be_visible()
    await phone.get_by_label("Text as the patient").fill("Is Monday possible?")
    await phone.get_by_label("Text as the patient").press("Enter")
    await expect(phone.get_by_role("log").get_by_text("Is Monday possible?")).to_be_visible()
    out = io.BytesIO()
    Image.new("RGB", (40, 40), (200, 60, 60)).save(out, "PNG")
    photo = FilePayload(name="card.png", mimeType="image/png", buffer=out.getvalue())
    await phone.locator("input[type=file]").set_input_files(photo)
    await expect(phone.get_by_role("img", name="From: You")).to_be_visible()
    await phone.get_by_role("button", name="STOP", exact=True).click()
    await expect(phone.get_by_text("said STOP")).to_be_visible()
    await expect(phone.get_by_text(re.compile("successfully been unsubscribed"))).to_be_visible()
    headers = {"Authorization": f"Bearer {product.key}"}
    async with httpx.AsyncClient(base_url=product.url, headers=headers) as desk:
        for _ in range(160):
            found = (await desk.get("/api/v1/conversations")).json()["items"]
            ours = next((one for one in found if one["phone"] == NUMBER), None)
            texts = (await desk.get(f"/api/v1/conversations/{ours['id']}/messages")).json()["items"] if ours else []
            files = [one for text in texts for one in text["attachments"]]
            if len(texts) == 3 and files and files[0]["state"] == "stored":
                break
            await page.wait_for_timeout(250)
        assert ours is not None
        assert [one["display_name"] for one in ours["people"]] == ["Unknown Caller"], "somebody new is a lead"
        # Typed within a second: callbacks may overtake each other.
        assert sorted(text["body"] for text in texts) == ["", "Is Monday possible?", "STOP"]
        assert (await desk.get(files[0]["url"])).content == out.getvalue()


async def test_the_carrier_misbehaves_when_asked(page: Page) -> None:
    await sign_in(page)
    await page.goto(f"/patients-phone?number={NUMBER.replace('+', '%2B')}")
    faults = page.get_by_role("region", name="Carrier faults")
    await faults.get_by_role("combobox", name="Fault").click()
    await page.get_by_role("option", name="Taken for spam (30007)").click()
    await faults.get_by_role("button", name="Ask for it").click()
    await expect(faults.get_by_role("listitem").get_by_text("Taken for spam (30007)")).to_be_visible()
