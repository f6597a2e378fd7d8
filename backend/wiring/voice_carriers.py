"""The voice carriers of this process: the real ones, or the sandbox's when it is mounted."""

from collections.abc import Mapping

from backend.core.settings import Settings
from backend.integrations.sms_twilio import BASE_URL
from backend.integrations.voice_twilio import TwilioCalls
from backend.messaging.calls.ports import VoiceCarrier


def voice_carriers(settings: Settings) -> Mapping[str, VoiceCarrier]:
    """Adapters by carrier name."""
    return {"twilio": TwilioCalls(f"{settings.sandbox_url}/providers/twilio" if settings.sandbox else BASE_URL)}
