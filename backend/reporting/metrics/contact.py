"""How fast those referred are tried and reached."""

from backend.reporting.metrics.definition import Metric

RECEIVED = "Referrals by the day they came in, in the time zone of their clinic"
TRIED = (
    "A try is an outgoing call, a text that was sent, or a card moved on by hand; a patient who reaches the practice "
    "first needs none."
)
REACHED = (
    "Reached means contact in both directions: they answered a text, were spoken to by phone, or called and were "
    "answered. Where nobody noted a contact, the booking or the first visit is one."
)
CENSORED = (
    "Those still waiting count with the time they have waited (Kaplan–Meier), those closed before with the time until "
    "then; nobody is dropped. "
    "Over four hours it is rounded up to five minutes, over two days to the hour."
)


def _wait(key: str, title: str, words: str, formula: str, unit: str, **more: object) -> Metric:
    return Metric(
        key=key, title=title, words=f"{words} {CENSORED}", formula=f"median of ({formula})", cohort=RECEIVED,
        family="contact", kind="wait", unit=unit, better="lower", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def _within(key: str, title: str, what: str, span: str, words: str) -> Metric:
    return Metric(
        key=key, title=title, words=f"Of the referrals received, the share {what} in less than {span}. {words}",
        formula=f"referrals {what} in less than {span} ÷ valid referrals", cohort=RECEIVED, family="contact",
        kind="share", unit="share", matured_days=1, better="higher",
    )  # fmt: skip


METRICS = (
    _wait(
        "time_to_first_attempt", "Time to the first try, in working hours",
        f"How long it takes until somebody first tries to reach the patient. {TRIED} Counted in minutes of the "
        "clinic's working calendar.", "first try − received, in working minutes", "business_minutes",
        calendar="attempt_minutes",
    ),
    _wait(
        "time_to_first_attempt_wall", "Time to the first try, by the clock",
        f"How long it takes until somebody first tries to reach the patient, nights and weekends included. {TRIED}",
        "first try − received", "minutes",
    ),
    _wait(
        "time_to_contact", "Time to contact, in working hours",
        f"How long it takes until patient and practice have spoken or written. {REACHED} Counted in minutes of the "
        "clinic's working calendar.", "first contact − received, in working minutes", "business_minutes",
        calendar="contact_minutes",
    ),
    _wait(
        "time_to_contact_wall", "Time to contact, by the clock",
        f"How long it takes until patient and practice have spoken or written, nights and weekends included. {REACHED}",
        "first contact − received", "minutes",
    ),
    _within("attempted_within_1h", "Tried within the hour", "tried", "one hour", TRIED),
    _within("attempted_within_24h", "Tried within 24 hours", "tried", "24 hours", TRIED),
    _within("contacted_within_1h", "Contacted within the hour", "reached", "one hour", REACHED),
    _within("contacted_within_24h", "Contacted within 24 hours", "reached", "24 hours", REACHED),
    Metric(
        key="contact_rate", title="Contact rate",
        words=f"Of the referrals received, the share that was ever reached. {REACHED}",
        formula="referrals reached ÷ valid referrals", cohort=RECEIVED, family="contact", kind="share", unit="share",
        matured_days=14, better="higher",
    ),
)  # fmt: skip
