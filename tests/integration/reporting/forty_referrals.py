"""Forty hand-made referrals of 2026. Answers are counted by hand in `test_forty_referrals.py`; keep both in step.

Times are local to the clinic: North is in Chicago, West in Los Angeles, Hill (the other practice's) in Denver, all open
Monday to Friday from 8:00 to 18:00. The question is asked on Tuesday, 15 December 2026, at noon in Chicago.
Visits follow the evaluation every third day at the same hour: `visits` of them took place, then came `missed`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

ZONES: Final = {
    "North": ZoneInfo("America/Chicago"), "West": ZoneInfo("America/Los_Angeles"), "Hill": ZoneInfo("America/Denver"),
}  # fmt: skip
ASKED: Final = datetime(2026, 12, 15, 12, tzinfo=ZONES["North"])
YEAR: Final = 2026


@dataclass(frozen=True, slots=True)
class Referral:
    """One line. `first`: what became of the first booking; `seen`: the visit that took place, if another one."""

    number: int
    received: str
    tried: str = ""
    reached: str = ""
    booked: str = ""
    visit: str = ""
    first: str = "attended"
    rebooked: str = ""
    seen: str = ""
    visits: int = 0
    missed: tuple[str, ...] = ()
    ended: str = ""
    reason: str = ""
    booked_ahead: str = ""
    # Of the measure that fits: QuickDASH, LEFS or ODI.
    scores: tuple[tuple[str, float], ...] = ()
    lost: str = ""
    lost_reason: str = ""
    reopened: str = ""
    special: str = ""
    # Of the group below.
    clinic: str = "North"
    source: str = "fax"
    referrer: str | None = None
    payer: str | None = None
    part: str | None = None
    surgery: bool = False


R = Referral
ADAMS: Final[dict[str, Any]] = {"referrer": "Adams", "payer": "Lakeside Mutual", "part": "shoulder", "surgery": True}
BROWN: Final[dict[str, Any]] = {"referrer": "Brown", "payer": "Prairie Health", "part": "knee"}
CHEN: Final[dict[str, Any]] = {
    "referrer": "Chen", "payer": "Prairie Health", "part": "lumbar spine", "clinic": "West", "source": "web_form",
}  # fmt: skip
ALONE: Final[dict[str, Any]] = {"source": "phone"}
HILL: Final[dict[str, Any]] = {"referrer": "Adams", "payer": "Lakeside Mutual", "part": "shoulder", "clinic": "Hill"}

# fmt: off
NORTHSIDE: Final = (
    # Dr Adams: post-operative shoulders by fax.
    R(1, "03-02 09:00", "03-02 09:20", "03-02 09:20", "03-02 09:20", "03-05 10:00",
      visits=11, missed=("no_show",), ended="04-30", reason="goals_met",
      scores=(("03-05", 60), ("04-16", 36)), **ADAMS),
    # Reached after exactly one hour.
    R(2, "03-03 09:00", "03-03 09:30", "03-03 10:00", "03-03 10:00", "03-06 10:00",
      visits=9, missed=("late_cancel",), ended="04-30", reason="plan_finished",
      scores=(("03-06", 50), ("04-17", 25)), **ADAMS),
    # The night clocks go forward: 24.5 hours on the wall are 23.5.
    R(3, "03-07 20:00", "03-08 20:30", "03-08 20:30", "03-09 09:00", "03-12 10:00",
      visits=13, ended="05-15", reason="goals_met",
      scores=(("03-12", 40), ("04-23", 30)), **ADAMS),
    # The night clocks go back: 23.5 hours on the wall are 24.5. Young, and with a visit to come.
    R(4, "10-31 20:00", "11-01 19:30", "11-01 19:30", "11-02 09:00", "11-05 10:00",
      visits=4, booked_ahead="12-20 10:00",
      scores=(("11-05", 55),), **ADAMS),
    # The last half hour of March in Chicago is April in UTC. The first booking was missed.
    R(5, "03-31 23:30", "04-01 08:30", "04-01 09:00", "04-01 09:00", "04-03 10:00", first="missed",
      rebooked="04-06 09:00", seen="04-08 10:00", visits=10, ended="05-29", reason="plan_finished",
      scores=(("04-08", 50), ("05-20", 30)), **ADAMS),
    # Tried and reached after exactly 24 hours; canceled and lost.
    R(6, "03-10 09:00", "03-11 09:00", "03-11 09:00", "03-11 09:00", "03-13 10:00", first="canceled",
      lost="03-20 09:00", lost_reason="Declined therapy", **ADAMS),
    # The first half hour of April.
    R(7, "04-01 00:30", "04-01 08:10", "04-01 08:10", "04-01 08:10", "04-02 10:00",
      visits=2, ended="04-20", reason="patient_choice",
      scores=(("04-02", 45),), **ADAMS),
    R(8, "03-12 09:00", "03-12 09:10", lost="03-26 09:00", lost_reason="Could not be reached", **ADAMS),
    R(9, "03-16 09:00", "03-16 09:15", "03-16 09:15", "03-16 09:15", "03-19 10:00",
      visits=12, ended="05-20", reason="goals_met",
      scores=(("03-19", 80), ("04-30", 40)), **ADAMS),
    # Number 11 becomes part of this one, and with it its earlier receipt and try.
    R(10, "03-17 09:00", "03-17 09:40", "03-17 09:40", "03-17 09:40", "03-20 10:00",
      visits=11, ended="05-20", reason="goals_met",
      scores=(("03-20", 70), ("05-01", 49)), **ADAMS),
    R(11, "03-16 15:00", "03-16 15:30", special="merged into 10", **ADAMS),
    R(12, "03-18 09:00", lost="03-18 09:05", lost_reason="Duplicate referral", **ADAMS),

    # Dr Brown: knees by fax.
    R(13, "05-04 09:00", "05-04 09:30", "05-04 09:30", "05-04 09:30", "05-07 10:00",
      visits=8, missed=("canceled",), ended="06-30", reason="goals_met",
      scores=(("05-07", 40), ("06-18", 56)), **BROWN),
    R(14, "05-05 09:00", "05-05 09:59", "05-05 09:59", "05-05 09:59", "05-08 10:00",
      visits=3, ended="05-25", reason="no_return",
      scores=(("05-08", 30), ("05-25", 33)), **BROWN),
    # Reached a minute before the day is over; then quietly gone.
    R(15, "05-06 09:00", "05-06 11:00", "05-07 08:59", "05-07 08:59", "05-11 10:00",
      visits=6, missed=("no_show", "no_show"),
      scores=(("05-11", 40),), **BROWN),
    # Tried at once, seen once.
    R(16, "05-07 09:00", "05-07 09:00", "05-08 10:00", "05-08 10:00", "05-12 10:00",
      visits=1, ended="05-30", reason="patient_choice",
      scores=(("05-12", 20),), **BROWN),
    # Friday evening to Monday morning.
    R(17, "05-08 17:30", "05-11 08:30", "05-11 08:30", "05-11 08:30", "05-14 10:00",
      visits=7, ended="07-10", reason="plan_finished",
      scores=(("05-14", 50), ("06-23", 60)), **BROWN),
    # Tried, never reached, still open.
    R(18, "05-11 09:00", "05-11 09:05", **BROWN),
    # Never tried.
    R(19, "05-12 09:00", lost="05-13 09:00", lost_reason="Went to another clinic", **BROWN),
    # Lost, then opened again and seen: it is not lost.
    R(20, "05-13 09:00", "05-13 10:00", "05-13 10:00", lost="05-20 09:00", lost_reason="Insurance not accepted",
      reopened="06-01 09:00", booked="06-01 09:00", visit="06-04 10:00",
      visits=5, ended="07-10", reason="insurance", **BROWN),
    # Called us before we tried.
    R(21, "05-14 09:00", "", "05-14 09:10", "05-14 09:10", "05-18 10:00", special="called us",
      visits=9, ended="07-20", reason="goals_met",
      scores=(("05-18", 32), ("06-29", 48)), **BROWN),
    R(22, "05-15 09:00", lost="05-15 09:30", lost_reason="Not for this practice", **BROWN),

    # Dr Chen: backs, by web form, in Los Angeles.
    R(23, "03-31 23:30", "04-01 08:30", "04-01 09:30", "04-01 09:30", "04-03 10:00",
      visits=10, ended="05-30", reason="goals_met",
      scores=(("04-03", 40), ("05-15", 20)), **CHEN),
    R(24, "06-01 09:00", "06-01 09:45", "06-01 09:45", "06-01 09:45", "06-03 10:00",
      visits=12, missed=("clinic_canceled",), ended="08-10", reason="goals_met",
      scores=(("06-03", 50), ("07-15", 40)), **CHEN),
    # A stranger answered at 9:35; that is no contact.
    R(25, "06-02 09:00", "06-02 09:30", "06-03 09:30", "06-03 09:30", "06-05 10:00", first="missed",
      special="stranger", lost="06-20 09:00", lost_reason="No response", **CHEN),
    R(26, "06-03 09:00", "06-03 10:30", "06-03 10:30",
      lost="06-10 09:00", lost_reason="Too far or no suitable time", **CHEN),
    # Goes on: the next visit is booked.
    R(27, "06-04 09:00", "06-04 09:10", "06-04 09:50", "06-04 09:50", "06-08 10:00",
      visits=3, booked_ahead="12-18 10:00",
      scores=(("06-08", 30), ("07-20", 30)), **CHEN),
    R(28, "06-05 09:00", "06-05 09:20", "06-08 09:00", "06-08 09:00", "06-10 10:00",
      visits=9, missed=("no_show", "late_cancel"), ended="08-05", reason="medical",
      scores=(("06-30", 40), ("07-22", 20)), **CHEN),
    R(29, "06-08 09:00", "06-08 09:30", "06-08 09:30", "06-08 09:30", "06-11 10:00",
      visits=11, ended="08-20", reason="plan_finished",
      scores=(("06-11", 0), ("07-23", 10)), **CHEN),
    R(30, "06-09 09:00", "06-09 09:30", "06-09 09:30", "06-09 09:30", "06-12 10:00",
      visits=2, ended="06-30", reason="no_return",
      scores=(("06-12", 20),), **CHEN),

    # Nobody referred them.
    R(31, "07-06 09:00", "07-06 09:00", "07-06 09:00", "07-06 09:00", "07-08 10:00",
      visits=6, ended="08-30", reason="goals_met", **ALONE),
    R(32, "12-10 09:00", "12-10 09:30", "12-10 09:30", **ALONE),
    # Three hours old, nobody has tried.
    R(33, "12-15 09:00", **ALONE),
    # The card was only moved by hand: to Scheduled as they were reached, to First visit complete on 9 July at 11:00.
    R(34, "07-07 09:00", "07-07 09:30", "07-07 09:30", special="moved by hand", **ALONE),
)
LAKEVIEW: Final = (
    R(35, "03-02 09:00", "03-02 09:10", "03-02 09:10", "03-02 09:10", "03-05 10:00",
      visits=10, ended="04-30", reason="goals_met", **HILL),
    # The last half hour of March in Denver.
    R(36, "03-31 23:30", "04-01 09:00", "04-01 09:00", "04-01 09:00", "04-03 10:00",
      visits=8, ended="04-30", reason="goals_met", **HILL),
    R(37, "04-06 09:00", "04-06 09:10", "04-08 09:00", **HILL),
    R(38, "04-07 09:00", "04-07 09:10", lost="04-20 09:00", lost_reason="Went to another clinic", **HILL),
    R(39, "04-08 09:00", "04-08 09:10", "04-08 09:10", "04-08 09:10", "04-10 10:00", first="missed", **HILL),
    R(40, "04-09 09:00", **HILL),
)
# fmt: on


def moment(referral: Referral, said: str) -> datetime | None:
    """A time of the list."""
    if not said:
        return None
    return datetime.strptime(f"{YEAR}-{said}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONES[referral.clinic])
