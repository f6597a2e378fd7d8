"""Whether patients come."""

from backend.reporting.metrics.definition import NO_REFERRALS, Metric

BY_DAY = "Visits by their day, in the time zone of their clinic"
CLUSTERED = "Visits of one patient are alike, so the interval is on the narrow side."


def _visits(key: str, title: str, words: str, formula: str, better: str, *exclusions: str) -> Metric:
    return Metric(
        key=key, title=title, words=f"{words} {CLUSTERED}", formula=formula, cohort=BY_DAY, family="attendance",
        kind="share", unit="share", subject="visit", exclusions=exclusions, rolled_up=True, by_month=True,
        better="higher" if better == "higher" else "lower", least=20,
    )  # fmt: skip


METRICS = (
    Metric(
        key="evaluation_arrival_rate", title="Arrival for the first visit",
        words="Of the first visits booked, the share that took place as booked. A visit that was only moved is still "
        "the first; one that was canceled or missed is not arrived, even if the patient came later.",
        formula="first bookings attended ÷ first bookings",
        cohort="First visits by their day, in the clinic's time zone",
        family="attendance", kind="share", unit="share", matured_days=1, better="higher",
        exclusions=(*NO_REFERRALS, "first visits over whose outcome nobody has noted"),
    ),
    _visits(
        "visit_arrival_rate", "Arrival for visits",
        "Of all visits the patient could have come to, the share that took place.",
        "attended ÷ (attended + no-shows + late cancellations)", "higher",
        "visits canceled in time", "visits the clinic canceled",
    ),
    _visits(
        "no_show_rate", "No-shows", "Of all visits the patient could have come to, the share missed without a word.",
        "no-shows ÷ (attended + no-shows + late cancellations)", "lower",
        "visits canceled in time", "visits the clinic canceled",
    ),
    _visits(
        "cancel_no_show_rate", "Cancellations and no-shows",
        "Of all visits scheduled, the share that did not take place, whoever canceled and however early.",
        "(no-shows + cancellations) ÷ scheduled visits", "lower",
    ),
)  # fmt: skip
