"""Forks one limited process per piece of work, with the heavy libraries already loaded.

Started by `children.py` as `python -m backend.faxes.decoding.forkserver FD SERVER`. On the control socket FD it
receives two sockets per request: the *channel* carries frames, the *lifeline* ends the child. When the
parent closes its end of the lifeline, on purpose or by dying, the kernel sends SIGIO, whose default action
ends the child even in the middle of a C function. When the control socket closes, everything ends.
"""

import faulthandler
import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from fcntl import F_GETFL, F_SETFL, F_SETOWN, fcntl
from io import BufferedRWPair

from backend.faxes.decoding.frames import STATUS, Message, pack, read_frame
from backend.faxes.decoding.limits import Undecodable
from backend.faxes.decoding.works import WORKS

Work = Callable[[Message, bytes], Iterator[tuple[Message, bytes]]]

_SCRATCH_BYTES = 1024 * 1024
_OPEN_FILES = 64
# reading gains nothing from more than one child per core, and memory sets the other bound
_CHILDREN_AT_MOST = 4
_ENDED_BY_DEFAULT = (signal.SIGALRM, signal.SIGIO, signal.SIGXCPU, signal.SIGCHLD, signal.SIGTERM)


def main(control_fd: int, server: str) -> None:
    """Serve requests for the works of `server` until the control socket closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work = {name: getattr(importlib.import_module(module), entry) for name, (module, entry) in WORKS[server].items()}
    # shared pages stay shared only while nothing writes to them, and the collector writes
    gc.freeze()
    control = socket.socket(fileno=control_fd)
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    running: dict[int, socket.socket] = {}
    at_most = min(os.cpu_count() or 1, _CHILDREN_AT_MOST)
    while True:
        listen = [wake_read] if len(running) >= at_most else [wake_read, control.fileno()]
        ready = select.select(listen, [], [])[0]
        if wake_read in ready:
            os.read(wake_read, 4096)
            _reap(running)
        if control.fileno() in ready:
            message, fds, _, _ = socket.recv_fds(control, 1, 2)
            if not message:
                return
            _start(work, fds, running, control)


def _start(work: dict[str, Work], fds: list[int], running: dict[int, socket.socket], control: socket.socket) -> None:
    channel, lifeline = (socket.socket(fileno=fd) for fd in fds)
    pid = os.fork()
    if pid == 0:
        try:
            for not_ours in (control, *running.values()):
                not_ours.close()
            _child(work, channel, lifeline)
        finally:
            os._exit(1)
    channel.close()
    running[pid] = lifeline


def _reap(running: dict[int, socket.socket]) -> None:
    """Tell each parent how its child ended: wait status and peak resident bytes."""
    while running:
        pid, status, usage = os.wait4(-1, os.WNOHANG)
        if pid == 0:
            return
        unit = 1 if sys.platform == "darwin" else 1024
        with running.pop(pid) as lifeline:
            try:
                lifeline.send(STATUS.pack(status, usage.ru_maxrss * unit))
            except OSError:
                continue  # the parent gave up waiting


def _child(work: dict[str, Work], channel: socket.socket, lifeline: socket.socket) -> None:
    signal.set_wakeup_fd(-1)
    for number in _ENDED_BY_DEFAULT:
        signal.signal(number, signal.SIG_DFL)
    faulthandler.disable()
    _tie_to_parent(lifeline)
    _silence()
    stream = channel.makefile("rwb")
    request, data = read_frame(stream)
    _limit(request["cpu_seconds"], request["memory_bytes"])
    _answer(work[request["work"]], request, data, stream)
    os._exit(0)


def _answer(work: Work, request: Message, data: bytes, stream: BufferedRWPair) -> None:
    try:
        for message, blob in work(request, data):
            stream.write(pack(message, blob))
            stream.flush()
        last: Message = {"done": True}
    except MemoryError:
        last = {"failure": "out_of_memory"}
    except Undecodable as refusal:
        last = {"failure": refusal.code}
    except Exception:
        # a library's exception text may quote the document, so it stays here
        last = {"failure": "damaged"}
    stream.write(pack(last))
    stream.flush()


def _tie_to_parent(lifeline: socket.socket) -> None:
    fcntl(lifeline, F_SETOWN, os.getpid())
    fcntl(lifeline, F_SETFL, fcntl(lifeline, F_GETFL) | os.O_NONBLOCK | getattr(os, "O_ASYNC", 0o20000))
    if select.select([lifeline], [], [], 0)[0]:
        os._exit(0)  # the parent went before the signal was armed


def _silence() -> None:
    """Send what C libraries print to a small scratch file, where `opening` counts their complaints."""
    scratch, path = tempfile.mkstemp()
    os.unlink(path)
    for stream in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(scratch, stream)


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    """CPU, wall clock, memory, file size, open files. Where a system lacks one (macOS: memory) the rest hold."""
    wanted = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_CPU: (cpu_seconds, cpu_seconds + 1),
        resource.RLIMIT_FSIZE: (_SCRATCH_BYTES, _SCRATCH_BYTES),
        resource.RLIMIT_NOFILE: (_OPEN_FILES, _OPEN_FILES),
        resource.RLIMIT_AS: (memory_bytes, memory_bytes),
    }
    for name, pair in wanted.items():
        try:
            resource.setrlimit(name, pair)
        except (OSError, ValueError):
            continue
    signal.alarm(cpu_seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
