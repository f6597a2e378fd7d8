"""Calls on the practice's numbers: rung at the desk, missed, left on voicemail; one timeline with the texts."""
