"""What texts may hold beyond plain facts."""

from backend.care.outcomes import texts as outcome_texts
from backend.intake_forms import texts as intake_texts
from backend.messaging import link_texts
from backend.scheduling import offering


def provide() -> None:
    """Register every placeholder of the product that is made for one patient."""
    link_texts.provide()
    intake_texts.provide()
    outcome_texts.provide()
    offering.provide()
