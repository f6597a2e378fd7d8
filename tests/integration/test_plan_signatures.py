"""Plans of care signed on the referrer's page: the sheet for the record, and signatures that are taken back."""

import io
from datetime import timedelta
from typing import Any

import httpx
import pdfplumber

from backend.core import clock
from backend.core.context import ProcessContext
from tests.conftest import PASSWORD, SamplePractice, make_practice
from tests.integration.test_referrer_portal import OWN, Office, browser, office, plan_for

__all__ = ["browser", "office"]  # fixtures


async def _signed(client: httpx.AsyncClient, office: Office, plan_id: str, name: str = "Emily Jimenez, DO") -> None:
    (shown,) = [item for item in (await office.browser.get(f"{OWN}/plans")).json()["items"] if item["id"] == plan_id]
    day = str(clock.now().date() - timedelta(days=1))
    body = {"version": shown["version"], "typed_name": name, "signed_on": day, "confirm": True}
    assert (await office.browser.post(f"{OWN}/plans/{plan_id}/sign", json=body)).status_code == 200


async def test_what_was_signed_online_is_a_sheet_for_the_record(
    client: httpx.AsyncClient, office: Office, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    plan = await plan_for(client, context, practice, office.lead_id)
    url = f"/api/v1/plans-of-care/{plan['id']}/signature"
    assert (await client.get(url)).status_code == 404, "not signed"
    await office.enter()
    await _signed(client, office, plan["id"])
    # What was signed stays what it was, whoever corrects the chart later.
    await admin.execute("UPDATE patients SET last_name = 'Corrected'")
    sheet = await client.get(url)
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "application/pdf")
    with pdfplumber.open(io.BytesIO(sheet.content)) as pdf:
        assert len(pdf.pages) == 1
        words = " ".join((pdf.pages[0].extract_text() or "").split())
    digest = (await admin.fetchval("SELECT digest FROM plan_signatures")).hex()
    for said in ("Ida Sample", "Reach a shelf", "Emily Jimenez, DO", "I certify the need", "secure link", digest[:16]):
        assert said in words, said
    assert "write on this page" not in words, "nothing to fax back"
    assert await admin.fetchval("SELECT count(*) FROM audit_events WHERE action = 'plan_signature.viewed'") == 1
    await admin.execute("UPDATE plan_signatures SET content = jsonb_set(content, '{goals}', '[\"Fly\"]')")
    assert (await client.get(url)).status_code == 409, "what is on record is not what was signed"


async def test_a_plan_not_signed_after_all_may_be_signed_again(
    client: httpx.AsyncClient, office: Office, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    plan = await plan_for(client, context, practice, office.lead_id)
    url = f"/api/v1/plans-of-care/{plan['id']}"
    await office.enter()
    await _signed(client, office, plan["id"])
    version = await admin.fetchval("SELECT version FROM plans_of_care")
    undone = await client.post(f"{url}/unsigned", json={"version": version})
    assert (undone.status_code, undone.json()["plans"][0]["signed_how"]) == (200, None)
    assert (await client.get(f"{url}/signature")).status_code == 404
    (shown,) = (await office.browser.get(f"{OWN}/plans")).json()["items"]
    assert (shown["signed_on"], shown["signed_by"]) == (None, None)
    await _signed(client, office, plan["id"], "E. Jimenez, DO")
    assert await admin.fetchval("SELECT count(*) FROM plan_signatures WHERE voided_at IS NULL") == 1
    with pdfplumber.open(io.BytesIO((await client.get(f"{url}/signature")).content)) as pdf:
        assert "E. Jimenez, DO" in (pdf.pages[0].extract_text() or "")
    theirs = await make_practice(context, "lakeview")
    signed = await client.post("/api/v1/session", json={"email": theirs.email, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
    assert (await client.get(f"{url}/signature")).status_code == 404, "another practice"
