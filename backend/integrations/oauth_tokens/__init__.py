"""Access tokens from an OAuth 2.0 token endpoint (RFC 6749 §4.4 and §6), the client named in the body (§2.3.1).

Google: https://developers.google.com/identity/protocols/oauth2/web-server#offline, Microsoft:
https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token and
…/v2-oauth2-client-creds-grant-flow. Of a refusal only its `error` code (§5.2) is read: descriptions name people.
"""

import json
import re
from typing import Any, Final

import httpx

from backend.core.callbacks import ProviderUnavailable
from backend.integrations.outbound import InnerAddress, OutwardTransport
from backend.lead_capture.mail.ports import Grant, Granted, MailRefused

TIMEOUT: Final = httpx.Timeout(15.0, connect=8.0)
MOST_BYTES: Final = 64 * 1024
TOKEN: Final = re.compile(r"[\x21-\x7e]{1,16000}")
# RFC 6749 §5.1: without `expires_in` it is not said how long; both providers give about an hour.
USUAL_SECONDS: Final = 3600
LONGEST_SECONDS: Final = 86_400
REFUSALS: Final = {
    "invalid_grant": "grant_over",
    "interaction_required": "grant_over",
    "invalid_client": "client_refused",
    "unauthorized_client": "client_refused",
}


class OAuthTokens:
    """Fetches tokens. `local`: the endpoint may be on this machine (the sandbox)."""

    def __init__(self, *, local: bool = False) -> None:
        self._local = local

    async def fetch(self, grant: Grant) -> Granted:
        """A new access token. Raises `MailRefused`, `ProviderUnavailable`."""
        try:
            status, said = await self._ask(grant)
        except InnerAddress:
            raise MailRefused("token_inner") from None
        except httpx.TimeoutException:
            raise ProviderUnavailable("token_timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ProviderUnavailable("token_unreachable") from None
        if status == 429 or status >= 500:
            raise ProviderUnavailable("token_unreachable")
        if 300 <= status < 400 or status in {404, 405}:
            raise MailRefused("token_address")
        if status != 200:
            raise MailRefused(REFUSALS.get(str(said.get("error")), "token_refused"))
        return _granted(said)

    async def _ask(self, grant: Grant) -> tuple[int, dict[str, Any]]:
        transport = OutwardTransport(local=self._local)
        async with (
            httpx.AsyncClient(transport=transport, timeout=TIMEOUT, follow_redirects=False) as http,
            http.stream("POST", grant.token_url, data=_form(grant), headers={"Accept": "application/json"}) as answer,
        ):
            data = bytearray()
            async for part in answer.aiter_bytes():
                data += part
                if len(data) > MOST_BYTES:
                    raise MailRefused("token_address")
        try:
            said = json.loads(data)
        except (ValueError, RecursionError):
            said = None
        return answer.status_code, said if isinstance(said, dict) else {}


def _form(grant: Grant) -> dict[str, str]:
    kind = "refresh_token" if grant.refresh_token else "client_credentials"
    form = {"grant_type": kind, "client_id": grant.client_id, "client_secret": grant.client_secret}
    form |= {"refresh_token": grant.refresh_token, "scope": grant.scope}
    return {name: value for name, value in form.items() if value}


def _granted(said: dict[str, Any]) -> Granted:
    """Raises `MailRefused` for what is no token; it goes into a line of IMAP, so nothing else may be in it."""
    token, refresh = said.get("access_token"), said.get("refresh_token")
    bearer = str(said.get("token_type", "bearer")).lower() == "bearer"
    if not isinstance(token, str) or not TOKEN.fullmatch(token) or not bearer:
        raise MailRefused("token_address")
    lasts = str(said.get("expires_in", USUAL_SECONDS)).partition(".")[0]
    seconds = min(int(lasts), LONGEST_SECONDS) if re.fullmatch("[0-9]{1,9}", lasts) else USUAL_SECONDS
    fresh = refresh if isinstance(refresh, str) and TOKEN.fullmatch(refresh) else None
    return Granted(token, seconds, fresh)
