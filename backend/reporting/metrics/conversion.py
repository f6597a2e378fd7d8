"""What becomes of referrals: booked, seen, in care, done, or lost."""

from backend.reporting.metrics.contact import CENSORED, RECEIVED
from backend.reporting.metrics.definition import OF_REFERRALS, Metric

BOOKED = "Booked: a first visit was given a time, or the card went to “Scheduled”."
SEEN = "Seen: the first visit took place, as the desk, an import or the visits of the episode say."
STEPS = ("Received", "Contacted", "Scheduled", "Evaluated", "Came back", "Completed")

METRICS = (
    Metric(
        key="funnel", title="From referral to completed care",
        words="How far the referrals received have come. Each step holds those that reached it or a later one, so no "
        "step is larger than the one before. Came back: a second visit took place. Completed: discharged with goals "
        "met or the plan finished; younger referrals may still get there.",
        formula="referrals that reached the step or a later one ÷ valid referrals", cohort=RECEIVED,
        family="conversion", kind="funnel", unit="share", matured_days=60,
    ),
    Metric(
        key="schedule_rate", title="Scheduling rate",
        words=f"Of the referrals received, the share that was ever given a first visit. {BOOKED}",
        formula="referrals booked ÷ valid referrals", cohort=RECEIVED, family="conversion", kind="share", unit="share",
        matured_days=30, better="higher",
    ),
    Metric(
        key="conversion_rate", title="Conversion",
        words=f"Of the referrals received, the share whose first visit took place. {SEEN}",
        formula="evaluations completed ÷ valid referrals", cohort=RECEIVED, family="conversion", kind="share",
        unit="share", matured_days=60, better="higher",
    ),
    Metric(
        key="acceptance_rate", title="Came back after the evaluation",
        words="Of the patients evaluated, the share that came at least once more.",
        formula="patients with a second visit ÷ patients evaluated", cohort=RECEIVED, family="conversion", kind="share",
        unit="share", matured_days=60, better="higher",
    ),
    Metric(
        key="completion_rate", title="Referral to completed care",
        words="Of the referrals received, the share discharged with goals met or the plan finished.",
        formula="referrals discharged with goals met or plan finished ÷ valid referrals", cohort=RECEIVED,
        family="conversion", kind="share", unit="share", matured_days=120, better="higher",
    ),
    Metric(
        key="lost_reasons", title="Lost, by reason",
        words="Of the referrals received, the share that is closed as lost now, by the reason given. One that was "
        "opened again counts as what it is now. Reasons in own words are put together as “Other reason”.",
        formula="referrals lost ÷ valid referrals, by reason", cohort=RECEIVED, family="conversion", kind="parts",
        unit="share", matured_days=60, better="lower", dimensions=(*OF_REFERRALS, "part"),
    ),
    Metric(
        key="time_to_schedule", title="Time to a booked visit",
        words=f"How long it takes until the first visit has a time. {BOOKED} {CENSORED}",
        formula="median of (booked − received)", cohort=RECEIVED, family="conversion", kind="wait", unit="minutes",
        better="lower",
    ),
    Metric(
        key="time_to_evaluation", title="Time to the evaluation",
        words=f"How long it takes until the first visit takes place. {SEEN} {CENSORED}",
        formula="median of (start of the first visit − received)", cohort=RECEIVED, family="conversion", kind="wait",
        unit="minutes", better="lower",
    ),
)  # fmt: skip
