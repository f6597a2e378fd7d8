"""A proxy that holds both sides to Twilio's own description: the library's requests and the emulator's answers."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from fastapi import FastAPI, Request, Response
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.conftest import ROOT

FILE = "twilio-api-v2010.subset.json"
SPECS = Path(os.environ.get("FRONTDESK_SPECS") or ROOT.parent / "shared" / "specs")
SERVER = "https://api.twilio.com"
UNDESCRIBED = "/sandbox"


class Asked:
    """A request as openapi-core wants it."""

    def __init__(self, request: Request, body: bytes) -> None:
        self.host_url, self.path, self.full_url_pattern = SERVER, request.url.path, SERVER + request.url.path
        self.method, self.body = request.method.lower(), body or None
        self.content_type = request.headers.get("content-type", "").partition(";")[0]
        query = ImmutableMultiDict(parse_qsl(request.url.query, keep_blank_values=True))
        self.parameters = RequestParameters(query=query, header=Headers(list(request.headers.items())))


class Answered:
    """An answer as openapi-core wants it."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status_code, self.data = answer.status_code, answer.content
        self.content_type = answer.headers.get("content-type", "").partition(";")[0]
        self.headers = Headers(list(answer.headers.items()))


class TwilioProxy:
    """Forwards everything; what breaks the description is noted and answered with 500."""

    def __init__(self, upstream: str) -> None:
        self.upstream, self.violations = upstream, list[str]()
        self.checked: set[str] = set()
        description = json.loads((SPECS / FILE).read_text())
        self._paths: dict[str, Any] = description["paths"]
        self._openapi = OpenAPI.from_dict(description)

    def app(self) -> FastAPI:
        """The proxy as an application."""
        app = FastAPI(openapi_url=None)

        @app.api_route("/{path:path}", methods=["GET", "POST", "DELETE", "PUT"])
        async def forward(request: Request) -> Response:
            return await self._forward(request)

        return app

    async def _forward(self, request: Request) -> Response:
        body, path = await request.body(), request.url.path
        asked = Asked(request, body)
        described = not path.startswith(UNDESCRIBED) and self._check_request(asked, body)
        base = self.upstream if path.startswith(UNDESCRIBED) else f"{self.upstream}/sandbox/providers/twilio"
        headers = {name: value for name, value in request.headers.items() if name not in {"host", "content-length"}}
        async with httpx.AsyncClient(timeout=20) as http:
            url = f"{base}{path}" + (f"?{request.url.query}" if request.url.query else "")
            answer = await http.request(request.method, url, content=body, headers=headers)
        if described:
            self._check_answer(asked, answer)
        if self.violations:
            return Response(json.dumps({"message": "VIOLATIONS"}), 500, media_type="application/json")
        kept = {name: answer.headers[name] for name in ("content-type", "location") if name in answer.headers}
        return Response(answer.content, answer.status_code, kept)

    def _check_request(self, asked: Asked, body: bytes) -> bool:
        """Whether the path is in the description at all; the raw media address is not."""
        try:
            self._openapi.validate_request(asked)
        except PathNotFound:
            return False
        except OpenAPIError as error:
            self.violations.append(f"request {asked.method} {asked.path}: {_why(error)}")
        self._check_names(asked, body)
        return True

    def _check_names(self, asked: Asked, body: bytes) -> None:
        """Twilio ignores parameters it does not know: a misspelt one would do nothing, silently."""
        operation = self._operation(asked)
        form = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
        known = set(form.get("schema", {}).get("properties", {}))
        known |= {one["name"] for one in operation.get("parameters", [])}
        given = {name for name, _ in parse_qsl(body.decode())} | set(asked.parameters.query)
        if unknown := given - known:
            self.violations.append(f"request {asked.method} {asked.path}: unknown {sorted(unknown)}")

    def _operation(self, asked: Asked) -> dict[str, Any]:
        parts = asked.path.split("/")
        for template, methods in self._paths.items():
            wanted = template.split("/")
            same = len(wanted) == len(parts) and all(_fits(*pair) for pair in zip(wanted, parts, strict=True))
            if same and asked.method in methods:
                self.checked.add(f"{asked.method} {template}")
                found: dict[str, Any] = methods[asked.method]
                return found
        return {}

    def _check_answer(self, asked: Asked, answer: httpx.Response) -> None:
        try:
            self._openapi.validate_response(asked, Answered(answer))
        except ResponseNotFound:
            # Errors are not in the description; their form is in Twilio's documentation.
            if answer.status_code < 400 or set(answer.json()) != {"code", "message", "more_info", "status"}:
                self.violations.append(f"answer {answer.status_code} to {asked.method} {asked.path}: undescribed")
        except OpenAPIError as error:
            self.violations.append(f"answer {answer.status_code} to {asked.method} {asked.path}: {_why(error)}")


def _fits(template: str, part: str) -> bool:
    if not template.startswith("{"):
        return template == part
    return part.endswith(".json") if template.endswith(".json") else not part.endswith(".json")


def _why(error: BaseException) -> str:
    """The whole chain: the outermost error alone says nothing."""
    said, cause = [str(error)], error.__cause__
    while cause is not None:
        said.append(str(cause))
        said += [str(part.message) for part in getattr(cause, "schema_errors", ())]
        cause = cause.__cause__
    return " <- ".join(said)
