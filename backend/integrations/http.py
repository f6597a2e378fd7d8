"""HTTP with fax providers: their answers as the port's exceptions, downloads with a limit and only from known hosts."""

import base64
import binascii
import hmac
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from backend.core.callbacks import BadSignature, ProviderUnavailable
from backend.faxes.ports import DocumentGone, FaxRefused, FaxUncertain, WebhookRequest

MOST_BYTES = 25 * 1024 * 1024
TIMEOUT = httpx.Timeout(30.0, connect=10.0)


def check(response: httpx.Response) -> None:
    """Raise `DocumentGone` for 404 and 410, `ProviderUnavailable` for every other failure."""
    status = response.status_code
    if status < 300:
        return
    if status in {404, 410}:
        raise DocumentGone("not_found")
    if status == 429:
        raise ProviderUnavailable("rate_limited", _seconds(response.headers.get("retry-after")))
    code = "unauthorized" if status in {401, 403} else "redirected" if status < 400 else f"status_{status}"
    raise ProviderUnavailable(code)


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isdigit() else 60.0


async def call(http: httpx.AsyncClient, method: str, url: str, **options: Any) -> httpx.Response:
    """One request, checked. Redirects are never followed."""
    try:
        response = await http.request(method, url, follow_redirects=False, timeout=TIMEOUT, **options)
    except httpx.HTTPError as error:
        raise ProviderUnavailable(type(error).__name__) from None
    check(response)
    return response


async def json_of(http: httpx.AsyncClient, method: str, url: str, **options: Any) -> Any:
    """One request's JSON answer."""
    response = await call(http, method, url, **options)
    try:
        return response.json()
    except ValueError:
        raise ProviderUnavailable("not_json") from None


async def hand_over(http: httpx.AsyncClient, url: str, **options: Any) -> Any:
    """One POST that must never be repeated blindly, and its JSON answer.

    Raises `ProviderUnavailable` when nothing can have been taken, `FaxRefused` when they said no, and `FaxUncertain`
    when nobody can say.
    """
    try:
        response = await http.post(url, follow_redirects=False, timeout=TIMEOUT, **options)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise ProviderUnavailable(type(error).__name__) from None
    except httpx.HTTPError as error:
        raise FaxUncertain(type(error).__name__) from None
    status = response.status_code
    if status == 429:
        raise ProviderUnavailable("rate_limited", _seconds(response.headers.get("retry-after")))
    if status >= 500:
        raise FaxUncertain(f"status_{status}")
    if status >= 300:
        raise FaxRefused("unauthorized" if status in {401, 403} else f"status_{status}")
    try:
        return response.json()
    except ValueError:
        raise FaxUncertain("not_json") from None


async def download(
    http: httpx.AsyncClient,
    url: str,
    *,
    hosts: Collection[str],
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
) -> bytes:
    """A document of at most 25 MB. `hosts` are the allowed ones; `.example.org` allows subdomains."""
    host = urlsplit(url).hostname or ""
    if not any(host == allowed or (allowed.startswith(".") and host.endswith(allowed)) for allowed in hosts):
        raise DocumentGone("host_not_allowed")
    data = bytearray()
    try:
        async with http.stream(
            "GET", url, headers=headers, params=params, follow_redirects=False, timeout=TIMEOUT
        ) as response:
            check(response)
            async for part in response.aiter_bytes():
                data += part
                if len(data) > MOST_BYTES:
                    raise DocumentGone("too_large")
    except httpx.HTTPError as error:
        raise ProviderUnavailable(type(error).__name__) from None
    return bytes(data)


def host_of(base_url: str) -> str:
    """The host of an address."""
    return urlsplit(base_url).hostname or ""


def verify_basic(request: WebhookRequest, username: str, password: str) -> None:
    """HTTP Basic credentials of a callback. Raises `BadSignature`; empty credentials never match."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature from None
    wanted = f"{username}:{password}".encode()
    if scheme.lower() != "basic" or not username or not password or not hmac.compare_digest(given, wanted):
        raise BadSignature


def basic(username: str, password: str) -> str:
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
