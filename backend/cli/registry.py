"""Fill the lookup table of NPIs from the public NPPES file."""

import argparse
import asyncio
import sys
from pathlib import Path

import asyncpg

from backend.cli.environment import settings_with_servers
from backend.core.settings import Settings
from backend.launcher.services import stop_services
from backend.referral_sources import registry
from backend.referral_sources.nppes import Wanted, WrongFile
from backend.referral_sources.taxonomies import SPECIALTIES


def options(parser: argparse.ArgumentParser) -> None:
    """Which file, and which of its rows."""
    parser.add_argument("file", type=Path, metavar="FILE", help="npidata_pfile_….csv, or the monthly ZIP it is in")
    parser.add_argument("--state", action="append", default=[], metavar="IL", help="repeat for several; default: all")
    parser.add_argument(
        "--taxonomy", action="append", default=[], metavar="207X",
        help="code or its beginning, repeat for several; default: specialties that refer to therapy",
    )  # fmt: skip


def import_nppes(chosen: argparse.Namespace) -> int:
    """Read the file; a second run brings what changed."""
    wanted = Wanted(
        frozenset(state.upper() for state in chosen.state),
        tuple(code.upper() for code in chosen.taxonomy) or tuple(SPECIALTIES),
    )
    if not chosen.file.is_file():
        print(f"There is no file {chosen.file}.", file=sys.stderr)
        return 2
    settings, services = settings_with_servers()
    try:
        done = asyncio.run(_import(settings, chosen.file, wanted))
    except WrongFile as wrong:
        print(f"This is not the NPPES file: {wrong}.", file=sys.stderr)
        return 2
    finally:
        if services:
            stop_services(services)
    rate = done.read / done.seconds if done.seconds else 0
    print(f"read {done.read:,} rows in {done.seconds:.1f} s ({rate:,.0f} rows/s): {done.wanted:,} asked for, "
          f"{done.written:,} new or changed")  # fmt: skip
    return 0


async def _import(settings: Settings, path: Path, wanted: Wanted) -> registry.Imported:
    address = (settings.migrations_url or settings.database_url).replace("+asyncpg", "")
    connection = await asyncpg.connect(address)
    try:
        return await registry.take(connection, path, wanted)
    finally:
        await connection.close()
