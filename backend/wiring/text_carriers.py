"""The text carriers of this process: the real ones, or the sandbox's when it is mounted."""

from collections.abc import Mapping

from backend.core.settings import Settings
from backend.integrations.sms_twilio import BASE_URL, TwilioTexts
from backend.messaging.ports import TextCarrier


def text_carriers(settings: Settings) -> Mapping[str, TextCarrier]:
    """Adapters by carrier name."""
    return {"twilio": TwilioTexts(f"{settings.sandbox_url}/providers/twilio" if settings.sandbox else BASE_URL)}
