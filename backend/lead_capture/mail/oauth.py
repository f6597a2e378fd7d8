"""Signing in without a password: what a practice registers with its mail provider, and where tokens are fetched.

- **Google**: token endpoint https://oauth2.googleapis.com/token, scope `https://mail.google.com/` for IMAP
  (https://developers.google.com/workspace/gmail/imap/xoauth2-protocol,
  https://developers.google.com/identity/protocols/oauth2/web-server#offline). An app of the status "Testing" gives
  refresh tokens of seven days; one of the organisation's own ("Internal") does not.
- **Microsoft**: https://login.microsoftonline.com/{directory}/oauth2/v2.0/token. With a refresh token the scopes are
  `https://outlook.office.com/IMAP.AccessAsUser.All offline_access`; as the app itself `https://outlook.office365.com/.default`,
  with IMAP.AccessAsApp and access to the mailbox given in Exchange
  (https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth).
  Each answer brings a refresh token that replaces the one before; the old one is not revoked, so a crash between
  answer and storing costs nothing (https://learn.microsoft.com/entra/identity-platform/refresh-tokens).
- **Others**: the address of their own endpoint, and their scope.
"""

import re
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from backend.core.schemas import RequestModel, ResponseModel

Provider = Literal["google", "microsoft", "other"]
Flow = Literal["refresh_token", "client_credentials"]
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
GOOGLE_TOKENS: Final = "https://oauth2.googleapis.com/token"
MICROSOFT_TOKENS: Final = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
MICROSOFT_SCOPES: Final[dict[Flow, str]] = {
    "refresh_token": "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
    "client_credentials": "https://outlook.office365.com/.default",
}
# Words that mean every directory: an app by itself belongs to one.
ANY_DIRECTORY: Final = frozenset({"common", "organizations", "consumers"})


def _token_url(value: str) -> str:
    """https, by name; http only on this machine, which the route allows outside production."""
    parts = urlsplit(value)
    host = parts.hostname or ""
    named = "." in host and not re.fullmatch(r"[0-9.]+|.*:.*", host)
    if parts.username or parts.password or parts.fragment or not parts.path.strip("/"):
        raise ValueError("not the address of a token endpoint")
    if not (parts.scheme == "https" and named) and not (parts.scheme == "http" and host in LOOPBACK):
        raise ValueError("begins with https:// and the name of a server")
    return value


Token = Annotated[SecretStr, Field(min_length=1, max_length=8000)]
Plain = Field(default="", max_length=500, pattern=r"^[\x20-\x7e]*$")


class MailOAuthIn(RequestModel):
    """How tokens are fetched. Secrets not given stay as they are, unless they would go to another address."""

    provider: Provider
    flow: Flow = Field(default="refresh_token", description="`client_credentials`: as the app itself, not for Google")
    client_id: str = Field(min_length=1, max_length=500, pattern=r"^[\x21-\x7e]+$")
    client_secret: Token | None = None
    refresh_token: Token | None = None
    tenant: str = Field(default="", max_length=100, pattern=r"^[A-Za-z0-9.-]*$", description="Microsoft: the directory")
    token_url: Annotated[str, Field(max_length=500), AfterValidator(_token_url)] | None = None
    scope: str = Plain

    @model_validator(mode="after")
    def _complete(self) -> "MailOAuthIn":
        if self.provider == "google" and self.flow != "refresh_token":
            raise ValueError("Google gives tokens for a mailbox by a refresh token only")
        if self.provider == "microsoft" and not self.tenant:
            raise ValueError("name the directory (tenant) of the app")
        if self.provider == "microsoft" and self.flow == "client_credentials" and self.tenant in ANY_DIRECTORY:
            raise ValueError("the app by itself needs its own directory's id or domain")
        if (self.provider == "other") != (self.token_url is not None):
            raise ValueError("the token address is given for other providers, and only there")
        return self


class MailOAuthOut(ResponseModel):
    """How tokens are fetched, without secrets."""

    provider: Provider
    flow: Flow
    client_id: str
    tenant: str
    token_url: str = Field(description="where tokens are fetched")
    scope: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """In the clear, only in memory."""

    client_secret: str
    refresh_token: str


def facts(body: MailOAuthIn) -> dict[str, Any]:
    """What is kept in the open, with the presets' address and scopes filled in."""
    url, scope = body.token_url or "", body.scope
    if body.provider == "google":
        # Google answers for the scopes consented to; asked for none it gives them all.
        url, scope = GOOGLE_TOKENS, ""
    elif body.provider == "microsoft":
        url, scope = MICROSOFT_TOKENS.format(tenant=body.tenant), MICROSOFT_SCOPES[body.flow]
    tenant = body.tenant if body.provider == "microsoft" else ""
    return MailOAuthOut(
        provider=body.provider, flow=body.flow, client_id=body.client_id, tenant=tenant, token_url=url, scope=scope,
    ).model_dump()  # fmt: skip


def secrets(body: MailOAuthIn, before: Secrets | None) -> Secrets:
    """Those given, else those kept."""
    kept = before or Secrets("", "")
    client = body.client_secret.get_secret_value() if body.client_secret else kept.client_secret
    refresh = body.refresh_token.get_secret_value() if body.refresh_token else kept.refresh_token
    return Secrets(client, refresh if body.flow == "refresh_token" else "")


def missing(body: MailOAuthIn, found: Secrets) -> list[tuple[str, str]]:
    """What tokens cannot be fetched without. A public client at Microsoft and others has no secret."""
    wanted = []
    if not found.client_secret and (body.provider == "google" or body.flow == "client_credentials"):
        wanted.append(("/oauth/client_secret", "required"))
    if body.flow == "refresh_token" and not found.refresh_token:
        wanted.append(("/oauth/refresh_token", "required"))
    return wanted


def as_json(found: Secrets) -> dict[str, str]:
    """To be sealed."""
    return asdict(found)
