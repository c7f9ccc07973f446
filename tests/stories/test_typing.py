"""Words as people type them: with blanks, with a particle, with half a sentence; and what they do not do."""

from datetime import timedelta

import pytest

from models.petition import State
from tests.stories.test_petition import told
from tests.world import World

OWNER = "mengxi"


@pytest.mark.parametrize(
    "typed", ["签 收 {pairs}", "签收{number}", "签收：编号 {pairs}", "　签收　{wide}", "签收"]
)
async def test_a_word_is_understood_with_blanks_and_wide_digits(small_world: World, typed: str):
    number = await told(small_world)
    pairs = f"{number[:2]} {number[2:4]} {number[4:]}"
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    await small_world.cadre(OWNER).says(typed.format(number=number, pairs=pairs, wide=wide))
    assert small_world.petition(number).state is State.ACCEPTED


@pytest.mark.parametrize("typed", ["问题解决了", "办好了", "办结 {number} 了。", "看来水管修好了", "问 ……"])
async def test_half_a_sentence_is_no_command_and_reaches_no_villager(small_world: World, typed: str):
    number = await told(small_world)
    await small_world.cadre(OWNER).says("签收")
    await small_world.tick(seconds=2)
    heard = small_world.villager().chat.texts()
    [reply] = await small_world.cadre(OWNER).says(typed.format(number=number))
    await small_world.tick(seconds=2)
    assert ("后面请写上话" in reply) or ("没看懂" in reply)
    assert (small_world.petition(number).state, small_world.villager().chat.texts()) == (
        State.ACCEPTED,
        heard,
    )


async def test_without_a_number_whoever_has_one_matter_hears_where_it_stands(small_world: World):
    number = await told(small_world)
    await small_world.cadre(OWNER).says("签收")
    await small_world.cadre(OWNER).says("问 是哪几户")
    [reply] = await small_world.cadre(OWNER).says("办结 修好了")
    assert f"编号 {number[:2]} {number[2:4]} {number[4:]}" in reply
    assert "等群众回话" in reply


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("满 意", State.CONFIRMED),
        ("基 本 满 意！", State.CONFIRMED),
        ("没 解 决", State.ACCEPTED),
        ("不 满 意", State.ACCEPTED),
        ("解决 一半", State.ACCEPTED),
        ("２", State.CONFIRMED),
    ],
)
async def test_the_closing_question_is_answered_with_blanks_too(small_world: World, typed: str, state: State):
    number = await told(small_world)
    await small_world.cadre(OWNER).says("签收")
    await small_world.cadre(OWNER).says("办结 修好了")
    await small_world.tick(seconds=2)
    await small_world.villager().says(typed)
    assert small_world.petition(number).state is state


async def test_an_urge_with_a_number_is_on_that_matter(world: World):
    first = await told(world)
    await told(world, "大坪村的路灯坏了好久")
    urged = await world.villager().says(f"催一下 {first}，怎么还没人管")
    assert f"编号 {first[:2]} {first[2:4]} {first[4:]}" in urged[-1]


async def test_whatever_waited_for_a_yes_is_over_when_the_matter_is_given_to_another(world: World):
    number = await told(world)
    await world.cadre("tangxiaoyu").says(f"不受理 {number} 已经在法院")
    await world.cadre("tangxiaoyu").says(f"派 {number} 0301 江汀")
    [late] = await world.cadre("heruoping").says(f"同意 {number}")
    assert "没有等您同意" in late
    await world.cadre("jiangshuisheng").says(f"签收 {number}")
    await world.cadre("jiangshuisheng").says(f"延期 {number} 1 等材料")
    assert (world.petition(number).pending or {}).get("act") == "extension"


async def test_who_signs_what_somebody_wanted_declined_can_still_ask_for_time(world: World):
    number = await told(world)
    await world.cadre("tangxiaoyu").says(f"不受理 {number} 已经在法院")
    await world.cadre(OWNER).says(f"签收 {number}")
    [reply] = await world.cadre(OWNER).says(f"延期 {number} 1 等材料")
    assert "报上去了" in reply


async def test_a_tier_of_hours_is_extended_by_hours_of_the_wall_clock(world: World):
    number = await told(world)
    due = world.petition(number).finish_due
    assert due is not None
    await world.cadre(OWNER).says("签收")
    await world.cadre(OWNER).says(f"延期 {number} 1 等材料")
    await world.cadre("jiangshuisheng").says(f"同意 {number}")
    assert world.petition(number).finish_due == due + timedelta(days=1)


async def test_a_number_alone_asks_how_far_it_is_and_a_strangers_is_not_found(small_world: World):
    number = await told(small_world)
    pairs = f"编号 {number[:2]} {number[2:4]} {number[4:]}"
    [mine] = await small_world.villager().says(number)
    assert "孟汐" in mine
    assert pairs in mine
    [strangers] = await small_world.villager("b").says(pairs)
    assert strangers.startswith("没有找到您的")
    assert "孟汐" not in strangers


async def test_the_question_is_the_last_thing_a_newcomer_reads(small_world: World):
    [reply] = await small_world.villager().says("停水三天了")
    assert reply.splitlines()[-1].endswith("请回村名。")
