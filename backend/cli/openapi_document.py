"""Write the OpenAPI document, or check that the committed one is current."""

import argparse
import json
import sys
from pathlib import Path

from backend.api.app import create_app

FILE = Path(__file__).resolve().parents[2] / "openapi" / "openapi.json"


def options(parser: argparse.ArgumentParser) -> None:
    """`--check` only compares."""
    parser.add_argument("--check", action="store_true", help="exit 1 when the committed document is not current")


def export(chosen: argparse.Namespace) -> int:
    """Write or compare."""
    text = json.dumps(create_app().openapi(), indent=2, ensure_ascii=False) + "\n"
    if not chosen.check:
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(text)
        return 0
    if FILE.exists() and FILE.read_text() == text:
        return 0
    print("openapi/openapi.json is not current: run `make openapi` and commit it", file=sys.stderr)
    return 1
