"""Every setting of Frontdesk. `.env.example` lists them all; a test compares the two."""

import base64
import os
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment and `.env`. Secrets have no default in production."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    environment: Literal["development", "test", "production"] = Field(
        "development",
        alias="FRONTDESK_ENVIRONMENT",
        description="production refuses the sandbox and demo data",
    )
    data: Path = Field(
        Path(".data"), alias="FRONTDESK_DATA", description="folder of embedded servers and local documents"
    )
    host: str = Field("127.0.0.1", alias="HOST", description="address the api listens on")
    port: int = Field(8000, alias="PORT", description="port the api listens on")
    public_url: str = Field(
        "", alias="PUBLIC_URL", description="address browsers and providers use; empty: http://127.0.0.1:PORT"
    )
    database_url: str = Field(
        "", alias="DATABASE_URL", description="PostgreSQL >= 15 as the app role; empty: the embedded one"
    )
    migrations_url: str = Field(
        "",
        alias="MIGRATIONS_URL",
        description="PostgreSQL as the owner role, for migrations; empty: DATABASE_URL",
    )
    redis_url: str = Field("", alias="REDIS_URL", description="Redis 6+ or Valkey; empty: the embedded one")
    documents_url: str = Field(
        "",
        alias="DOCUMENTS_URL",
        description="file:///path or s3://bucket/prefix; empty: FRONTDESK_DATA/documents",
    )
    root_key: SecretStr = Field(
        SecretStr(""),
        alias="FRONTDESK_ROOT_KEY",
        description="32 bytes, base64: wraps every practice's key. Losing it loses the documents",
    )
    demo: bool = Field(True, alias="DEMO", description="make run seeds a demo practice and starts the sandbox")
    demo_api_key: SecretStr = Field(
        SecretStr(""),
        alias="FRONTDESK_DEMO_API_KEY",
        description="with the demo, this API key exists with all scopes",
    )
    sandbox: bool = Field(False, alias="FRONTDESK_SANDBOX", description="mount the carrier sandbox at /sandbox")
    eligibility_url: str = Field(
        "",
        alias="ELIGIBILITY_URL",
        description="real-time X12 address (CAQH CORE, MIME) of the clearinghouse; empty: benefits are asked by hand",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        alias="SMTP_URL",
        description="smtp://user:password@host:587 or smtps://host:465 for e-mail to referrers; empty: none is sent",
    )
    mail_from: str = Field("frontdesk@localhost", alias="MAIL_FROM", description="the address our e-mail comes from")
    clock_shift_hours: float = Field(
        0.0,
        alias="FRONTDESK_CLOCK_SHIFT_HOURS",
        description="a demo pretends it is this many hours later, so that texts may go out at night",
    )
    sandbox_time_scale: float = Field(
        0.001, alias="FRONTDESK_SANDBOX_TIME_SCALE", description="provider retry waits are multiplied by this"
    )
    lease_seconds: float = Field(
        30.0,
        alias="FRONTDESK_LEASE_SECONDS",
        description="a job whose worker is silent this long is taken over",
    )
    sweep_seconds: float = Field(
        0.5,
        alias="FRONTDESK_SWEEP_SECONDS",
        description="how often a worker looks for due jobs in the database",
    )
    job_attempts: int = Field(
        8, alias="FRONTDESK_JOB_ATTEMPTS", description="attempts before a job is dead and waits for a person"
    )
    reconcile_seconds: float = Field(
        900.0,
        alias="FRONTDESK_RECONCILE_SECONDS",
        description="how often each provider's own list is compared",
    )
    report_seconds: float = Field(
        120.0,
        alias="FRONTDESK_REPORT_SECONDS",
        description="how often figures are made fresh; at most 300 keeps the promise of five minutes",
    )
    database_pool: int = Field(10, alias="FRONTDESK_DATABASE_POOL", description="connections per process")
    poll_seconds: float = Field(
        60.0,
        alias="FRONTDESK_POLL_SECONDS",
        description="how often providers without webhooks (SRFax) are asked for new faxes",
    )
    inner_mail_hosts: str = Field(
        "",
        alias="FRONTDESK_INNER_MAIL_HOSTS",
        description="mail servers of our own network that mailboxes may name, by commas; others there are never asked",
    )
    hl7_port: int = Field(0, alias="MLLP_PORT", description="port for HL7 v2 over MLLP; 0: not listened to")
    hl7_host: str = Field("127.0.0.1", alias="MLLP_HOST", description="address HL7 is listened to on")
    hl7_certificate: str = Field(
        "", alias="MLLP_CERTIFICATE", description="file (PEM) with our certificate and key; empty: HL7 without TLS"
    )
    hl7_clients: str = Field(
        "", alias="MLLP_CLIENTS", description="file (PEM) with the authorities of senders' certificates, if demanded"
    )
    log_format: Literal["json", "console"] = Field("json", alias="LOG_FORMAT", description="json or console")
    log_level: str = Field("INFO", alias="LOG_LEVEL", description="DEBUG, INFO, WARNING, ERROR")
    session_idle_minutes: int = Field(
        15,
        alias="FRONTDESK_SESSION_IDLE_MINUTES",
        description="a signed-in browser that is quiet this long is out",
    )
    session_hours: int = Field(
        12, alias="FRONTDESK_SESSION_HOURS", description="a session ends after this, busy or not"
    )

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.environment != "production":
            return self
        if self.sandbox or self.demo or self.clock_shift_hours:
            raise ValueError("production refuses FRONTDESK_SANDBOX, DEMO and a shifted clock: set them to 0")
        if not self.root_key.get_secret_value():
            raise ValueError("production needs FRONTDESK_ROOT_KEY (32 bytes, base64)")
        if self.eligibility_url and not self.eligibility_url.startswith("https://"):
            raise ValueError("production needs ELIGIBILITY_URL beginning with https://, or empty")
        if not self.public_url.startswith("https://"):
            raise ValueError("production needs PUBLIC_URL beginning with https://")
        return self

    @property
    def base_url(self) -> str:
        """Where browsers and providers reach us, without a trailing slash."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def sandbox_url(self) -> str:
        """Where the carrier sandbox is mounted; always on this machine."""
        return f"http://127.0.0.1:{self.port}/sandbox"

    @property
    def sandbox_mail_port(self) -> int:
        """Where the sandbox's mail server listens; always on this machine."""
        return self.port + 10_000 if self.port <= 55_000 else self.port - 10_000

    def root_key_bytes(self) -> bytes:
        """The root key, from the environment or, outside production, from a 0600 file in the data folder."""
        encoded = self.root_key.get_secret_value() or _development_root_key(self.data)
        key = base64.b64decode(encoded)
        if len(key) != 32:
            raise ValueError("FRONTDESK_ROOT_KEY must be 32 bytes in base64")
        return key


def _development_root_key(data: Path) -> str:
    path = data / "root.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(base64.b64encode(os.urandom(32)).decode())
    return path.read_text()


@cache
def get_settings() -> Settings:
    """The process's settings, read once."""
    return Settings()
