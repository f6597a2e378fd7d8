"""Addresses somebody typed in: by https only, and never into a network of our own.

The name is looked up here, once, and the connection goes to the very address that was judged, so a name that answers
differently the second time gains nothing. TLS still proves the name (httpx: `sni_hostname`).
"""

import asyncio
import ipaddress
import socket
from typing import Final

import httpx

MOST_ADDRESSES: Final = 4
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
GLOBAL_V6: Final = ipaddress.ip_network("2000::/3")


class InnerAddress(Exception):
    """It leads into a private network, or nowhere one may go."""


def outward(address: str) -> bool:
    """Whether this is an address of the open internet; what wraps another address (6to4, Teredo, NAT64) is not."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if not found.is_global or found.is_multicast:
        return False
    return found.version == 4 or (found in GLOBAL_V6 and found.sixtofour is None and found.teredo is None)


async def addresses(host: str, port: int, *, local: bool = False) -> list[str]:
    """Where the name leads, as far as we may go there; `local` allows this machine. Raises `InnerAddress`, OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # IPv4 first: where there is no way to the other, one waits long for the answer.
    said = sorted(dict.fromkeys(str(entry[4][0]) for entry in found), key=lambda each: ":" in each)
    allowed = [each for each in said if outward(each) or (local and host in LOOPBACK)]
    if not allowed:
        raise InnerAddress
    return allowed[:MOST_ADDRESSES]


class OutwardTransport(httpx.AsyncHTTPTransport):
    """Connects to addresses of the open internet only. With `local`, also to this machine, there without TLS."""

    def __init__(self, *, local: bool = False) -> None:
        super().__init__(trust_env=False)
        self._local = local

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises `InnerAddress` instead of going there."""
        url, host = request.url, request.url.host
        if url.scheme != "https" and not (self._local and host in LOOPBACK):
            raise InnerAddress
        port = url.port or {"https": 443}.get(url.scheme, 80)
        try:
            found = await addresses(host, port, local=self._local)
        except OSError:
            raise httpx.ConnectError("unknown name", request=request) from None
        for number, address in enumerate(found, 1):
            request.url = url.copy_with(host=address)
            request.extensions = {**request.extensions, "sni_hostname": host}
            try:
                return await super().handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(found):
                    raise
        raise httpx.ConnectError("no address", request=request)
