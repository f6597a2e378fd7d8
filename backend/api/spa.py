"""Serve the built pages: the patient's at `/p`, hashed assets for ever, everything else is the SPA's index.html."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

DIST = Path(__file__).resolve().parents[2] / "frontend" / "dist"
NOT_BUILT = "<!doctype html><title>Frontdesk</title><p>The pages are not built yet: run <code>make setup</code>.</p>"
# Robots that look at links in texts find an empty page, and nothing of it stays anywhere.
PATIENT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
RESERVED = ("api/", "webhooks/", "sandbox/", "assets/", "media/")


def install(app: FastAPI) -> None:
    """Mount the assets and the catch-all."""
    app.mount("/assets", StaticFiles(directory=DIST / "assets", check_dir=False), name="assets")

    @app.api_route("/p", methods=["GET", "HEAD"], include_in_schema=False)
    async def patient_page() -> Response:
        if not (DIST / "patient.html").is_file():
            return HTMLResponse(NOT_BUILT)
        return FileResponse(DIST / "patient.html", headers=PATIENT)

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str, _: Request) -> Response:
        if path.startswith(RESERVED):
            raise HTTPException(404)
        file = DIST / path
        if path and file.is_file() and DIST in file.resolve().parents:
            return FileResponse(file)
        if not (DIST / "index.html").is_file():
            return HTMLResponse(NOT_BUILT)
        return FileResponse(DIST / "index.html", headers={"Cache-Control": "no-cache"})
