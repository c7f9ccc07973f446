"""What every transaction is given of the county, and how it follows a directory loaded while the service runs."""

import asyncio
import threading

import pytest

from handlers.reader import Reader
from models.directory import bump_version
from models.place import Place
from tests.stories.test_petition import WATER
from tests.world import World

NEW = "望月坪村"


async def test_a_directory_loaded_while_people_write_keeps_nobody_waiting(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    may_go_on, loaded = threading.Event(), threading.Event()
    real = Reader.load

    def slow(*given: object) -> Reader:
        may_go_on.wait(20)
        reader = real(*given)  # type: ignore[arg-type]
        loaded.set()
        return reader

    monkeypatch.setattr(Reader, "load", slow)
    with small_world.service.database.transaction() as session:
        session.add(Place(code="YX0199", name=NEW, parent="YX01", level="village"))
        bump_version(session, small_world.clock.now())
    [said] = await small_world.villager("a").says(WATER)
    assert "登记了" in said
    [said] = await small_world.villager("b").says(f"{NEW}路灯坏了")
    assert NEW not in said

    may_go_on.set()
    await asyncio.to_thread(loaded.wait, 20)
    for name in "cdefghij":  # read; in a moment it is in use
        [said] = await small_world.villager(name).says(f"{NEW}路灯坏了")
        if NEW in said:
            break
        await asyncio.sleep(0.2)
    assert NEW in said
