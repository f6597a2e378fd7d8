"""Start processes: the api alone, or everything at once."""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial

import uvicorn

from backend.api.app import create_app, serve_spa
from backend.cli import demo
from backend.cli.environment import migrate as migrate_database
from backend.cli.environment import settings_with_servers
from backend.core import logging
from backend.core.context import ProcessContext
from backend.core.jobs import QUEUES
from backend.core.settings import Settings
from backend.faxes.ports import FaxProvider
from backend.launcher.processes import die_with_parent
from backend.launcher.services import stop_services
from backend.sandbox.app import Sandbox, create_sandbox
from backend.wiring.fax_providers import open_fax_providers
from backend.wiring.handlers import job_handlers
from backend.wiring.process import open_process
from backend.worker.main import run_worker

Providers = Mapping[str, FaxProvider]
FIRST_STEPS = """  no practice yet? In another terminal:
    .venv/bin/python -m backend.cli create-practice --name "Northside PT" --slug northside --location "North"
    .venv/bin/python -m backend.cli create-user --practice northside --email you@example.org --name You --role owner"""


def no_options(_: argparse.ArgumentParser) -> None:
    """These commands are steered by the environment only."""


@asynccontextmanager
async def _api_process(settings: Settings, sandbox: Sandbox | None) -> AsyncIterator[tuple[ProcessContext, Providers]]:
    async with open_process(settings) as context, open_fax_providers(settings) as providers:
        if sandbox:
            sandbox.deliveries.resume()
            sandbox.twilio.resume()
            sandbox.mail.start()
        yield context, providers
        if sandbox:
            await sandbox.deliveries.stop()
            await sandbox.twilio.stop()
            sandbox.mail.stop()


def _serve(settings: Settings) -> None:
    logging.configure(settings.log_level, settings.log_format)
    sandbox = None
    if settings.sandbox:
        folder = settings.data / "sandbox"
        sandbox = Sandbox(
            folder, f"http://127.0.0.1:{settings.port}", settings.sandbox_url, settings.sandbox_time_scale,
            settings.sandbox_mail_port,
        )  # fmt: skip
    app = create_app(partial(_api_process, settings, sandbox))
    if sandbox:
        app.mount("/sandbox", create_sandbox(sandbox))
    serve_spa(app)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def api(_: argparse.Namespace) -> int:
    """Serve HTTP with the configured or embedded servers."""
    settings, services = settings_with_servers()
    try:
        _serve(settings)
    finally:
        if services:
            stop_services(services)
    return 0


def migrate(_: argparse.Namespace) -> int:
    """Bring the database to the newest version."""
    settings, services = settings_with_servers()
    try:
        migrate_database(settings)
    finally:
        if services:
            stop_services(services)
    return 0


def worker_options(parser: argparse.ArgumentParser) -> None:
    """Which queue, and how many jobs at once."""
    parser.add_argument("--queue", choices=QUEUES, default="default")
    parser.add_argument("--at-once", type=int, default=None, help="default: 16, on the documents queue 2")


def worker(chosen: argparse.Namespace) -> int:
    """Work on one queue until a signal; a job in hand is finished or taken over by the next worker."""
    settings, services = settings_with_servers()
    logging.configure(settings.log_level, settings.log_format)
    at_once = chosen.at_once or (2 if chosen.queue == "documents" else 16)

    async def work() -> None:
        working = asyncio.current_task()
        assert working is not None
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        async with open_process(settings) as context, open_fax_providers(settings) as providers:
            with suppress(asyncio.CancelledError):
                await run_worker(context, job_handlers(context, providers), chosen.queue, at_once)

    try:
        asyncio.run(work())
    finally:
        if services:
            stop_services(services)
    return 0


def _start_workers(settings: Settings) -> "list[subprocess.Popen[bytes]]":
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "MIGRATIONS_URL": settings.migrations_url,
        "REDIS_URL": settings.redis_url,
        "FRONTDESK_SANDBOX": "1" if settings.sandbox else "0",
    }
    command = [sys.executable, "-m", "backend.cli", "worker", "--queue"]
    return [subprocess.Popen([*command, queue], env=environment, preexec_fn=die_with_parent) for queue in QUEUES]


def _stop(workers: "list[subprocess.Popen[bytes]]") -> None:
    """Ask, then insist: a killed worker's job is taken over by the next one."""
    for process in workers:
        process.terminate()
    for process in workers:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def run(_: argparse.Namespace) -> int:
    """Start the servers, migrate, start the workers, serve until Ctrl-C. With the demo: its data and the sandbox."""
    settings, services = settings_with_servers()
    if settings.demo:
        settings = settings.model_copy(update={"sandbox": True})
    workers: list[subprocess.Popen[bytes]] = []
    try:
        migrate_database(settings)
        welcome = asyncio.run(demo.seed(settings)) if settings.demo else FIRST_STEPS
        workers = _start_workers(settings)
        print(f"frontdesk: ready at {settings.base_url}", flush=True)
        print(welcome, flush=True)
        _serve(settings)
    finally:
        _stop(workers)
        if services:
            stop_services(services)
    return 0
