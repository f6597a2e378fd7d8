"""A month of a practice, simulated: seeded people, an emulated carrier, a desk, a clock that jumps to the next event.

What was lawful is judged from the carrier's own log and from what each person said, never from our database.
"""

from backend.bench.month.run import Chaos, Figures, simulate

__all__ = ["Chaos", "Figures", "simulate"]
