"""What Twilio knows about one of our numbers. Only reads; runs in a thread.

Source: twilio.com/docs/iam/api/account, /docs/phone-numbers/api/incomingphonenumber-resource,
/docs/messaging/api/service-resource (a service's inbound address wins over the number's unless it defers to it).
"""

from typing import Final

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from backend.messaging.ports import LineState, SenderPool, TextAccount

DENIED: Final = frozenset({401, 403, 404})
NOT_FOUND: Final = 404
LISTED: Final = 1000


def line_state(client: Client, account: TextAccount) -> LineState:
    """Everything a check needs. Raises `TwilioException` when Twilio cannot be asked."""
    try:
        status = str(client.api.accounts(account.secrets["account_sid"]).fetch().status)
    except TwilioRestException as error:
        if error.status in DENIED:
            return LineState("refused")
        raise
    if status != "active":
        return LineState("suspended" if status == "suspended" else "closed")
    found = client.incoming_phone_numbers.list(phone_number=account.number, limit=2)
    number = next((one for one in found if one.phone_number == account.number), None)
    if number is None:
        return LineState("active", pool=_pool(client, account, None))
    return LineState(
        "active", owned=True, can_text=bool((number.capabilities or {}).get("sms")),
        application=bool(number.sms_application_sid), sms_url=number.sms_url or None, sms_method=number.sms_method,
        voice_url=number.voice_url or None, pool=_pool(client, account, str(number.sid)),
    )  # fmt: skip


def _pool(client: Client, account: TextAccount, number_sid: str | None) -> SenderPool | None:
    sid = account.secrets.get("messaging_service_sid")
    if not sid:
        return None
    service = client.messaging.v1.services(sid)
    try:
        found = service.fetch()
    except TwilioRestException as error:
        if error.status == NOT_FOUND:
            return SenderPool(found=False)
        raise
    numbers = {str(number.sid) for number in service.phone_numbers.list(limit=LISTED)}
    campaigns = [str(campaign.campaign_status) for campaign in service.us_app_to_person.list(limit=20)]
    return SenderPool(
        found=True, holds_number=number_sid in numbers, inbound_url=found.inbound_request_url or None,
        inbound_method=found.inbound_method, uses_number_url=bool(found.use_inbound_webhook_on_number),
        campaign="VERIFIED" if "VERIFIED" in campaigns else next(iter(campaigns), None),
    )  # fmt: skip
