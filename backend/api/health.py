"""Liveness, readiness and metrics, for load balancers and Prometheus."""

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError
from sqlalchemy import text

from backend.identity.access import Context

router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(context: Context) -> JSONResponse:
    """200 while the database answers within a second; a missing Redis only degrades."""
    database, redis = await asyncio.gather(_database(context), _redis(context))
    status = "unavailable" if not database else "ok" if redis else "degraded"
    body = {"status": status, "database": database, "redis": redis}
    return JSONResponse(body, status_code=200 if database else 503)


async def _database(context: Context) -> bool:
    try:
        async with asyncio.timeout(1), context.database.system() as session:
            await session.execute(text("SELECT 1"))
    except Exception:
        return False
    return True


async def _redis(context: Context) -> bool:
    try:
        async with asyncio.timeout(1):
            await context.redis.ping()
    except (RedisError, OSError, TimeoutError):
        return False
    return True


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
