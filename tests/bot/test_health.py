"""`/readyz` tells the truth."""

import aiohttp
import pytest

from bot import health
from models.database import Database
from tests.world import World


async def ready(world: World) -> tuple[int, list[str]]:
    address = f"http://127.0.0.1:{world.settings.service.port}/readyz"
    async with aiohttp.ClientSession() as http, http.get(address) as response:
        return response.status, (await response.json())["missing"]


async def test_it_names_what_is_missing(small_world: World, monkeypatch: pytest.MonkeyPatch):
    def broken(_: Database) -> bool:
        raise OSError

    assert await ready(small_world) == (200, [])
    with monkeypatch.context() as full:
        full.setattr(health, "LEAST_FREE", 2**62)
        assert await ready(small_world) == (503, ["disk"])
    with monkeypatch.context() as old:
        old.setattr(health, "is_current", lambda _: False)
        assert await ready(small_world) == (503, ["schema"])
    with monkeypatch.context() as away:
        away.setattr(health, "is_current", broken)
        assert await ready(small_world) == (503, ["database"])
    assert await ready(small_world) == (200, [])
