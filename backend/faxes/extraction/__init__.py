"""From words with boxes to fields: labels, geometry, validators; agreement earns confidence."""

from backend.faxes.extraction.service import extract

__all__ = ["extract"]
