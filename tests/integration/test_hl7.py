"""HL7 v2 over a real socket: MLLP, acknowledgements, the inbox, and what comes of it in calendar and care."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.integrations.hl7_mllp.reading import Hl7Reader
from backend.integrations.hl7_mllp.server import MllpServer
from backend.lead_capture.hl7 import receiving, taking
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice
from tests.integration.test_leads import open_lead
from tests.scheduling import Calendar, at, calendar

CHICAGO = ZoneInfo("America/Chicago")
ADA = "PID|1||M1^^^NS^MR||Sample^Ada^B^^^^L||19610409|F|||100 Main St^^Springfield^IL^62701||(312)555-0142"


def monday(days: int = 0, hour: int = 9, minute: int = 0) -> datetime:
    """In the week after next, at the clinic."""
    today = now().astimezone(CHICAGO)
    at = today + timedelta(days=14 - today.weekday() + days)
    return at.replace(hour=hour, minute=minute, second=0, microsecond=0)


def siu(event: str = "S12", at: datetime | None = None, number: str = "A100", control: str = "C1", pid: str = ADA,
        status: str = "Booked", kind: str = "EVAL^PT Initial Evaluation", who: str = "T1^00^Clinician",
        end: str = "\r", extra: str = "", head: str = "|P|2.3") -> bytes:  # fmt: skip
    starts = (at or monday()).strftime("%Y%m%d%H%M%S")
    lines = [
        f"MSH|^~\\&|PTEMR|NORTHSIDE|FRONTDESK|NS|20261201120000||SIU^{event}|{control}{head}",
        f"SCH|{number}^PTEMR|{number}F^PTEMR|||||R^Routine|{kind}|60|MIN|^^60^{starts}||||||||||||||{status}",
        pid, "PV1|1|O|NORTH^^^North", "RGS|1", f"AIP|1||{who}|PT",
    ]  # fmt: skip
    return (end.join(lines) + end + extra).encode()


def adt(event: str, pid: str = ADA, control: str = "D1", extra: str = "") -> bytes:
    head = f"MSH|^~\\&|PTEMR|NORTHSIDE|FRONTDESK|NS|20261201120000||ADT^{event}|{control}|P|2.5.1"
    return f"{head}\rEVN|{event}|20261201\r{pid}\r{extra}".encode()


class Wire:
    """The listener on a port of its own, a client, and a worker to be run by hand."""

    def __init__(self, context: ProcessContext, admin: "asyncpg.Connection", clinic: Calendar) -> None:
        self.context, self.admin, self.clinic = context, admin, clinic
        self.reader = Hl7Reader()
        self.server = MllpServer(partial(self._receive, None))
        self.port = 0
        handlers = {receiving.TAKE: partial(taking.take, context, self.reader)}
        self.runner = JobRunner(context.database, handlers, lease_seconds=30, attempts=2)

    async def _receive(self, port: int | None, raw: bytes, peer: str) -> Any:
        return await receiving.receive(self.context, self.reader, raw, port, peer)

    async def talk(self, *messages: bytes, framed: bool = True, tls: ssl.SSLContext | None = None) -> list[list[str]]:
        """Send all over one connection; returns the segments of each answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=tls, limit=1 << 22)
        answers = []
        for message in messages:
            writer.write(b"\x0b" + message + b"\x1c\r" if framed else message)
            await writer.drain()
            answer = await asyncio.wait_for(reader.readuntil(b"\x1c\r"), 30)
            answers.append(answer.strip(b"\x0b\x1c\r").decode().split("\r"))
        writer.close()
        return answers

    async def send(self, *messages: bytes) -> list[str]:
        """MSA-1 of each."""
        return [answer[1].split("|")[1] for answer in await self.talk(*messages)]

    async def work(self) -> None:
        await self.admin.execute("UPDATE jobs SET rung_at = NULL, run_at = now() WHERE kind = 'hl7.take'")
        await self.runner.run_due("default")

    async def taken(self, *messages: bytes) -> None:
        assert set(await self.send(*messages)) == {"AA"}
        await self.work()

    async def appointments(self) -> list[tuple[Any, ...]]:
        rows = await self.admin.fetch(
            "SELECT a.external_id, a.status, a.starts_at, p.mrn FROM appointments a"
            " JOIN patients p ON p.id = a.patient_id ORDER BY a.starts_at"
        )
        return [(row[0], row[1], row[2].astimezone(CHICAGO), row[3]) for row in rows]

    async def deliveries(self) -> list[tuple[str, str | None]]:
        rows = await self.admin.fetch("SELECT state, error_code FROM webhook_deliveries ORDER BY id")
        return [tuple(row) for row in rows]


