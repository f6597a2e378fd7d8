"""What is offered, against the plain definition: a loop over every start, across both changes of the clocks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.ids import new_id
from backend.core.working_time import Calendar
from backend.identity.models import Location
from backend.scheduling import choosing
from backend.scheduling.grid import Grid, fits, positions, runs
from backend.scheduling.material import Material, Taken
from backend.scheduling.models import (
    AppointmentType,
    Availability,
    AvailabilityException,
    BlockedTime,
    BookingRule,
    Clinician,
)
from backend.scheduling.openings import Openings
from backend.scheduling.settings import Offering, Offerings
from backend.scheduling.words import SlotQuery

PLACE, PERSON, KIND = new_id(), new_id(), new_id()
ZONES = ("America/Chicago", "America/Phoenix", "Pacific/Honolulu", "America/St_Johns")
# Weeks with the changes of 2026 and 2027 in them, and an ordinary one.
MONDAYS = (date(2026, 10, 26), date(2027, 3, 8), date(2027, 1, 11))
FIVE = timedelta(minutes=5)


def kind(minutes: int = 60, before: int = 0, after: int = 0, name: str = "evaluation") -> AppointmentType:
    return AppointmentType(
        id=KIND, name="E", kind=name, minutes=minutes, padding_before=before, padding_after=after, active=True,
        self_schedulable=True, virtual=False, version=1,
    )  # fmt: skip


def weekly(day: int, opens: time, closes: time, **more: Any) -> Availability:
    return Availability(
        id=new_id(), clinician_id=PERSON, location_id=PLACE, weekday=day, opens=opens, closes=closes,
        **{"type_ids": [], "valid_from": None, "valid_until": None} | more,
    )  # fmt: skip


def taken(starts: Sequence[datetime], minutes: int = 60, **more: Any) -> Taken:
    ticks = [int(start.timestamp()) // 300 for start in starts]
    facts: dict[str, Any] = {
        "clinician_id": PERSON, "location_id": PLACE, "type_id": KIND, "type_kind": "evaluation", "payer": None,
        "concurrency": 1, "starts": ticks, "ends": [tick + minutes // 5 for tick in ticks], "begins": ticks,
        "minutes": [minutes] * len(ticks),
    }  # fmt: skip
    return Taken(**facts | more)


def material(zone: str, **more: Any) -> Material:
    week = tuple((day, time(0), time(23, 59)) for day in range(7))
    facts: dict[str, Any] = {
        "type": kind(), "offering": Offerings(Offering(), {}),
        "places": {(PERSON, PLACE): (Clinician(id=PERSON, name="P", disciplines=["PT"], color="#000000"),
                                     Location(id=PLACE, name="N", timezone=zone))},
        "calendars": {PLACE: Calendar(zone, week)}, "availability": [], "exceptions": [], "blocked": [], "taken": [],
        "rules": [], "resources": [], "in_use": [],
    }  # fmt: skip
    return Material(**facts | more)


def offered(read: Material, wanted: SlotQuery, at: datetime) -> list[datetime]:
    grid = Grid.over(min(at, wanted.start) - timedelta(days=9), wanted.end + timedelta(days=9))
    openings = Openings(wanted, read, grid, at)
    found = []
    for opening in openings.all():
        found += [grid.moment(place) for place in positions(opening.begins & openings.offered(opening.location))]
    return found


def query(start: datetime, days: int = 8, **more: Any) -> SlotQuery:
    return SlotQuery(KIND, start, start + timedelta(days=days), **more)


times = st.integers(0, 287).map(lambda tick: time(tick // 12, tick % 12 * 5))
spans = st.tuples(times, times).filter(lambda span: span[0] < span[1])


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES), monday=st.sampled_from(MONDAYS),
    week=st.lists(st.tuples(st.integers(0, 6), spans), min_size=1, max_size=8),
    busy=st.lists(st.tuples(st.integers(0, 8 * 288), st.integers(1, 30)), max_size=12),
    block=st.tuples(st.integers(0, 8 * 288), st.integers(1, 400)),
    minutes=st.sampled_from((5, 20, 45, 60, 90)), before=st.sampled_from((0, 10)), after=st.sampled_from((0, 15)),
    notice=st.sampled_from((0, 120, 1440, 4000)), spacing=st.sampled_from((5, 10, 15, 20, 30, 60)),
    asked=st.integers(0, 2000),
)  # fmt: skip
def test_what_is_offered_is_what_the_definition_says(
    zone: str, monday: date, week: list[Any], busy: list[tuple[int, int]], block: tuple[int, int], minutes: int,
    before: int, after: int, notice: int, spacing: int, asked: int,
) -> None:  # fmt: skip
    here = ZoneInfo(zone)
    start = datetime.combine(monday, time(), here).astimezone(UTC)
    at = start + timedelta(minutes=asked) - timedelta(days=1)
    starts = [(start + FIVE * first, start + FIVE * (first + length)) for first, length in busy]
    blocked_from, blocked_until = start + FIVE * block[0], start + FIVE * (block[0] + block[1])
    groups = [taken([first], int((last - first).total_seconds() // 60)) for first, last in starts]
    read = material(
        zone, type=kind(minutes, before, after), availability=[weekly(day, *span) for day, span in week], taken=groups,
        blocked=[BlockedTime(clinician_id=None, location_id=PLACE, starts_at=blocked_from, ends_at=blocked_until)],
        offering=Offerings(Offering(notice, 60, spacing, 24), {}),
    )  # fmt: skip
    found = offered(read, query(start), at)
    work = []
    for number in range(-1, 10):
        day = monday + timedelta(days=number)
        for weekday, (opens, closes) in week:
            if day.weekday() == weekday:
                work.append((datetime.combine(day, opens, here).timestamp(),
                             datetime.combine(day, min(closes, time(23, 55)), here).timestamp()))  # fmt: skip

    def possible(moment: datetime) -> bool:
        first, last = moment.timestamp(), moment.timestamp() + minutes * 60
        inside = all(any(a <= tick < b for a, b in work) for tick in range(int(first), int(last), 300))
        padded = moment - timedelta(minutes=before), moment + timedelta(minutes=minutes + after)
        free = all(padded[1] <= a or b <= padded[0] for a, b in [*starts, (blocked_from, blocked_until)])
        local = moment.astimezone(here)
        return inside and free and moment >= at + timedelta(minutes=notice) and local.minute % spacing == 0

    expected, moment = [], start
    while moment < start + timedelta(days=8):
        if possible(moment):
            expected.append(moment)
        moment += FIVE
    assert found == expected


@pytest.mark.parametrize(
    ("day", "hours", "first_utc"),
    [(date(2026, 10, 30), 8, 14), (date(2026, 11, 2), 8, 15), (date(2027, 3, 12), 8, 15), (date(2027, 3, 15), 8, 14)],
)
def test_nine_stays_nine_on_both_sides_of_a_change(day: date, hours: int, first_utc: int) -> None:
    read = material("America/Chicago", availability=[weekly(number, time(9), time(17)) for number in range(7)])
    start = datetime.combine(day, time(), ZoneInfo("America/Chicago"))
    found = offered(read, query(start, 1), start - timedelta(days=7))
    assert found[0] == datetime.combine(day, time(first_utc), UTC)
    assert found[-1] - found[0] == timedelta(hours=hours - 1)


def test_the_night_of_a_change_has_the_hours_it_has() -> None:
    read = material("America/Chicago", availability=[weekly(6, time(0), time(4))])
    for day, hours in ((date(2026, 11, 1), 5), (date(2027, 3, 14), 3)):
        start = datetime.combine(day, time(), ZoneInfo("America/Chicago"))
        found = offered(read, query(start, 1, audience="staff"), start - timedelta(days=7))
        assert len(found) == (hours - 1) * 4 + 1


def test_exceptions_holidays_and_extra_hours() -> None:
    zone, monday = "America/Chicago", date(2027, 1, 11)
    usual = tuple((day, time(8), time(18)) for day in range(5))
    calendar = Calendar(zone, usual, ((monday + timedelta(days=2), ()),))

    def extra(number: int) -> AvailabilityException:
        return AvailabilityException(
            clinician_id=PERSON, location_id=PLACE, date=monday + timedelta(days=number), kind="extra", opens=time(10),
            closes=time(11), note=None,
        )  # fmt: skip

    off = AvailabilityException(
        clinician_id=PERSON, location_id=None, date=monday, kind="off", opens=None, closes=None, note=None
    )
    read = material(
        zone, calendars={PLACE: calendar}, availability=[weekly(number, time(16), time(20)) for number in range(5)],
        exceptions=[off, extra(2), extra(5)],
    )  # fmt: skip
    start = datetime.combine(monday, time(), ZoneInfo(zone))
    found = [moment.astimezone(ZoneInfo(zone)) for moment in offered(read, query(start, 7), start - timedelta(days=7))]
    by_day = {
        number: [one.time() for one in found if one.date() == monday + timedelta(days=number)] for number in range(7)
    }
    assert by_day[0] == [] and by_day[2] == [] and by_day[6] == []
    assert (by_day[1][0], by_day[1][-1]) == (time(16), time(17)), "not after the clinic has closed"
    assert by_day[5] == [time(10)], "extra hours on a day the clinic is closed, but not on a holiday"


def rule(**facts: Any) -> BookingRule:
    empty = dict.fromkeys(("location_id", "clinician_id", "type_id", "type_kind", "payer", "period"))
    return BookingRule(**empty | {"id": new_id(), "per": "clinician", "active": True} | facts)


START = datetime(2027, 1, 11, 6, tzinfo=UTC)
NINE_TO_FIVE = [weekly(number, time(9), time(17)) for number in range(5)]
MONDAY_TEN = datetime(2027, 1, 11, 16, tzinfo=UTC)


def days_offered(rules: list[BookingRule], groups: list[Taken], **more: Any) -> set[int]:
    read = material("America/Chicago", availability=NINE_TO_FIVE, rules=rules, taken=groups)
    return {one.day - 11 for one in offered(read, query(START, 7, **more), START - timedelta(days=7))}


def test_a_count_closes_its_day_or_week_once_it_is_reached() -> None:
    two = [taken([MONDAY_TEN, MONDAY_TEN + timedelta(hours=2)])]
    count = rule(rule="count", type_kind="evaluation", period="day", most=2)
    assert days_offered([count], two) == {1, 2, 3, 4}
    assert days_offered([rule(rule="count", period="week", most=2)], two) == set()
    assert days_offered([rule(rule="count", period="week", most=3)], two) == {0, 1, 2, 3, 4}
    assert days_offered([rule(rule="count", type_kind="follow_up", period="day", most=0)], two) == {0, 1, 2, 3, 4}
    other = [taken([MONDAY_TEN], clinician_id=new_id()), taken([MONDAY_TEN + timedelta(hours=2)])]
    assert days_offered([count], other) == {0, 1, 2, 3, 4}
    assert days_offered([rule(rule="count", period="day", per="location", most=2)], other) == {1, 2, 3, 4}


def test_a_share_of_the_week_is_of_the_time_worked() -> None:
    """Forty hours; ten percent are four visits of an hour."""
    ten = rule(rule="case_mix", payer="lakeside", most=10)
    three = [taken([MONDAY_TEN + timedelta(days=number) for number in range(3)], payer="Lakeside Mutual of Illinois")]
    four = [taken([MONDAY_TEN + timedelta(days=number) for number in range(4)], payer="Lakeside Mutual of Illinois")]
    assert days_offered([ten], three, payer="Lakeside Mutual") == {0, 1, 2, 3, 4}
    assert days_offered([ten], four, payer="Lakeside Mutual") == set()
    assert days_offered([ten], four, payer="Prairie Health") == {0, 1, 2, 3, 4}


def test_who_may_be_joined_and_by_how_many() -> None:
    two = rule(rule="concurrency", type_kind="evaluation", most=2)

    def at_ten(groups: list[Taken], rules: list[BookingRule]) -> bool:
        read = material("America/Chicago", availability=NINE_TO_FIVE, rules=rules, taken=groups)
        return MONDAY_TEN in offered(read, query(START, 1), START - timedelta(days=7))

    shared, alone = taken([MONDAY_TEN], concurrency=2), taken([MONDAY_TEN], concurrency=1)
    assert at_ten([shared], [two]) and not at_ten([alone], [two]) and not at_ten([shared], [])
    assert not at_ten([shared, shared], [two]), "two are two"
    assert not at_ten([shared, shared], [rule(rule="concurrency", most=6)]), "nor for those who allow six"
    strict = rule(rule="concurrency", payer="medicare", most=1)
    read = material("America/Chicago", availability=NINE_TO_FIVE, rules=[two, strict], taken=[shared])
    assert MONDAY_TEN not in offered(read, query(START, 1, payer="Medicare"), START - timedelta(days=7))


def test_words_of_the_patient_are_windows_for_the_whole_visit() -> None:
    def hours(**more: Any) -> list[str]:
        read = material(
            "America/Chicago", availability=[weekly(number, time(7), time(20)) for number in range(5)],
            offering=Offerings(Offering(0, 60, 60, 24), {}),
        )  # fmt: skip
        found = offered(read, query(START, 7, **more), START - timedelta(days=1))
        return [one.astimezone(ZoneInfo("America/Chicago")).strftime("%a %H") for one in found]

    assert hours(windows=(("tue", "13:00", "15:00"),)) == ["Tue 13", "Tue 14"]
    assert hours(windows=(("wed", "17:00", "18:00"),)) == ["Wed 17", "Wed 18", "Wed 19"], "after 5 has no end"
    assert hours(windows=(("2027-01-14", "08:00", "10:00"),)) == ["Thu 07", "Thu 08", "Thu 09"], "before ten"
    assert hours(windows=(("any", "12:00", "12:00"),), latest=date(2027, 1, 12)) == ["Mon 12", "Tue 12"]
    assert hours(part_of_day="evening", latest=date(2027, 1, 11)) == ["Mon 17", "Mon 18", "Mon 19"]


def test_the_first_three_are_not_five_of_one_clinician_in_a_row() -> None:
    grid = Grid.over(START, START + timedelta(days=7))
    place = Location(id=PLACE, name="N", timezone="America/Chicago")
    people: list[UUID] = [new_id() for _ in range(3)]
    openings: list[tuple[Any, int]] = []
    for number, person in enumerate(people):
        mask = 0
        for day in range(5):
            mask |= grid.within(MONDAY_TEN + timedelta(days=day), MONDAY_TEN + timedelta(days=day, hours=7))
        fake: Any = SimpleNamespace(clinician=Clinician(id=person, name=f"P{number}"), location=place, load=number)
        openings.append((fake, mask & grid.every(15, ZoneInfo("America/Chicago"))))
    chosen = choosing.varied(grid, openings, 3, None)
    moments = [grid.moment(one.position).astimezone(ZoneInfo("America/Chicago")) for one in chosen]
    assert len({one.date() for one in moments}) == 3 and len({one.opening.clinician.id for one in chosen}) == 3
    assert len({one.hour < 12 for one in moments}) == 2
    assert chosen == choosing.varied(grid, openings, 3, None), "deterministic"
    preferred = choosing.varied(grid, openings, 3, people[2])
    assert {one.opening.clinician.id for one in preferred} == {people[2]}
    first = choosing.in_order(openings, None, one_per_time=True, limit=4)
    assert len({one.position for one in first[0]}) == 4 and first[1] is not None


@given(st.integers(0, 2**60), st.integers(1, 12))
def test_fits_and_runs_are_what_they_say(mask: int, length: int) -> None:
    expected = [at for at in range(61) if all(mask >> (at + step) & 1 for step in range(length))]
    assert list(positions(fits(mask, length))) == expected
    joined = [at for first, last in runs(mask) for at in range(first, last)]
    assert joined == list(positions(mask))
    assert all(not mask >> last & 1 for _, last in runs(mask))
