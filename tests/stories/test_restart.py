"""A database that goes away for a moment: whoever writes meanwhile has his answer, once."""

import asyncio
import time

import pytest
from sqlalchemy import create_engine, text

from handlers.villager import matter
from models.database import Database
from models.leadership import Leadership
from tests.ledgers import difference_in
from tests.stories.test_petition import WATER
from tests.world import World, number_in

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

LEFT = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def _cut_off(database: Database) -> None:
    """All connections to it, as a restart does. SQLite has none."""
    if not database.is_sqlite:
        engine = create_engine(database.url)
        with engine.connect() as connection:
            connection.execute(text(CUT))
            while connection.execute(text(LEFT)).scalar():  # told to end, a backend takes a moment
                time.sleep(0.01)
                connection.rollback()  # each look is a new one
        engine.dispose()


async def test_a_villager_who_writes_while_the_database_restarts_has_one_matter_and_hears_its_number(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    really = matter.begin
    cuts: list[str | None] = []

    def begin(turn, petition):
        if not cuts:
            cuts.append(petition.number)
            _cut_off(world.service.database)
        really(turn, petition)

    [before] = await world.villager("a").says(WATER)
    monkeypatch.setattr(matter, "begin", begin)
    [during], [other] = await asyncio.gather(world.villager("b").says(WATER), world.villager("c").says(WATER))
    _cut_off(world.service.database)
    [after] = await world.villager("d").says(WATER)
    assert cuts
    numbers = [number_in(said) for said in (before, during, other, after)]
    assert sorted(number or "" for number in numbers) == sorted(
        petition.number or "" for petition in world.petitions()
    )
    assert difference_in(world.service.database, world.settings.service.data_key) is None


async def test_clocks_and_letters_go_on_after_the_database_was_away(world: World):
    await world.villager("a").says(WATER)
    _cut_off(world.service.database)
    await world.tick(minutes=3)
    [petition] = world.petitions()
    assert petition.owner is not None


def test_of_several_schedulers_one_leads_and_another_takes_over_when_it_is_cut_off(world: World):
    mine, another = Database(world.settings.database_url), Database(world.settings.database_url)
    first, second = Leadership(mine), Leadership(another)
    try:
        assert first.is_ours()
        assert first.is_ours()
        assert second.is_ours() is mine.is_sqlite  # SQLite has nothing to lead
        first.give_up()
        assert second.is_ours()
        _cut_off(mine)
        assert first.is_ours()
        assert second.is_ours() is mine.is_sqlite
    finally:
        first.give_up()
        second.give_up()
        mine.close()
        another.close()
