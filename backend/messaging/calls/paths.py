"""The paths a voice carrier calls."""

from backend.messaging.calls.ports import Urls


def of(account_key: str, name: str) -> str:
    """`voice`, `voice-after`, `voicemail-done`, `voice-status` or `recording` of one line."""
    return f"/webhooks/twilio/{account_key}/{name}"


def urls(base_url: str, account_key: str) -> Urls:
    """What the answers to a call point to."""
    return Urls(
        after=base_url + of(account_key, "voice-after"),
        recording=base_url + of(account_key, "recording"),
        voicemail_done=base_url + of(account_key, "voicemail-done"),
    )
