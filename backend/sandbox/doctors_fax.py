"""The doctor's fax machine: what it printed, as pictures, and a printed page fed back with a pen's marks on it."""

import io
import math
from typing import Any, Final

import numpy as np
from fastapi import FastAPI, HTTPException, Response
from PIL import Image, ImageDraw
from pydantic import BaseModel, Field

from backend.faxes.reading import checkboxes
from backend.sandbox.carriers import Carriers, picture
from backend.sandbox.delivery import Deliveries
from backend.sandbox.store import SandboxFax

DOTS: Final = (204, 196)
PEN: Final = 5
# Nobody feeds a page quite straight.
TILT: Final = 0.7
# A box of ours in shares of the page's width, and the part of the page it can be on.
BOX: Final = (0.017, 0.023)
ABOVE_CODE: Final = 0.85


class Mark(BaseModel):
    """A pen's mark, in fractions of the page from its top left."""

    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)


class BackIn(BaseModel):
    """A printed page fed back: ticks, and where it is signed."""

    page: int = Field(default=1, ge=1, le=100)
    ticks: list[Mark] = Field(default=[], max_length=60)
    signature: Mark | None = None


def routes(app: FastAPI, carriers: Carriers, deliveries: Deliveries) -> None:
    """Pictures of what was printed, and feeding a page back."""

    def sent(fax_id: str) -> SandboxFax:
        fax = carriers.store.faxes.get(fax_id)
        if fax is None or fax.direction != "outbound":
            raise HTTPException(404)
        return fax

    @app.get("/faxes/{fax_id}/pages/{number}")
    async def print_of(fax_id: str, number: int) -> Response:
        fax = sent(fax_id)
        if not 1 <= number <= fax.pages:
            raise HTTPException(404)
        out = io.BytesIO()
        printed(carriers, fax, number).save(out, "PNG", optimize=False, compress_level=1)
        return Response(out.getvalue(), media_type="image/png")

    @app.get("/faxes/{fax_id}/pages/{number}/boxes")
    async def boxes(fax_id: str, number: int) -> list[dict[str, float]]:
        fax = sent(fax_id)
        if not 1 <= number <= fax.pages:
            raise HTTPException(404)
        return drawn_boxes(printed(carriers, fax, number))

    @app.post("/faxes/{fax_id}/back", status_code=201)
    async def back(fax_id: str, body: BackIn) -> dict[str, Any]:
        fax = sent(fax_id)
        if body.page > fax.pages or fax.status != "delivered":
            raise HTTPException(422, "the machine has printed no such page")
        document = fed(penned(printed(carriers, fax, body.page), body))
        new = carriers.store.add(
            fax.provider, fax.account_key, fax.to_number, fax.from_number, document, "image/tiff"
        )  # fmt: skip
        deliveries.begin(new)
        return {"id": new.id, "provider": new.provider, "from": new.from_number, "to": new.to_number}


def printed(carriers: Carriers, fax: SandboxFax, number: int) -> Image.Image:
    """A page on square paper, as a person holds it."""
    page = picture(carriers.store.document(fax), number)
    return page.resize((page.width, round(page.width * 11 / 8.47)))


def drawn_boxes(page: Image.Image) -> list[dict[str, float]]:
    """The boxes a person would see to tick, from the top: of their size, and above the code."""
    found = [found.box for found in checkboxes.find(np.asarray(page))]
    ours = [box for box in found if BOX[0] < box[2] - box[0] < BOX[1] and box[3] < ABOVE_CODE]
    ours.sort(key=lambda box: (round(box[1], 2), box[0]))
    return [{"x": (x0 + x1) / 2, "y": (y0 + y1) / 2} for x0, y0, x1, y1 in ours]


def penned(page: Image.Image, body: BackIn) -> Image.Image:
    """Ticks, and a signature that is nobody's."""
    pen = ImageDraw.Draw(page)
    for mark in body.ticks:
        x, y = mark.x * page.width, mark.y * page.height
        pen.line([(x - 14, y - 4), (x - 2, y + 14), (x + 24, y - 26)], fill=0, width=PEN, joint="curve")
    if body.signature is not None:
        x, y = body.signature.x * page.width, body.signature.y * page.height
        wave = [(x + step * 6, y - 26 * math.sin(step * 0.9) - step % 7 * 3) for step in range(60)]
        pen.line(wave, fill=0, width=PEN - 1, joint="curve")
    return page


def fed(page: Image.Image) -> bytes:
    """Through a machine: a little askew, in black and white."""
    height = round(page.height * DOTS[1] / DOTS[0])
    turned = page.resize((1728, height)).rotate(TILT, resample=Image.Resampling.BICUBIC, fillcolor=255)
    out = io.BytesIO()
    turned.point([0] * 128 + [255] * 128).convert("1", dither=Image.Dither.NONE).save(
        out, "TIFF", compression="group4", dpi=DOTS
    )
    return out.getvalue()
