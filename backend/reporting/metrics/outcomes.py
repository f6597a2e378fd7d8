"""How much better patients get, by the measures they fill in."""

from backend.care.measures.catalog import RULE_VERSION
from backend.reporting.metrics.definition import Dimension, Metric

MEASURED = "Patients with a first score, by the day their point in care was over, in the clinic's time zone"
POINTS = (
    "A score belongs to a week of care when it is taken within a week of it, counted from the first score; whose care "
    "ended before keeps the score of the discharge. Each patient counts once, with the measure that fits what hurts, "
    "unless one measure is asked for."
)
LEFT_OUT = (
    "patients whose first score came more than two weeks after the evaluation",
    "patients whose first score was already the best",
    "pairs of scores that cannot be compared (another version, other activities)",
    "patients without any score",
)
DIMENSIONS: tuple[Dimension, ...] = (
    "month", "location", "source", "referrer", "payer", "clinician", "body_region", "procedure", "post_op",
    "instrument", "point",
)  # fmt: skip
# The fewest whose lowest and highest hold the median with 95 %.
LEAST_MEDIAN = 6
# Above this share without a follow-up nothing is said of the rest.
LOST_AT_MOST = 0.4

METRICS = (
    Metric(
        key="outcome_change", title="Improvement",
        words=f"How much better the middle patient is: improvement ÷ first score. {POINTS} Said only when at most "
        f"{LOST_AT_MOST:.0%} are lost to follow-up.",
        formula="median of (improvement ÷ first score)", cohort=MEASURED, family="outcomes", kind="median",
        unit="share", subject="score", exclusions=LEFT_OUT, dimensions=DIMENSIONS, matured_days=1, better="higher",
        lost_at_most=LOST_AT_MOST, least=LEAST_MEDIAN,
    ),
    Metric(
        key="outcome_mcid_rate", title="Reached a change that matters",
        words="Of the patients measured, the share whose improvement is at least the smallest change patients notice "
        f"(MCID; thresholds and sources: measures, rules {RULE_VERSION}). {POINTS}",
        formula="patients improved by the MCID or more ÷ patients measured", cohort=MEASURED, family="outcomes",
        kind="share", unit="share", subject="score", exclusions=LEFT_OUT, dimensions=DIMENSIONS, matured_days=1,
        better="higher", lost_at_most=LOST_AT_MOST,
    ),
    Metric(
        key="outcome_lost_rate", title="Lost to follow-up",
        words=f"Of the patients with a first score, the share without one at this point of care. {POINTS}",
        formula="patients without a follow-up score ÷ patients with a first score", cohort=MEASURED, family="outcomes",
        kind="share", unit="share", subject="score", exclusions=LEFT_OUT, dimensions=DIMENSIONS, matured_days=1,
        better="lower",
    ),
)  # fmt: skip
