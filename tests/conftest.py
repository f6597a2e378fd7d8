"""One embedded cluster per run, migrated once; every test begins with empty tables."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from backend.api.app import create_app, serve_with
from backend.core.actor import Actor
from backend.core.context import ProcessContext
from backend.core.database import Database
from backend.core.settings import Settings
from backend.identity import service
from backend.identity.permissions import ROLES
from backend.launcher.services import Services, ensure_services, stop_services
from backend.wiring.process import open_process

# How long one example takes says nothing on a machine that does much else.
hypothesis_settings.register_profile("any machine", deadline=None)
hypothesis_settings.load_profile("any machine")

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "a sentence nobody guesses"


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Running servers with a migrated database."""
    running = ensure_services(tmp_path_factory.mktemp("servers"), durable=False)
    environment = {**os.environ, "MIGRATIONS_URL": running.migrations_url}
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    yield running
    stop_services(running)


@pytest.fixture(scope="session")
def settings(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the process under test."""
    return Settings.model_validate(
        {
            "FRONTDESK_ENVIRONMENT": "test",
            "FRONTDESK_DATA": tmp_path_factory.mktemp("data"),
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
        }
    )


@pytest.fixture(scope="session")
async def admin(services: Services) -> AsyncIterator["asyncpg.Connection"]:
    """A superuser's connection, for what tests must see or break behind the application's back."""
    connection = await asyncpg.connect(services.admin_database_url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def process(settings: Settings) -> AsyncIterator[ProcessContext]:
    """What the api process holds."""
    async with open_process(settings) as context:
        yield context


@pytest.fixture
async def context(process: ProcessContext, admin: "asyncpg.Connection") -> ProcessContext:
    """The process, with every table empty."""
    return await emptied(process, admin)


async def emptied(process: ProcessContext, admin: "asyncpg.Connection") -> ProcessContext:
    """Forget what tests before have written."""
    tables = await admin.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    )
    deletes = "; ".join(f'DELETE FROM "{row["tablename"]}"' for row in tables)
    await admin.execute(f"SET session_replication_role = replica; {deletes}; RESET session_replication_role")
    await process.redis.flushdb()  # tries counted in another test
    return process


@pytest.fixture
def database(context: ProcessContext) -> Database:
    """The database as the app role sees it."""
    return context.database


@dataclass(frozen=True)
class SamplePractice:
    """A practice with one clinic, one team and one signed-up person."""

    id: UUID
    location_id: UUID
    user_id: UUID
    email: str
    actor: Actor


async def make_practice(context: ProcessContext, slug: str, role: str = "owner") -> SamplePractice:
    """A fresh practice named after its slug."""
    async with context.database.system() as session:
        practice = await service.create_practice(
            session, context.keyring, name=slug.title(), slug=slug, timezone="America/Chicago"
        )
    email = f"dana@{slug}.example.org"
    async with context.database.transaction(practice.id) as session:
        location = await service.create_location(session, name="North", timezone="America/Chicago")
        user = await service.create_user(session, email=email, name="Dana Desk", password=PASSWORD, role=role)
    actor = Actor(practice.id, "user", str(user.id), user.name, ROLES[role])
    return SamplePractice(practice.id, location.id, user.id, email, actor)


@pytest.fixture
async def practice(context: ProcessContext) -> SamplePractice:
    """The practice under test."""
    return await make_practice(context, "northside")


@pytest.fixture
async def other_practice(context: ProcessContext) -> SamplePractice:
    """Somebody else's practice."""
    return await make_practice(context, "lakeview")


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The application. One for all tests: its routes are laid out at the first request, which takes a while."""
    return create_app()


def beside(app: FastAPI, sandbox: ASGIApp) -> Starlette:
    """The application with a sandbox of its own, as the product mounts it."""
    return Starlette(routes=[Mount("/sandbox", sandbox), Mount("/", app)])


@pytest.fixture
async def anonymous(app: FastAPI, context: ProcessContext) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has not signed in. HTTPS, because the session cookie is `Secure`."""
    serve_with(app, context, {})
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as client:
        yield client


@pytest.fixture
async def client(anonymous: httpx.AsyncClient, practice: SamplePractice) -> httpx.AsyncClient:
    """A signed-in browser of `practice`."""
    answer = await anonymous.post("/api/v1/session", json={"email": practice.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.json()["type"]
    anonymous.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return anonymous
