"""Start processes: the api alone, or everything at once."""

import argparse
import sys
from contextlib import AbstractAsyncContextManager

import uvicorn

from backend.api.app import create_app, serve_spa
from backend.cli.environment import migrate as migrate_database
from backend.cli.environment import settings_with_servers
from backend.core import logging
from backend.core.context import ProcessContext
from backend.core.settings import Settings
from backend.launcher.services import stop_services
from backend.wiring.process import open_process


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


def run(_: argparse.Namespace) -> int:
    """Start the servers, migrate, serve until Ctrl-C."""
    settings, services = settings_with_servers()
    try:
        migrate_database(settings)
        print(f"frontdesk: ready at {settings.base_url}", flush=True)
        print("frontdesk: make the first practice with `python -m backend.cli create-practice --help`", file=sys.stderr)
        _serve(settings)
    finally:
        if services:
            stop_services(services)
    return 0
