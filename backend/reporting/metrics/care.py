"""How care goes, from the evaluation to the discharge."""

from backend.reporting.metrics.definition import Metric

ENDED = "Cases by the day they ended, in the clinic's time zone"
STARTED = "Cases by the day of their evaluation, in the clinic's time zone"

METRICS = (
    Metric(
        key="visits_per_case", title="Visits per case",
        words="How many visits a patient came to from the evaluation to the discharge, on average over the cases that "
        "ended. The median is shown beside it.",
        formula="visits attended ÷ discharged cases", cohort=ENDED, family="care", kind="mean", unit="visits",
        subject="episode", exclusions=("cases that go on",),
    ),
    Metric(
        key="plan_completion_rate", title="Plans of care completed",
        words="Of the cases that ended, the share discharged with goals met or the plan finished.",
        formula="cases discharged with goals met or plan finished ÷ cases ended", cohort=ENDED, family="care",
        kind="share", unit="share", subject="episode", exclusions=("cases that go on",), better="higher",
    ),
    Metric(
        key="self_discharge_rate", title="Quietly gone",
        words="Of the cases begun, the share without a discharge whose patient has not come for more than 30 days and "
        "has nothing booked. A case somebody closed because the patient did not return is a discharge.",
        formula="cases quiet for more than 30 days and not discharged ÷ cases begun", cohort=STARTED, family="care",
        kind="share", unit="share", subject="episode", exclusions=(), matured_days=90, lapse_days=30, better="lower",
    ),
    Metric(
        key="early_dropout_rate", title="Early drop-out",
        words="Of the cases begun, the share that ended after three visits or fewer because the patient wished it or "
        "did not return.",
        formula="cases ended by the patient with at most 3 visits ÷ cases begun", cohort=STARTED, family="care",
        kind="share", unit="share", subject="episode", exclusions=(), matured_days=90, better="lower",
    ),
)  # fmt: skip
