"""Children end with their work, with their limits, and with the worker that started them."""

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from backend.faxes.decoding import children, decode
from backend.faxes.decoding.children import ChildFailed, run
from tests.unit.faxes import papers
from tests.unit.faxes.decoding import hostile

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes in /proc")

SLOW = hostile.page_with(hostile.stream(b"[.01 .01] 0 d 1 J 5 w 0 0 m 100 900 500 -800 600 700 c S " * 20_000))
ROOT = Path(__file__).resolve().parents[4]
WORKER = """
import asyncio, sys
from backend.faxes.decoding import decode
asyncio.run(decode(sys.stdin.buffer.read()))
"""


def states() -> dict[int, tuple[str, int]]:
    """State letter and parent of every process."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            state, parent = stat.read_text().rpartition(") ")[2].split()[:2]
            found[int(stat.parent.name)] = (state, int(parent))
    return found


def tree_of(pid: int) -> set[int]:
    """The process's living children and theirs."""
    processes, found, before = states(), {pid}, 0
    while len(found) != before:
        before = len(found)
        found |= {child for child, (state, parent) in processes.items() if parent in found and state != "Z"}
    return found - {pid}


def alive(pids: set[int]) -> set[int]:
    """Those still running."""
    return {pid for pid, (state, _) in states().items() if pid in pids and state != "Z"}


async def wait_until_gone(pids: set[int], seconds: float = 5) -> set[int]:
    ends_at = time.monotonic() + seconds
    while (left := alive(pids)) and time.monotonic() < ends_at:
        await asyncio.sleep(0.1)
    return left


async def test_no_child_outlives_a_killed_worker() -> None:
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, stdin=asyncio.subprocess.PIPE, cwd=ROOT)
    assert worker.stdin is not None
    worker.stdin.write(SLOW)
    worker.stdin.close()
    family: set[int] = set()
    ends_at = time.monotonic() + 20
    while len(family) < 2 and time.monotonic() < ends_at:
        await asyncio.sleep(0.1)
        family = tree_of(worker.pid)
    assert len(family) == 2, "the fork server and its busy child"
    worker.kill()
    await worker.wait()
    assert await wait_until_gone(family) == set()


async def test_giving_up_on_a_document_kills_its_child() -> None:
    await decode(papers.pdf())
    server = fork_server()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(decode(SLOW), 0.7)
    assert await wait_until_gone(tree_of(server)) == set()
    assert len(await decode(papers.pdf())) == 1


async def test_a_lost_fork_server_is_replaced() -> None:
    await decode(papers.pdf())
    server = fork_server()
    os.kill(server, signal.SIGKILL)
    await wait_until_gone({server})
    assert len(await decode(papers.pdf())) == 1


def fork_server() -> int:
    """The one of this process that opens documents; other parts of the test run may have their own."""
    ours = {pid for pid, (state, parent) in states().items() if parent == os.getpid() and state != "Z"}
    (server,) = {pid for pid in ours if "forkserver" in (said := _command(pid)) and "opening" in said}
    return server


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""  # it ended meanwhile


async def test_memory_is_bounded() -> None:
    with pytest.raises(ChildFailed) as failure:
        async for _ in run(
            "decode",
            hostile.lying_tiff(1700, 20_000),
            cpu_seconds=5,
            memory_bytes=225 * 1024 * 1024,
            pages=9,
            page_pixels=40_000_000,
            document_pixels=400_000_000,
            first=0,
            sent_bytes=0,
        ):
            pass
    assert failure.value.code == "out_of_memory"


async def test_children_do_not_inherit_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_CANARY", "not for children")
    assert "FRONTDESK_CANARY" not in children.bare_environment()
