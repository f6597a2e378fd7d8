"""The story is told from the history alone, in the clinic's time."""

from datetime import UTC, datetime, timedelta

from backend.leads.story import Event, tell

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)  # Wednesday, noon in Chicago
NAMES = {"scheduled": "Scheduled"}


def story(*events: Event, now: datetime = NOW, open_now: bool = True, referrer: str | None = "Rowan Ortho") -> str:
    return tell(events, referrer=referrer, stage_names=NAMES, open_now=open_now, now=now, timezone="America/Chicago")


OPENED = Event("opened", datetime(2026, 11, 24, 15, 14, tzinfo=UTC), {"source": "fax"})
CALLED = Event("call", datetime(2026, 11, 24, 15, 40, tzinfo=UTC), {"outcome": "left_message"})
MOVED = Event("moved", datetime(2026, 11, 25, 17, 0, tzinfo=UTC), to_stage="scheduled")


def test_from_the_fax_on() -> None:
    assert story(OPENED, CALLED, MOVED) == (
        "Faxed Tue 9:14 by Rowan Ortho; left a message Tue 9:40; moved to Scheduled Wed 11:00."
    )


def test_a_quiet_lead_waits() -> None:
    assert story(OPENED, CALLED).endswith("; waiting since Tue.")
    assert "waiting" not in story(OPENED, CALLED, open_now=False)


def test_unknown_referrers_are_left_out() -> None:
    assert story(OPENED, referrer=None).startswith("Faxed Tue 9:14;")


def test_old_events_have_dates() -> None:
    assert story(OPENED, now=NOW + timedelta(days=30)).startswith("Faxed Nov 24 9:14 by Rowan Ortho")


def test_notes_and_nothing_are_no_story() -> None:
    assert story() == ""
    assert story(Event("note", NOW, {"text": "private"})) == ""


def test_a_long_history_keeps_its_beginning_and_end() -> None:
    calls = [Event("call", NOW - timedelta(minutes=60 - number), {"outcome": "no_answer"}) for number in range(20)]
    told = story(OPENED, *calls, MOVED)
    assert told.startswith("Faxed") and "moved to Scheduled" in told and told.count("no answer") == 4
