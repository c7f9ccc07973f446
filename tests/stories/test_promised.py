"""A number that was told is kept whatever fails, and nobody's words overtake each other on the way to disk and back."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from bot import backlog, intake
from bot.promises import Promises
from bot.receipts import Receipts
from bot.ticket import Ticket
from bot.writer import Writer
from models.message import Message
from models.reserve import Reserve, ids_aside
from models.text import Text, read
from tests.stories.test_petition import WATER
from tests.stories.test_storm import FIRE, _no_room, _over, _until, _waiting, another_start, storm
from tests.world import World, number_in

MORE = "大坪村三组都没水"
ROAD = "大坪村到镇上的路塌了一半，车过不去"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PATIENCE", 0.3)


@contextmanager
def held(world: World) -> Iterator[None]:
    """The writer is busy with something that does not end."""
    begun, free = threading.Event(), threading.Event()

    def last(_: object) -> None:
        begun.set()
        free.wait(20)

    world.service.writer.begin(last)
    begun.wait(20)
    try:
        yield
    finally:
        free.set()


def fails_once(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """The next batch ends as where another program has the database for longer than one waits for it."""
    decided, left = world.service.writer._decided, [True]

    def fail(batch: list[Any]) -> Any:
        if left and any(work.asks is not None for work in batch):
            left.pop()
            raise OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))
        return decided(batch)

    monkeypatch.setattr(world.service.writer, "_decided", fail)


async def told_and_not_decided(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """The number somebody was told before his batch failed."""
    with held(world):
        fails_once(monkeypatch, world)
        [said] = await world.villager().says(WATER)
    await asyncio.sleep(0.5)
    assert _waiting(world) == 1
    assert not world.petitions()
    return number_in(said)


async def test_after_a_failed_batch_the_same_message_gets_the_same_number_and_nobody_else_does(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    number = await told_and_not_decided(small_world, monkeypatch)
    [again] = await small_world.villager().repeats()
    assert number_in(again) == number
    async with another_start(small_world):
        await _over(small_world)
    assert [petition.number for petition in small_world.petitions()] == [number]
    database = small_world.service.database
    database.reserve = Reserve(database.reserve.enough)  # as the next process begins
    async with another_start(small_world):
        with held(small_world):
            [other] = await small_world.villager("other").says(WATER)
    assert number_in(other) != number


async def test_after_a_failed_batch_later_words_come_after_the_earlier(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    number = await told_and_not_decided(small_world, monkeypatch)
    [more] = await small_world.villager().says(MORE)
    await _over(small_world)
    assert number_in(more) == number
    assert _texts(small_world) == [WATER, MORE]
    assert len(small_world.petitions()) == 1


async def test_where_the_database_fails_what_waits_does_not_overtake(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(backlog, "TOGETHER", 1)
    villager = small_world.villager()
    with storm():
        [first] = await villager.says(WATER)
        await villager.says(MORE)
        fails_once(monkeypatch, small_world)
    await _until(lambda: not small_world.service.writer.more_waits)
    assert _waiting(small_world) == 2
    async with another_start(small_world):
        await _over(small_world)
    assert [petition.number for petition in small_world.petitions()] == [number_in(first)]
    assert _texts(small_world) == [WATER, MORE]


async def test_at_the_end_of_a_storm_nobodys_words_overtake_each_other(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    """One speaks while the last of the backlog is read, and once more when it is begun."""
    after = Receipts.after

    def slowly(*given: Any) -> Any:
        some = after(*given)
        time.sleep(0.5)
        return some

    monkeypatch.setattr(Receipts, "after", slowly)
    villager = small_world.villager()
    with held(small_world):
        with monkeypatch.context() as first:
            first.setattr(Writer, "is_far_behind", property(lambda _: True))
            await small_world.villager("z").says(ROAD)
        [water] = await villager.says(WATER)
        await _until(lambda: not small_world.service.writer.more_waits)
        monkeypatch.setattr(intake, "PATIENCE", 3.0)
        again = asyncio.ensure_future(villager.repeats())
        await asyncio.sleep(0.1)
    assert [water] == await again
    [more] = await villager.says(MORE)
    await _over(small_world)
    assert number_in(more) == number_in(water)
    assert len(small_world.petitions()) == 2


async def test_what_is_read_between_its_write_and_its_answer_is_not_passed_over(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    keep, after = Receipts.keep, Receipts.after
    written = threading.Event()

    def kept(receipts: Receipts, rows: Any) -> None:
        keep(receipts, rows)
        written.set()
        time.sleep(0.1)

    def read_then(*given: Any) -> Any:
        written.wait(5)
        return after(*given)

    with storm():
        for name in "xyz":
            await small_world.villager(name).says(ROAD)
    monkeypatch.setattr(Receipts, "keep", kept)
    monkeypatch.setattr(Receipts, "after", read_then)
    with held(small_world):
        await small_world.villager("late").says(WATER)
        await asyncio.sleep(0.5)
    await _over(small_world)
    assert len(small_world.petitions()) == 4


async def test_danger_and_then_more_words_are_decided_in_their_order(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    tell = Promises._tell

    def slowly(promises: Promises, tickets: Sequence[Ticket]) -> Any:
        time.sleep(0.3)
        return tell(promises, tickets)

    monkeypatch.setattr(Promises, "_tell", slowly)
    villager = small_world.villager()
    with storm():
        under_way = asyncio.ensure_future(small_world.villager("z").says(ROAD))
        await asyncio.sleep(0.1)
        one = asyncio.ensure_future(villager.says(FIRE))
        await asyncio.sleep(0.05)
        [more] = await villager.says(WATER)
        [fire] = await one
        await under_way
    await _over(small_world)
    assert number_in(more) == number_in(fire)
    assert [text for text in _texts(small_world) if text != ROAD] == [FIRE, WATER]


async def test_where_numbers_ran_out_ones_words_keep_their_order(small_world: World):
    database, villager = small_world.service.database, small_world.villager()
    with storm():
        full, database.reserve = database.reserve, Reserve(0)
        one = asyncio.ensure_future(villager.says(WATER))
        await asyncio.sleep(0.25)
        database.reserve = full
        await villager.says(MORE)
        await one
    await _over(small_world)
    assert _texts(small_world) == [WATER, MORE]


async def test_a_message_that_comes_again_while_the_first_waits_without_a_promise_is_told_one_number(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "AGAIN", 0.1)
    database, villager = small_world.service.database, small_world.villager()
    with held(small_world):
        full, database.reserve = database.reserve, Reserve(0)
        first = asyncio.ensure_future(villager.says(WATER))
        await asyncio.sleep(1.0)
        database.reserve = full
        [again] = await villager.repeats()
    assert "稍后" in again
    await first
    await _over(small_world)
    assert [petition.number for petition in small_world.petitions()] == [number_in(again)]


async def test_it_is_one_number_too_where_it_comes_again_while_the_first_is_still_being_promised(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "AGAIN", 0.1)
    database, villager = small_world.service.database, small_world.villager()
    with held(small_world):
        full, database.reserve = database.reserve, Reserve(0)
        with storm():
            first = asyncio.ensure_future(villager.says(WATER))
            await asyncio.sleep(0.15)
            again = asyncio.ensure_future(villager.repeats())
            await asyncio.sleep(0.2)
            database.reserve = full
            await asyncio.sleep(1.0)
    await first
    [told] = await again
    await _over(small_world)
    assert [petition.number for petition in small_world.petitions()] == [number_in(told)]


async def test_numbers_of_receipts_that_cannot_be_written_are_told_to_nobody_and_not_used_up(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    database = small_world.service.database
    while len(database.reserve._left) > database.reserve.enough // 2:
        database.reserve._left.pop()
    with database.reading() as session:
        before = ids_aside(session)
    with storm(), monkeypatch.context() as full:
        full.setattr(Receipts, "keep", _no_room)
        for name in range(20):
            [said] = await small_world.villager(f"v{name}").says(WATER)
            assert "再发一遍" in said
    with database.reading() as session:
        assert ids_aside(session) == before


async def test_where_no_receipt_can_be_written_the_decision_is_waited_for(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Receipts, "keep", _no_room)
    with held(small_world):
        saying = asyncio.ensure_future(small_world.villager().says(WATER))
        await asyncio.sleep(1.0)
    [said] = await saying
    assert [petition.number for petition in small_world.petitions()] == [number_in(said)]


async def test_another_matter_half_an_hour_later_is_told_a_number_of_its_own(small_world: World):
    villager = small_world.villager()
    with storm():
        [water] = await villager.says(WATER)
        small_world.clock.move(minutes=30)
        [road] = await villager.says(ROAD)
    await _over(small_world)
    assert {petition.number for petition in small_world.petitions()} == {number_in(water), number_in(road)}


def _texts(world: World) -> list[str | None]:
    """What was said, in the order it was decided."""
    with world.service.database.reading() as session:
        keys = world.service.knowledge.keys(session, world.clock.now())
        messages = session.exec(select(Message).order_by(col(Message.id))).all()
        texts = [session.get(Text, one.text) for one in messages if one.text]
        return [read(session, keys, one) for one in texts if one is not None]
