"""A file as the whole body of a request, bounded while it arrives."""

from tempfile import SpooledTemporaryFile
from typing import Final

from fastapi import Request

from backend.core.problems import TooLarge

IN_MEMORY: Final = 1024 * 1024


async def bounded(request: Request, most: int, refusal: str) -> bytes:
    """The body. Raises `TooLarge`, with this refusal, as soon as it is."""
    # A slow phone must not hold twenty megabytes of memory for minutes.
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise TooLarge(refusal)
            spool.write(part)
        spool.seek(0)
        return spool.read()
