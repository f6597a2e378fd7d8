"""The desk's load, the faxes it reads, the texts it sends."""

from backend.reporting.metrics.definition import Metric

BY_FAX = "Faxes by the day they came in, in the clinic's time zone"
OF_FAXES = ("faxes rejected as no referral", "faxes nobody could read", "copies of a fax that came before")

METRICS = (
    Metric(
        key="staff_touches", title="Steps per person and day",
        words="How many steps a person notes on leads on a day they work: calls, bookings, cards moved, notes and the "
        "rest, on average over the days with at least one.",
        formula="steps in the leads' histories ÷ days a person worked", cohort="Days of a person's work", family="desk",
        kind="mean", unit="count", subject="person", exclusions=("steps Frontdesk or a program took",),
        dimensions=("month", "week", "person"),
    ),
    Metric(
        key="overdue_tasks", title="Open tasks overdue",
        words="Of the tasks open now, the share whose time is past. A person's own tasks; those of a team stand under "
        "“Not known”.",
        formula="open tasks past their time ÷ open tasks", cohort="All open tasks", family="desk", kind="share",
        unit="share", subject="task", exclusions=(), dimensions=("location", "person"), lapse_days=0,
        lapse="lapse_at", better="lower",
    ),
    Metric(
        key="fax_untouched_rate", title="Faxes filed without a person",
        words="Of the referral faxes filed, the share that went through without anybody's look.",
        formula="faxes filed unseen ÷ faxes filed", cohort=BY_FAX, family="faxes", kind="share", unit="share",
        subject="fax", exclusions=OF_FAXES, dimensions=("month", "week", "location", "source"), better="higher",
    ),
    Metric(
        key="fax_field_accuracy", title="Fields read right",
        words="Of the fields read in faxes a person reviewed, the share they left as it was. Faxes that were hard to "
        "read are reviewed more often, so this is the lower end; a field that was taken away leaves no trace.",
        formula="fields left as read ÷ fields of reviewed faxes", cohort=BY_FAX, family="faxes", kind="share",
        unit="share", subject="fax", exclusions=(*OF_FAXES, "faxes no person reviewed"), least=50,
        dimensions=("month", "week", "location", "source"), better="higher",
    ),
    Metric(
        key="fax_touches", title="Touches per fax",
        words="How often a person must decide something about a fax, on average: one for a review, one for each field "
        "corrected or added.",
        formula="(reviews + fields corrected) ÷ faxes filed", cohort=BY_FAX, family="faxes", kind="mean", unit="count",
        subject="fax", exclusions=OF_FAXES, dimensions=("month", "week", "location", "source"), better="lower",
    ),
    Metric(
        key="time_to_file", title="Time from fax to lead",
        words="How long it takes until a fax is filed, by the clock. Those that still wait for a person count with the "
        "time they have waited (Kaplan–Meier).",
        formula="median of (filed − received)", cohort=BY_FAX, family="faxes", kind="wait", unit="minutes",
        subject="fax", exclusions=OF_FAXES, dimensions=("month", "week", "location", "source"), better="lower",
    ),
    Metric(
        key="text_delivery_rate", title="Texts delivered",
        words="Of the texts that went out and whose fate the carrier has told, the share that arrived.",
        formula="texts delivered ÷ (delivered + undelivered + failed)",
        cohort="Texts by the day they were sent, in the practice's time zone", family="faxes", kind="share",
        unit="share", subject="text", exclusions=("texts whose fate is not known yet", "texts that were never sent"),
        rolled_up=True, dimensions=("month", "week", "location"), better="higher",
    ),
)  # fmt: skip