@pytest.fixture
async def wire(
    context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection", client: httpx.AsyncClient
) -> AsyncIterator[Wire]:
    """A practice with a calendar, and an interface of its EMR."""
    found = Wire(context, admin, await calendar(context, practice))
    found.port = await found.server.start("127.0.0.1", 0)
    body = {"version": 0, "name": "EMR", "application": "PTEMR", "facility": "NORTHSIDE"}
    assert (await client.post("/api/v1/settings/hl7-senders", json=body)).status_code == 201
    yield found
    await found.server.stop()


async def test_an_appointment_is_made_moved_and_canceled(wire: Wire) -> None:
    await wire.taken(siu())
    assert await wire.appointments() == [("A100F", "booked", monday(), "M1")]
    await wire.taken(siu("S13", monday(1, 14, 30), control="C2"))
    assert await wire.appointments() == [("A100F", "booked", monday(1, 14, 30), "M1")]
    await wire.taken(siu("S15", monday(1, 14, 30), control="C3", status="Cancelled"))
    assert [row[1] for row in await wire.appointments()] == ["canceled"]
    await wire.taken(siu("S12", monday(2), control="C4"))
    assert [row[:2] for row in await wire.appointments()] == [(None, "canceled"), ("A100F", "booked")]
    await wire.taken(siu("S17", monday(2), control="C5"))
    assert [row[1] for row in await wire.appointments()] == ["canceled", "canceled"]
    assert {state for state, _ in await wire.deliveries()} == {"processed"}


async def test_the_patient_is_made_with_what_the_message_says(wire: Wire) -> None:
    await wire.taken(siu())
    row = await wire.admin.fetchrow("SELECT first_name, last_name, dob::text, sex, phone, address, mrn FROM patients")
    assert tuple(row) == (
        "Ada",
        "Sample",
        "1961-04-09",
        "F",
        "+13125550142",
        "100 Main St, Springfield, IL 62701",
        "M1",
    )


