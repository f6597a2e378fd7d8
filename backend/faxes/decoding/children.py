"""Runs risky work in limited child processes, from inside an asyncio worker.

Two fork servers per worker process (`decoding.works`) keep the heavy libraries loaded, so a child costs
milliseconds. Each runs one child per core at most and sees no secrets: its environment holds only what Python needs.
"""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from typing import Any

import backend
from backend.faxes.decoding.frames import HEAD, STATUS, Message, lengths, pack
from backend.faxes.decoding.works import SERVER_OF, WORKS

_TOO_LONG = {signal.SIGXCPU, signal.SIGALRM}
# a child killed by a failed allocation rarely got all of its allowance
_NEARLY_ALL = 0.6
_KEPT_ENVIRONMENT = ("PATH", "LANG", "TMPDIR")
_STREAM_LIMIT = 1024 * 1024


class ChildFailed(Exception):
    """The child could not finish. `code` is one of `limits.SENTENCES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _ForkServer:
    """A helper process of this worker, started on first use and again should it ever die."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        atexit.register(self.close)

    def send(self, fds: list[int]) -> None:
        with self._lock:
            try:
                socket.send_fds(self._running(), [b"x"], fds)
            except OSError:
                self.close()
                socket.send_fds(self._running(), [b"x"], fds)

    def close(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _running(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "backend.faxes.decoding.forkserver", str(theirs.fileno()), self._name],
                env=bare_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # its own session: on Ctrl-C the worker, not the terminal, decides what ends
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            theirs.close()
        return self._control


_servers = {name: _ForkServer(name) for name in WORKS}


def bare_environment() -> dict[str, str]:
    """What children see of this process's environment: no secrets."""
    home = str(Path(backend.__file__).parents[1])
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    # one thread each: the cores are already taken by one child per core
    return kept | {"PYTHONPATH": home, "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}


async def run(
    work: str, data: bytes, *, cpu_seconds: int, memory_bytes: int, **parameters: Any
) -> AsyncGenerator[tuple[Message, bytes], None]:
    """Run the named work (`decoding.works`) on `data`, yielding what it says as it says it.

    Raises `ChildFailed` when it does not finish within its limits. Closing the iterator kills the child.
    """
    channel, their_channel = socket.socketpair()
    lifeline, their_lifeline = socket.socketpair()
    writer = None
    try:
        with their_channel, their_lifeline:
            _servers[SERVER_OF[work]].send([their_channel.fileno(), their_lifeline.fileno()])
        reader, writer = await asyncio.open_connection(sock=channel, limit=_STREAM_LIMIT)
        limits = {"work": work, "cpu_seconds": cpu_seconds, "memory_bytes": memory_bytes}
        sending = asyncio.create_task(_send(writer, pack(parameters | limits, data)))
        try:
            while True:
                message, blob = await _receive(reader)
                if message.get("done"):
                    return
                if "failure" in message:
                    raise ChildFailed(message["failure"])
                yield message, blob
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            raise ChildFailed(await _why_it_died(lifeline, memory_bytes)) from None
        finally:
            sending.cancel()
    finally:
        lifeline.close()
        if writer is not None:
            writer.close()
        channel.close()


async def _send(writer: asyncio.StreamWriter, frame: bytes) -> None:
    with suppress(ConnectionError):
        writer.write(frame)
        await writer.drain()


async def _receive(reader: asyncio.StreamReader) -> tuple[Message, bytes]:
    text_length, blob_length = lengths(await reader.readexactly(HEAD.size))
    message: Message = json.loads(await reader.readexactly(text_length))
    return message, await reader.readexactly(blob_length)


async def _why_it_died(lifeline: socket.socket, memory_bytes: int) -> str:
    lifeline.setblocking(False)
    try:
        report = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(lifeline, STATUS.size), 5)
    except (TimeoutError, OSError):
        return "crashed"
    if len(report) < STATUS.size:
        return "crashed"
    status, peak = STATUS.unpack(report)
    ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    if ended_by in _TOO_LONG:
        return "took_too_long"
    # SIGKILL nobody here sent: the system ran out of memory
    return "out_of_memory" if ended_by == signal.SIGKILL or peak > memory_bytes * _NEARLY_ALL else "crashed"
