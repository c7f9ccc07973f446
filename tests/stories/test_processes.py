"""Two processes of one county on one machine: what one has promised, the other knows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot import intake
from bot.application import application, prepare
from bot.settings import Settings
from tests.postgresql import fresh_postgresql
from tests.stories.test_petition import WATER
from tests.stories.test_promised import MORE, held
from tests.stories.test_storm import FIRE, _over, _waiting, storm
from tests.world import Template, World, free_port, number_in, start


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PATIENCE", 0.3)


@asynccontextmanager
async def another(world: World) -> AsyncIterator[str]:
    """The address of a second process: the same database and data folder, another port."""
    port = free_port()
    given = world.settings.model_dump()
    given["service"] |= {"port": port}
    service = prepare(Settings.model_validate(given), world.clock.now)
    runner = web.AppRunner(application(service, with_scheduler=False), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def county(postgresql_template: Template, tmp_path: Path) -> AsyncIterator[World]:
    with fresh_postgresql(postgresql_template.settings.database_url) as url:
        world = await start(postgresql_template, tmp_path, database_url=url)
        yield world
        await world.close()


async def test_a_message_that_comes_again_elsewhere_gets_the_number_it_was_told(county: World):
    async with another(county) as elsewhere:
        with held(county):
            [told] = await county.villager().says(WATER)
            county.simulator.serve_at(elsewhere)
            assert await county.villager().repeats() == [told]
            [more] = await county.villager().says(MORE)
        await _over(county)
    assert number_in(more) == number_in(told)
    assert [petition.number for petition in county.petitions()] == [number_in(told)]


async def test_what_waits_is_decided_once_whoever_comes_to_it(county: World):
    here = f"http://127.0.0.1:{county.settings.service.port}"
    numbers = []
    async with another(county) as elsewhere:
        with storm():
            for one in range(12):
                county.simulator.serve_at((here, elsewhere)[one % 2])
                [told] = await county.villager(f"v{one}").says(WATER)
                numbers.append(number_in(told))
            assert _waiting(county) == 12
        for address in (here, elsewhere):
            county.simulator.serve_at(address)
            await county.villager(address[-4:]).says(FIRE)
        await _over(county)
    assert sorted(numbers) == sorted(
        one.number or "" for one in county.petitions() if one.lane != "emergency"
    )