async def test_a_leads_evaluation_is_booked_and_attended(wire: Wire, client: httpx.AsyncClient) -> None:
    patient = {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09", "phone": "312 555 0142"}
    lead = await open_lead(client, patient)
    await wire.taken(siu())
    assert (await client.get(f"/api/v1/leads/{lead['id']}")).json()["stage"] == "scheduled"
    with at(monday() + timedelta(minutes=5)):
        await wire.taken(siu("S14", control="C2", status="Arrived"))
    assert (await client.get(f"/api/v1/leads/{lead['id']}")).json()["stage"] == "first_visit_complete"
    visit = await wire.admin.fetchrow("SELECT state, kind, appointment_id IS NOT NULL FROM visits")
    assert tuple(visit) == ("attended", "evaluation", True)
    assert await wire.admin.fetchval("SELECT lead_id::text FROM episodes") == lead["id"]


async def test_what_was_booked_here_and_told_back_is_the_same_appointment(
    wire: Wire, client: httpx.AsyncClient
) -> None:
    lead = await open_lead(client, {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09"})
    body = wire.clinic.body(monday()) | {"lead_id": lead["id"]}
    body.pop("patient_id", None)
    assert (await client.post("/api/v1/appointments", json=body)).status_code == 201
    await wire.taken(siu())
    assert await wire.appointments() == [("A100F", "booked", monday(), None)]


async def test_a_no_show_and_a_visit_nobody_had_booked(wire: Wire) -> None:
    await wire.taken(siu())
    with at(monday(1)):
        await wire.taken(siu("S26", control="C2", status="Noshow"))
    assert [row[1] for row in await wire.appointments()] == ["no_show"]
    past = now().astimezone(CHICAGO) - timedelta(days=20)
    await wire.taken(siu("S14", past, "B7", "C3", status="Complete"))
    assert (await wire.deliveries())[-1] == ("processed", None)
    visit = await wire.admin.fetchrow("SELECT external_id, state, kind, source FROM visits")
    assert tuple(visit) == ("B7F", "attended", "evaluation", "hl7")


async def test_the_same_message_again_is_acknowledged_and_changes_nothing(wire: Wire) -> None:
    assert await wire.send(siu(), siu(), siu()) == ["AA", "AA", "AA"]
    await wire.work()
    assert len(await wire.appointments()) == 1 and len(await wire.deliveries()) == 1


async def test_a_control_id_used_again_for_another_message_loses_nothing(wire: Wire) -> None:
    await wire.taken(siu(), siu(number="A200", at=monday(1)))
    assert [row[0] for row in await wire.appointments()] == ["A100F", "A200F"]


async def test_messages_of_one_sender_are_taken_in_their_order(wire: Wire) -> None:
    moves = [siu("S13", monday(day % 5, 9 + day % 6), control=f"M{day}") for day in range(12)]
    assert set(await wire.send(siu(), *moves)) == {"AA"}
    ids = [row["id"] for row in await wire.admin.fetch("SELECT id FROM jobs WHERE kind = 'hl7.take' ORDER BY id DESC")]
    await wire.admin.execute("UPDATE jobs SET rung_at = NULL")
    await asyncio.gather(*(wire.runner.run(each) for each in ids))
    await wire.work()
    assert [row[2] for row in await wire.appointments()] == [monday(11 % 5, 9 + 11 % 6)]
    assert {state for state, _ in await wire.deliveries()} <= {"processed", "ignored"}


@pytest.mark.parametrize(
    ("raw", "code", "error"),
    [
        (b"hello", "AR", "100"),
        (b"MSH|^~\\&", "AR", ""),
        (siu().replace(b"|C1|", b"||"), "AR", "101"),
        (siu().replace(b"NORTHSIDE", b"ELSEWHERE"), "AR", "207"),
        (siu("S23"), "AR", "201"),
        (siu().replace(b"SIU^S12", b"ORU^R01"), "AR", "200"),
        (siu(head="|P|3.0"), "AR", "203"),
        (siu(pid="ZZZ|1"), "AE", "100"),
        (siu().replace(b"SCH|", b"ZCH|"), "AE", "100"),
        (siu(pid="PID|1||||^^"), "AE", "101"),
        (siu().replace(b"SCH|A100^PTEMR|A100F^PTEMR", b"SCH||"), "AE", "101"),
        (siu().replace(monday().strftime("%Y%m%d%H%M%S").encode(), b"soon"), "AE", "101"),
        (adt("A40"), "AE", "100"),
        (adt("A01"), "AR", "201"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_the_reason(wire: Wire, raw: bytes, code: str, error: str) -> None:
    ((head, acknowledged, *rest),) = await wire.talk(raw)
    assert head.startswith("MSH|^~\\&|") and acknowledged.split("|")[1] == code
    known = raw.startswith(b"MSH|^~\\&|P") and b"|C1|" in raw
    assert not known or acknowledged.split("|")[2] == "C1"
    assert rest and rest[0].startswith("ERR|") and rest[0].split("|")[3].startswith(error)
    assert "Sample" not in "".join(rest) and "1961" not in "".join(rest)
    assert await wire.deliveries() == []


@pytest.mark.parametrize(
    "raw",
    [
        siu(end="\n"),
        siu(end="\r\n"),
        siu().replace(b"PID|", b"pid|").replace(b"SCH|", b"sch|"),
        siu(pid=ADA.replace("M1^^^NS^MR", "999^^^SSA^SS~M1^^^NS^MR~Z9^^^X^PI")),
        siu(head="|P|2.5.1|||||||UNICODE UTF-8"),
        siu(extra="OBX|1|ED|PDF||^application^pdf^Base64^" + "QUJD" * 2_600_000 + "\r"),
        siu(extra="OBX|1|TX|||" + "line\n" * 200_000 + "\r"),
        siu(extra="ZZZ|\\Z99\\|\\X41\\\r"),
    ],
    ids=["lf", "crlf", "small", "repeated", "charset", "10MB", "lines in obx", "escapes"],
)
async def test_quirks_of_real_systems_are_taken(wire: Wire, raw: bytes) -> None:
    await wire.taken(raw)
    assert await wire.appointments() == [("A100F", "booked", monday(), "M1")]


async def test_letters_and_escapes_come_through(wire: Wire) -> None:
    pid = ADA.replace("Sample^Ada^B", "O\\T\\N\\S\\eil Núñez^José^").replace("\\S\\", "")
    await wire.taken(siu(pid=pid))
    row = await wire.admin.fetchrow("SELECT first_name, last_name FROM patients")
    assert tuple(row) == ("José", "O&Neil Núñez")
    await wire.taken(siu(pid=pid, control="L1", number="L1").decode().encode("latin-1"))
    assert await wire.admin.fetchval("SELECT count(*) FROM patients") == 1


async def test_noise_between_and_pieces_of_messages(wire: Wire) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    whole = b"\r\n\x0b" + siu() + b"\x1c\r\n\x0b" + siu(number="A2", at=monday(1), control="C2") + b"\x1c"
    for place in range(0, len(whole), 97):
        writer.write(whole[place : place + 97])
        await writer.drain()
    for _ in range(2):
        answer = await asyncio.wait_for(reader.readuntil(b"\x1c\r"), 10)
        assert b"MSA|AA|" in answer
    writer.close()
    await wire.work()
    assert len(await wire.appointments()) == 2


async def test_a_message_that_never_ends_is_refused(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    await wire.server.stop()
    wire.server = MllpServer(partial(wire._receive, None), most=100_000)
    wire.port = await wire.server.start("127.0.0.1", 0)
    (answer,) = await wire.talk(b"\x0b" + b"x" * 400_000, framed=False)
    assert answer[1].startswith("MSA|AR|")
    await wire.taken(siu())


async def test_nothing_is_acknowledged_that_is_not_kept(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    async def down(*_: Any) -> None:
        raise OSError("no database")

    assert wire.context.inbox is not None
    monkeypatch.setattr(wire.context.inbox, "record", down)
    assert await wire.send(siu()) == ["AE"]
    monkeypatch.undo()
    await wire.taken(siu())
    assert len(await wire.appointments()) == 1


async def test_an_unclear_patient_waits_for_a_person_and_is_replayed(wire: Wire, client: httpx.AsyncClient) -> None:
    await open_lead(client, {"first_name": "Ada", "last_name": "Sample", "phone": "312 555 0142"})
    await wire.taken(siu())
    assert await wire.deliveries() == [("failed", "patient_unclear")] and await wire.appointments() == []
    await wire.admin.execute("UPDATE patients SET dob = '1961-04-09'")
    (delivery,) = (await client.get("/api/v1/admin/deliveries")).json()["items"]
    answer = await client.post(f"/api/v1/admin/deliveries/{delivery['id']}/replay")
    assert answer.is_success, answer.text
    await wire.work()
    assert len(await wire.appointments()) == 1


async def test_people_are_registered_completed_renamed_and_never_mixed_up(wire: Wire) -> None:
    await wire.taken(adt("A04"), adt("A08", ADA.replace("(312)555-0142", "(312)555-0199"), "D2"))
    assert await wire.admin.fetchval("SELECT phone FROM patients") == "+13125550142"
    await wire.taken(adt("A08", ADA.replace("Sample^Ada", "Newname^Ada"), "D3"))
    assert await wire.admin.fetchval("SELECT last_name FROM patients") == "Newname"
    await wire.taken(adt("A08", ADA.replace("Sample^Ada", "Other^Bo").replace("19610409", "19900102"), "D4"))
    assert await wire.admin.fetchval("SELECT count(*) FROM patients") == 1
    assert (await wire.deliveries())[-1] == ("failed", "patient_unclear")


async def test_a_merge_is_shown_to_people_and_not_carried_out(wire: Wire) -> None:
    other = "PID|1||M2^^^NS^MR||Samples^Adele||19630409|F"
    await wire.taken(adt("A04"), adt("A04", other, "D2"))
    assert await wire.admin.fetchval("SELECT count(*) FROM patients") == 2, await wire.deliveries()
    await wire.admin.execute("DELETE FROM patient_pairs")
    await wire.taken(adt("A40", ADA, "D3", "MRG|M2^^^NS^MR\r"))
    assert await wire.admin.fetchval("SELECT count(*) FROM patient_pairs WHERE score >= 0.85") == 1
    assert await wire.admin.fetchval("SELECT count(*) FROM patients WHERE merged_into IS NULL") == 2
    await wire.taken(adt("A40", ADA.replace("M1^", "M9^"), "D4", "MRG|M1^^^NS^MR\r"))
    assert await wire.admin.fetchval("SELECT count(*) FROM patients WHERE mrn = 'M9'") == 1


async def test_senders_are_told_apart_by_names_ports_and_addresses(
    wire: Wire, client: httpx.AsyncClient, other_practice: SamplePractice
) -> None:
    path = "/api/v1/settings/hl7-senders"
    same = {"version": 0, "name": "Twice", "application": "PTEMR", "facility": "NORTHSIDE"}
    assert (await client.post(path, json=same)).status_code == 409
    assert (await client.post(path, json={"version": 0, "name": "Nobody"})).status_code == 422
    assert (await client.post(path, json=same | {"peers": ["here"]})).status_code == 422
    own = await client.post(path, json={"version": 0, "name": "Own", "port": 2575, "peers": ["127.0.0.0/8"]})
    assert own.status_code == 201 and own.json()["listening_on"] == 2575
    answer = await wire._receive(2575, siu(), "127.0.0.1")
    assert answer.code == "AA"
    assert (await wire._receive(2575, siu(), "192.0.2.7")).code == "AR"
    (first,) = [each for each in (await client.get(path)).json()["items"] if each["name"] == "EMR"]
    closed = await client.put(f"{path}/{first['id']}", json=same | {"version": first["version"], "active": False})
    assert closed.status_code == 200
    assert await wire.send(siu(control="X")) == ["AR"]


async def test_no_word_of_a_patient_is_logged(
    wire: Wire, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    await wire.send(siu(pid=ADA + "\\Zbad\\"), siu(pid="PID|1||||Secretname^^"), b"MSH|^~\\&|Secretname")
    await wire.work()
    out = capfd.readouterr()
    assert "Sample" not in out.out + out.err + caplog.text and "Secretname" not in out.out + out.err + caplog.text
