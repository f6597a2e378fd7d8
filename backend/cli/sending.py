"""Bring a fax in from the command line: through an emulated carrier of the running sandbox, or as an upload."""

import argparse
import asyncio
import sys
from pathlib import Path

import httpx
from sqlalchemy import select

from backend.cli.environment import settings_with_servers
from backend.core.settings import Settings
from backend.faxes.decoding import sniff
from backend.faxes.ports import PROVIDERS
from backend.faxes.service import receive_document
from backend.identity.models import Practice
from backend.identity.queries import practice_key
from backend.launcher.services import stop_services
from backend.wiring.process import open_process

UPLOAD = "upload"


def options(parser: argparse.ArgumentParser) -> None:
    """Which file, by which way."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--via", choices=(*PROVIDERS, UPLOAD), default="telnyx", help="a carrier, or `upload`")
    parser.add_argument("--from", dest="sender", default="+13125550142")
    parser.add_argument("--practice", default="northside", help="slug of the practice, for --via upload")


def send_fax(chosen: argparse.Namespace) -> int:
    """A carrier calls Frontdesk by its own webhook; an upload is stored at once and read by the workers."""
    try:
        data = chosen.file.read_bytes()
    except OSError:
        print("The file cannot be read.", file=sys.stderr)
        return 1
    if chosen.via == UPLOAD:
        settings, services = settings_with_servers()
        try:
            return asyncio.run(_upload(settings, data, chosen.practice, chosen.sender))
        finally:
            if services:
                stop_services(services)
    return _through_carrier(data, chosen)


def _through_carrier(data: bytes, chosen: argparse.Namespace) -> int:
    form = {"provider": chosen.via, "from": chosen.sender}
    files = {"file": (chosen.file.name, data)}
    try:
        answer = httpx.post(f"{Settings().sandbox_url}/faxes", data=form, files=files, timeout=30)
        answer.raise_for_status()
    except httpx.HTTPError:
        print("The sandbox does not answer. Start it with `make run`.", file=sys.stderr)
        return 1
    print(f"sent through {chosen.via} as {answer.json()['id']}")
    return 0


async def _upload(settings: Settings, data: bytes, slug: str, sender: str) -> int:
    async with open_process(settings) as context:
        async with context.database.system() as session:
            practice_id = await session.scalar(select(Practice.id).where(Practice.slug == slug))
        if practice_id is None:
            print("There is no practice with this slug.", file=sys.stderr)
            return 1
        async with context.database.transaction(practice_id) as session:
            key = await practice_key(session, context)
        stored = await context.documents.put(practice_id, key, data, sniff(data) or "application/octet-stream")
        async with context.database.transaction(practice_id) as session:
            fax_id = await receive_document(session, stored, channel="upload", from_number=sender)
    print(f"uploaded as {fax_id}")
    return 0
