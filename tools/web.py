"""Run npm in `frontend/` with the host's Node where it is new enough, else with the one in the venv.

`python tools/web.py run test`
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NODE_AT_LEAST = (22, 17)


def npm(*arguments: str) -> None:
    """Run npm; exits with its code when it fails."""
    environment = {**os.environ, "PATH": os.pathsep.join(path_with_node()), "CI": "true"}
    # A setting of the venv's Node that npm does not know and would warn about on every call.
    environment.pop("npm_config_nodedir", None)
    ran = subprocess.run(
        ["npm", *arguments], cwd=ROOT / "frontend", env=environment, stdin=subprocess.DEVNULL, check=False
    )
    if ran.returncode:
        sys.exit(ran.returncode)


def path_with_node() -> list[str]:
    """PATH whose first Node is new enough."""
    path = os.environ.get("PATH", "").split(os.pathsep)
    host = shutil.which("node")
    if host and shutil.which("npm"):
        version = subprocess.run([host, "--version"], capture_output=True, text=True, check=False).stdout
        numbers = tuple(int(part) for part in version.strip().lstrip("v").split(".")[:2] if part.isdigit())
        if numbers >= NODE_AT_LEAST:
            return path
    return [str(ROOT / ".venv" / "bin"), *path]


if __name__ == "__main__":
    npm(*sys.argv[1:])
