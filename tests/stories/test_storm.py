"""More comes for minutes than can be decided: each is promised, waits on disk and is decided once the storm is over."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import asdict
from pathlib import Path

import aiohttp
import pytest

from bot import application, receipts
from bot.promises import Promises
from bot.receipt import CONTEXT
from bot.ticket import Ticket
from bot.wire import callback
from bot.writer import Writer
from handlers.retry import key_of
from handlers.turn import Mail
from models.errors import Unserved
from models.key import seal
from models.petition import Petition
from tests.ledgers import difference_in
from tests.stories.test_petition import WATER
from tests.world import World, number_in

CROWD = 40
DEADLINE = 4.0  # seconds until somebody must be answered
LATE = DEADLINE + 0.5
FIRE = "大坪村着火了，快来人"
BRIBE = "我要举报村支书王建国贪污受贿"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callback, "DEADLINE", DEADLINE)


@contextmanager
def storm() -> Iterator[None]:
    """So many ask all the time that nothing of what waits is decided."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Writer, "is_far_behind", property(lambda _: True))
        patched.setattr(Promises, "is_pressed", property(lambda _: True))
        yield


async def crowd(world: World) -> list[str]:
    """The numbers they are told, in the order they spoke."""
    said = [await world.villager(f"v{name}").says(WATER) for name in range(CROWD)]
    return [number_in(one) for [one] in said]


async def test_a_storm_waits_on_disk_and_is_decided_in_its_order(small_world: World):
    with storm():
        numbers = await crowd(small_world)
        assert not small_world.petitions()
        assert await _figure(small_world, "lianxin_promised_waiting") == CROWD
        assert await _figure(small_world, "lianxin_intake_waiting") == 0
    await _over(small_world)
    assert [petition.number for petition in _in_order(small_world)] == numbers
    assert len(set(numbers)) == CROWD
    assert await _figure(small_world, "lianxin_promised_waiting") == 0


async def test_more_of_a_matter_gets_the_same_number_and_the_same_message_the_same_answer(small_world: World):
    villager = small_world.villager()
    with storm():
        [first] = await villager.says(WATER)
        assert [first] == await villager.repeats()
        [second] = await villager.says("大坪村三组都没水")
    await _over(small_world)
    assert number_in(first) == number_in(second)
    assert [petition.number for petition in small_world.petitions()] == [number_in(first)]
    assert [second] == await villager.repeats()


async def test_danger_is_decided_before_all_that_waits(small_world: World):
    with storm():
        await crowd(small_world)
        [fire] = await small_world.villager("a").says(FIRE)
        assert "119" in fire
        await _until(lambda: bool(small_world.petitions()))
        assert [petition.lane for petition in small_world.petitions()] == ["emergency"]
        assert _waiting(small_world) >= CROWD
    await _over(small_world)
    assert len(small_world.petitions()) == CROWD + 1


async def test_danger_after_other_words_brings_these_along(small_world: World):
    villager = small_world.villager("a")
    with storm():
        await crowd(small_world)
        [water] = await villager.says(WATER)
        [fire] = await villager.says(FIRE)
        await _until(lambda: bool(small_world.petitions()))
        assert number_in(fire) == number_in(water)
        assert {petition.number for petition in small_world.petitions()} == {number_in(water)}
    await _over(small_world)
    assert len(small_world.petitions()) == CROWD + 1


async def test_an_accusation_is_told_where_to_go_and_waits_nowhere(small_world: World):
    villager = small_world.villager("a")
    with storm():
        await crowd(small_world)
        [said] = await villager.says(BRIBE)
        assert "12388" in said
        assert _waiting(small_world) == CROWD
        assert [said] == await villager.repeats()
    await _over(small_world)
    assert len(small_world.petitions()) == CROWD


