"""Who reacts to which domain event."""

from backend.core.database import Subscribers
from backend.followup import handlers as followup
from backend.leads import handlers as leads
from backend.messaging import handlers as messaging
from backend.scheduling import handlers as scheduling


def subscribers() -> Subscribers:
    """Every handler of the product."""
    merged: Subscribers = {}
    for part in (leads.subscribers(), followup.subscribers(), messaging.subscribers(), scheduling.subscribers()):
        for event, handlers in part.items():
            merged.setdefault(event, []).extend(handlers)
    return merged
