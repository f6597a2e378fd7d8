"""Photos a patient sends go with the PDF of their form: once they are read, also later, and never somebody else's."""

import io
from typing import Any

import httpx
import pdfplumber
import pytest

from backend.core.context import ProcessContext
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.card_photos import card, encoded, picture
from tests.conftest import SamplePractice
from tests.intake import faxed_lead
from tests.integration.test_intake_desk import filled, phone, prepared, token_of
from tests.patients_phone import enter, make_link

__all__ = ["phone"]
UPLOADS = "/api/v1/public/uploads"
ORDER = [
    "REFERRAL ORDER - PHYSICAL THERAPY", "Patient Name: Ada Sample", "Date of Birth: 04/09/1961",
    "Diagnosis: Knee pain M25.561", "Evaluate and treat 2 x week for 6 weeks", "Signed: Rowan Hale MD",
]  # fmt: skip


async def work(context: ProcessContext, admin: Any, *queues: Any) -> None:
    runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=60, attempts=2)
    for _ in range(3):
        for queue in queues or ("documents", "default"):
            await admin.execute(
                "UPDATE jobs SET rung_at = NULL, run_at = now() WHERE state = 'queued'"
                " AND kind IN ('intake.pdf', 'patient_pages.read_card', 'faxes.process')"
            )
            await runner.run_due(queue)


async def send(phone: httpx.AsyncClient, data: bytes, kind: str) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    answer = await phone.post(f"{UPLOADS}/{kind}", content=data, headers=headers)
    assert answer.status_code == 201, answer.text


async def pdf_of(client: httpx.AsyncClient, intake_id: str) -> tuple[list[str], list[int], bytes]:
    answer = await client.get(f"/api/v1/intake/{intake_id}/pdf")
    assert answer.status_code == 200, answer.text
    with pdfplumber.open(io.BytesIO(answer.content)) as document:
        texts = [" ".join(page.extract_text().split()) for page in document.pages]
        return texts, [len(page.images) for page in document.pages], answer.content


@pytest.fixture
async def intake(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> dict[str, Any]:
    """A form the patient has open on the phone."""
    made = await prepared(client, await faxed_lead(context, practice))
    await enter(phone, await token_of(client, made["id"]))
    return made


async def test_the_pdf_waits_for_the_card_to_be_read_and_holds_it(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, admin: Any, intake: dict[str, Any]
) -> None:
    await send(phone, card(), "card_front")
    await send(phone, card("HEIF"), "card_back")
    assert (await filled(phone)).status_code == 200
    await work(context, admin, "default")
    assert (await client.get(f"/api/v1/intake/{intake['id']}/pdf")).status_code == 409, "the card is being read"
    await work(context, admin)
    texts, images, data = await pdf_of(client, intake["id"])
    assert images[-1] == 2 and sum(images) == 2
    assert "Insurance card, front" in texts[-1] and "Insurance card, back" in texts[-1]
    assert len(data) < 1_500_000


async def test_a_picture_that_cannot_be_opened_is_named(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, admin: Any, intake: dict[str, Any]
) -> None:
    await send(phone, card("PNG")[:64] + bytes(400), "card_back")
    assert (await filled(phone)).status_code == 200
    await work(context, admin)
    texts, images, _ = await pdf_of(client, intake["id"])
    assert sum(images) == 0
    assert "Not enclosed: this picture could not be opened" in texts[-1] and "Insurance card, back" in texts[-1]


async def test_what_comes_after_the_form_is_put_in_and_the_older_pdf_goes(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any,
    intake: dict[str, Any],
) -> None:  # fmt: skip
    assert (await filled(phone)).status_code == 200
    await work(context, admin)
    first, images, _ = await pdf_of(client, intake["id"])
    assert sum(images) == 0 and "Sent by the patient" not in " ".join(first)
    lead = await admin.fetchrow("SELECT id, patient_id FROM leads")
    link = await make_link(context, practice, of=(lead["patient_id"], lead["id"]))
    await enter(phone, link.token)
    await send(phone, encoded(picture(ORDER, size=(1700, 2200), height=40)), "order")
    await send(phone, card(), "card_front")
    await work(context, admin)
    texts, images, _ = await pdf_of(client, intake["id"])
    assert sum(images) == 2 and "Order sent by the patient" in " ".join(texts)
    assert await admin.fetchval("SELECT count(*) FROM documents WHERE content_type = 'application/pdf'") == 1
    kept = await admin.fetch("SELECT id FROM documents")
    folder = context.settings.data / "documents"
    files = [one for one in folder.rglob("*") if one.is_file() and str(practice.id) in str(one)]
    assert len(files) == len(kept)


async def test_an_order_about_somebody_else_is_not_shown(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, admin: Any, intake: dict[str, Any]
) -> None:
    other = [line.replace("Ada Sample", "Rob Doyle").replace("1961", "1987") for line in ORDER]
    await send(phone, encoded(picture(other, size=(1700, 2200), height=40)), "order")
    assert (await filled(phone)).status_code == 200
    await work(context, admin)
    assert await admin.fetchval("SELECT status FROM faxes") == "needs_review"
    texts, images, _ = await pdf_of(client, intake["id"])
    assert sum(images) == 0 and "it is not filed under this patient" in texts[-1]
