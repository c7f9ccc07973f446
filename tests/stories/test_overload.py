"""More than can be done in time: the answer is late, and still durable, numbered and honest."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import application, intake, writer
from bot.wire import callback
from handlers import receipt
from models.petition import State
from models.reserve import ENOUGH, Reserve
from tests.ledgers import difference_in
from tests.stories.test_petition import WATER
from tests.world import World, number_in

SOON = 0.3  # seconds of patience in these tests


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PATIENCE", SOON)
    monkeypatch.setattr(callback, "DEADLINE", 4.0)


@contextmanager
def held(world: World) -> Iterator[None]:
    """The writer is busy with something that does not end."""
    free = threading.Event()
    world.service.writer.begin(lambda _: free.wait(20))
    try:
        yield
    finally:
        free.set()


async def test_a_late_answer_has_its_number_and_the_rest_follows(world: World):
    with held(world):
        [said] = await world.villager().says(WATER)
        assert not world.petitions()
    number = number_in(said)
    assert "登记了" not in said
    await _caught_up(world)
    assert [petition.number for petition in world.petitions()] == [number]
    await world.tick(minutes=6)
    told = [wording for to, wording, _ in world.letters() if to == str(world.petition(number).villager)]
    assert told == ["letter.after_receipt", "letter.assign.villager"]


async def test_more_of_the_same_matter_gets_the_same_number(world: World):
    with held(world):
        [first] = await world.villager().says(WATER)
        [second] = await world.villager().says("大坪村三组都没水")
    await _caught_up(world)
    assert number_in(first) == number_in(second)
    assert [petition.number for petition in world.petitions()] == [number_in(first)]


async def test_a_crowd_that_waits_together_gets_a_number_each(small_world: World):
    names = [f"v{index}" for index in range(40)]
    with held(small_world):
        said = await asyncio.gather(*(small_world.villager(name).says(WATER) for name in names))
        assert _receipts(small_world) == len(names)
    numbers = [number_in(one) for [one] in said]
    await _caught_up(small_world)
    assert set(numbers) == {petition.number for petition in small_world.petitions()}
    assert len(set(numbers)) == len(names)
    assert _receipts(small_world) == 0


async def test_whoever_would_wait_too_long_is_promised_at_once(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "PATIENCE", 3.0)
    monkeypatch.setattr(writer.Writer, "is_far_behind", property(lambda _: True))
    with held(small_world):
        async with asyncio.timeout(3.0):
            [said] = await small_world.villager().says(WATER)
    assert "登记了" not in said
    await _caught_up(small_world)
    assert [petition.number for petition in small_world.petitions()] == [number_in(said)]


async def test_danger_is_answered_as_danger_and_an_accusation_as_one(small_world: World):
    with held(small_world):
        [fire] = await small_world.villager("a").says("大坪村着火了，快来人")
        [bribe] = await small_world.villager("b").says("我要举报村支书王建国贪污受贿")
        assert "119" in fire
        assert number_in(fire)
        assert "12388" in bribe
        assert "编号" not in bribe
        assert _receipts(small_world) == 1
    await _caught_up(small_world)
    assert [petition.lane for petition in small_world.petitions()] == ["emergency"]


async def test_whoever_was_told_late_that_his_words_are_here_hears_by_letter_what_to_do(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "PATIENCE", 30)  # no receipt: the platform's seconds run out
    with held(small_world):
        [said] = await small_world.villager().says("大坪村着火了，快来人")
    assert said.startswith("收到了")
    await _caught_up(small_world)
    [petition] = small_world.petitions()
    [late] = [fields["text"] for _, wording, fields in small_world.letters() if wording.endswith("receipt")]
    assert "119" in late
    assert number_in(late) == petition.number


async def test_a_number_promised_before_a_restart_is_told_to_nobody_else(small_world: World):
    database = small_world.service.database
    promised = [database.reserve.take() or 0 for _ in range(ENOUGH - 100)]
    database.reserve = Reserve(ENOUGH)  # as the next process begins
    database.set_aside(promised)
    later = list[int]()
    for _ in range(3):
        later += [database.reserve.take() or 0 for _ in range(ENOUGH - 100)]
        database.set_aside_more()
    assert len({*promised, *later}) == len(promised) + len(later)
    assert 0 not in later


async def test_what_is_no_new_matter_gets_no_number_and_its_answer_as_a_letter(small_world: World):
    [registered] = await small_world.villager().says(WATER)
    small_world.clock.move(minutes=10)
    with held(small_world):
        [said] = await small_world.villager().says("进度")
        assert "编号" not in said
    await _caught_up(small_world)
    [answer] = [fields["text"] for _, wording, fields in small_world.letters() if wording.endswith("receipt")]
    assert number_in(answer) == number_in(registered)


async def test_the_same_message_again_gets_the_same_receipt(small_world: World):
    villager = small_world.villager()
    with held(small_world):
        told = await villager.says(WATER)
        again = await villager.repeats()
    await _caught_up(small_world)
    assert again == await villager.repeats() == told
    assert len(small_world.petitions()) == 1


async def test_what_was_promised_before_a_crash_is_kept_after_it(small_world: World):
    """The row stands in for the power cut: the writer never came to the message, and another start finds it."""
    with held(small_world):
        [said] = await small_world.villager().says(WATER)
        [row] = _rows(small_world)
        written = b"".join(file.read_bytes() for file in _file(small_world).parent.glob("receipts*"))
        assert row[-1] in written
        assert "停水".encode() not in written
    await _caught_up(small_world)
    assert not _receipts(small_world)
    with closing(sqlite3.connect(_file(small_world), isolation_level=None)) as base:
        base.execute("INSERT INTO receipt VALUES (?, ?, ?, ?, ?)", row)
    await _another_start(small_world)
    await _caught_up(small_world)
    assert [petition.number for petition in small_world.petitions()] == [number_in(said)]
    assert not _receipts(small_world)


async def test_where_the_whole_turns_out_an_accusation_the_promised_matter_is_there_and_ended(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(receipt, "_accuses", lambda *_: False)  # as if the rest of the burst still waited
    monkeypatch.setattr(receipt, "_is_matter", lambda *_: True)
    with held(small_world):
        [said] = await small_world.villager().says("我要举报村支书王建国贪污受贿")
    await _caught_up(small_world)
    [petition] = small_world.petitions()
    assert petition.number == number_in(said)
    assert petition.state is State.REDIRECTED


async def test_past_all_bounds_a_message_is_refused_and_not_lost_silently(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    with held(small_world), monkeypatch.context() as tight:
        tight.setattr(writer, "MOST_WAITING", 2)
        said = await asyncio.gather(*(small_world.villager(name).says(WATER) for name in "abcd"))
    await _caught_up(small_world)
    refused = [one for [one] in said if "再发一遍" in one]
    assert len(refused) + len(small_world.petitions()) == 4
    assert refused


def _file(world: World) -> Path:
    return world.settings.path(world.settings.service.data_dir) / "receipts.sqlite"


def _rows(world: World) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(_file(world))) as base:
        return base.execute("SELECT * FROM receipt ORDER BY place").fetchall()


def _receipts(world: World) -> int:
    return len(_rows(world))


async def _another_start(world: World) -> None:
    await application._intake(world.service).open()


async def _caught_up(world: World) -> None:
    await world.service.writer.run(lambda _: None)
    async with asyncio.timeout(20):
        while _receipts(world):  # noqa: ASYNC110 - as another process would look
            await asyncio.sleep(0.05)
    assert difference_in(world.service.database, world.settings.service.data_key) is None
