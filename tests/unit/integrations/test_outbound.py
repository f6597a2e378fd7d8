"""Where addresses somebody typed in may lead: the open internet, by https, and nowhere else."""

import httpx
import pytest

from backend.integrations.outbound import InnerAddress, OutwardTransport, addresses, outward


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.72.10", "2607:f8b0:4004:800::200a"])
def test_the_open_internet(address: str) -> None:
    assert outward(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1",
        "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::", "2001:db8::1",
        "not an address", "",
    ],
)  # fmt: skip
def test_everything_else(address: str) -> None:
    assert not outward(address)


async def test_this_machine_only_where_it_is_allowed() -> None:
    with pytest.raises(InnerAddress):
        await addresses("localhost", 443)
    assert set(await addresses("localhost", 443, local=True)) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize(
    "url", ["http://tokens.example.org/", "https://127.0.0.1/", "https://localhost/", "http://[::1]/"]
)
async def test_nobody_is_sent_inside(url: str) -> None:
    async with httpx.AsyncClient(transport=OutwardTransport()) as http:
        with pytest.raises(InnerAddress):
            await http.get(url)
