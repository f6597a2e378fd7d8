"""Make practices, people and API keys from the command line."""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.cli.environment import settings_with_servers
from backend.core.context import ProcessContext
from backend.core.problems import Problem
from backend.identity import api_keys, permissions, service
from backend.identity.models import Practice
from backend.launcher.services import stop_services
from backend.wiring.process import open_process

Action = Callable[[ProcessContext], Awaitable[str]]


def practice_options(parser: argparse.ArgumentParser) -> None:
    """What a practice needs."""
    parser.add_argument("--name", required=True)
    parser.add_argument("--slug", required=True, help="short name in lower case, such as northside")
    parser.add_argument("--timezone", default="America/New_York")
    parser.add_argument("--location", default="Main clinic", help="name of the first clinic")


def user_options(parser: argparse.ArgumentParser) -> None:
    """What a person needs. The password is asked for, or read from FRONTDESK_PASSWORD."""
    parser.add_argument("--practice", required=True, help="slug of the practice")
    parser.add_argument("--email", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--role", default="front_desk", choices=sorted(permissions.ROLES))


def key_options(parser: argparse.ArgumentParser) -> None:
    """What an API key needs."""
    parser.add_argument("--practice", required=True, help="slug of the practice")
    parser.add_argument("--name", default="command line")
    parser.add_argument("--scopes", required=True, help="comma-separated, or `all`")


def create_practice(chosen: argparse.Namespace) -> int:
    """Make a practice with its first clinic and front-desk team."""

    async def action(context: ProcessContext) -> str:
        async with context.database.system() as session:
            practice = await service.create_practice(
                session, context.keyring, name=chosen.name, slug=chosen.slug, timezone=chosen.timezone
            )
        async with context.database.transaction(practice.id) as session:
            await service.create_location(session, name=chosen.location, timezone=chosen.timezone)
        return f"practice {practice.slug} made; add people with create-user --practice {practice.slug}"

    return _perform(action)


def create_user(chosen: argparse.Namespace) -> int:
    """Make a person."""
    password = os.environ.get("FRONTDESK_PASSWORD") or getpass.getpass("Password (15 characters or more): ")

    async def make(session: AsyncSession) -> str:
        await service.create_user(session, email=chosen.email, name=chosen.name, password=password, role=chosen.role)
        return "user made"

    return _perform(lambda context: _in_practice(context, chosen.practice, make))


def create_api_key(chosen: argparse.Namespace) -> int:
    """Make a key and print it."""
    scopes = sorted(permissions.ALL) if chosen.scopes == "all" else chosen.scopes.split(",")

    async def make(session: AsyncSession) -> str:
        _, key = api_keys.create(session, chosen.name, scopes)
        return key

    return _perform(lambda context: _in_practice(context, chosen.practice, make))


async def _in_practice(context: ProcessContext, slug: str, make: Callable[[AsyncSession], Awaitable[str]]) -> str:
    async with context.database.system() as session:
        practice_id = await session.scalar(select(Practice.id).where(Practice.slug == slug))
    if practice_id is None:
        sys.exit("There is no practice with this slug.")
    async with context.database.transaction(practice_id) as session:
        return await make(session)


def _perform(action: Action) -> int:
    settings, services = settings_with_servers()

    async def perform() -> str:
        async with open_process(settings) as context:
            return await action(context)

    try:
        print(asyncio.run(perform()))
    except Problem as problem:
        details = [f"{error.pointer}: {error.detail}" for error in problem.errors]
        print("\n".join([problem.detail, *details]), file=sys.stderr)
        return 1
    finally:
        if services:
            stop_services(services)
    return 0
