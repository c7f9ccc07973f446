"""Is it alive, is it ready: for whoever watches the machine."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from bot.schema import is_current
from models.database import Database

LEAST_FREE = 64 * 1024 * 1024  # bytes; below it SQLite or a receipt may soon be refused


def health_routes(
    database: Database, folder: Path, tokens: Callable[[], dict[str, str]]
) -> list[web.RouteDef]:
    """`/healthz`: the process answers. `/readyz`: database and schema are there and can be written to, and
    there is room in the data's `folder`; tokens are only told.
    """

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(_: web.Request) -> web.Response:
        missing = await asyncio.to_thread(_missing, database, folder)
        body = {"status": "ready" if not missing else "not ready", "missing": missing, "tokens": tokens()}
        return web.json_response(body, status=200 if not missing else 503)

    return [web.get("/healthz", alive), web.get("/readyz", ready)]


def _missing(database: Database, folder: Path) -> list[str]:
    missing = [] if _has_room(folder) else ["disk"]
    try:
        if not is_current(database):
            return [*missing, "schema"]
        hindrance = database.hindrance()
        return missing if hindrance is None else [*missing, f"database {hindrance}"]
    except Exception:  # noqa: BLE001 - whatever keeps us from the database makes us not ready
        return [*missing, "database"]


def _has_room(folder: Path) -> bool:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    return not disk.f_flag & os.ST_RDONLY and disk.f_bavail * disk.f_frsize >= LEAST_FREE
