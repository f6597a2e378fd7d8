"""A file of the EMR goes in by the page: columns, check, what is wrong, carried out, remembered."""

import csv
import io
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Product, ask
from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
OWNER = "owner@northside.example.org"
FILE = (
    "Patient,Born on,Cell Phone,Chart\n"
    '"Importa, Ina",4/9/1961,312 555 0161,I1\n'
    "Bo Other-With-A-Family-Name-That-Is-Much-Too-Long-For-Any-Column,1/2/1990,312 555 0162,I2\n"
    "Cy Wrong,never,312 555 0163,I3\n"
)


async def choose(page: Page, text: str, name: str = "emr.csv") -> None:
    await page.get_by_label("CSV file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})


async def test_a_file_is_checked_mapped_imported_and_its_errors_fetched(page: Page, tmp_path: Path) -> None:
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=import")
    await expect(page.get_by_role("heading", name="Import from your EMR")).to_be_visible()
    assert await violations(page) == []
    await choose(page, FILE)
    await expect(page.get_by_role("heading", name="emr.csv")).to_be_focused()
    await expect(page.get_by_text("Checked, not imported yet")).to_be_visible()
    await page.get_by_role("combobox", name="Meaning of Born on").click()
    await page.get_by_role("option", name="Date of birth").click()
    await page.get_by_role("button", name="Check again").press("Enter")
    await expect(page.get_by_text("Born on: not a date of birth")).to_be_visible()
    assert await violations(page) == []
    for width in (1440, 390):
        await page.set_viewport_size({"width": width, "height": 844})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.get_by_role("button", name="Import 2 rows").click()
    await expect(page.get_by_text("Imported.", exact=True)).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="2 new")).to_be_visible()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Download the rows that failed").click()
    saved = tmp_path / "errors.csv"
    await (await waiting.value).save_as(saved)
    rows = list(csv.reader(io.StringIO(saved.read_text())))
    assert rows[0][-1] == "Error" and [row[0] for row in rows[1:]] == ["Cy Wrong"]
    assert await violations(page) == []
    await page.get_by_role("button", name="All imports").click()
    await choose(page, FILE, "again.csv")
    await expect(page.get_by_role("listitem").filter(has_text="2 would be skipped")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Meaning of Born on")).to_have_value("Date of birth")


async def test_whoever_may_be_known_is_decided_on_the_page(page: Page, product: Product) -> None:
    known = {"first_name": "Petra", "last_name": "Known", "phone": "3125550164"}
    ask(product.url, "POST", "/leads", {"source": "phone", "patient": known})
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=import")
    await choose(page, "Patient,DOB,Phone\nPetra Known,4/9/1961,312 555 0164\n")
    await page.get_by_role("button", name="Import 1 row").click()
    await expect(page.get_by_text("Imported.", exact=True)).to_be_visible()
    table = page.get_by_role("region", name="May be known already: rows")
    await expect(table.get_by_text("same full name and phone")).to_be_visible()
    assert await violations(page) == []
    await table.get_by_role("button", name="Same person").press("Enter")
    await expect(page.get_by_role("listitem").filter(has_text="1 completed")).to_be_visible()
    await expect(table).to_have_count(0)


async def test_what_is_no_table_is_refused_in_words(page: Page) -> None:
    await sign_in(page, OWNER)
    await page.goto("/settings?tab=import")
    await choose(page, "PK\x03\x04 not really", "book.xlsx")
    await expect(page.get_by_role("alert")).to_contain_text("Save it as CSV")
    await choose(page, "A,B\n1,2\n", "odd.csv")
    await expect(page.get_by_text("None of these columns is known")).to_be_visible()
    await expect(page.get_by_role("button", name="Import 0 rows")).to_be_disabled()
