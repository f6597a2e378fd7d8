"""Settings for a command, with embedded servers started where no address is configured."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config

from backend.core.settings import Settings
from backend.launcher.services import Services, ensure_services

ROOT = Path(__file__).resolve().parents[2]


def settings_with_servers() -> tuple[Settings, Services | None]:
    """Settings whose database and Redis exist; the second value is what was started or adopted here."""
    settings = Settings()
    if settings.database_url and settings.redis_url:
        return settings, None
    services = ensure_services(settings.data)
    filled = settings.model_copy(
        update={
            "database_url": settings.database_url or services.database_url,
            "migrations_url": settings.migrations_url or settings.database_url or services.migrations_url,
            "redis_url": settings.redis_url or services.redis_url,
        }
    )
    return filled, services


def migrate(settings: Settings) -> None:
    """Run all migrations as the owner role."""
    os.environ["MIGRATIONS_URL"] = settings.migrations_url or settings.database_url
    command.upgrade(Config(ROOT / "alembic.ini"), "head")
