"""Who reacts to which domain event."""

from backend.care import handlers as care
from backend.care.outcomes import handlers as outcomes
from backend.core.database import Subscribers
from backend.followup import handlers as followup
from backend.insurance import handlers as insurance
from backend.intake_forms import handlers as intake_forms
from backend.leads import handlers as leads
from backend.loop import handlers as loop
from backend.messaging import handlers as messaging
from backend.operations import pruning
from backend.patient_pages import handlers as patient_pages
from backend.reporting import handlers as reporting
from backend.scheduling import handlers as scheduling
from backend.scheduling import text_handlers as visits


def subscribers() -> Subscribers:
    """Every handler of the product."""
    merged: Subscribers = {}
    parts = (
        leads, care, followup, messaging, insurance, intake_forms, scheduling, visits, outcomes, loop, reporting,
        patient_pages, pruning,
    )  # fmt: skip
    for part in [part.subscribers() for part in parts]:
        for event, handlers in part.items():
            merged.setdefault(event, []).extend(handlers)
    return merged
