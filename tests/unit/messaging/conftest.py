"""Texts may hold what `wiring` lets them hold."""

from backend.wiring import placeholders

placeholders.provide()
