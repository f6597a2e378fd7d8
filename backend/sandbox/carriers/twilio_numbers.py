"""Twilio's account, numbers and Messaging Services, as a check of a line reads them and a person sets them.

`POST /sandbox/twilio/number` plays the person at Twilio's console: it sets addresses, the pool and the campaign.
"""

import base64
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Query
from pydantic import BaseModel

from backend.messaging.calls import paths
from backend.messaging.lines import sms_path
from backend.sandbox.carriers.twilio import VERSION, Twilio

NUMBER_SID = "PN" + "5" * 32
SERVICE_SID = "MG" + "7" * 32
STAMP = "Tue, 24 Nov 2026 09:00:00 +0000"
ISO = "2026-11-24T09:00:00Z"


class Console(BaseModel):
    """What a person may set at Twilio's console; what is left out stays."""

    sms_url: str | None = None
    sms_method: str | None = None
    voice_url: str | None = None
    account_status: str | None = None
    owned: bool | None = None
    in_pool: bool | None = None
    inbound_url: str | None = None
    use_inbound_webhook_on_number: bool | None = None
    campaign_status: str | None = None


@dataclass(slots=True)
class Registry:
    """What Twilio holds on file."""

    sms_url: str
    voice_url: str
    sms_method: str = "POST"
    account_status: str = "active"
    owned: bool = True
    in_pool: bool = True
    inbound_url: str = ""
    use_inbound_webhook_on_number: bool = True
    campaign_status: str = "VERIFIED"


def _number(registry: Registry, twilio: Twilio) -> dict[str, Any]:
    sid, number = twilio.account.credentials["account_sid"], twilio.account.number
    return {
        "sid": NUMBER_SID, "account_sid": sid, "phone_number": number, "friendly_name": number, "api_version": VERSION,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False}, "status": "in-use", "beta": False,
        "sms_url": registry.sms_url, "sms_method": registry.sms_method, "sms_application_sid": "",
        "sms_fallback_url": "", "sms_fallback_method": "POST", "voice_url": registry.voice_url, "voice_method": "POST",
        "voice_application_sid": "", "voice_fallback_url": "", "voice_fallback_method": "POST",
        "voice_caller_id_lookup": False, "status_callback": "", "status_callback_method": "POST", "trunk_sid": None,
        "address_requirements": "none", "address_sid": None, "identity_sid": None, "bundle_sid": None,
        "emergency_status": "Inactive", "emergency_address_sid": None, "emergency_address_status": "unregistered",
        "voice_receive_mode": "voice", "origin": "twilio", "date_created": STAMP, "date_updated": STAMP,
        "uri": f"/{VERSION}/Accounts/{sid}/IncomingPhoneNumbers/{NUMBER_SID}.json", "subresource_uris": {},
    }  # fmt: skip


def _meta(url: str, key: str) -> dict[str, Any]:
    return {
        "first_page_url": url, "key": key, "next_page_url": None, "page": 0, "page_size": 50,
        "previous_page_url": None, "url": url,
    }  # fmt: skip


def router(twilio: Twilio) -> APIRouter:
    """The resources, and the console."""
    key = twilio.account.account_key
    registry = Registry(twilio.product_url + sms_path(key), twilio.product_url + paths.of(key, "voice"))
    sid, token = twilio.account.credentials["account_sid"], twilio.account.credentials["auth_token"]
    basic = f"Basic {base64.b64encode(f'{sid}:{token}'.encode()).decode()}"
    routes = APIRouter()
    _core(routes, registry, twilio, basic)
    _services(routes, registry, twilio, basic)

    @routes.post("/twilio/number")
    async def console(body: Console) -> dict[str, Any]:
        for name, value in body.model_dump(exclude_none=True).items():
            setattr(registry, name, value)
        return {name: getattr(registry, name) for name in Console.model_fields}

    return routes


def _core(routes: APIRouter, registry: Registry, twilio: Twilio, basic: str) -> None:
    sid = twilio.account.credentials["account_sid"]
    path = f"/providers/twilio/{VERSION}/Accounts/{sid}"

    @routes.get(f"{path}.json")
    async def account(authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        _allowed(authorization, basic)
        return {
            "sid": sid, "friendly_name": "Sandbox", "status": registry.account_status, "type": "Full",
            "owner_account_sid": sid, "auth_token": "", "date_created": STAMP, "date_updated": STAMP,
            "uri": f"/{VERSION}/Accounts/{sid}.json", "subresource_uris": {},
        }  # fmt: skip

    @routes.get(f"{path}/IncomingPhoneNumbers.json")
    async def numbers(
        number: Annotated[str, Query(alias="PhoneNumber")] = "", authorization: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        _allowed(authorization, basic)
        # Twilio matches by parts of the number.
        found = registry.owned and number in twilio.account.number
        uri = f"/{VERSION}/Accounts/{sid}/IncomingPhoneNumbers.json"
        return {
            "incoming_phone_numbers": [_number(registry, twilio)] if found else [], "page": 0, "page_size": 50,
            "start": 0, "end": 0, "uri": uri, "first_page_uri": uri, "next_page_uri": None, "previous_page_uri": None,
        }  # fmt: skip


def _services(routes: APIRouter, registry: Registry, twilio: Twilio, basic: str) -> None:
    sid = twilio.account.credentials["account_sid"]
    path = f"/providers/twilio/v1/Services/{SERVICE_SID}"

    @routes.get(path)
    async def service(authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        _allowed(authorization, basic)
        return {
            "sid": SERVICE_SID, "account_sid": sid, "friendly_name": "Sandbox", "inbound_method": "POST",
            "inbound_request_url": registry.inbound_url or None, "fallback_url": None, "fallback_method": "POST",
            "status_callback": None, "sticky_sender": True, "smart_encoding": False, "mms_converter": True,
            "use_inbound_webhook_on_number": registry.use_inbound_webhook_on_number, "validity_period": 14400,
            "us_app_to_person_registered": registry.campaign_status == "VERIFIED", "usecase": "mixed",
            "date_created": ISO, "date_updated": ISO, "url": path, "links": {},
        }  # fmt: skip

    @routes.get(f"{path}/PhoneNumbers")
    async def pool(authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        _allowed(authorization, basic)
        entry = {
            "sid": NUMBER_SID, "account_sid": sid, "service_sid": SERVICE_SID, "phone_number": twilio.account.number,
            "country_code": "US", "capabilities": ["SMS", "MMS", "Voice"], "date_created": ISO, "date_updated": ISO,
            "url": f"{path}/PhoneNumbers/{NUMBER_SID}",
        }  # fmt: skip
        meta = _meta(f"{path}/PhoneNumbers", "phone_numbers")
        return {"phone_numbers": [entry] if registry.in_pool else [], "meta": meta}

    @routes.get(f"{path}/Compliance/Usa2p")
    async def campaigns(authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        _allowed(authorization, basic)
        entry = {
            "sid": "QE" + "2" * 32, "account_sid": sid, "messaging_service_sid": SERVICE_SID, "description": "Care",
            "campaign_status": registry.campaign_status, "us_app_to_person_usecase": "MIXED", "mock": False,
            "message_samples": [], "date_created": ISO, "date_updated": ISO, "url": path,
        }  # fmt: skip
        meta = _meta(f"{path}/Compliance/Usa2p", "compliance")
        return {"compliance": [entry] if registry.campaign_status else [], "meta": meta}


def _allowed(authorization: str, basic: str) -> None:
    if authorization != basic:
        raise HTTPException(401)
