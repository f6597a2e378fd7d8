"""Live events over SSE: ids and versions only; screens fetch what they show."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from backend.core.actor import Actor
from backend.core.live import listen
from backend.identity.access import Allowed, Context

router = APIRouter(prefix="/api/v1", tags=["live"])
Watcher = Annotated[Actor, Depends(Allowed("leads:read"))]


@router.get(
    "/events",
    operation_id="watchEvents",
    summary="Live events (SSE)",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {
                "text/event-stream": {
                    "example": 'data: {"type":"lead.moved","id":"0199f3a2-6c1e","version":8,"mutation_id":null}\n\n'
                }
            }
        }
    },
)
async def watch_events(caller: Watcher, context: Context) -> StreamingResponse:
    """Ids and versions of what changes in the practice. `resync` means: load again what you show."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(caller, context), media_type="text/event-stream", headers=headers)


async def _stream(caller: Actor, context: Context) -> AsyncIterator[str]:
    async for event in listen(context.redis, caller.practice_id):
        if event is None:
            yield ": ping\n\n"
        else:
            body = {
                "type": event.type,
                "id": event.id,
                "version": event.version,
                "mutation_id": event.mutation_id,
            }
            yield f"data: {json.dumps(body)}\n\n"
