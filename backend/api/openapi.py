"""The OpenAPI document: problem responses everywhere, the permission of every route, security schemes."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, APIRouter

from backend.core.problems import ProblemDocument
from backend.identity.access import Allowed
from backend.patient_pages.session import COOKIE, resumed
from backend.referrer_portal.session import COOKIE as REFERRER_COOKIE
from backend.referrer_portal.session import resumed_referrer

DESCRIPTION = """Referral engine for physical-therapy practices.

Sign in with a session cookie (browser) or `Authorization: Bearer fd_live_…` (programs). Errors are RFC 9457
problem documents. Lists take `cursor` and `limit` and answer `{items, next_cursor}`. Creating calls accept
`Idempotency-Key`. Edits carry the `version` they were based on; a stale one is answered with 409 and
`current_version`. Times are RFC 3339 in UTC, phones E.164, boxes fractions of the upright page."""

PATIENT, REFERRER = "patient", "referrer"
LINKED = {resumed: PATIENT, resumed_referrer: REFERRER}
# Asked by whoever is not known yet.
PUBLIC = {
    "signIn",
    "receiveFaxWebhook",
    "getLinkedMedia",
    "exchangeLink",
    "exchangeReferrerLink",
    "getPublicForm",
    "postWebLead",
}
_PROBLEM = {"model": ProblemDocument}
RESPONSES: dict[int | str, dict[str, Any]] = {
    401: {**_PROBLEM, "description": "Not signed in"},
    403: {**_PROBLEM, "description": "Not allowed"},
    404: {**_PROBLEM, "description": "No such thing, or not yours"},
    409: {**_PROBLEM, "description": "Changed meanwhile, or not possible in this state"},
    422: {**_PROBLEM, "description": "The request is not acceptable; `errors` says where"},
    503: {**_PROBLEM, "description": "Temporarily unavailable; nothing was stored"},
}


def permission_of(route: APIRoute) -> str | None:
    """The permission a route states by its `Allowed` dependency; `patient` or `referrer` behind a secure link."""
    return _find(route.dependant)


def _find(dependant: Dependant) -> str | None:
    for part in dependant.dependencies:
        if isinstance(part.call, Allowed):
            return part.call.permission
        if part.call in LINKED:
            return LINKED[part.call]
        if found := _find(part):
            return found
    return None


def _as_problem(schema: dict[str, Any]) -> None:
    for path in schema["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if int(status) >= 400 and "application/json" in content:
                    response["content"] = {"application/problem+json": content["application/json"]}


def build(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    """The document as a plain dict."""
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    _as_problem(schema)
    permissions = {route.operation_id: permission_of(route) for route in api_routes(routers)}
    for path in schema["paths"].values():
        for operation in path.values():
            permission = permissions.get(operation.get("operationId"))
            operation["x-permission"] = permission or "none"
            operation["security"] = _security(operation.get("operationId"), operation["x-permission"])
    schema["components"]["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-frontdesk"},
        "patient": {"type": "apiKey", "in": "cookie", "name": COOKIE},
        "referrer": {"type": "apiKey", "in": "cookie", "name": REFERRER_COOKIE},
        "apiKey": {"type": "http", "scheme": "bearer", "bearerFormat": "fd_live_…"},
    }
    return schema


def _security(operation_id: str | None, permission: str) -> list[dict[str, list[str]]]:
    if permission in LINKED.values():
        return [{permission: []}]
    return [] if operation_id in PUBLIC else [{"session": []}, {"apiKey": []}]


def api_routes(routers: Sequence[APIRouter]) -> list[APIRoute]:
    """Every route of the product. FastAPI keeps included routers whole, so `app.routes` does not list them."""
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]


def install(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Serve this document instead of FastAPI's own."""

    def document() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = build(app, routers)
        return app.openapi_schema

    app.__dict__["openapi"] = document
