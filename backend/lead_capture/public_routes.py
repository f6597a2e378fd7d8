"""The website's form, for browsers on other sites: who may post, how often, and what becomes of it.

A post from a site the practice has not named is refused. From one it has, everything is taken in: what looks like
spam waits for a person, and the answer never says which it was.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import Actor, act_as
from backend.core.clock import now
from backend.core.problems import Forbidden, Invalid, NotFound, Problem, SlowDown, TooLarge
from backend.identity import queries as identity
from backend.identity.access import Context
from backend.identity.models import Practice
from backend.lead_capture import arriving, pages, spam, tokens, web_forms
from backend.lead_capture.arriving import Letter
from backend.lead_capture.models import WebForm
from backend.lead_capture.schemas import PublicFormOut, PublicPlace, WebLeadIn, WebLeadOut

router = APIRouter(prefix="/api/v1/public/web-leads", tags=["website form"])
embed = APIRouter()
MOST_BYTES: Final = 64 * 1024
PER_SENDER, SENDER_WINDOW = 6, timedelta(minutes=10)
HOUR: Final = timedelta(hours=1)
SCRIPT: Final = Path(__file__).parent / "embed" / "lead-form.js"
FORM: Final = "application/x-www-form-urlencoded"
BODY: Final = {
    "required": True,
    "content": {
        "application/json": {"schema": WebLeadIn.model_json_schema()},
        FORM: {"schema": {"type": "object", "additionalProperties": {"type": "string"}}},
    },
}
# Told apart from what a person typed: they say how it was sent.
ABOUT: Final = frozenset({"token", "website", "consent", "message", "page_url"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a practice's form, from a site that may use it."""

    practice: Practice
    origin: str | None
    headers: dict[str, str]


async def _asked(request: Request, context: Context, slug: str) -> tuple[Asked, WebForm]:
    """Raises `NotFound`, and `Forbidden` for a site the practice has not named."""
    practice = await web_forms.practice_named(context.database, slug)
    if practice is None:
        raise NotFound("There is no such form.")
    async with context.database.transaction(practice.id) as session:
        form = await web_forms.of_practice(session)
    origin = request.headers.get("origin")
    if not form.active:
        raise NotFound("There is no such form.")
    if origin is not None and origin not in {*form.allowed_origins, context.settings.base_url}:
        raise Forbidden("This website may not use the form. Add its address under Settings, Website form.")
    allowed = {"Access-Control-Allow-Origin": origin} if origin else {}
    return Asked(practice, origin, {**allowed, "Vary": "Origin"}), form


@router.options("/{practice_slug}", include_in_schema=False)
async def preflight(practice_slug: str, request: Request, context: Context) -> Response:
    """What browsers ask before they post from another site."""
    asked, _ = await _asked(request, context, practice_slug)
    methods = {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "Content-Type"}
    return Response(status_code=204, headers={**asked.headers, **methods, "Access-Control-Max-Age": "600"})


@router.get("/{practice_slug}", operation_id="getPublicForm", summary="What the website's form shows")
async def get_public_form(practice_slug: str, request: Request, response: Response, context: Context) -> PublicFormOut:
    """The consent's words, the clinics, and a token that goes back with the form."""
    asked, form = await _asked(request, context, practice_slug)
    response.headers.update(asked.headers)
    async with context.database.transaction(asked.practice.id) as session:
        places = await identity.locations(session)
        key = tokens.key_of(await identity.practice_key(session, context), "web-form")
    return PublicFormOut(
        practice_name=asked.practice.name, consent={"en": form.consent_en, "es": form.consent_es},
        locations=[PublicPlace(id=place.id, name=place.name) for place in places], token=tokens.make(key, now()),
    )  # fmt: skip


@router.get("/{practice_slug}/thanks", include_in_schema=False)
async def thank(practice_slug: str, context: Context, lang: str = "en") -> Response:
    """Where the plain HTML form ends."""
    practice = await web_forms.practice_named(context.database, practice_slug)
    if practice is None:
        raise NotFound("There is no such form.")
    return pages.thanks(practice.name, "es" if lang == "es" else "en")


@router.post(
    "/{practice_slug}", operation_id="postWebLead", summary="Somebody filled in the website's form", status_code=201,
    response_model=WebLeadOut,
    openapi_extra={"requestBody": BODY},
)  # fmt: skip
async def post_web_lead(practice_slug: str, request: Request, context: Context) -> Response:
    """As JSON from the script, or as a plain HTML form, which is sent on to a thank-you page. Sending the same again
    within a day changes nothing.
    """
    asked, form = await _asked(request, context, practice_slug)
    plain = request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
    try:
        given = await _body(request, plain=plain)
        body = _validated(given)
        arrival_id = await _take(context, request, asked, form, body, scripted=not plain)
    except Problem as problem:
        problem.headers |= asked.headers
        if plain and problem.errors:
            language = "es" if given.get("language") == "es" else "en"
            return pages.wrong([error.pointer for error in problem.errors], language)
        raise
    if not plain:
        return JSONResponse({"id": str(arrival_id), "status": "received"}, 201, asked.headers)
    thanks = f"/api/v1/public/web-leads/{practice_slug}/thanks?lang={body.language}"
    return RedirectResponse(form.thanks_url or thanks, 303)


