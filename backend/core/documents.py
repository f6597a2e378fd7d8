"""Encrypted documents: bytes in the object store, their wrapped key and place in the `documents` table."""

import os
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, LargeBinary, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.crypto import KEY_BYTES, fingerprint, open_sealed, seal
from backend.core.database import Base, TenantRow, practice_of
from backend.core.ids import new_id
from backend.core.objects import ObjectStore
from backend.core.problems import NotFound


class Document(TenantRow, Base):
    """One stored document. `fingerprint` is keyed per practice, so equal files match without being guessable."""

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_fingerprint", "practice_id", "fingerprint"),)

    content_type: Mapped[str]
    size: Mapped[int]
    fingerprint: Mapped[str]
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def object_name(self) -> str:
        """Where the ciphertext is kept."""
        return f"{self.practice_id}/{self.id}"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document whose bytes are already in the object store, ready for its row."""

    id: uuid.UUID
    content_type: str
    size: int
    fingerprint: str
    wrapped_key: bytes


class DocumentStore:
    """Seals documents into the object store and opens them again. The caller supplies the practice's key."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def put(self, practice_id: uuid.UUID, practice_key: bytes, data: bytes, content_type: str) -> StoredDocument:
        """Encrypt and store `data` outside any transaction; pass the result to `record` inside one."""
        document_id, key = new_id(), os.urandom(KEY_BYTES)
        place = f"{practice_id}/{document_id}"
        await self._objects.put(place, seal(key, data, place))
        return StoredDocument(
            id=document_id,
            content_type=content_type,
            size=len(data),
            fingerprint=fingerprint(practice_key, data),
            wrapped_key=seal(practice_key, key, place),
        )

    async def get(self, document: Document, practice_key: bytes) -> bytes:
        """The document in the clear. Raises `ObjectMissing` or `CannotOpen`."""
        place = document.object_name
        key = open_sealed(practice_key, document.wrapped_key, place)
        return open_sealed(key, await self._objects.get(place), place)

    async def delete(self, practice_id: uuid.UUID, document_id: uuid.UUID) -> None:
        """Remove the bytes; its row must be gone already."""
        await self._objects.delete(f"{practice_id}/{document_id}")


def record(session: AsyncSession, stored: StoredDocument) -> Document:
    """Add the row of a stored document to this transaction."""
    document = Document(
        practice_id=practice_of(session),
        id=stored.id,
        content_type=stored.content_type,
        size=stored.size,
        fingerprint=stored.fingerprint,
        wrapped_key=stored.wrapped_key,
    )
    session.add(document)
    return document


async def load(session: AsyncSession, document_id: uuid.UUID) -> Document:
    """The row of a document of this practice. Raises `NotFound`."""
    row = await session.scalar(
        select(Document).where(Document.practice_id == practice_of(session), Document.id == document_id)
    )
    if row is None:
        raise NotFound("There is no such document in this practice.")
    return row