async def test_whoever_is_told_late_hears_by_letter_and_waits_on_disk(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    tell = Promises._tell

    def slowly(promises: Promises, tickets: Sequence[Ticket]) -> list[str | Exception | None]:
        time.sleep(LATE)
        return tell(promises, tickets)

    monkeypatch.setattr(Promises, "_tell", slowly)
    names = ["a", "b", "c"]
    with storm():
        said = await asyncio.gather(*(small_world.villager(name).says(WATER) for name in names))
        assert [one for [one] in said if not one.startswith("收到了")] == []
        await _until(lambda: _waiting(small_world) == len(names))
        assert not small_world.petitions()
    await _over(small_world)
    late = [
        fields["text"] for _, wording, fields in small_world.letters() if wording.endswith("after_receipt")
    ]
    assert sorted(map(number_in, late)) == sorted(
        petition.number or "" for petition in small_world.petitions()
    )
    assert len(late) == len(names)


async def test_an_officer_is_answered_and_not_promised(small_world: World):
    [registered] = await small_world.villager().says(WATER)
    await small_world.tick(minutes=6)
    with storm():
        [said] = await small_world.cadre(small_world.owner(number_in(registered))).says(
            f"看 {number_in(registered)}"
        )
    assert number_in(said) == number_in(registered)


async def test_what_waits_at_a_stop_is_decided_by_the_next_start_and_no_number_is_told_twice(
    small_world: World,
):
    with storm():
        numbers = await crowd(small_world)
    async with another_start(small_world):
        [later] = await small_world.villager("late").says(WATER)
        await _over(small_world)
    assert {petition.number for petition in small_world.petitions()} == {*numbers, number_in(later)}
    assert len(small_world.petitions()) == CROWD + 1


async def test_what_can_be_kept_nowhere_is_refused_in_words(
    small_world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(receipts, "MOST_KEPT", 1)
    with storm():
        [kept] = await small_world.villager("a").says(WATER)
        [refused] = await small_world.villager("b").says(WATER)
        assert "再发一遍" in refused
    await _over(small_world)
    assert [petition.number for petition in small_world.petitions()] == [number_in(kept)]


async def test_a_full_disk_promises_nothing(small_world: World, monkeypatch: pytest.MonkeyPatch):
    villager = small_world.villager()
    with storm():
        with monkeypatch.context() as full:
            full.setattr(receipts.Receipts, "keep", _no_room)
            [refused] = await villager.says(WATER)
        assert "再发一遍" in refused
        [kept] = await villager.repeats()
    await _over(small_world)
    assert [petition.number for petition in small_world.petitions()] == [number_in(kept)]


async def test_what_versions_before_left_in_their_folder_is_decided(small_world: World):
    keys = small_world.service.knowledge.keys(None, small_world.clock.now())  # type: ignore[arg-type]
    mail = Mail(channel="wechat", sender="v1", key="1", kind="text", text=WATER, told="收到")
    said = [[key_of(keys, mail), asdict(mail), small_world.clock.now().isoformat()]]
    folder = _file(small_world).parent / "receipts"
    folder.mkdir()
    (folder / "a").write_bytes(seal(keys.directory_key, json.dumps(said), CONTEXT))
    (folder / "b.part").write_bytes(b"half")
    (folder / "c").write_bytes(b"another key's, sixteen bytes at least")
    async with another_start(small_world):
        await _over(small_world)
    assert len(small_world.petitions()) == 1
    assert [file.name for file in folder.iterdir()] == ["c"]


async def test_a_file_of_promises_that_is_damaged_stops_the_start_and_says_so(small_world: World):
    for file in _file(small_world).parent.glob("receipts.sqlite*"):
        file.write_bytes(b"no database at all, but something else" * 200)
    with pytest.raises(Unserved, match=r"receipts\.sqlite"):
        async with another_start(small_world):
            pass


@asynccontextmanager
async def another_start(world: World) -> AsyncIterator[None]:
    again = application._intake(world.service)
    await again.open()
    try:
        yield
    finally:
        await again.stop()
        await again.close()


def _no_room(*_: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def _file(world: World) -> Path:
    return world.settings.path(world.settings.service.data_dir) / "receipts.sqlite"


def _waiting(world: World) -> int:
    with closing(sqlite3.connect(_file(world))) as base:
        return int(base.execute("SELECT COUNT(*) FROM receipt").fetchone()[0])


def _in_order(world: World) -> list[Petition]:
    return sorted(world.petitions(), key=lambda petition: petition.id or 0)


async def _figure(world: World, name: str) -> float:
    address = f"http://127.0.0.1:{world.settings.service.port}/metrics"
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        lines = (await answer.text()).splitlines()
    [line] = [line for line in lines if line.startswith(f"{name} ")]
    return float(line.split()[1])


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 - as another process would look
            await asyncio.sleep(0.05)


async def _over(world: World) -> None:
    """All that was promised is decided."""
    await _until(lambda: not _waiting(world))
    assert difference_in(world.service.database, world.settings.service.data_key) is None
