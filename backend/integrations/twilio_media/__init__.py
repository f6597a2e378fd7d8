"""Pictures and recordings kept at Twilio, fetched so that credentials never leave for another host.

The address is built from ids, never taken from a callback. The API answers with a redirect to a CDN, which is asked
without credentials, by https, and only when its host is known (provider research §2.6, stories 6.6 to 6.9).
"""

import asyncio
import ipaddress
from collections.abc import Collection
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from backend.core.callbacks import MediaGone, ProviderUnavailable
from backend.core.logging import get_logger

log = get_logger(__name__)
CDN_HOSTS: Final = ("mms.twiliocdn.com", "media.twiliocdn.com", "s3-external-1.amazonaws.com")
MOST_BYTES: Final = 5 * 1024 * 1024
MOST_REDIRECTS: Final = 3
TIMEOUT: Final = httpx.Timeout(20.0, connect=10.0)
MOST_SECONDS: Final = 60.0
# Media may lag some seconds behind its message.
NOT_READY_SECONDS: Final = 5.0
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


async def fetch(
    http: httpx.AsyncClient, *, api: str, path: str, account_sid: str, auth_token: str, hosts: Collection[str],
    most_bytes: int = MOST_BYTES,
) -> tuple[bytes, str]:  # fmt: skip
    """The bytes, and the type the carrier claims. Raises `ProviderUnavailable` (again later) and `MediaGone`."""
    url = api + path
    if _origin(urlsplit(url)) != _origin(urlsplit(api)):
        raise MediaGone("bad_path")
    auth: httpx.BasicAuth | None = httpx.BasicAuth(account_sid, auth_token)
    try:
        async with asyncio.timeout(MOST_SECONDS):
            for _ in range(MOST_REDIRECTS + 1):
                request = http.build_request("GET", url, headers={"Accept-Encoding": "identity"}, timeout=TIMEOUT)
                response = await http.send(request, auth=auth, stream=True, follow_redirects=False)
                try:
                    if response.status_code not in REDIRECTS:
                        return await _read(response, most_bytes, at_api=auth is not None)
                    url, auth = _next(response, url, api, hosts), None
                finally:
                    await response.aclose()
    except (httpx.HTTPError, TimeoutError) as error:
        raise ProviderUnavailable(type(error).__name__) from None
    raise MediaGone("too_many_redirects")


async def forget(http: httpx.AsyncClient, *, api: str, path: str, account_sid: str, auth_token: str) -> None:
    """DELETE at the API; what is gone already counts as done. Raises `ProviderUnavailable`."""
    url = api + path
    if _origin(urlsplit(url)) != _origin(urlsplit(api)):
        raise MediaGone("bad_path")
    auth = httpx.BasicAuth(account_sid, auth_token)
    try:
        response = await http.request("DELETE", url, auth=auth, timeout=TIMEOUT, follow_redirects=False)
    except httpx.HTTPError as error:
        raise ProviderUnavailable(type(error).__name__) from None
    if not response.is_success and response.status_code != 404:
        raise ProviderUnavailable(f"status_{response.status_code}")


async def _read(response: httpx.Response, most_bytes: int, *, at_api: bool) -> tuple[bytes, str]:
    _check(response, at_api)
    if int(response.headers.get("content-length") or 0) > most_bytes:
        raise MediaGone("too_large")
    data = bytearray()
    async for part in response.aiter_bytes():
        data += part
        if len(data) > most_bytes:
            raise MediaGone("too_large")
    if not data:
        raise MediaGone("empty")
    claimed = str(response.headers.get("content-type", ""))
    return bytes(data), claimed.partition(";")[0].strip().lower()


def _check(response: httpx.Response, at_api: bool) -> None:
    status = response.status_code
    if status == 404:
        raise ProviderUnavailable("not_ready", NOT_READY_SECONDS)
    if status == 429:
        wait = response.headers.get("retry-after", "")
        raise ProviderUnavailable("rate_limited", float(wait) if wait.isdigit() else 10.0)
    if status in {401, 403}:
        if not at_api:
            raise ProviderUnavailable("expired")  # the CDN's address is short-lived: begin again
        # Never without credentials instead: the account's media settings or our token are wrong.
        log.error("media_refused_by_carrier", status=status)
        raise ProviderUnavailable("unauthorized", 60.0)
    if status >= 500:
        raise ProviderUnavailable(f"status_{status}")
    if status != 200:
        raise MediaGone(f"status_{status}")


def _next(response: httpx.Response, url: str, api: str, hosts: Collection[str]) -> str:
    """Where a redirect leads, if we may go there: https to a known name, or back to a sandbox on this machine."""
    target: str = urljoin(url, str(response.headers.get("location", "")))
    parts, home = urlsplit(target), urlsplit(api)
    if parts.username or parts.password:
        raise MediaGone("redirect_refused")
    if _is_loopback(home) and _origin(parts) == _origin(home):
        return target
    # A known name that resolves to an inner address fails at TLS: nobody inside holds its certificate.
    if parts.scheme != "https" or _origin(parts)[2] != 443 or _is_address(parts) or parts.hostname not in hosts:
        raise MediaGone("redirect_refused")
    return target


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    try:
        port = parts.port
    except ValueError:
        raise MediaGone("redirect_refused") from None
    return parts.scheme, parts.hostname, port or {"https": 443, "http": 80}.get(parts.scheme)


def _is_address(parts: SplitResult) -> bool:
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return False
    return True


def _is_loopback(parts: SplitResult) -> bool:
    return _is_address(parts) and ipaddress.ip_address(parts.hostname or "").is_loopback
