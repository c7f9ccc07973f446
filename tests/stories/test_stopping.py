"""The service is told to stop: what is under way ends in order, and nothing waits for somebody who hangs."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from sqlmodel import select

from models.errors import Unserved
from models.letter import Letter, LetterState
from scheduler import petition as petitions
from tests.ledgers import difference_in
from tests.stories.test_petition import WATER
from tests.world import Template, World, number_in, start

LONG = 60  # seconds that a platform may take here
CROWD, AT_ONCE = 40, 12  # people answered before the stop, and speaking at one time
SHORTER = 45  # whoever stops before that has not waited for it


@asynccontextmanager
async def hung_platform() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Takes every call and never answers: its address, and the sign that somebody called."""
    called = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        while await reader.read(1024):
            pass
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", called
    finally:
        server.close()


async def test_a_stop_while_a_platform_hangs_leaves_every_letter_in_the_outbox(
    template: Template, tmp_path: Path
):
    async with hung_platform() as (address, called):
        further = {"wecom": {"api_base_url": address}, "outbox": {"timeout": LONG}}
        world = await start(template, tmp_path, further=further)
        [said] = await world.villager().says(WATER)
        world.clock.move(minutes=6)
        await world.service.ring()
        ringing = asyncio.ensure_future(world.service.carry(world.clock.now))
        await called.wait()
        async with asyncio.timeout(SHORTER):
            await world.close()
            await ringing
    assert await world.service.ring() == await world.service.carry(world.clock.now) == {}
    with world.service.database.reading() as session:
        states = {letter.to: letter.state for letter in session.exec(select(Letter))}
    assert states[world.owner(number_in(said))] is LetterState.PENDING
    assert LetterState.CLAIMED not in states.values()
    assert difference_in(world.service.database, world.settings.service.data_key) is None
    world.service.database.close()


async def test_a_stop_in_the_middle_of_a_crowd_loses_nothing_that_was_answered(
    template: Template, tmp_path: Path
):
    """Whoever had his number has it for good; whoever had none yet is delivered again, and is there at most once."""
    world = await start(template, tmp_path)
    people, answered, enough = count(), dict[str, str](), asyncio.Event()

    async def arrive() -> None:
        while True:
            name = str(next(people))
            for said in await world.villager(name).says(WATER):
                answered[name] = number_in(said)
            if len(answered) >= CROWD:
                enough.set()

    crowd = [asyncio.ensure_future(arrive()) for _ in range(AT_ONCE)]
    await enough.wait()
    async with asyncio.timeout(SHORTER):
        await world.runner.cleanup()
    for one in crowd:
        one.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    await world.simulator.close()
    numbers = [petition.number for petition in world.petitions()]
    assert set(answered.values()) <= set(numbers)
    assert len(set(numbers)) == len(numbers)
    assert len(numbers) <= next(people), "nobody twice"
    assert difference_in(world.service.database, world.settings.service.data_key) is None
    world.service.database.close()


async def test_a_stop_does_not_wait_for_all_that_waits(template: Template, tmp_path: Path):
    """What is left undecided says so; whoever had a number told has it decided at the next start."""
    world = await start(template, tmp_path)
    queue = [world.service.writer.begin(lambda _: time.sleep(0.05)) for _ in range(1000)]
    async with asyncio.timeout(SHORTER):
        await world.close()
    ended = await asyncio.gather(*queue, return_exceptions=True)
    assert {type(one) for one in ended} == {type(None), Unserved}


async def test_a_sweep_that_is_told_to_stop_leaves_the_rest_to_the_next_start(world: World):
    people = 12
    for name in range(people):
        await world.villager(f"v{name}").says(WATER)
    world.clock.move(minutes=6)
    asked = count()
    hurried = replace(world.service.station, is_stopping=lambda: next(asked) > people // 2)
    done = petitions.sweep(hurried, world.clock.now())
    assert 0 < done["dispatch"] < people
    rest = petitions.sweep(world.service.station, world.clock.now())
    assert done["dispatch"] + rest["dispatch"] == people
    assert {petition.state.value for petition in world.petitions()} == {"assigned"}
