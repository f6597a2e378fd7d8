"""Run the benchmarks, print a table, write JSON under the data folder."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.bench import board, extract, imports, inbox, ingest, live, patients, reports, simulated, slots, timers

BENCHES: dict[str, Callable[[], Any]] = {
    "extract": extract.measure,
    "ingest": ingest.measure,
    "board": board.measure,
    "inbox": inbox.measure,
    "imports": imports.measure,
    "timers": timers.measure,
    "slots": slots.measure,
    "live": live.measure,
    "reports": reports.measure,
    "patients": patients.measure,
    "month": simulated.measure,
    "chaos": simulated.measure_chaos,
}


def main() -> int:
    """`python -m backend.bench [extract] [timers] …`."""
    wanted = sys.argv[1:] or list(BENCHES)
    folder = Path(".data") / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        figures = BENCHES[name]()
        print(f"\n{name}")
        for label, value in figures.items():
            print(f"  {label:52} {value}")
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        (folder / f"{name}-{stamp}.json").write_text(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
