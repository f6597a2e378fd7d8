"""A month of a practice, simulated: seeded people, an emulated carrier, a desk, and a clock that jumps from event to event.

What was lawful is judged from the carrier's own log and from what each person said, never from our database.
"""

from backend.bench.month.run import Chaos, Figures, simulate

__all__ = ["Chaos", "Figures", "simulate"]
