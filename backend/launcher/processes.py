"""Run a server program as an ordinary user, dying with us where the kernel can arrange it."""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVER_USER = "nobody"
PR_SET_PDEATHSIG = 1


def is_root() -> bool:
    """PostgreSQL refuses to run as root, so root starts the servers as `nobody`."""
    return os.geteuid() == 0


def as_server_user() -> dict[str, Any]:
    """Arguments for `subprocess` that drop root."""
    if not is_root():
        return {}
    entry = pwd.getpwnam(SERVER_USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give_to_server_user(path: Path) -> None:
    """Make a folder the servers' own, and private."""
    path.mkdir(parents=True, exist_ok=True)
    if is_root():
        shutil.chown(path, SERVER_USER)
    path.chmod(0o700)


def die_with_parent() -> None:
    """Run in a child before exec: the kernel (Linux) interrupts it when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def spawn(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """Start a server in its own session, so Ctrl-C reaches the application first."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/",
            preexec_fn=die_with_parent,
            **as_server_user(),
        )


def run(command: list[str]) -> None:
    """Run a set-up program as the server user. Raises `RuntimeError` with its last words."""
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **as_server_user())
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")


def free_port() -> int:
    """A TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether something answers on a local port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def private_text(path: Path, default: str | None = None) -> str:
    """The content of a 0600 file, made on first use (by default a random password)."""
    if not path.exists():
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(default or secrets.token_urlsafe(24))
    return path.read_text()


def state_folder(data: Path) -> Path:
    """Where servers keep their files: below `data`, or for root a place `nobody` can reach."""
    data = data.resolve()
    if not is_root() or _reachable(data):
        return data
    name = str(data).strip("/").replace("/", "-")
    folder = Path("/var/lib/frontdesk") / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _reachable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents if parent.exists())
