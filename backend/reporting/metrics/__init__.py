"""Every metric by its key. One entry per metric, in the file of its family; its view in a migration."""

from typing import Final

from backend.core.problems import NotFound
from backend.reporting.metrics import attendance, care, contact, conversion, desk, loop, outcomes
from backend.reporting.metrics.definition import Metric

FAMILIES: Final = (contact, conversion, attendance, care, outcomes, loop, desk)
METRICS: Final[dict[str, Metric]] = {metric.key: metric for family in FAMILIES for metric in family.METRICS}


def named(key: str) -> Metric:
    """One metric. Raises `NotFound`."""
    found = METRICS.get(key)
    if found is None:
        raise NotFound("There is no metric of this name; see /reports.")
    return found
