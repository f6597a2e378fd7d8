"""Papers from a patient's phone: kept once, read in limited children, confirmed by people, closed to everybody else."""

import asyncio
import io
import uuid
import zlib
from typing import Any

import httpx
import pytest
from PIL import Image

from backend.core.context import ProcessContext
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.card_photos import CARD, card, encoded, picture
from tests.conftest import PASSWORD, SamplePractice
from tests.patients_phone import SampleLink, enter, make_link, open_link

UPLOADS = "/api/v1/public/uploads"
ORDER = [
    "REFERRAL ORDER - PHYSICAL THERAPY", "Patient Name: Ada Sample", "Date of Birth: 04/09/1961",
    "Diagnosis: Low back pain M54.50", "Evaluate and treat 2 x week for 6 weeks", "Signed: Rowan Hale MD",
]  # fmt: skip


@pytest.fixture
async def phone(anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice) -> SampleLink:
    """The patient's page, open and checked."""
    link = await make_link(context, practice)
    await enter(anonymous, link.token)
    return link


async def work(context: ProcessContext, admin: Any) -> None:
    runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=60, attempts=2)
    for _ in range(4):
        await admin.execute("UPDATE jobs SET rung_at = NULL, run_at = now() WHERE state = 'queued'")
        await runner.run_due("documents")


async def send(client: httpx.AsyncClient, data: bytes, kind: str = "card_front", key: str | None = None) -> Any:
    headers = {"Content-Type": "application/octet-stream"} | ({"Idempotency-Key": key} if key else {})
    return await client.post(f"{UPLOADS}/{kind}", content=data, headers=headers)


async def as_staff(client: httpx.AsyncClient, practice: SamplePractice) -> httpx.AsyncClient:
    answer = await client.post("/api/v1/session", json={"email": practice.email, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
async def test_a_card_is_read_then_confirmed_by_the_patient(
    anonymous: httpx.AsyncClient, phone: SampleLink, context: ProcessContext, admin: Any, kind: str
) -> None:
    sent = await send(anonymous, card(kind))
    assert (sent.status_code, sent.json()["state"]) == (201, "reading")
    await work(context, admin)
    shown = (await anonymous.get(UPLOADS)).json()
    assert shown["items"][0]["state"] == "read"
    read = {name: found["value"] for name, found in shown["card"]["candidates"].items()}
    assert read == CARD
    assert shown["card"]["payer_name"] is None, "nothing counts before somebody confirms"
    assert await admin.fetchval("SELECT count(*) FROM coverages") == 0
    confirmed = await anonymous.put("/api/v1/public/card", json=CARD)
    assert confirmed.json()["patient_confirmed_at"] is not None
    assert await admin.fetchval("SELECT member_id FROM coverages") == "LKM44170926"


@pytest.mark.parametrize("source", ["fax", "desk"])
async def test_what_the_desk_knows_is_not_overwritten_by_the_phone(
    anonymous: httpx.AsyncClient, phone: SampleLink, practice: SamplePractice, admin: Any, source: str
) -> None:
    await admin.execute(
        "INSERT INTO coverages (practice_id, id, patient_id, rank, payer_name, source)"
        " VALUES ($1, $2, $3, 'primary', 'Old', $4)",
        practice.id, uuid.uuid4(), phone.patient_id, source,
    )  # fmt: skip
    await anonymous.put("/api/v1/public/card", json=CARD)
    assert await admin.fetchval("SELECT payer_name FROM coverages") == "Old"
    desk = await as_staff(anonymous, practice)
    listed = (await desk.get(f"/api/v1/leads/{phone.lead_id}/uploads")).json()
    version = listed["card"]["version"]
    stale = await desk.put(f"/api/v1/leads/{phone.lead_id}/card", json={**CARD, "version": version - 1})
    assert stale.status_code == 409
    done = await desk.put(f"/api/v1/leads/{phone.lead_id}/card", json={**CARD, "version": version})
    assert done.json()["staff_confirmed_by"] == "Dana Desk"
    assert await admin.fetchval("SELECT payer_name FROM coverages WHERE active") == "Lakeside Mutual"


async def test_the_desk_sees_a_drawn_picture_never_the_file(
    anonymous: httpx.AsyncClient, phone: SampleLink, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    await send(anonymous, card("HEIF"))
    await work(context, admin)
    desk = await as_staff(anonymous, practice)
    item = (await desk.get(f"/api/v1/leads/{phone.lead_id}/uploads")).json()["items"][0]
    image = await desk.get(item["image_url"])
    assert image.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(image.content)).format == "PNG"
    original = await desk.get(f"/api/v1/uploads/{item['id']}/document")
    assert original.headers["content-disposition"].startswith("attachment")
    assert original.content == card("HEIF")
    viewed = await admin.fetchval("SELECT count(*) FROM audit_events WHERE action = 'paper.viewed'")
    assert viewed == 2


async def test_sent_again_it_is_kept_once(
    anonymous: httpx.AsyncClient, phone: SampleLink, admin: Any, context: ProcessContext
) -> None:
    data = card()
    answers = await asyncio.gather(*(send(anonymous, data, key="same") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await send(anonymous, data)).json()["id"] == answers[0].json()["id"], "without the key too"
    assert await admin.fetchval("SELECT count(*) FROM patient_uploads") == 1
    assert await admin.fetchval("SELECT count(*) FROM documents") == 1
    other = await send(anonymous, card("PNG"), key="same")
    assert (other.status_code, other.json()["type"]) == (422, "idempotency-key-reused")


async def test_an_order_that_names_the_patient_is_filed_under_their_lead(
    anonymous: httpx.AsyncClient, phone: SampleLink, context: ProcessContext, admin: Any
) -> None:
    sent = await send(anonymous, encoded(picture(ORDER, size=(1700, 2200), height=40)), "order")
    assert sent.status_code == 201
    await work(context, admin)
    fax = await admin.fetchrow("SELECT * FROM faxes")
    segment = await admin.fetchrow("SELECT * FROM fax_segments")
    assert (fax["channel"], fax["from_lead_id"]) == ("upload", phone.lead_id)
    assert fax["status"] == "filed", segment["hold_reasons"]
    assert segment["lead_id"] == phone.lead_id
    assert await admin.fetchval("SELECT count(*) FROM leads") == 1
    assert await admin.fetchval("SELECT icd10_codes FROM referral_orders") == ["M54.50"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([line.replace("Ada Sample", "Rob Doyle").replace("1961", "1987") for line in ORDER], "another_patient"),
        ([line for line in ORDER if "Patient" not in line and "Birth" not in line], "sender_not_named"),
    ],
)
async def test_an_order_for_somebody_else_waits_for_a_person(
    anonymous: httpx.AsyncClient, phone: SampleLink, context: ProcessContext, admin: Any, lines: list[str], reason: str
) -> None:
    await send(anonymous, encoded(picture(lines, size=(1700, 2200), height=40)), "order")
    await work(context, admin)
    assert await admin.fetchval("SELECT status FROM faxes") == "needs_review"
    assert reason in await admin.fetchval("SELECT hold_reasons FROM fax_segments")
    assert await admin.fetchval("SELECT count(*) FROM referral_orders") == 0


def png_bomb() -> bytes:
    """A hundred thousand pixels each way in a few kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = (100_000).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    body = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


PDF_BOMB = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 999999 999999]>>endobj
trailer<</Root 1 0 R>>"""


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (png_bomb(), "page_too_large"),
        (PDF_BOMB, "page_too_large"),
        (card()[:300], "damaged"),
        (card("HEIF")[:400], "damaged"),
        (b"%PDF-1.7 nothing more", "damaged"),
    ],
)
async def test_bombs_and_wrecks_are_refused_in_a_child(
    anonymous: httpx.AsyncClient, phone: SampleLink, context: ProcessContext, admin: Any, data: bytes, failure: str
) -> None:
    assert (await send(anonymous, data)).status_code == 201
    await work(context, admin)
    item = (await anonymous.get(UPLOADS)).json()["items"][0]
    assert (item["state"], item["failure"]) == ("failed", failure)
    assert (await send(anonymous, card())).json()["state"] == "reading", "the next one is taken"


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90\x00", b"PK\x03\x04", b"II*\x00tiff", b"GIF89a"]
)
async def test_other_files_are_refused_at_once(
    anonymous: httpx.AsyncClient, phone: SampleLink, admin: Any, data: bytes
) -> None:
    answer = await send(anonymous, data)
    assert (answer.status_code, answer.json()["type"]) == (422, "unknown-file")
    assert await admin.fetchval("SELECT count(*) FROM documents") == 0


