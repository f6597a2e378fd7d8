"""The sandbox's own application, mounted at /sandbox."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from fastapi import FastAPI, File, Form, HTTPException, Response, UploadFile
from pydantic import BaseModel, Field, model_validator

from backend.core.phones import e164
from backend.faxes.decoding import sniff
from backend.sandbox import doctors_fax, samples
from backend.sandbox.accounts import SandboxAccount, load_accounts, load_twilio
from backend.sandbox.carriers import (
    OUTCOMES,
    Carriers,
    documo,
    sinch,
    srfax,
    telnyx,
    twilio,
    twilio_numbers,
    twilio_voice,
    twilio_voice_api,
)
from backend.sandbox.carriers.twilio.faults import FAULTS as TEXT_FAULTS
from backend.sandbox.clearinghouse import app as clearinghouse
from backend.sandbox.delivery import Deliveries
from backend.sandbox.mail import MailServer
from backend.sandbox.mail import routes as mail_routes
from backend.sandbox.mailbox import api as mailbox_api
from backend.sandbox.mailbox import tokens as mailbox_tokens
from backend.sandbox.mailbox.server import MailServer as MailboxServer
from backend.sandbox.store import SandboxFax, Store

SENDER = "+13125550142"
FAX_FAULTS = frozenset({
    "duplicate", "out_of_order", "tampered", "unsigned", "stale", "drop", "media_404", "media_slow", "api_500",
    "api_429", "truncated_document", "lost_answer", *OUTCOMES,
})  # fmt: skip


class FaultIn(BaseModel):
    """A fault for the next `count` occasions; at Twilio perhaps only for the patient's number `to`."""

    provider: Literal["documo", "sinch", "telnyx", "srfax", "twilio"]
    fault: str
    count: int = Field(default=1, ge=1, le=1000)
    to: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.fault not in (TEXT_FAULTS if self.provider == "twilio" else FAX_FAULTS):
            raise ValueError("this carrier knows no such fault")
        return self


class SampleIn(BaseModel):
    """Where a sample goes."""

    provider: str
    seed: int = 0
    from_number: str = Field(default=SENDER, alias="from")


class Sandbox:
    """Emulated carriers with their memory."""

    def __init__(self, folder: Path, product_url: str, sandbox_url: str, time_scale: float, mail_port: int = 0) -> None:
        self.accounts = load_accounts(folder)
        by_provider: dict[str, SandboxAccount] = {account.provider: account for account in self.accounts}
        self.carriers = Carriers(Store(folder), by_provider, sandbox_url)
        self.twilio = twilio.Twilio(load_twilio(folder), product_url, folder)
        self.voice = twilio_voice.TwilioVoice(self.twilio.account, product_url)
        self.clearinghouse = clearinghouse.Clearinghouse(folder)
        self.mail = MailServer(mail_port)
        self.mailbox = MailboxServer(folder)
        self.deliveries = Deliveries(self.carriers, product_url, time_scale)
        self.carriers.tell = self.deliveries.begin

    def receive(self, provider: str, document: bytes, media_type: str, sender: str) -> dict[str, Any]:
        """A carrier takes a fax in and tells the product."""
        account = self.carriers.accounts.get(provider)
        if account is None:
            raise HTTPException(422, "provider must be documo, sinch, telnyx or srfax")
        fax = self.carriers.store.add(provider, account.account_key, sender, account.number, document, media_type)
        self.deliveries.begin(fax)
        return _shown(fax)


def _shown(fax: SandboxFax) -> dict[str, Any]:
    return {
        "id": fax.id, "provider": fax.provider, "from": fax.from_number, "to": fax.to_number,
        "received_at": fax.received_at, "direction": fax.direction, "status": fax.status, "pages": fax.pages,
        "outcome": fax.outcome or None,
    }  # fmt: skip


