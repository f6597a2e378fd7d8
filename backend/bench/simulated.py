"""Month and chaos: 400 referrals in a simulated month, without and with faults: lost, duplicated, unlawful, late."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from backend.bench.ground import Ground, servers
from backend.bench.month import Chaos, simulate
from backend.wiring.process import open_process

LEADS = 400
TROUBLE = Chaos(kill=0.1, faults=20, cut_connections=1, flush_redis=2)


def measure() -> dict[str, Any]:
    """A month in which everything works."""
    with servers() as ground:
        return asyncio.run(_measure(ground, Chaos()))


def measure_chaos() -> dict[str, Any]:
    """Workers die, callbacks are lost, doubled and reordered, connections are cut, Valkey is emptied."""
    with servers() as ground:
        return asyncio.run(_measure(ground, TROUBLE))


async def _measure(ground: Ground, chaos: Chaos) -> dict[str, Any]:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with open_process(ground.settings) as context:
            found = await simulate(context, ground.admin_url, Path(folder), leads=LEADS, chaos=chaos)
    return {
        "leads": found.leads,
        "open leads without a next step": found.without_next_step,
        "texts": found.texts,
        "unlawful texts": _listed(found.unlawful),
        "duplicated texts": _listed(found.duplicates),
        "patients' texts lost": found.lost_texts,
        "texts nobody knows the fate of": found.stuck_texts,
        "tried within 24 h": f"{found.attempted_24h:.1%}",
        "spoken with within 24 h": f"{found.contacted_24h:.1%}",
        "booked, won, lost": f"{found.booked}, {found.won}, {found.lost}",
        "jobs, of them killed, dead": f"{found.jobs}, {found.kills}, {found.dead_jobs}",
        "seconds": round(time.monotonic() - begun),
    }


def _listed(wrong: list[str]) -> str:
    """How many, and which: the same seed brings them back."""
    return "; ".join([str(len(wrong)), *wrong])
