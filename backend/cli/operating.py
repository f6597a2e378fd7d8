"""Look after a running installation: replay what gave up, check that the promises hold."""

import argparse
import asyncio
import sys
from uuid import UUID

from sqlalchemy import select

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


async def _practices(context: ProcessContext) -> list[UUID]:
    async with context.database.system() as session:
        return list(await session.scalars(select(Practice.id).order_by(Practice.id)))


def no_options(_: argparse.ArgumentParser) -> None:
    """Steered by the environment."""


def doctor(_: argparse.Namespace) -> int:
    """Check the promises (design §1) on the live database; exit code 1 when one is broken."""
    return asyncio.run(_doctor())


async def _doctor() -> int:
    settings, services = settings_with_servers()
    try:
        async with open_process(settings) as context:
            found = await checks.examine(context, await _practices(context))
    finally:
        if services:
            stop_services(services)
    for finding in found:
        print(f"{'ok    ' if finding.ok else 'BROKEN'} {finding.promise}: {finding.detail}", file=sys.stdout)
    return 0 if all(finding.ok for finding in found) else 1
