"""Send a fax through an emulated carrier of the running sandbox."""

import argparse
import sys
from pathlib import Path

import httpx

from backend.core.settings import Settings


def options(parser: argparse.ArgumentParser) -> None:
    """Which file, through which carrier."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--via", choices=("documo", "sinch", "telnyx", "srfax"), default="telnyx")
    parser.add_argument("--from", dest="sender", default="+13125550142")


def send_fax(chosen: argparse.Namespace) -> int:
    """The carrier then calls Frontdesk by its own webhook."""
    settings = Settings()
    form = {"provider": chosen.via, "from": chosen.sender}
    try:
        with chosen.file.open("rb") as file:
            answer = httpx.post(f"{settings.sandbox_url}/faxes", data=form, files={"file": file}, timeout=30)
        answer.raise_for_status()
    except OSError:
        print("The file cannot be read.", file=sys.stderr)
        return 1
    except httpx.HTTPError:
        print("The sandbox does not answer. Start it with `make run`.", file=sys.stderr)
        return 1
    print(f"sent through {chosen.via} as {answer.json()['id']}")
    return 0
