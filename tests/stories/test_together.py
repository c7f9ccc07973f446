"""Many messages in one transaction: one that is refused or breaks takes nothing with it and leaves no gap."""

import asyncio
import threading

import pytest
from sqlalchemy import event

from handlers.villager import matter
from models.errors import Refused
from models.refusal import Refusal
from tests.ledgers import difference_in
from tests.stories.test_petition import WATER
from tests.world import World, number_in


async def _at_once(world: World, *said: tuple[str, str]) -> list[str]:
    """All of it waits before the writer comes to any."""
    free = threading.Event()
    world.service.writer.begin(lambda _: free.wait(20))
    asked = [asyncio.ensure_future(world.villager(who).says(words)) for who, words in said]
    await asyncio.sleep(0.3)
    free.set()
    return [reply for [reply] in await asyncio.gather(*asked)]


def _is_whole(world: World) -> bool:
    return difference_in(world.service.database, world.settings.service.data_key) is None


async def test_the_refused_hear_why_and_the_others_are_registered(world: World):
    first, refused, second, again = await _at_once(
        world, ("a", WATER), ("b", "撤回 999999"), ("c", WATER), ("a", "大坪村三组也没水")
    )
    assert "999999" not in {number_in(first), number_in(second)}
    assert "没有" in refused or "不" in refused
    assert number_in(again) == number_in(first)
    assert {petition.number for petition in world.petitions()} == {number_in(first), number_in(second)}
    assert _is_whole(world)


@pytest.mark.parametrize(
    "fault", [ValueError("broken"), Refused(Refusal.NO_MATTER)], ids=["broken", "refused"]
)
async def test_what_fails_half_way_is_undone_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Exception
):
    really = matter.begin

    def begin(turn, petition):
        if "路灯" in turn.mail.text:
            raise fault
        really(turn, petition)

    monkeypatch.setattr(matter, "begin", begin)
    first, failed, second = await _at_once(world, ("a", WATER), ("b", "大坪村路灯坏了"), ("c", WATER))
    assert "编号" not in failed
    numbers = {number_in(first), number_in(second)}
    assert {petition.number for petition in world.petitions()} == numbers
    assert _is_whole(world)


async def test_a_crowd_asks_the_database_no_more_than_a_few_do(world: World):
    asked: list[str] = []
    event.listen(
        world.service.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2])
    )
    await _at_once(world, *((f"few{one}", WATER) for one in range(3)))
    few, asked[:] = _besides_ids(asked), []
    await _at_once(world, *((f"crowd{one}", WATER) for one in range(24)))
    assert len(_besides_ids(asked)) <= len(few)
    assert len(world.petitions()) == 27


def _besides_ids(asked: list[str]) -> list[str]:
    """PostgreSQL's sequences are asked for some ids at a time."""
    return [statement for statement in asked if "nextval" not in statement]
