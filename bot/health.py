"""Is it alive, is it ready: for whoever watches the machine."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from bot.schema import is_current
from models.database import Database


def health_routes(database: Database, tokens: Callable[[], dict[str, str]]) -> list[web.RouteDef]:
    """`/healthz`: the process answers. `/readyz`: database and schema are there; tokens are only told."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(_: web.Request) -> web.Response:
        missing = await asyncio.to_thread(_missing, database)
        body = {"status": "ready" if not missing else "not ready", "missing": missing, "tokens": tokens()}
        return web.json_response(body, status=200 if not missing else 503)

    return [web.get("/healthz", alive), web.get("/readyz", ready)]


def _missing(database: Database) -> list[str]:
    try:
        return [] if is_current(database) else ["schema"]
    except Exception:  # noqa: BLE001 - whatever keeps us from the database makes us not ready
        return ["database"]
