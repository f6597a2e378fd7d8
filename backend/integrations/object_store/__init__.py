"""Object stores by `obstore`: a local folder by default, anything S3-compatible in production."""

from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, S3Store

from backend.core.objects import ObjectMissing


class ObstoreObjects:
    """`core.objects.ObjectStore` over any obstore store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, name: str, data: bytes) -> None:
        """Store the object; obstore writes a temporary file and renames it, so no half object is ever seen."""
        await obstore.put_async(self._store, name, data)

    async def get(self, name: str) -> bytes:
        """The object's bytes. Raises `ObjectMissing`."""
        try:
            result = await obstore.get_async(self._store, name)
            return bytes(await result.bytes_async())
        except FileNotFoundError:
            raise ObjectMissing(name) from None

    async def delete(self, name: str) -> None:
        """Remove the object if it is there."""
        try:
            await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            return


def open_objects(url: str, default_folder: Path) -> ObstoreObjects:
    """The store named by DOCUMENTS_URL (`file:///path` or `s3://bucket/prefix`), else a folder.

    S3 credentials and endpoint come from the usual AWS_* variables (`AWS_ENDPOINT_URL` for other vendors).
    """
    if url.startswith("s3://"):
        return ObstoreObjects(S3Store.from_url(url))
    folder = Path(url.removeprefix("file://")) if url else default_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ObstoreObjects(LocalStore(str(folder.resolve())))
