"""Twilio: Messages and Media with signed callbacks, STOP blocking, faults, and the patient's phone at the other end."""

from backend.sandbox.carriers.twilio.api import router
from backend.sandbox.carriers.twilio.carrier import Twilio
from backend.sandbox.carriers.twilio.phones import phones
from backend.sandbox.carriers.twilio.texts import VERSION, Media, Text, new_sid, shown

__all__ = ["VERSION", "Media", "Text", "Twilio", "new_sid", "phones", "router", "shown"]
