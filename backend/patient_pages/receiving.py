"""Take a file from a phone: bounded, recognised by its bytes, sealed before the answer leaves."""

import hashlib
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from backend.core.bodies import bounded
from backend.core.context import ProcessContext
from backend.core.documents import StoredDocument
from backend.core.problems import Invalid
from backend.faxes.decoding import sniff
from backend.faxes.decoding.formats import TIFF
from backend.identity.queries import practice_key
from backend.patient_pages.session import PatientSession, transaction_of

MOST_BYTES: Final = 20 * 1024 * 1024
REFUSAL: Final = "The file may have at most 20 MB. Take the photo again, or choose a smaller file."


class UnknownFile(Invalid):
    """Not a photo and not a PDF."""

    type = "unknown-file"
    title = "Choose a photo or a PDF"

    def __init__(self) -> None:
        super().__init__("Choose a photo (JPEG, PNG or HEIC) or a PDF.", errors=[("/file", "not a kind we can read")])


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is safe in the object store, without its row yet."""

    stored: StoredDocument
    digest: bytes


async def receive(request: Request, context: ProcessContext, patient: PatientSession) -> Received:
    """The body, sealed. Raises `TooLarge` as soon as it is, and `UnknownFile`."""
    data = await bounded(request, MOST_BYTES, REFUSAL)
    kind = sniff(data)
    if kind is None or kind == TIFF:
        raise UnknownFile
    async with transaction_of(context, patient) as session:
        key = await practice_key(session, context)
    stored = await context.documents.put(patient.practice_id, key, data, kind)
    return Received(stored, hashlib.sha256(data).digest())


async def forget(context: ProcessContext, patient: PatientSession, received: Received) -> None:
    """The same file was there already: this copy is not kept."""
    await context.documents.delete(patient.practice_id, received.stored.id)
