"""Look after a running installation: replay what gave up, check that the promises hold."""

import argparse
import asyncio
import json
import sys
from uuid import UUID

from sqlalchemy import String, cast, or_, select

from backend.cli.environment import settings_with_servers
from backend.core.context import ProcessContext
from backend.identity.models import Practice
from backend.launcher.services import stop_services
from backend.operations import doctor as checks
from backend.operations import service
from backend.wiring.process import open_process


def replay_options(parser: argparse.ArgumentParser) -> None:
    """What to run again; without options every dead job."""
    parser.add_argument("--job", type=UUID, help="one dead job")
    parser.add_argument("--delivery", type=UUID, help="one provider event")


def replay(chosen: argparse.Namespace) -> int:
    """Run dead jobs again, or one provider event."""
    return asyncio.run(_replay(chosen))


async def _replay(chosen: argparse.Namespace) -> int:
    settings, services = settings_with_servers()
    try:
        async with open_process(settings) as context:
            again = sum([await _of_practice(context, practice, chosen) for practice in await _practices(context)])
    finally:
        if services:
            stop_services(services)
    print(f"running again: {again}")
    return 0 if again or not (chosen.job or chosen.delivery) else 1


async def _of_practice(context: ProcessContext, practice_id: UUID, chosen: argparse.Namespace) -> int:
    async with context.database.transaction(practice_id) as session:
        if chosen.job or chosen.delivery:
            return await service.replay_one(session, chosen.job, chosen.delivery)
        return await service.replay_all_dead(session)


async def _practices(context: ProcessContext, wanted: str | None = None) -> list[UUID]:
    query = select(Practice.id).order_by(Practice.id)
    if wanted:
        query = query.where(or_(Practice.slug == wanted, cast(Practice.id, String) == wanted))
    async with context.database.system() as session:
        return list(await session.scalars(query))


def doctor_options(parser: argparse.ArgumentParser) -> None:
    """What to examine and how to say it."""
    parser.add_argument("--practice", help="only this practice, by slug or id")
    parser.add_argument("--days", type=int, default=checks.TEXT_DAYS, help="how far back texts are judged")
    parser.add_argument("--json", action="store_true", help="for programs")


def doctor(chosen: argparse.Namespace) -> int:
    """Check the promises (design §1) on the live database; exit code 1 when one is broken."""
    return asyncio.run(_doctor(chosen))


async def _doctor(chosen: argparse.Namespace) -> int:
    settings, services = settings_with_servers()
    try:
        async with open_process(settings) as context:
            practices = await _practices(context, chosen.practice)
            if chosen.practice and not practices:
                print("There is no such practice.", file=sys.stderr)
                return 2
            found = await checks.examine(context, practices, chosen.days)
    finally:
        if services:
            stop_services(services)
    whole = all(finding.ok for finding in found)
    if chosen.json:
        print(json.dumps({"ok": whole, "findings": [finding.as_json() for finding in found]}, indent=2))
    else:
        print("\n".join(line for finding in found for line in _told(finding)))
    return 0 if whole else 1


WORDS = {"ok": "ok    ", "broken": "BROKEN", "note": "note  "}


def _told(finding: checks.Finding) -> list[str]:
    count = f" ({finding.total})" if finding.total else ""
    detail = f": {finding.detail}" if finding.detail else ""
    lines = [f"{WORDS[finding.state]} {finding.promise} {finding.title}{detail}{count}"]
    lines += [f"         {found.kind} {found.id}: {found.note}" for found in finding.violations]
    if (more := finding.total - len(finding.violations)) > 0:
        lines.append(f"         and {more} more")
    return lines
