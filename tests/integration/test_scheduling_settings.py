"""Settings of scheduling over the API, and what they change in what is offered."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from backend.core.context import ProcessContext
from tests.conftest import SamplePractice
from tests.scheduling import CHICAGO, MONDAY, Calendar, at, calendar, desk, lead

__all__ = ["desk"]  # fixture
TUESDAY = MONDAY + timedelta(days=1)


async def hours(desk: httpx.AsyncClient, made: Calendar, **query: Any) -> list[str]:
    """Local times offered on Tuesday."""
    asked = {"appointment_type": str(made.evaluation), "from": "2026-12-01", "to": "2026-12-01"} | query
    answer = await desk.get("/api/v1/slots", params=asked)
    assert answer.status_code == 200, answer.text
    local = [datetime.fromisoformat(one["starts_at"]).astimezone(CHICAGO) for one in answer.json()["items"]]
    return [moment.strftime("%H:%M") for moment in local]


async def test_notice_spacing_and_horizon_and_what_a_clinic_does_otherwise(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice, clinicians=1)
    with at(MONDAY.replace(hour=12)):
        assert await hours(desk, made) == [f"{12 + tick // 4:02}:{tick % 4 * 15:02}" for tick in range(17)]
        assert (await hours(desk, made, audience="staff"))[0] == "09:00", "the desk books whatever is free"
        body = {"version": 0, "notice_minutes": 60, "horizon_days": 30, "spacing_minutes": 60, "late_cancel_hours": 12}
        chosen = await desk.put("/api/v1/scheduling-settings", json=body)
        assert (chosen.status_code, chosen.json()["version"]) == (200, 1)
        assert await hours(desk, made) == [f"{hour:02}:00" for hour in range(9, 17)]
        path = f"/api/v1/scheduling-settings/{practice.location_id}"
        clinic = (await desk.put(path, json={"version": 0, "spacing_minutes": 30, "notice_minutes": 26 * 60})).json()
        assert (clinic["effective"]["spacing_minutes"], clinic["effective"]["horizon_days"]) == (30, 30)
        assert (await hours(desk, made))[:2] == ["14:00", "14:30"]
        stale = await desk.put(path, json={"version": 0, "spacing_minutes": 15})
        assert (stale.status_code, stale.json()["current_version"]) == (409, 1)
        far = {"from": "2027-01-04", "to": "2027-01-05"}
        assert await hours(desk, made, **far) == [] and await hours(desk, made, audience="staff", **far) != []
    assert (await desk.put("/api/v1/scheduling-settings", json=body | {"spacing_minutes": 7})).status_code == 422


async def test_a_holiday_an_exception_a_block_and_a_type_nobody_gives(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice, clinicians=1)
    person = f"/api/v1/clinicians/{made.clinicians[0]}"
    block = {
        "location_id": str(practice.location_id), "kind": "meeting",
        "starts_at": TUESDAY.replace(hour=9).isoformat(), "ends_at": TUESDAY.replace(hour=15).isoformat(),
    }  # fmt: skip
    with at(MONDAY):
        blocked = (await desk.post("/api/v1/blocked-times", json=block)).json()
        assert await hours(desk, made, audience="staff") == ["15:00", "15:15", "15:30", "15:45", "16:00"]
        closed = await desk.post(
            "/api/v1/appointments", json=made.body(TUESDAY.replace(hour=10), lead_id=(await lead(desk))["id"])
        )
        assert closed.json()["reasons"] == ["blocked"]
        change = block | {"version": 1, "ends_at": TUESDAY.replace(hour=16).isoformat()}
        assert (await desk.put(f"/api/v1/blocked-times/{blocked['id']}", json=change)).json()["version"] == 2
        assert await hours(desk, made, audience="staff") == ["16:00"]
        listed = (await desk.get("/api/v1/blocked-times", params={"clinician_id": str(made.clinicians[0])})).json()
        assert [one["id"] for one in listed["items"]] == [blocked["id"]]
        assert (await desk.delete(f"/api/v1/blocked-times/{blocked['id']}")).status_code == 204
        off = {"date": "2026-12-01", "kind": "off", "note": "Dentist"}
        exception = (await desk.post(f"{person}/exceptions", json=off)).json()
        assert await hours(desk, made, audience="staff") == []
        open_times = {"from": "2026-11-30", "to": "2026-12-02"}
        spans = (await desk.get("/api/v1/open-times", params=open_times)).json()["items"]
        assert [one["starts_at"][:10] for one in spans] == ["2026-11-30", "2026-12-02"]
        assert (await desk.delete(f"{person}/exceptions/{exception['id']}")).status_code == 204
        holiday = (await desk.post("/api/v1/holidays", json={"date": "2026-12-01", "name": "Closed"})).json()
        assert await hours(desk, made, audience="staff") == []
        assert (await desk.delete(f"/api/v1/holidays/{holiday['id']}")).status_code == 204
        assert len(await hours(desk, made, audience="staff")) == 29
        shown = (await desk.get(person)).json()
        facts = {name: shown[name] for name in ("name", "disciplines", "color", "location_ids", "version")}
        gave_up = await desk.put(person, json=facts | {"appointment_type_ids": [str(made.follow_up)]})
        assert gave_up.json()["missing"] == []
        assert await hours(desk, made, audience="staff") == []


async def test_a_week_is_written_whole(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice, clinicians=1)
    path = f"/api/v1/clinicians/{made.clinicians[0]}/availability"
    week = (await desk.get(path)).json()
    assert (week["version"], len(week["items"])) == (2, 5)
    here = {"location_id": str(practice.location_id)}
    only = [
        {"weekday": 1, "opens": "13:00", "closes": "15:00", "appointment_type_ids": [str(made.evaluation)]} | here,
        {"weekday": 1, "opens": "09:00", "closes": "11:00", "valid_until": "2026-11-30"} | here,
    ]
    written = await desk.put(path, json={"version": 2, "items": only})
    assert (written.status_code, written.json()["version"]) == (200, 3)
    assert (await desk.put(path, json={"version": 2, "items": []})).json()["current_version"] == 3
    with at(MONDAY.replace(hour=7)):
        assert await hours(desk, made) == ["13:00", "13:15", "13:30", "13:45", "14:00"]
        assert await hours(desk, made, appointment_type=str(made.follow_up)) == []
    bad: list[dict[str, Any]] = [
        {"weekday": 7, "opens": "09:00", "closes": "11:00"}, {"weekday": 1, "opens": "11:00", "closes": "09:00"},
        {"weekday": 1, "opens": "09:02", "closes": "11:00"}, {"weekday": 1, "opens": "09:00Z", "closes": "11:00Z"},
    ]  # fmt: skip
    for span in bad:
        assert (await desk.put(path, json={"version": 3, "items": [span | here]})).status_code == 422, span


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "count", "most": 2},
        {"rule": "concurrency", "most": 0},
        {"rule": "case_mix", "most": 101},
        {"rule": "case_mix", "most": 10, "per": "practice"},
        {"rule": "count", "period": "month", "most": 2},
    ],
)
async def test_impossible_rules_are_refused(desk: httpx.AsyncClient, rule: dict[str, Any]) -> None:
    assert (await desk.post("/api/v1/booking-rules", json=rule)).status_code == 422


async def test_a_rule_is_added_changed_and_removed(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice, clinicians=1)
    body = {"rule": "count", "type_kind": "evaluation", "period": "week", "most": 1}
    rule = (await desk.post("/api/v1/booking-rules", json=body, headers={"Idempotency-Key": "r"})).json()
    again = await desk.post("/api/v1/booking-rules", json=body, headers={"Idempotency-Key": "r"})
    assert again.json()["id"] == rule["id"]
    with at(MONDAY):
        first = made.body(TUESDAY.replace(hour=10), lead_id=(await lead(desk))["id"])
        assert (await desk.post("/api/v1/appointments", json=first)).status_code == 201
        assert await hours(desk, made, audience="staff") == []
        changed = await desk.put(f"/api/v1/booking-rules/{rule['id']}", json=body | {"version": 1, "most": 2})
        assert changed.json()["version"] == 2
        assert await hours(desk, made, audience="staff") != []
    assert (await desk.delete(f"/api/v1/booking-rules/{rule['id']}")).status_code == 204
    assert (await desk.get("/api/v1/booking-rules")).json()["items"] == []


async def test_what_cannot_be_asked(desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice) -> None:
    await calendar(context, practice)
    for query in (
        {"appointment_type": "massage"}, {"appointment_type": "evaluation", "from": "soon"},
        {"appointment_type": "evaluation", "from": "2026-12-02", "to": "2026-12-01"},
        {"appointment_type": "evaluation", "window": "someday,09:00,10:00"},
        {"appointment_type": "evaluation", "window": "mon,10:00,09:00"},
        {"appointment_type": "evaluation", "window": "2026-13-45,09:00,10:00"},
        {"appointment_type": "evaluation", "pick": "0"},
    ):  # fmt: skip
        answer = await desk.get("/api/v1/slots", params=query)
        assert answer.status_code == 422, query
        assert "soon" not in answer.text and "massage" not in answer.text
    double = {"name": "Evaluation", "kind": "evaluation", "minutes": 60}
    assert (await desk.post("/api/v1/appointment-types", json=double)).status_code == 409
    assert (await desk.post("/api/v1/appointment-types", json=double | {"minutes": 7})).status_code == 422


async def test_pages_of_slots_join_without_gap_or_double(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    await calendar(context, practice, clinicians=3)
    query = {"appointment_type": "evaluation", "from": "2026-12-01", "to": "2026-12-02"}
    with at(MONDAY):
        whole = (await desk.get("/api/v1/slots", params=query | {"limit": "1000"})).json()
        found, cursor = [], None
        while True:
            page = query | {"limit": "40"} | ({"cursor": cursor} if cursor else {})
            answer = (await desk.get("/api/v1/slots", params=page)).json()
            found += answer["items"]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
    assert found == whole["items"] and len(found) == 2 * 3 * 29
    assert whole["days"] == [{"date": "2026-12-01", "count": 29}, {"date": "2026-12-02", "count": 29}]


async def test_a_weekly_meeting_and_its_end(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice, clinicians=1)
    block = {
        "clinician_id": str(made.clinicians[0]), "kind": "meeting", "repeat_weekly_until": "2026-12-22",
        "starts_at": TUESDAY.replace(hour=9).isoformat(), "ends_at": TUESDAY.replace(hour=10).isoformat(),
    }  # fmt: skip
    with at(MONDAY):
        assert (await desk.post("/api/v1/blocked-times", json=block)).status_code == 201
        weeks = (await desk.get("/api/v1/blocked-times")).json()["items"]
        assert len(weeks) == 4 and len({one["series_id"] for one in weeks}) == 1
        one_week = f"/api/v1/blocked-times/{weeks[1]['id']}"
        assert (await desk.delete(one_week)).status_code == 204
        rest = f"/api/v1/blocked-times/{weeks[2]['id']}?following=true"
        assert (await desk.delete(rest)).status_code == 204
        left = (await desk.get("/api/v1/blocked-times")).json()["items"]
        assert [one["id"] for one in left] == [weeks[0]["id"]]
    for wrong in ("2026-11-01", "2028-01-01"):
        refused = await desk.post("/api/v1/blocked-times", json=block | {"repeat_weekly_until": wrong})
        assert refused.status_code == 422
