"""What the people of one clinic may see and change of the others."""

from uuid import UUID

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.identity import service
from backend.identity.queries import practice_key
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.messaging import lines
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from tests.conftest import SamplePractice

SECRETS = {"account_sid": "AC1", "auth_token": "secret-token"}
CALL = """INSERT INTO calls (practice_id, id, line_id, lead_id, external_id, phone, started_at, outcome, transcript)
VALUES ($1, $2, $3, $4, $5, $6, now(), 'voicemail', 'my knee')"""


class Two:
    """A practice with two clinics: North is ours, South is theirs."""

    def __init__(self, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection") -> None:
        self._context, self._practice, self._admin = context, practice, admin
        self.north, self.leads, self.lines = practice.location_id, dict[str, UUID](), dict[str, UUID]()

    async def prepare(self) -> "Two":
        """A number and a lead at each; both patients have called."""
        async with self._context.database.transaction(self._practice.id) as session:
            self.south = (await service.create_location(session, name="South", timezone="America/Chicago")).id
            key = await practice_key(session, self._context)
            for number, (name, place) in enumerate({"north": self.north, "south": self.south}.items()):
                line = await lines.add_line(
                    session, key, account_key=name, number=f"+1217555011{number}", secrets=SECRETS, location_id=place
                )
                patient = await patients.create(
                    session, PatientFacts(first_name="Ada", last_name=name, phone=f"+1217555014{number}")
                )
                self.lines[name] = line.id
                self.leads[name] = (await leads.open_lead(session, NewLead(patient.id, "phone", place))).id
        for name, line_id in self.lines.items():
            await self._admin.execute(
                CALL, self._practice.id, new_id(), line_id, self.leads[name], name, f"+1217555014{name == 'south':d}"
            )
        return self

    async def be(self, north: str, south: str | None) -> None:
        """The caller's roles."""
        await self._admin.execute("DELETE FROM memberships WHERE user_id = $1", self._practice.user_id)
        for place, role in ((self.north, north), (self.south, south)):
            if role:
                await self._admin.execute(
                    "INSERT INTO memberships (practice_id, id, user_id, location_id, role) VALUES ($1, $2, $3, $4, $5)",
                    self._practice.id, new_id(), self._practice.user_id, place, role,
                )  # fmt: skip


@pytest.fixture
async def two(context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection") -> Two:
    """Two clinics."""
    return await Two(context, practice, admin).prepare()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "calls"), ("GET", "consents"), ("GET", "messages/verdict"), ("GET", "conversation"),
        ("POST", "messages/check"),
    ],
)  # fmt: skip
async def test_a_liaison_at_one_clinic_reads_no_messages_there(
    two: Two, client: httpx.AsyncClient, method: str, path: str
) -> None:
    await two.be("front_desk", "liaison")
    body = {"json": {"body": "hello"}} if method == "POST" else {}
    for name, expected in (("north", {200, 404} if path == "conversation" else {200}), ("south", {404})):
        answer = await client.request(method, f"/api/v1/leads/{two.leads[name]}/{path}", **body)  # type: ignore[arg-type]
        assert answer.status_code in expected, name
        assert "knee" not in answer.text or name == "north"
    assert (await client.get(f"/api/v1/leads/{two.leads['south']}")).status_code == 200, "where it stands they may see"


async def test_a_lead_shows_no_calls_to_a_number_of_another_clinic(
    two: Two, client: httpx.AsyncClient, admin: "asyncpg.Connection"
) -> None:
    await two.be("front_desk", None)
    url = f"/api/v1/leads/{two.leads['north']}/calls"
    assert len((await client.get(url)).json()["items"]) == 1
    await admin.execute("UPDATE calls SET lead_id = $1", two.leads["north"])
    assert len((await client.get(url)).json()["items"]) == 1
    await two.be("front_desk", "front_desk")
    assert len((await client.get(url)).json()["items"]) == 2