async def _body(request: Request, *, plain: bool) -> dict[str, Any]:
    """The fields. A plain form may bring others of its site; a program may not. Raises `TooLarge`, `Invalid`."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            raise TooLarge("This is more than a form holds.")
    if plain:
        fields = dict(parse_qsl(data.decode("utf-8", "replace"), max_num_fields=100))
        known = {name: value for name, value in fields.items() if name in WebLeadIn.model_fields and value.strip()}
        return known | {"consent": known.get("consent", "").lower() in {"on", "1", "true", "yes", "si", "sí"}}
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid("Send a JSON object.")
    return found


def _validated(given: dict[str, Any]) -> WebLeadIn:
    try:
        return WebLeadIn.model_validate(given)
    except ValidationError as error:
        wrong = []
        for item in error.errors(include_input=False, include_url=False):
            name = str(item["loc"][0]) if item["loc"] else ""
            what = "unknown field" if item["type"] == "extra_forbidden" else "missing or not acceptable"
            shown = name if not name or name.isidentifier() else "?"
            wrong.append((f"/{shown}", what))
        raise Invalid("Some fields are missing or not acceptable; see errors.", errors=wrong) from None


async def _take(
    context: Context, request: Request, asked: Asked, form: WebForm, body: WebLeadIn, *, scripted: bool
) -> Any:
    async with context.database.transaction(asked.practice.id) as session:
        act_as(session, Actor(asked.practice.id, "system", "frontdesk", "Website form", frozenset()))
        practice_key = await identity.practice_key(session, context)
        host = request.client.host if request.client else ""
        sender = hmac.new(tokens.key_of(practice_key, "sender"), host.encode(), hashlib.sha256).digest()
        letter = _letter(body, form, asked, sender)
        await _check_place(session, body)
        complaints = _complaints(body, tokens.key_of(practice_key, "web-form"), asked, scripted=scripted)
        if not await _is_known(session, letter):
            await _limit(session, form, sender)
        letter.reasons.extend(complaints)
        return (await arriving.receive(session, letter)).id


async def _is_known(session: AsyncSession, letter: Letter) -> bool:
    return await arriving.known(session, arriving.digest_of(letter)) is not None


async def _check_place(session: AsyncSession, body: WebLeadIn) -> None:
    places = {place.id for place in await identity.locations(session)}
    if body.location_id is not None and body.location_id not in places:
        raise Invalid("Choose one of the clinics of the form.", errors=[("/location_id", "unknown")])


async def _limit(session: AsyncSession, form: WebForm, sender: bytes) -> None:
    if await arriving.recent(session, "web_form", sender, SENDER_WINDOW) >= PER_SENDER:
        raise SlowDown("Too many requests. Please wait a few minutes, or call us.", 600)
    if await arriving.recent(session, "web_form", None, HOUR) >= form.per_hour:
        raise SlowDown("Too many requests just now. Please try again later, or call us.", 900)


def _letter(body: WebLeadIn, form: WebForm, asked: Asked, sender: bytes) -> Letter:
    facts = body.model_dump(mode="json", exclude=set(ABOUT), exclude_none=True)
    page = _page(body.page_url, asked.origin)
    words = form.consent_es if body.language == "es" else form.consent_en
    given = {"ticked": body.consent, "words": words, "page": page, "language": body.language, "at": now().isoformat()}
    return Letter("web_form", facts, body.message, page, given, sender)


def _page(url: str | None, origin: str | None) -> str | None:
    """Where the form stood, without query: that may hold anything."""
    parts = urlsplit(url or "")
    if parts.scheme in {"http", "https"} and f"{parts.scheme}://{parts.netloc}" == origin:
        return f"{origin}{parts.path}"[:500]
    return origin


def _complaints(body: WebLeadIn, key: bytes, asked: Asked, *, scripted: bool) -> list[str]:
    """Why a person should look before a lead is opened."""
    complaint = tokens.complaint(key, body.token, now())
    found = [complaint] if complaint and (scripted or body.token) else []
    if body.website:
        found.append("honeypot")
    if asked.origin is None:
        found.append("no_origin")
    texts = (body.message, body.reason, body.referred_by, body.preferred_times, body.payer_name)
    return found + spam.suspicions((body.first_name, body.last_name), texts)


@embed.get("/embed/lead-form.js", include_in_schema=False)
async def script() -> Response:
    """The form for websites, as one small script."""
    headers = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
    return FileResponse(SCRIPT, media_type="text/javascript", headers=headers)
