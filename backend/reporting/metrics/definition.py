"""What a metric is: its words, its rules, and the name of the view that holds its rows."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["share", "wait", "mean", "median", "funnel", "parts"]
Subject = Literal["lead", "episode", "visit", "fax", "text", "person", "task", "score"]
Family = Literal["contact", "conversion", "attendance", "care", "outcomes", "loop", "desk", "faxes"]
Dimension = Literal[
    "month", "week", "location", "source", "referrer", "payer", "clinician", "body_region", "procedure", "post_op",
    "person", "part", "instrument", "point",
]  # fmt: skip
# By which column of its view a figure is split.
COLUMNS: Final[dict[str, str]] = {
    "location": "location_id", "source": "source", "referrer": "referrer_id", "payer": "payer",
    "clinician": "clinician_id", "body_region": "body_region", "procedure": "procedure", "post_op": "post_op",
    "person": "person_id", "part": "part", "instrument": "instrument", "point": "point",
}  # fmt: skip
OF_REFERRALS: Final[tuple[Dimension, ...]] = (
    "month", "week", "location", "source", "referrer", "payer", "clinician", "body_region", "procedure", "post_op",
)  # fmt: skip
NO_REFERRALS: Final = (
    "referrals merged into another (counted there)",
    "duplicates, closed as “Duplicate referral”",
    "requests for something else, closed as “Not for this practice”",
)
LEAST: Final = 10


@dataclass(frozen=True, slots=True)
class Metric:
    """One named figure. `matured_days`: rows younger than this are left out, they may yet change.

    `unit`: share, minutes, business_minutes, days, visits, points, count. `better`: which way is good, when one is.
    `lapse_days`: a row is a hit once its `lapse_on` (or `lapse_at`) lies more than so many days back.
    `lost_at_most`: of outcomes, the share without a follow-up above which nothing is said.
    """

    key: str
    title: str
    words: str
    formula: str
    cohort: str
    family: Family
    kind: Kind
    unit: str
    subject: Subject = "lead"
    version: int = 1
    matured_days: int = 0
    least: int = LEAST
    exclusions: tuple[str, ...] = NO_REFERRALS
    dimensions: tuple[Dimension, ...] = OF_REFERRALS
    better: Literal["higher", "lower"] | None = None
    lapse_days: int | None = None
    lapse: Literal["lapse_on", "lapse_at"] = "lapse_on"
    calendar: Literal["attempt_minutes", "contact_minutes"] | None = None
    rolled_up: bool = False
    by_month: bool = False
    lost_at_most: float | None = None

    @property
    def view(self) -> str:
        """Its rows in the database (rolled up: sums of them)."""
        return f"metric_{self.key}_v{self.version}"

    @property
    def rows_view(self) -> str:
        """Its rows one by one."""
        return f"{self.view}_rows" if self.rolled_up else self.view
