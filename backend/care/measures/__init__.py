"""Outcome measures: how each is scored, what its change means, and what of it may be shown. Pure, no tables."""
