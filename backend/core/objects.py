"""Port of the object store that keeps encrypted documents; adapters live in `integrations/object_store`."""

from typing import Protocol


class ObjectMissing(Exception):
    """There is no object of this name."""


class ObjectStore(Protocol):
    """Whole objects by name. A `put` is durable when it returns; writing the same name again replaces it."""

    async def put(self, name: str, data: bytes) -> None:
        """Store `data` under `name` (slashes make folders)."""

    async def get(self, name: str) -> bytes:
        """The object's bytes. Raises `ObjectMissing`."""

    async def delete(self, name: str) -> None:
        """Remove the object; no error when it is not there."""