async def test_more_than_twenty_megabytes_are_refused_while_they_come(
    anonymous: httpx.AsyncClient, phone: SampleLink
) -> None:
    answer = await send(anonymous, b"\xff\xd8\xff" + bytes(20 * 1024 * 1024))
    assert (answer.status_code, answer.json()["type"]) == (413, "too-large")
    assert "20 MB" in answer.json()["detail"]


async def test_only_a_checked_patient_with_such_a_link_sends_papers(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    link = await make_link(context, practice)
    assert (await send(anonymous, card())).status_code == 401
    await open_link(anonymous, link.token)
    refused = await send(anonymous, card())
    assert (refused.status_code, refused.json()["type"]) == (403, "check-first")
    assert (await anonymous.get(UPLOADS)).status_code == 403
    assert (await anonymous.put("/api/v1/public/card", json=CARD)).status_code == 403
    visit = await make_link(context, practice, "visit")
    await enter(anonymous, visit.token)
    assert (await send(anonymous, card())).status_code == 404


async def test_nobody_sees_what_another_practices_patient_sent(
    anonymous: httpx.AsyncClient, phone: SampleLink, other_practice: SamplePractice
) -> None:
    upload_id = (await send(anonymous, card())).json()["id"]
    desk = await as_staff(anonymous, other_practice)
    for path in (f"leads/{phone.lead_id}/uploads", f"uploads/{upload_id}/image", f"uploads/{upload_id}/document"):
        assert (await desk.get(f"/api/v1/{path}")).status_code == 404
    answer = await desk.put(f"/api/v1/leads/{phone.lead_id}/card", json={**CARD, "version": 1})
    assert answer.status_code == 404


async def test_a_phone_sends_forty_files_at_most(
    anonymous: httpx.AsyncClient, phone: SampleLink, context: ProcessContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.patient_pages.uploads.MOST", 2)
    for number in range(2):
        assert (await send(anonymous, encoded(picture([str(number)])))).status_code == 201
    refused = await send(anonymous, encoded(picture(["one more"])))
    assert (refused.status_code, refused.json()["type"]) == (409, "too-many-uploads")
