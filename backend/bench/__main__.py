"""Run the benchmarks, print a table, write JSON under the data folder."""

import argparse
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
    parser = argparse.ArgumentParser(prog="python -m backend.bench", description=__doc__)
    parser.add_argument("bench", nargs="*", help=f"which (all of them): {', '.join(BENCHES)}")
    wanted = parser.parse_args().bench or list(BENCHES)
    unknown = [name for name in wanted if name not in BENCHES]
    if unknown:
        parser.error(f"no bench named {', '.join(unknown)}")
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