POLICY = {
    "version": 0, "first_text": "consent_first", "opens": "09:00", "closes": "20:00", "sundays": False, "per_day": 1,
    "per_week": 3,
}  # fmt: skip
CALLS = {"forward_to": "(217) 555-0166", "version": 1}
OF_ALL = [
    ("PUT", "/api/v1/settings/messaging", POLICY),
    ("POST", "/api/v1/message-templates", {"name": "Parking", "body": "You can park behind the house."}),
    ("PUT", "/api/v1/message-templates/second_text", {"body": "Shall we find a time?", "version": 1}),
    ("POST", "/api/v1/sequences/order", "order"),
    ("POST", "/api/v1/sequences", "sequence"),
    ("PUT", "/api/v1/sequences/{sequence}", "change"),
    ("PUT", "/api/v1/settings/follow-up", "rules"),
    ("DELETE", "/api/v1/sequences/{sequence}", None),
]


async def _body(client: httpx.AsyncClient, body: object) -> tuple[str, object]:
    """The body as the SPA would send it, and the first sequence's id."""
    sequences = (await client.get("/api/v1/sequences")).json()["items"]
    first, names = sequences[0], ("name", "trigger", "active", "conditions", "steps")
    match body:
        case "order":
            body = {"ids": [one["id"] for one in sequences]}
        case "sequence":
            body = {name: first[name] for name in names} | {"name": "Another"}
        case "change":
            body = {name: first[name] for name in names} | {"version": first["version"]}
        case "rules":
            body = (await client.get("/api/v1/settings/follow-up")).json()
            assert isinstance(body, dict)
            body.pop("waiting")
    return first["id"], body


@pytest.mark.parametrize(("method", "path", "body"), OF_ALL)
async def test_what_holds_for_every_clinic_needs_a_manager_of_all(
    two: Two, client: httpx.AsyncClient, method: str, path: str, body: object
) -> None:
    await client.get("/api/v1/message-templates")
    sequence, sent = await _body(client, body)
    url, given = path.format(sequence=sequence), {"json": sent} if sent else {}
    await two.be("manager", None)
    refused = await client.request(method, url, **given)  # type: ignore[arg-type]
    assert (refused.status_code, refused.json()["type"]) == (403, "forbidden")
    await two.be("manager", "manager")
    assert (await client.request(method, url, **given)).status_code == 403, "not even of each"  # type: ignore[arg-type]


@pytest.mark.parametrize(("method", "path", "body"), OF_ALL)
async def test_a_manager_of_all_may(two: Two, client: httpx.AsyncClient, method: str, path: str, body: object) -> None:
    await client.get("/api/v1/message-templates")
    sequence, sent = await _body(client, body)
    given = {"json": sent} if sent else {}
    answer = await client.request(method, path.format(sequence=sequence), **given)  # type: ignore[arg-type]
    assert answer.status_code in {200, 201, 204}, answer.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/calls", CALLS),
        ("PATCH", "", {"active": False, "version": 1}),
        ("POST", "/rotate", {"auth_token": "another-token", "version": 1}),
        ("POST", "/rotate/finish", {"version": 1}),
        ("POST", "/resume", {"version": 1}),
    ],
)
async def test_another_clinics_number_is_not_ours_to_change(
    two: Two, client: httpx.AsyncClient, admin: "asyncpg.Connection", method: str, path: str, body: dict[str, object]
) -> None:
    await two.be("manager", None)
    url = "/api/v1/settings/phone-lines/{}" + path
    assert (await client.request(method, url.format(two.lines["south"]), json=body)).status_code == 404
    assert (await client.request(method, url.format(two.lines["north"]), json=body)).status_code in {200, 409}
    await admin.execute("UPDATE phone_lines SET location_id = NULL")
    assert (await client.request(method, url.format(two.lines["south"]), json=body)).status_code == 403
    assert await admin.fetchval("SELECT version FROM phone_lines WHERE id = $1", two.lines["south"]) == 1


async def test_a_number_cannot_be_given_to_another_clinic(two: Two, client: httpx.AsyncClient) -> None:
    await two.be("manager", None)
    url = f"/api/v1/settings/phone-lines/{two.lines['north']}"
    for place, status in ((str(two.south), 404), (None, 403)):
        answer = await client.patch(url, json={"location_id": place, "version": 1})
        assert answer.status_code == status
    body = {"number": "(217) 555-0119", "secrets": SECRETS, "location_id": str(two.south)}
    assert (await client.post("/api/v1/settings/phone-lines", json=body)).status_code == 404
    ours = body | {"location_id": str(two.north)}
    assert (await client.post("/api/v1/settings/phone-lines", json=ours)).status_code == 201
