"""Send an e-mail to the practice, and see what its mailbox holds."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile

from backend.sandbox.mailbox.server import MailServer, written

ONE_LINE = "sender and subject are one line each"


def router(server: MailServer) -> APIRouter:
    """Routes of the sandbox's mailbox."""
    routes = APIRouter()

    @routes.get("/mailbox")
    async def mailbox(folder: str = "") -> dict[str, Any]:
        return {"address": server.account.address, "folders": server.folders(), "mails": server.listed(folder)}

    @routes.post("/mailbox", status_code=201)
    async def send(
        sender: Annotated[str, Form(alias="from")],
        text: Annotated[str, Form()] = "",
        subject: Annotated[str, Form()] = "",
        message_id: Annotated[str | None, Form()] = None,
        files: Annotated[list[UploadFile] | None, File()] = None,
    ) -> dict[str, Any]:
        found = [
            (file.filename or "file", file.content_type or "application/octet-stream", await file.read())
            for file in files or []
        ]
        try:
            raw = written(sender, server.account.address, subject, text, found, message_id)
        except ValueError:
            raise HTTPException(422, ONE_LINE) from None
        server.deliver(raw)
        return {"to": server.account.address, "bytes": len(raw)}

    @routes.post("/mailbox/raw", status_code=201)
    async def send_raw(request: Request) -> dict[str, Any]:
        """Whatever is posted, as it is: for mails no program would write."""
        raw = await request.body()
        server.deliver(raw)
        return {"to": server.account.address, "bytes": len(raw)}

    return routes
