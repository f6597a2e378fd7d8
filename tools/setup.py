"""Make `.venv` with exactly the packages of requirements.lock, then build the web app.

Needs nothing but Python's standard library.
"""

import subprocess
import sys
import venv
from pathlib import Path

import web

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
UV = "uv==0.13.9"


def main() -> None:
    """Install or update."""
    install_packages()
    print("frontdesk: building the web app", flush=True)
    web.npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    web.npm("run", "--silent", "build")


def install_packages() -> None:
    """The Python side."""
    if sys.version_info < (3, 11):
        sys.exit(
            f"Frontdesk needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try PYTHON=python3.12 make …"
        )
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        print("frontdesk: making .venv", flush=True)
        venv.create(ENVIRONMENT, with_pip=True)
    print("frontdesk: installing packages", flush=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q"]
    lock = str(ROOT / "requirements.lock")
    if subprocess.run([*pip, "install", UV], check=False).returncode:
        subprocess.run([*pip, "install", "--require-hashes", "-r", lock], check=True)
        return
    # `sync` would remove uv and pip, which are not in the lock.
    uv = str(ENVIRONMENT / "bin" / "uv")
    subprocess.run([uv, "pip", "install", "-q", "--python", str(python), "--require-hashes", "-r", lock], check=True)


if __name__ == "__main__":
    main()
