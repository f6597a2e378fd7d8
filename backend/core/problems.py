"""Errors as RFC 9457 problem documents. A problem says what to do and never repeats what was sent."""

from collections.abc import Sequence
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from backend.core.logging import get_logger, request_id

log = get_logger(__name__)


class FieldError(BaseModel):
    """One thing wrong in the request. `pointer` is a JSON pointer, or `query/name`."""

    pointer: str
    detail: str


class ProblemDocument(BaseModel):
    """RFC 9457 problem document."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "not-found",
                    "title": "Not found",
                    "status": 404,
                    "detail": "There is no such lead in this practice.",
                    "request_id": "0192d3f4a7b8",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[FieldError] | None = None
    current_version: int | None = None


class Problem(Exception):
    """Raise a subclass (or this) anywhere below a route; the handler turns it into problem+json."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "The request cannot be carried out"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(self.type)
        self.detail = detail
        self.errors = [FieldError(pointer=pointer, detail=what) for pointer, what in errors]
        self.headers = headers or {}
        self.extra = extra


class NotFound(Problem):
    """No such thing, or not yours: the two look alike."""

    status = 404
    type = "not-found"
    title = "Not found"


class StaleVersion(Problem):
    """Someone else changed it first. Carries `current_version`."""

    status = 409
    type = "stale-version"
    title = "Changed meanwhile"

    def __init__(self, current_version: int) -> None:
        super().__init__(
            "Someone changed this meanwhile. Load it again and repeat your change.",
            current_version=current_version,
        )


class Conflict(Problem):
    """The state does not allow it."""

    status = 409
    type = "conflict"
    title = "Not possible in this state"


class Invalid(Problem):
    """The request is understood but its content is not acceptable."""

    status = 422
    type = "invalid"
    title = "Please correct the request"


class Unauthenticated(Problem):
    """Nobody is signed in, or the key is unknown, revoked or expired."""

    status = 401
    type = "unauthenticated"
    title = "Sign in first"


class Forbidden(Problem):
    """Signed in, but without this permission."""

    status = 403
    type = "forbidden"
    title = "Not allowed"


class SlowDown(Problem):
    """Too many tries. Carries a Retry-After header, in seconds."""

    status = 429
    type = "slow-down"
    title = "Please wait"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class TooLarge(Problem):
    """The upload is bigger than allowed."""

    status = 413
    type = "too-large"
    title = "Too large"


class Unavailable(Problem):
    """We cannot make it durable now; the sender must try again."""

    status = 503
    type = "unavailable"
    title = "Temporarily unavailable"

    def __init__(self) -> None:
        super().__init__("Nothing was stored. Please send it again shortly.", headers={"Retry-After": "5"})


class TryAgainSoon(Problem):
    """Two changes to the same things met, and the database gave way to the other one."""

    status = 503
    type = "try-again"
    title = "Busy for a moment"

    def __init__(self) -> None:
        super().__init__(
            "Something else was changing the same things just now. Nothing was stored; please try again.",
            headers={"Retry-After": "1"},
        )


def _respond(problem: Problem) -> JSONResponse:
    body: dict[str, Any] = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": request_id(),
    }
    if problem.errors:
        body["errors"] = [error.model_dump() for error in problem.errors]
    body.update(problem.extra)
    return JSONResponse(
        body, status_code=problem.status, headers=problem.headers, media_type="application/problem+json"
    )


def _on_problem(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return _respond(error)


def _on_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [(_pointer(item["loc"]), _explain(item)) for item in error.errors()]
    return _respond(Invalid("Some fields are missing or not acceptable; see errors.", errors=errors))


def _pointer(location: tuple[Any, ...]) -> str:
    place, *path = location
    # A key the caller made up could carry PHI; anything that is not a plain name is left out.
    safe = [str(part) if isinstance(part, int) or str(part).isidentifier() else "?" for part in path]
    return "/" + "/".join(safe) if place == "body" else f"{place}/" + "/".join(safe)


def _explain(item: Any) -> str:
    if item["type"] == "extra_forbidden":
        return "unknown field"
    if item["type"] in {"value_error", "assertion_error"}:
        return "not acceptable"
    # pydantic's own messages describe the rule; those that quote the value come as value_error.
    return str(item["msg"])


def _on_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    problem = Problem("There is nothing at this address, or it does not take this method.")
    response = _respond(problem)
    body = {
        "type": "http-error",
        "title": "Not possible",
        "status": error.status_code,
        "detail": problem.detail,
        "request_id": request_id(),
    }
    if error.status_code == 404:
        body |= {"type": "not-found", "title": "Not found"}
    response.status_code = error.status_code
    return JSONResponse(
        body, status_code=error.status_code, headers=error.headers, media_type="application/problem+json"
    )


def _on_database(_request: Request, error: Exception) -> JSONResponse:
    log.error("database_unavailable", error=type(error).__name__)
    return _respond(Unavailable())


def _on_crash(_request: Request, error: Exception) -> JSONResponse:
    log.error("unhandled", error=type(error).__name__, exc_info=_safe_trace(error))
    crash = Problem("Something went wrong on our side. Quote the request id if it happens again.")
    body = {
        "type": "internal",
        "title": "Internal error",
        "status": 500,
        "detail": crash.detail,
        "request_id": request_id(),
    }
    return JSONResponse(body, status_code=500, media_type="application/problem+json")


def _safe_trace(error: Exception) -> list[str]:
    """File, line and function of each frame; never the message, which may quote a patient."""
    trace, frames = error.__traceback__, []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/backend/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-12:]


def is_outage(error: BaseException) -> bool:
    """Whether the database could not be reached (as opposed to refusing a statement)."""
    if isinstance(error, OSError | PoolTimeout | InterfaceError):
        return True
    if isinstance(error, OperationalError):
        return True
    return isinstance(error, DBAPIError) and (
        error.connection_invalidated or str(getattr(error.orig, "sqlstate", "")).startswith(("08", "57P", "53"))
    )


def gave_way(error: BaseException) -> bool:
    """Whether the database ended this transaction in favour of another: a deadlock, or a serialization failure."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in {"40P01", "40001"}


def _on_dbapi(request: Request, error: Exception) -> JSONResponse:
    if gave_way(error):
        log.warning("database_gave_way", error=type(error).__name__)
        return _respond(TryAgainSoon())
    return _on_database(request, error) if is_outage(error) else _on_crash(request, error)


def install(app: FastAPI) -> None:
    """Register the handlers on an application."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    for outage in (OSError, PoolTimeout, InterfaceError, OperationalError):
        app.add_exception_handler(outage, _on_database)
    app.add_exception_handler(DBAPIError, _on_dbapi)
    app.add_exception_handler(Exception, _on_crash)
