"""What Twilio refuses at once, as it words it: code, message, more_info, status."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from fastapi.responses import JSONResponse

from backend.sandbox.carriers.twilio.texts import E164

MOST_CHARACTERS: Final = 1600
MOST_MEDIA: Final = 10
# twilio.com/docs/iam/test-credentials
MAGIC_TO: Final = {
    "+15005550001": 21211, "+15005550002": 21612, "+15005550003": 21408, "+15005550004": 21610, "+15005550009": 21614,
}  # fmt: skip
MAGIC_FROM: Final = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MESSAGES: Final = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21211: "Invalid 'To' Phone Number",
    21212: "Invalid 'From' Phone Number",
    21408: "Permission to send an SMS has not been enabled for the region",
    21603: "A 'From' phone number is required",
    21604: "A 'To' phone number is required",
    21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number",
    21609: "The 'StatusCallback' URL is not a valid URL",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "The 'From' number has exceeded the maximum number of queued messages",
    21612: "Message cannot be sent with the current combination of 'To' and 'From' parameters",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21619: "Message body, media URL or content SID is required",
    21620: "Invalid media URL(s)",
    21623: "Number of media files exceeds allowed limit",
    30409: "This message can no longer be canceled",
    35118: "MessagingServiceSid is required to schedule a message",
}
STATUS: Final = {20003: 401, 20404: 404, 20429: 429, 20500: 500, 30409: 409}


def refusal(code: int) -> JSONResponse:
    """The error document."""
    status = STATUS.get(code, 400)
    more = f"https://www.twilio.com/docs/errors/{code}"
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if status == 401 else None
    return JSONResponse({"code": code, "message": MESSAGES[code], "more_info": more, "status": status}, status, headers)


def wrong_with(
    *, to: str, sender: str, service: str, body: str, media: Sequence[str], callback: str, ours: str
) -> int | None:
    """The first thing Twilio would object to."""
    checks = (
        (not to, 21604),
        (not sender and not service, 21603),
        (not body and not media, 21619),
        (len(body) > MOST_CHARACTERS, 21617),
        (len(media) > MOST_MEDIA, 21623),
        (not all(_is_address(url) for url in media), 21620),
        (bool(callback) and not _is_address(callback), 21609),
        (sender in MAGIC_FROM, MAGIC_FROM.get(sender, 0)),
        (not service and sender != ours, 21606),
        (to in MAGIC_TO, MAGIC_TO.get(to, 0)),
        (not E164.fullmatch(to), 21211),
    )
    return next((code for wrong, code in checks if wrong), None)


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
