"""The fax providers of this process: the real ones, or the sandbox's when it is mounted."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx

from backend.core.settings import Settings
from backend.faxes.ports import FaxProvider
from backend.integrations.fax_documo import BASE_URL as DOCUMO
from backend.integrations.fax_documo import DocumoFax
from backend.integrations.fax_sinch import BASE_URL as SINCH
from backend.integrations.fax_sinch import SinchFax
from backend.integrations.fax_srfax import BASE_URL as SRFAX
from backend.integrations.fax_srfax import SRFax
from backend.integrations.fax_telnyx import BASE_URL as TELNYX
from backend.integrations.fax_telnyx import TelnyxFax

REAL = {"documo": DOCUMO, "sinch": SINCH, "telnyx": TELNYX, "srfax": SRFAX}


def addresses(settings: Settings) -> dict[str, str]:
    """Where each provider is reached."""
    if not settings.sandbox:
        return REAL
    return {name: f"{settings.sandbox_url}/providers/{name}" for name in REAL}


def fax_providers(http: httpx.AsyncClient, settings: Settings) -> Mapping[str, FaxProvider]:
    """Adapters by provider name."""
    at = addresses(settings)
    return {
        "documo": DocumoFax(http, at["documo"]),
        "sinch": SinchFax(http, at["sinch"]),
        "telnyx": TelnyxFax(http, at["telnyx"]),
        "srfax": SRFax(http, at["srfax"]),
    }


@asynccontextmanager
async def open_fax_providers(settings: Settings) -> AsyncIterator[Mapping[str, FaxProvider]]:
    """Adapters with their connections, closed at the end."""
    async with httpx.AsyncClient(headers={"User-Agent": "frontdesk"}) as http:
        yield fax_providers(http, settings)
