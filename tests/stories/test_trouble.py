"""Disk, database and clock in trouble: nobody is promised what is not kept, and afterwards everything goes on."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from bot import intake
from models.letter import LetterState, count_letters
from tests.ledgers import difference_in
from tests.stories.test_petition import WATER
from tests.world import World, number_in

MANY = 60  # messages; the pages that are left hold fewer


@contextmanager
def every_transaction(world: World, pragma: Callable[[Connection], str]) -> Iterator[None]:
    """What SQLite is told at the start of each."""

    def tell(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA {pragma(connection)}")

    engine = world.service.database.engine
    event.listen(engine, "begin", tell)
    try:
        yield
    finally:
        event.remove(engine, "begin", tell)
        engine.dispose()


def full(connection: Connection) -> str:
    return f"max_page_count = {connection.exec_driver_sql('PRAGMA page_count').scalar()}"


def readonly(_: Connection) -> str:
    return "query_only = ON"


@pytest.mark.parametrize("pragma", [full, readonly])
async def test_on_a_full_or_readonly_disk_no_number_is_told_that_is_not_kept(
    small_world: World, pragma: Callable[[Connection], str]
):
    told: list[str] = []
    with every_transaction(small_world, pragma):
        for one in range(MANY):
            refused = small_world.villager(f"{one}")
            [said] = await refused.says(WATER)
            if "编号" not in said:
                break
            told.append(number_in(said))
        else:
            pytest.fail("it was never full")
        assert [petition.number for petition in small_world.petitions()] == told
    [said] = await refused.repeats()
    assert [petition.number for petition in small_world.petitions()] == [*told, number_in(said)]
    assert difference_in(small_world.service.database, small_world.settings.service.data_key) is None


async def test_while_another_holds_the_database_a_number_is_told_and_kept(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "PATIENCE", 0.3)
    other = sqlite3.connect(small_world.service.database.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    [said] = await small_world.villager().says(WATER)
    assert small_world.petitions() == []
    other.execute("ROLLBACK")
    other.close()
    await small_world.service.writer.run(lambda _: None)
    assert [petition.number for petition in small_world.petitions()] == [number_in(said)]


@pytest.mark.parametrize("days", [1, -1])
async def test_a_clock_that_jumps_a_day_and_back_loses_and_doubles_nothing(world: World, days: int):
    told = []
    for name, jump in (("a", 0), ("b", days), ("c", -days)):
        world.clock.move(days=jump)
        [said] = await world.villager(name).says(WATER)
        told.append(number_in(said))
        await world.tick(minutes=6)
        await world.tick()
    assert sorted(petition.number or "" for petition in world.petitions()) == sorted(set(told))
    assert len(set(told)) == 3
    assert all(petition.owner for petition in world.petitions())
    await world.tick(days=1, minutes=6)
    with world.service.database.reading() as session:
        assert count_letters(session).get(LetterState.CLAIMED, 0) == 0
    assigned = [
        fields["number"] for _, wording, fields in world.letters() if wording == "letter.assign.villager"
    ]
    assert sorted(assigned) == sorted(told)
    assert difference_in(world.service.database, world.settings.service.data_key) is None
