"""From the bytes of a fax to its pages, safely: hostile files are opened in a limited child process only."""

from backend.faxes.decoding.formats import sniff
from backend.faxes.decoding.limits import Limits, Undecodable
from backend.faxes.decoding.service import decode

__all__ = ["Limits", "Undecodable", "decode", "sniff"]
