"""From decoded pages to words: the text layer where a PDF has a usable one, OCR everywhere else."""

from backend.faxes.reading.service import read
from backend.faxes.reading.turning import shrink, upright_png

__all__ = ["read", "shrink", "upright_png"]
