"""Both embedded servers at once."""

import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from backend.launcher import postgres, processes, valkey


@dataclass(frozen=True, slots=True)
class Services:
    """URLs of running servers: superuser, owner (migrations), app role, Redis."""

    admin_database_url: str
    migrations_url: str
    database_url: str
    redis_url: str
    started: tuple["subprocess.Popen[bytes]", ...] = field(default=(), repr=False)


def ensure_services(data: Path, *, durable: bool = True) -> Services:
    """Start or adopt PostgreSQL and Valkey for this data folder. Blocking; call it outside an event loop."""
    state = processes.state_folder(data)
    state.mkdir(parents=True, exist_ok=True)
    cluster = postgres.ensure(state, durable=durable)
    redis_url, redis = valkey.ensure(state)
    return Services(
        admin_database_url=cluster.url("postgres"),
        migrations_url=cluster.url(postgres.OWNER),
        database_url=cluster.url(postgres.APP),
        redis_url=redis_url,
        started=tuple(process for process in (cluster.process, redis) if process),
    )


def stop_services(services: Services) -> None:
    """Stop what `ensure_services` started (not what it adopted)."""
    for process in services.started:
        process.send_signal(signal.SIGINT)
    for process in services.started:
        process.wait(timeout=20)
