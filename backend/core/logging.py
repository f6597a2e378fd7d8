"""Structured logs with an allow-list of keys: what is not listed here cannot reach a log line."""

import logging
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any, cast

import structlog

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "component",
        "request_id",
        "method",
        "route",
        "status",
        "milliseconds",
        "practice_id",
        "user_id",
        "api_key_id",
        "job_id",
        "kind",
        "queue",
        "attempt",
        "worker",
        "fax_id",
        "lead_id",
        "delivery_id",
        "provider",
        "account_key",
        "step",
        "code",
        "error",
        "exc_info",
        "count",
        "signal",
        "pid",
        "port",
        "task_id",
        "version",
        "seconds",
    }
)

_request_id: ContextVar[str] = ContextVar("request_id", default="-")


def request_id() -> str:
    """The id of the request being served, or "-"."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Bind the id that every log line and problem of this request carries."""
    _request_id.set(value)


def _keep_allowed(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    kept = {key: value for key, value in entry.items() if key in ALLOWED}
    if request_id() != "-":
        kept["request_id"] = request_id()
    return kept


def configure(level: str = "INFO", form: str = "json") -> None:
    """Set up structlog for this process and silence libraries that would log bodies or URLs."""
    renderer: Any = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _keep_allowed,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)
    for name in ("uvicorn.access", "httpx", "twilio", "pdfminer", "PIL"):
        logging.getLogger(name).setLevel(logging.ERROR)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines carry allow-listed keys only."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(component=name))
