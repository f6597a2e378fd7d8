"""Serve the built pages: `/p` for patients, `/r` for referrers, hashed assets for ever, else the SPA's index.html."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from backend.api.middleware import POLICY

DIST = Path(__file__).resolve().parents[2] / "frontend" / "dist"
NOT_BUILT = "<!doctype html><title>Frontdesk</title><p>The pages are not built yet: run <code>make setup</code>.</p>"
# Robots that look at links in texts find an empty page, and nothing of it stays anywhere.
PATIENT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
RESERVED = ("api/", "webhooks/", "sandbox/", "assets/", "media/")


# Forms are previewed in a frame of our own pages; it shows no patient and sends nothing.
PREVIEW = {"Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")}


def install(app: FastAPI) -> None:
    """Mount the assets and the catch-all."""
    app.mount("/assets", StaticFiles(directory=DIST / "assets", check_dir=False), name="assets")

    def built() -> bool:
        return (DIST / "patient.html").is_file()

    @app.api_route("/p", methods=["GET", "HEAD"], include_in_schema=False)
    async def patient_page() -> Response:
        return FileResponse(DIST / "patient.html", headers=PATIENT) if built() else HTMLResponse(NOT_BUILT)

    @app.get("/p/preview", include_in_schema=False)
    async def patient_preview() -> Response:
        return FileResponse(DIST / "patient.html", headers=PATIENT | PREVIEW) if built() else HTMLResponse(NOT_BUILT)

    @app.api_route("/r", methods=["GET", "HEAD"], include_in_schema=False)
    async def referrer_page() -> Response:
        page = DIST / "referrer.html"
        return FileResponse(page, headers=PATIENT) if page.is_file() else HTMLResponse(NOT_BUILT)

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
