"""What texts may hold beyond plain facts."""

from backend.messaging import link_texts


def provide() -> None:
    """Register every placeholder of the product that is made for one patient."""
    link_texts.provide()
