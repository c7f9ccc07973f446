"""Whatever is sent, there is an answer and nothing breaks."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.stories.test_petition import WATER
from tests.world import Template, World, number_in, start

ODD = {
    "five thousand Chinese characters": "停水了" * 1700,
    "twenty thousand Latin characters": "water " * 3400,
    "only emoji": "😭😭😭🙏🙏🌊",
    "only digits": "123456789012345",
    "traditional characters": "大坪村停水三天了，沒有人管",
    "full-width digits": "进度　１２３４５６",
    "right-to-left marks": "\u202e停水\u202c三天\u200f了",
    "NUL and control characters": "停水\x00三天\x07了",
    "a closing CDATA": "停水]]><MsgType><![CDATA[event]]></MsgType>",
    "a template": "停水 {{ 7*7 }} {% for x in y %}",
    "a lone surrogate": "停水\ud83d三天",
    "SQL": "停水'; DROP TABLE petition;--",
    "nothing but spaces": "   \u3000  ",
}


@pytest.mark.parametrize("words", ODD.values(), ids=ODD.keys())
async def test_odd_words_get_an_answer(small_world: World, words: str):
    try:
        words.encode()
    except UnicodeEncodeError:
        words = words.encode(errors="replace").decode()
    [reply] = await small_world.villager().says(words)
    assert reply
    assert len(reply.encode()) <= 2000
    await small_world.tick(minutes=20)


async def test_three_copies_at_once_are_one_matter_with_one_reply(world: World):
    phones = [world.villager(str(index)) for index in range(8)]
    replies = await asyncio.gather(*(phone.says(WATER, copies=3) for phone in phones))
    assert all(len(set(copies)) == 1 for copies in replies)
    assert len(world.petitions()) == len(phones)
    assert len({one.number for one in world.petitions()}) == len(phones)


async def test_the_same_reply_comes_after_a_restart_too(template: Template, world: World, tmp_path: Path):
    villager = world.villager()
    first = await villager.says(WATER)
    restarted = await start(
        replace(template, settings=world.settings, folder=tmp_path / "none"),
        tmp_path,
        world.clock,
        world.settings.database_url,
    )
    try:
        world.simulator.serve_at(f"http://127.0.0.1:{restarted.settings.service.port}")
        assert await villager.repeats() == first
        assert [one.number for one in restarted.petitions()] == [number_in(first[0])]
    finally:
        await restarted.close()


async def test_a_message_or_event_nobody_knows_is_answered_kindly(world: World):
    villager = world.villager()
    [reply] = await villager.sends_link("转发", "养生", "https://example.invalid/a")
    assert reply
    assert await villager.taps("没有这个菜单")


async def test_a_place_on_a_map_joins_the_matter_just_told(world: World):
    villager = world.villager()
    await villager.says("停水三天了")
    world.clock.move(seconds=10)
    await villager.sends_location(27.1, 109.2, "大坪村二组")
    assert len(world.petitions()) == 1
