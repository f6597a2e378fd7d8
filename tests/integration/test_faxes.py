"""From an upload to a fax a person can work with; nothing is lost on the way."""

import asyncio
from uuid import UUID

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from backend.core.jobs import JobRun
from backend.faxes import pipeline
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import PASSWORD, SamplePractice
from tests.unit.faxes import papers

FAX = papers.tiff(papers.page(), papers.page().rotate(180))


async def upload(client: httpx.AsyncClient, data: bytes = FAX, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post("/api/v1/faxes", files={"file": ("fax.tif", data)}, headers=headers)


async def work(context: ProcessContext, admin: "asyncpg.Connection") -> None:
    """Run every due job once, as a worker would."""
    await admin.execute("UPDATE jobs SET rung_at = NULL, run_at = now() WHERE state = 'queued'")
    runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=30, attempts=3)
    await runner.run_due("documents")


async def test_an_uploaded_fax_is_read_and_held(
    client: httpx.AsyncClient, context: ProcessContext, admin: "asyncpg.Connection"
) -> None:
    made = await upload(client)
    assert (made.status_code, made.json()["status"]) == (201, "received")
    await work(context, admin)
    fax = (await client.get(f"/api/v1/faxes/{made.json()['id']}")).json()
    assert fax["status"] == "needs_review"
    passed = ["received", "fetched", "decoded", "read", "sorted", "extracted", "matched", "needs_review"]
    assert [step["step"] for step in fax["steps"]] == passed
    assert [page["rotation"] for page in fax["pages"]] == [0, 180]
    assert fax["segments"][0]["pages"] == [1, 2]
    image = await client.get(fax["pages"][1]["image_url"])
    original = await client.get(f"/api/v1/faxes/{fax['id']}/document")
    assert image.content.startswith(b"\x89PNG")
    assert original.content == FAX


async def test_nothing_is_stored_in_the_clear(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    await upload(client, papers.pdf())
    files = [file for file in (context.settings.data / "documents" / str(practice.id)).iterdir() if file.is_file()]
    assert len(files) == 1
    assert b"%PDF" not in files[0].read_bytes()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.4 broken", "damaged"),
        (b"hello", "unsupported_type"),
        (papers.tiff(papers.page().point(lambda _: 255)), "nothing_readable"),
    ],
)
async def test_a_bad_file_ends_with_a_reason_and_keeps_its_original(
    client: httpx.AsyncClient, context: ProcessContext, admin: "asyncpg.Connection", data: bytes, code: str
) -> None:
    fax_id = (await upload(client, data)).json()["id"]
    await work(context, admin)
    fax = (await client.get(f"/api/v1/faxes/{fax_id}")).json()
    assert (fax["status"], fax["failure"]["code"]) == ("failed", code)
    assert (await client.get(f"/api/v1/faxes/{fax_id}/document")).content == data


async def test_the_same_key_uploads_once(client: httpx.AsyncClient) -> None:
    first, again = await asyncio.gather(upload(client, key="k1"), upload(client, key="k1"))
    other = await upload(client, papers.pdf(), key="k1")
    assert first.json()["id"] == again.json()["id"]
    assert (other.status_code, other.json()["type"]) == (422, "idempotency-key-reused")


async def test_the_same_document_is_recognised(client: httpx.AsyncClient) -> None:
    first, second = [(await upload(client)).json() for _ in range(2)]
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, first["id"])


async def test_another_practice_sees_nothing(client: httpx.AsyncClient, other_practice: SamplePractice) -> None:
    fax_id = (await upload(client)).json()["id"]
    answer = await client.post("/api/v1/session", json={"email": other_practice.email, "password": PASSWORD},
                               headers={"Sec-Fetch-Site": "same-origin"})  # fmt: skip
    assert answer.status_code == 200
    for path in ("", "/document", "/pages/1/image"):
        assert (await client.get(f"/api/v1/faxes/{fax_id}{path}")).status_code == 404
    assert (await client.get("/api/v1/faxes")).json()["items"] == []


@pytest.mark.parametrize("stopped_before", range(len(pipeline.STEPS)))
async def test_a_crash_before_any_step_is_resumed(
    client: httpx.AsyncClient,
    context: ProcessContext,
    admin: "asyncpg.Connection",
    monkeypatch: pytest.MonkeyPatch,
    stopped_before: int,
) -> None:
    class PowerCut(BaseException):
        """Nothing catches this, as nothing catches kill -9."""

    fax_id = (await upload(client)).json()["id"]
    steps = pipeline.STEPS
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "STEPS", steps[:stopped_before])
        patch.setattr(pipeline, "Discard", PowerCut)
        job_id = UUID(str(await admin.fetchval("SELECT id FROM jobs WHERE kind = 'faxes.process'")))
        await admin.execute("UPDATE jobs SET state='leased', lease_owner='dead worker', attempt=1 WHERE id=$1", job_id)
        run = JobRun(context.database, job_id, UUID(str(await admin.fetchval("SELECT practice_id FROM jobs"))),
                     "faxes.process", UUID(fax_id), 1, "dead worker")  # fmt: skip
        with pytest.raises(PowerCut):
            await pipeline.process(context, {}, run)
    await admin.execute("UPDATE jobs SET lease_until = now() - interval '1 second', rung_at = NULL")
    await work(context, admin)
    fax = (await client.get(f"/api/v1/faxes/{fax_id}")).json()
    assert (fax["status"], len(fax["pages"]), len(fax["segments"])) == ("needs_review", 2, 1)


async def test_faxes_are_listed_newest_first(client: httpx.AsyncClient) -> None:
    ids = [(await upload(client)).json()["id"] for _ in range(5)]
    first = (await client.get("/api/v1/faxes?limit=3")).json()
    rest = (await client.get("/api/v1/faxes", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next_cursor"] is None
