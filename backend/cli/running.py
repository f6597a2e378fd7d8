"""Start processes: the api alone, or everything at once."""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
from contextlib import AbstractAsyncContextManager, suppress

import uvicorn

from backend.api.app import create_app, serve_spa
from backend.cli.environment import migrate as migrate_database
from backend.cli.environment import settings_with_servers
from backend.core import logging
from backend.core.context import ProcessContext
from backend.core.jobs import QUEUES
from backend.core.settings import Settings
from backend.launcher.services import stop_services
from backend.wiring.handlers import job_handlers
from backend.wiring.process import open_process
from backend.worker.main import run_worker


def no_options(_: argparse.ArgumentParser) -> None:
    """These commands are steered by the environment only."""


def _serve(settings: Settings) -> None:
    def open_context() -> AbstractAsyncContextManager[ProcessContext]:
        return open_process(settings)

    logging.configure(settings.log_level, settings.log_format)
    app = create_app(open_context)
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
    parser.add_argument("--at-once", type=int, default=None, help="default: 50, on the documents queue 2")


def worker(chosen: argparse.Namespace) -> int:
    """Work on one queue until a signal; a job in hand is finished or taken over by the next worker."""
    settings, services = settings_with_servers()
    logging.configure(settings.log_level, settings.log_format)
    at_once = chosen.at_once or (2 if chosen.queue == "documents" else 50)

    async def work() -> None:
        working = asyncio.current_task()
        assert working is not None
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        async with open_process(settings) as context:
            with suppress(asyncio.CancelledError):
                await run_worker(context, job_handlers(context, {}), chosen.queue, at_once)

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
    }
    command = [sys.executable, "-m", "backend.cli", "worker", "--queue"]
    return [subprocess.Popen([*command, queue], env=environment) for queue in QUEUES]


def run(_: argparse.Namespace) -> int:
    """Start the servers, migrate, start the workers, serve until Ctrl-C."""
    settings, services = settings_with_servers()
    workers: list[subprocess.Popen[bytes]] = []
    try:
        migrate_database(settings)
        workers = _start_workers(settings)
        print(f"frontdesk: ready at {settings.base_url}", flush=True)
        print("frontdesk: make the first practice with `python -m backend.cli create-practice --help`", file=sys.stderr)
        _serve(settings)
    finally:
        for process in workers:
            process.terminate()
        for process in workers:
            process.wait(timeout=15)
        if services:
            stop_services(services)
    return 0
