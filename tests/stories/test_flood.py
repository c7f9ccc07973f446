"""Who floods the hotline is told to wait; nothing that was answered is lost, nor what was not."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import func, select

from bot.wire.limit import Buckets, CallbackLimits
from models.message import Message
from tests.world import Template, World, number_in, start

AT_ONCE = 5


@pytest.fixture
async def narrow_world(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """A county that takes five messages at once from one sender, and one a second after that."""

    def limits() -> CallbackLimits:
        return CallbackLimits(accepted=Buckets(AT_ONCE, 1))

    monkeypatch.setattr("bot.wire.callback.CallbackLimits", limits)
    started = await start(template, tmp_path)
    yield started
    await started.close()


async def test_a_refused_message_is_taken_in_when_it_comes_again_and_nobody_else_waits(narrow_world: World):
    world, flooder = narrow_world, narrow_world.villager("flooder")
    replies = [await flooder.says(f"大坪村路灯坏了，第{count}根杆子") for count in range(AT_ONCE * 3)]
    answered = [reply for reply in replies if reply]
    assert len(answered) < len(replies), "nobody may take all the room"
    assert all(number_in(reply[0]) for reply in answered)
    assert replies[-1] == [], "the platform tells him that it is not there"
    with world.service.database.reading() as session:
        assert session.exec(select(func.count()).select_from(Message)).one() == len(answered)

    assert "马上打 119" in (await world.villager("neighbour").says("大坪村后山着火了"))[0]

    await asyncio.sleep(1.2)  # the limit's own clock is the machine's
    [late] = await flooder.repeats()
    assert number_in(late), "the same message, when there is room again"
