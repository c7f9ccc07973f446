"""`/metrics`: figures for whoever watches the machine, and for nobody from elsewhere."""

import aiohttp
import pytest

from tests.stories.test_petition import WATER, told
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


async def test_it_tells_how_intake_letters_ledger_and_tokens_fare(world: World):
    await world.villager().says(WATER)
    world.clock.move(minutes=3)
    _, text = await asked(world)
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(figures["lianxin_oldest_unrouted_seconds"]) == 180
    assert float(figures["lianxin_ledger_head"]) >= 1
    assert figures["lianxin_ledger_unpinned"] == figures["lianxin_ledger_head"]
    assert float(figures["lianxin_intake_seconds_count"]) == 1
    assert float(figures["lianxin_commit_messages_sum"]) == 1
    assert float(figures["lianxin_intake_waiting"]) == 0
    assert 'lianxin_token_age_seconds{channel="wecom"}' not in figures, "nobody asked for one yet"
    await world.tick(minutes=3)
    world.clock.move(hours=30)
    await world.tick()
    _, text = await asked(world)
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(figures["lianxin_oldest_unrouted_seconds"]) == 0
    assert float(figures["lianxin_petitions_breached"]) == 1
    assert float(figures["lianxin_oldest_unsent_seconds"]) == 0
    assert float(figures['lianxin_token_valid{channel="wecom"}']) == 1
    assert float(figures['lianxin_token_age_seconds{channel="wecom"}']) == 0


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
async def test_what_a_proxy_passes_on_comes_from_elsewhere(small_world: World, header: str):
    status, text = await asked(small_world, **{header: "127.0.0.1"})
    assert status == 403
    assert "lianxin_" not in text
