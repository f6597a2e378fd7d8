"""The waitlist and whom it names; calendar files and feeds."""

from datetime import datetime, timedelta
from typing import Any

import httpx
from icalendar import Calendar as ICalendar

from backend.core.context import ProcessContext
from backend.identity import api_keys, permissions
from backend.operations.checks import calendar as checks
from tests.conftest import SamplePractice
from tests.scheduling import MONDAY, at, calendar, desk, lead

__all__ = ["desk"]  # fixture
TEN = MONDAY.replace(hour=10) + timedelta(days=1)


async def test_who_is_asked_first_when_a_time_falls_free(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    ids: dict[str, str] = {}
    with at(MONDAY):
        gone = (
            await desk.post("/api/v1/appointments", json=made.body(TEN, lead_id=(await lead(desk, "Gone"))["id"]))
        ).json()
    wishes: dict[str, dict[str, Any]] = {
        "Patient": {"priority": 1}, "Urgent": {"priority": 3}, "Second": {"priority": 1},
        "Mornings": {"windows": [{"day": "tue", "start": "08:00", "end": "12:00"}]},
        "Afternoons": {"priority": 3, "windows": [{"day": "any", "start": "13:00", "end": "18:00"}]},
        "Expired": {"priority": 3, "expires_on": "2026-11-29"}, "Later": {"priority": 3, "earliest": "2026-12-05"},
        "Picky": {"priority": 3, "clinician_id": str(made.clinicians[1])},
        "Sooner": {"priority": 3}, "HasLater": {"priority": 0},
    }  # fmt: skip
    for number, (name, more) in enumerate(wishes.items()):
        with at(MONDAY - timedelta(days=3) + timedelta(minutes=number)):
            someone = await lead(desk, name)
            body = {"lead_id": someone["id"], "appointment_type_id": str(made.evaluation)} | more
            answer = await desk.post("/api/v1/waitlist", json=body)
            assert answer.status_code == 201, answer.text
            ids[name] = answer.json()["id"]
            start = {"Sooner": TEN - timedelta(hours=1), "HasLater": TEN + timedelta(days=2)}.get(name)
            if start:
                visit = made.body(start, 1, lead_id=someone["id"])
                assert (await desk.post("/api/v1/appointments", json=visit)).status_code == 201
    with at(MONDAY):
        past = {"lead_id": someone["id"], "appointment_type_id": str(made.follow_up), "expires_on": "2026-11-29"}
        assert (await desk.post("/api/v1/waitlist", json=past)).status_code == 422
        twice = {"lead_id": someone["id"], "appointment_type_id": str(made.evaluation)}
        assert (await desk.post("/api/v1/waitlist", json=twice)).status_code == 409
        found = (await desk.get(f"/api/v1/appointments/{gone['id']}/candidates")).json()["items"]
        order = [one["patient_display_name"].split()[0] for one in found]
        assert order == ["Urgent", "Patient", "Second", "Mornings", "HasLater"]
        assert datetime.fromisoformat(found[-1]["appointment_starts_at"]) == TEN + timedelta(days=2)
        listed = (await desk.get("/api/v1/waitlist")).json()["items"]
        assert "Expired Sample" not in {one["patient_display_name"] for one in listed}
        change = {"version": 1, "appointment_type_id": str(made.evaluation), "priority": 3}
        assert (await desk.put(f"/api/v1/waitlist/{ids['Second']}", json=change)).json()["priority"] == 3
        assert (await desk.put(f"/api/v1/waitlist/{ids['Second']}", json=change)).status_code == 409
        assert (await desk.delete(f"/api/v1/waitlist/{ids['Urgent']}")).status_code == 204
        found = (await desk.get(f"/api/v1/appointments/{gone['id']}/candidates")).json()["items"]
        assert found[0]["patient_display_name"] == "Second Sample"
        visits = (await desk.get("/api/v1/appointments", params={"from": "2026-12-03", "to": "2026-12-03"})).json()
        (later,) = visits["items"]
        await desk.post(f"/api/v1/appointments/{later['id']}/check-in", json={})
        filled = (await desk.get("/api/v1/waitlist", params={"state": "filled"})).json()["items"]
        assert [(one["id"], one["appointment_id"]) for one in filled] == [(ids["HasLater"], later["id"])]


async def test_a_visit_as_a_file_has_its_zone_and_nothing_about_the_patient(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(MONDAY):
        body = made.body(TEN, lead_id=(await lead(desk))["id"], note="Knee, wheelchair")
        appointment = (await desk.post("/api/v1/appointments", json=body)).json()
        path = f"/api/v1/appointments/{appointment['id']}"
        answer = await desk.get(f"{path}/calendar.ics")
        await desk.post(f"{path}/reschedule", json={"version": 1, "starts_at": (TEN + timedelta(hours=1)).isoformat()})
        moved = await desk.get(f"{path}/calendar.ics")
        await desk.post(f"{path}/cancel", json={"version": 2})
        canceled = await desk.get(f"{path}/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "Ada" not in answer.text and "Knee" not in answer.text
    events = [_event(one.text) for one in (answer, moved, canceled)]
    assert len({str(one["uid"]) for one in events}) == 1
    assert [int(one["sequence"]) for one in events] == [0, 1, 2]
    assert events[0].decoded("dtstart") == TEN and events[1].decoded("dtstart") == TEN + timedelta(hours=1)
    assert [str(one["status"]) for one in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    zone: Any = next(iter(ICalendar.from_ical(answer.text).walk("VTIMEZONE")))
    assert str(zone["tzid"]) == "America/Chicago" and {part.name for part in zone.subcomponents} == {
        "STANDARD",
        "DAYLIGHT",
    }
    assert zone.to_tz().utcoffset(datetime(2026, 12, 1, 10)) == timedelta(hours=-6)
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))


def _event(text: str) -> Any:
    return next(iter(ICalendar.from_ical(text).walk("VEVENT")))


async def test_a_feed_is_secret_can_be_changed_and_taken_back(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, other_practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(MONDAY):
        ada = await lead(desk)
        await desk.post("/api/v1/appointments", json=made.body(TEN, lead_id=ada["id"]))
        plain = (await desk.post("/api/v1/calendar-feeds", json={"clinician_id": str(made.clinicians[0])})).json()
        named = {"location_id": str(practice.location_id), "names": "initials"}
        clinic = (await desk.post("/api/v1/calendar-feeds", json=named)).json()
        other = (await desk.post("/api/v1/calendar-feeds", json={"clinician_id": str(made.clinicians[1])})).json()
        desk.headers.pop("Authorization")
        texts = [(await desk.get(_path(one["url"]))).text for one in (plain, clinic, other)]
        assert [str(_event(text)["summary"]) for text in texts[:2]] == ["Evaluation", "Evaluation AS"]
        assert "VEVENT" not in texts[2] and "Sample" not in "".join(texts)
        assert (await desk.get("/calendars/guessed-guessed-guessed.ics")).status_code == 404
    async with context.database.transaction(practice.id) as session:
        _, key = api_keys.create(session, "again", sorted(permissions.ALL))
    desk.headers["Authorization"] = f"Bearer {key}"
    turned = await desk.post(f"/api/v1/calendar-feeds/{plain['id']}/rotate", json={"version": 1})
    assert (await desk.get(_path(plain["url"]))).status_code == 404
    assert (await desk.get(_path(turned.json()["url"]))).status_code == 200
    assert (await desk.delete(f"/api/v1/calendar-feeds/{plain['id']}")).status_code == 204
    assert (await desk.get(_path(turned.json()["url"]))).status_code == 404
    listed = (await desk.get("/api/v1/calendar-feeds")).json()["items"]
    assert {one["id"] for one in listed} == {clinic["id"], other["id"]} and "url" not in listed[0]
    foreign = {"location_id": str(other_practice.location_id)}
    assert (await desk.post("/api/v1/calendar-feeds", json=foreign)).status_code == 404


def _path(url: str) -> str:
    return url[url.index("/calendars/") :]


async def test_the_doctor_names_visits_without_outcome_and_leads_that_disagree(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    made = await calendar(context, practice)
    with at(MONDAY):
        body = made.body(TEN, lead_id=(await lead(desk))["id"])
        appointment = (await desk.post("/api/v1/appointments", json=body)).json()

    async def found(check: Any, moment: datetime) -> list[tuple[str, str]]:
        with at(moment):
            async with context.database.transaction(practice.id) as session:
                return [(one.id, one.note) for one in (await check(session)).violations]

    assert await found(checks.unnoted, TEN + timedelta(days=3)) == []
    unnoted = await found(checks.unnoted, TEN + timedelta(days=9))
    assert unnoted == [(appointment["id"], "over, and nobody noted what became of it")]
    assert await found(checks.disagreeing, TEN) == []
    await admin.execute("UPDATE leads SET evaluation_state = 'canceled'")
    assert await found(checks.disagreeing, TEN) == [(appointment["id"], "its lead says canceled")]
    assert await found(checks.overlapping, TEN) == []
