"""The provider of the sandbox's mailbox: a token endpoint as RFC 6749 has it, and who may read with which token.

It refuses as Google and Microsoft do, replaces refresh tokens as Microsoft does, and can be told to revoke.
"""

import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel

from backend.core.clock import now

LASTS: Final = 3600
What = Literal["access", "refresh", "client", "rotate", "down"]


@dataclass(frozen=True, slots=True)
class Registered:
    """An app of the practice, as it is shown at the provider once."""

    client_id: str
    client_secret: str
    refresh_token: str


class FaultIn(BaseModel):
    """Tokens given out so far, the refresh token or the client end; `rotate` replaces; `down` fails once."""

    what: What


class TokenServer:
    """Client and refresh token survive a restart; access tokens do not."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "mailbox-app.json"
        self.app = self._load()
        self.given: dict[str, float] = {}
        self.asked: list[str] = []
        self.rotating = False
        self._down = 0

    def _load(self) -> Registered:
        if self._file.exists():
            return Registered(**json.loads(self._file.read_text()))
        made = Registered(
            f"{secrets.token_hex(8)}.apps.example.org", secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        )
        self._keep(made)
        return made

    def _keep(self, app: Registered) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(asdict(app), out)
        self.app = app

    def valid(self, token: str) -> bool:
        """Whether somebody may read with this token now."""
        return self.given.get(token, 0) > now().timestamp()

    def fail(self, what: What) -> None:
        """What happens at providers."""
        if what == "access":
            self.given.clear()
        elif what == "refresh":
            self._keep(replace(self.app, refresh_token=secrets.token_urlsafe(48)))
        elif what == "client":
            self._keep(replace(self.app, client_secret=secrets.token_urlsafe(24)))
        elif what == "rotate":
            self.rotating = True
        else:
            self._down += 1

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Of the token endpoint."""
        self.asked.append(form["grant_type"])
        if self._down:
            self._down -= 1
            return 503, {"error": "temporarily_unavailable"}
        known = hmac.compare_digest(form["client_id"].encode(), self.app.client_id.encode())
        if not known or not hmac.compare_digest(form["client_secret"].encode(), self.app.client_secret.encode()):
            return 401, {"error": "invalid_client", "error_description": "The client secret expired for Ada Sample."}
        if form["grant_type"] == "refresh_token":
            if not hmac.compare_digest(form["refresh_token"].encode(), self.app.refresh_token.encode()):
                return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        elif form["grant_type"] != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        elif not form["scope"].endswith("/.default"):
            return 400, {"error": "invalid_scope"}
        return 200, self._given(form["grant_type"])

    def _given(self, kind: str) -> dict[str, Any]:
        token = f"ya29.{secrets.token_urlsafe(60)}"
        self.given[token] = now().timestamp() + LASTS
        told: dict[str, Any] = {"access_token": token, "expires_in": LASTS, "token_type": "Bearer"}
        if kind == "refresh_token" and self.rotating:
            self._keep(replace(self.app, refresh_token=secrets.token_urlsafe(48)))
            told["refresh_token"] = self.app.refresh_token
        return told


def router(server: TokenServer) -> APIRouter:
    """The endpoint itself, and what a person at the provider sees and does."""
    routes = APIRouter()

    @routes.post("/oauth/token")
    async def token(
        response: Response,
        grant_type: Annotated[str, Form()],
        client_id: Annotated[str, Form()] = "",
        client_secret: Annotated[str, Form()] = "",
        refresh_token: Annotated[str, Form()] = "",
        scope: Annotated[str, Form()] = "",
    ) -> dict[str, Any]:
        form = {"grant_type": grant_type, "client_id": client_id, "client_secret": client_secret}
        response.status_code, told = server.answer({**form, "refresh_token": refresh_token, "scope": scope})
        response.headers["cache-control"] = "no-store"
        return told

    @routes.get("/oauth")
    async def registered() -> dict[str, Any]:
        return {**asdict(server.app), "tokens": len(server.given)}

    @routes.post("/oauth/faults")
    async def fail(body: FaultIn) -> dict[str, bool]:
        server.fail(body.what)
        return {"asked": True}

    return routes
