"""Find a Chromium: $CHROMIUM, the system's, the one npm brought along, else what apt installs."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ARGUMENTS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
# Unpacks the npm package's browser, and (only where it thinks it runs there) the libraries it needs.
UNPACK = 'import c from "@sparticuz/chromium"; console.log(await c.executablePath())'
HOW = "no Chromium found: set CHROMIUM, or install one (apt-get install chromium)"


@cache
def find() -> tuple[str, dict[str, str]] | None:
    """(program, extra environment) of a browser that starts; None when there is none."""
    for candidate in (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), str(MAC)):
        if candidate and _starts(candidate, {}):
            return candidate, {}
    return _from_npm() or _from_apt()


def _starts(program: str, environment: dict[str, str]) -> bool:
    try:
        ran = subprocess.run(
            [program, "--version"], capture_output=True, timeout=30, check=False, env={**os.environ, **environment}
        )
    except OSError:
        return False
    return ran.returncode == 0


def _from_npm() -> tuple[str, dict[str, str]] | None:
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        return None
    path = os.pathsep.join([*os.environ["PATH"].split(os.pathsep), str(ROOT / ".venv" / "bin")])
    environment = {**os.environ, "PATH": path, "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", UNPACK], cwd=ROOT / "frontend", env=environment, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    program = ran.stdout.strip()
    libraries = {"LD_LIBRARY_PATH": str(Path(program).parent / "al2023" / "lib")}
    for extra in ({}, libraries):
        if program and _starts(program, extra):
            return program, extra
    return None


def _from_apt() -> tuple[str, dict[str, str]] | None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    found = shutil.which("chromium")
    return (found, {}) if found else None
