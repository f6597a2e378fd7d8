"""What care does when something happens elsewhere."""

from backend.care import joining
from backend.core.database import Subscribers
from backend.leads.events import LeadJoined, LeadJoining, OrderAdded


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {
        LeadJoining: [joining.on_joining],
        LeadJoined: [joining.on_joined],
        OrderAdded: [joining.on_order],
    }
