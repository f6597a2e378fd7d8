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
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser import chromium
from tests.desk_hours import until_desk_hours

ROOT = Path(__file__).resolve().parents[2]
KEY = "fd_live_browser_journeys_0000000000"
# Texts and working hours must not depend on when tests run: the product's clock is turned, and the browser's with it.
SHIFT = until_desk_hours()
TURN_CLOCK = """(() => {
  const Real = Date, shift = SHIFT;
  globalThis.Date = class extends Real {
    constructor(...of) { if (of.length) super(...of); else super(Real.now() + shift); }
    static now() { return Real.now() + shift; }
  };
})()""".replace("SHIFT", str(round(SHIFT.total_seconds() * 1000)))
POLICY = {"opens": "09:00", "closes": "20:00", "sundays": False, "per_day": 1, "per_week": 3}
# Stages of a fax that is still being read.
READING = {"received", "fetched", "decoded", "read", "sorted", "extracted", "matched"}
CARDS = 8


@dataclass(frozen=True)
class Product:
    """Where it runs, where it listens to HL7, and a key for looking behind the pages."""

    url: str
    key: str
    hl7_port: int


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


def ask(url: str, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The product's API, with its key."""
    request = urllib.request.Request(
        f"{url}/api/v1{path}", json.dumps(body).encode() if body else None, method=method,
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def choose_first_text(url: str, choice: str) -> None:
    """What the practice does when a lead opens: `off`, or `consent_first`."""
    path = "/settings/messaging"
    ask(url, "PUT", path, {**POLICY, "first_text": choice, "version": ask(url, "GET", path)["version"]})


def _settle(url: str) -> None:
    """Nobody is texted unasked, the demo's faxes are read, and cards wait in New, whatever the demo's texts moved."""
    choose_first_text(url, "off")
    until = time.monotonic() + 90
    while any(fax["status"] in READING for fax in ask(url, "GET", "/faxes")["items"]):
        if time.monotonic() > until:
            raise RuntimeError("the demo's faxes are not read")
        time.sleep(0.5)
    for number in range(CARDS):
        patient = {"first_name": "Card", "last_name": f"Number{number}", "phone": f"+1847555014{number}"}
        ask(url, "POST", "/leads", {"source": "fax", "patient": patient})


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Servers, workers, api, sandbox and demo."""
    port, hl7_port = _free_port(), _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
        "FRONTDESK_DATA": str(tmp_path_factory.mktemp("product")),
        "PORT": str(port),
        "MLLP_PORT": str(hl7_port),
        "DEMO": "1",
        "FRONTDESK_DEMO_API_KEY": KEY,
        "LOG_LEVEL": "ERROR",
        "FRONTDESK_CLOCK_SHIFT_HOURS": str(SHIFT.total_seconds() / 3600),
    }
    command = [sys.executable, "-m", "backend.cli", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(url, process)
        _settle(url)
        yield Product(url, KEY, hl7_port)
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


async def window(browser: Browser, product: Product, **options: Any) -> BrowserContext:
    """A browser of its own, its clock turned like the product's."""
    options = {"viewport": {"width": 1440, "height": 900}, **options}
    context = await browser.new_context(base_url=product.url, **options)
    await context.add_init_script(TURN_CLOCK)
    return context


@pytest.fixture
async def page(browser: Browser, product: Product) -> AsyncIterator[Page]:
    """A fresh browser window; an error in the page fails the test."""
    context = await window(browser, product)
    context.set_default_timeout(8_000)
    opened = await context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    await context.close()
    assert errors == []
