"""The whole product as `make run` starts it, and a browser in front of it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
KEY = "fd_live_browser_journeys_0000000000"


@dataclass(frozen=True)
class Product:
    """Where it runs, and a key for looking behind the pages."""

    url: str
    key: str


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError("frontdesk did not start")


def _text_nobody(url: str) -> None:
    """Whether a first text goes out, and moves the card, would depend on the hour the tests run at."""
    policy = {"first_text": "off", "opens": "09:00", "closes": "20:00", "sundays": False, "per_day": 1, "per_week": 3}
    request = urllib.request.Request(
        f"{url}/api/v1/settings/messaging", json.dumps(policy | {"version": 0}).encode(), method="PUT",
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=10):
        return


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Servers, workers, api, sandbox and demo."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
        "FRONTDESK_DATA": str(tmp_path_factory.mktemp("product")),
        "PORT": str(port),
        "DEMO": "1",
        "FRONTDESK_DEMO_API_KEY": KEY,
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "backend.cli", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(url, process)
        _text_nobody(url)
        yield Product(url, KEY)
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium; its absence is a failure in CI and a skip elsewhere."""
    found = chromium.find()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(chromium.HOW)
        pytest.skip(chromium.HOW)
    program, environment = found
    arguments = [*chromium.ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=program, args=arguments, env={**os.environ, **environment}
        )
        yield launched
        await launched.close()


@pytest.fixture
async def page(browser: Browser, product: Product) -> AsyncIterator[Page]:
    """A fresh browser window; an error in the page fails the test."""
    context = await browser.new_context(base_url=product.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(8_000)
    opened = await context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    await context.close()
    assert errors == []