def create_sandbox(sandbox: Sandbox) -> FastAPI:
    """The application with every carrier's API."""
    app = FastAPI(title="Frontdesk carrier sandbox", docs_url="/docs", openapi_url="/openapi.json")
    for carrier in (documo, sinch, telnyx, srfax):
        app.include_router(carrier.router(sandbox.carriers))
    app.include_router(twilio.router(sandbox.twilio))
    app.include_router(twilio.phones(sandbox.twilio))
    app.include_router(twilio_numbers.router(sandbox.twilio))
    app.include_router(twilio_voice_api.router(sandbox.voice))
    app.include_router(twilio_voice_api.phone(sandbox.voice))
    app.include_router(clearinghouse.router(sandbox.clearinghouse))
    app.include_router(mailbox_api.router(sandbox.mailbox))
    app.include_router(mailbox_tokens.router(sandbox.mailbox.tokens))
    _faxes(app, sandbox)
    mail_routes(app, sandbox.mail)
    doctors_fax.routes(app, sandbox.carriers, sandbox.deliveries)
    _samples(app, sandbox)
    return app


def _faxes(app: FastAPI, sandbox: Sandbox) -> None:
    store = sandbox.carriers.store

    @app.get("/accounts")
    async def accounts() -> list[dict[str, Any]]:
        return [
            {"provider": a.provider, "account_key": a.account_key, "number": a.number, "credentials": a.credentials}
            for a in sandbox.accounts
        ] + [
            {
                "provider": "twilio", "account_key": sandbox.twilio.account.account_key,
                "number": sandbox.twilio.account.number, "credentials": sandbox.twilio.account.credentials,
            }
        ]  # fmt: skip

    @app.post("/faxes", status_code=201)
    async def send_fax(
        file: Annotated[UploadFile, File()],
        provider: Annotated[str, Form()] = "",
        sender: Annotated[str, Form(alias="from")] = SENDER,
        to: Annotated[str, Form()] = "",
    ) -> dict[str, Any]:
        of_number = next((account.provider for account in sandbox.accounts if account.number == to), "telnyx")
        data = await file.read()
        media_type = sniff(data) or file.content_type or "application/octet-stream"
        return sandbox.receive(provider or of_number, data, media_type, sender)

    @app.get("/faxes")
    async def list_faxes(to: str = "") -> list[dict[str, Any]]:
        return [_shown(fax) for fax in store.faxes.values() if not to or fax.to_number == to]

    @app.get("/faxes/{fax_id}/document")
    async def document(fax_id: str) -> Response:
        fax = store.faxes.get(fax_id)
        if fax is None:
            raise HTTPException(404)
        return Response(store.document(fax), media_type=fax.media_type)

    @app.post("/faults")
    async def ask_fault(body: FaultIn) -> dict[str, Any]:
        if body.provider == "twilio":
            sandbox.twilio.faults.ask(body.fault, body.count, e164(body.to) if body.to else None)
        else:
            store.ask(body.provider, body.fault, body.count)
        return {"asked": True}

    @app.get("/faults")
    async def text_faults() -> dict[str, Any]:
        return {"twilio": {"known": sorted(TEXT_FAULTS), "due": sandbox.twilio.faults.left()}}


def _samples(app: FastAPI, sandbox: Sandbox) -> None:
    @app.get("/samples")
    async def list_samples() -> dict[str, Any]:
        return {
            "layouts": [{"name": name, "title": layout.title} for name, layout in samples.LAYOUTS.items()],
            "conditions": [{"name": name, "title": title} for name, title in samples.CONDITIONS.items()],
        }

    def drawn(layout: str, condition: str, seed: int) -> tuple[bytes, str]:
        if layout not in samples.LAYOUTS or condition not in samples.CONDITIONS:
            raise HTTPException(404)
        return samples.draw(layout, condition, seed)

    @app.get("/samples/{layout}/{condition}")
    def get_sample(layout: str, condition: str, seed: int = 0) -> Response:
        data, media_type = drawn(layout, condition, seed)
        return Response(data, media_type=media_type)

    @app.get("/samples/{layout}/{condition}/preview")
    def get_preview(layout: str, condition: str, seed: int = 0) -> Response:
        drawn(layout, condition, seed)
        return Response(samples.preview(layout, condition, seed), media_type="image/png")

    @app.post("/samples/{layout}/{condition}/send", status_code=201)
    async def send_sample(layout: str, condition: str, body: SampleIn) -> dict[str, Any]:
        data, media_type = drawn(layout, condition, body.seed)
        return sandbox.receive(body.provider, data, media_type, body.from_number)
