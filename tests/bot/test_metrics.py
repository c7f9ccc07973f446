"""`/metrics`: figures for whoever watches the machine, and for nobody from elsewhere."""

import aiohttp
import pytest

from tests.stories.test_petition import told
from tests.world import World


async def asked(world: World, **headers: str) -> tuple[int, str]:
    address = f"http://127.0.0.1:{world.settings.service.port}/metrics"
    async with aiohttp.ClientSession() as http, http.get(address, headers=headers) as response:
        return response.status, await response.text()


async def test_it_counts_petitions_and_letters(world: World):
    await told(world)
    status, text = await asked(world)
    assert status == 200
    assert 'lianxin_petitions{state="assigned"} 1.0' in text
    assert "lianxin_petitions_late 0.0" in text
    assert "lianxin_letters" in text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
async def test_what_a_proxy_passes_on_comes_from_elsewhere(small_world: World, header: str):
    status, text = await asked(small_world, **{header: "127.0.0.1"})
    assert status == 403
    assert "lianxin_" not in text
