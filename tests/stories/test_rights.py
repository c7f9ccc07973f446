"""What a villager may ask of us: everything held about him, to be forgotten, to be left alone, to stay unnamed."""

import pytest

from models.ledger import events_of
from models.petition import State
from models.villager import Villager
from tests.stories.test_petition import WATER, told
from tests.world import World

OWNER = "mengxi"


async def finished(world: World, who: str = "a") -> str:
    """A matter told, worked on, confirmed."""
    number = await told(world, who=who)
    await world.cadre(OWNER).says(f"签收 {number}")
    await world.cadre(OWNER).says(f"办结 {number} 水管换好了")
    await world.tick(seconds=2)
    await world.villager(who).says("满意")
    return number


def kinds(world: World, number: str) -> list[str]:
    with world.service.database.reading() as session:
        return [event.kind for event in events_of(session, world.petition(number).identity)]


def person(world: World, number: str) -> Villager:
    with world.service.database.reading() as session:
        return session.get_one(Villager, world.petition(number).villager)


async def test_a_villager_reads_everything_held_about_him_and_who_opened_it(world: World):
    number = await told(world)
    await world.cadre(OWNER).says(f"签收 {number}")
    await world.cadre(OWNER).says(f"申请联系 {number} 要上门看看")
    await world.villager().says("退订")

    [copy] = await world.villager().says("给我一份")

    assert f"编号 {number[:2]} {number[2:4]} {number[4:]}" in copy
    assert "孟汐看了您是谁" in copy
    assert "不同意：收提醒" in copy

    [whole] = await world.villager().says(f"给我一份 {number}")
    assert "停水三天" in whole
    assert "签收" in whole
    assert "孟汐看了您是谁" in whole


async def test_a_long_copy_comes_in_pages_none_longer_than_a_message(world: World):
    number = await told(world, "大坪村停水三天了，" + "水管坏在老井边上，请来人看看。" * 120)
    said = ""
    for page in range(1, 10):
        words = f"给我一份 {number}" if page == 1 else f"给我一份 {number} {page}"
        [reply] = await world.villager().says(words)
        assert len(reply.encode()) <= 2000
        said += reply
        if "接着看" not in reply:
            break
    assert said.count("老井边上") >= 110, "the words are all there"


async def test_nobody_reads_another_villagers_copy(world: World):
    number = await told(world)
    [refusal] = await world.villager("b").says(f"给我一份 {number}")
    assert "停水" not in refusal


async def test_what_is_over_is_forgotten_at_once_and_no_way_leads_back(world: World):
    number = await finished(world)

    [reply] = await world.villager().says("删我信息")
    assert "删了" in reply
    assert await world.villager().repeats() == [reply], "the same message still gets the same reply"

    assert world.petition(number).forgotten_at is not None
    assert kinds(world, number)[-1] == "forget"
    gone = person(world, number)
    assert gone.cut_at is not None
    assert gone.address_sealed == b""
    [seen] = await world.cadre("heruoping").says(f"看 {number}")
    assert "停水三天" not in seen

    [nothing] = await world.villager().says("进度")
    assert number not in nothing.replace(" ", "")
    [unasked] = await world.villager().says("没解决")
    assert world.petition(number).state is State.CONFIRMED, unasked


async def test_a_wish_to_be_forgotten_in_other_words_is_told_the_word_and_forgets_nothing_yet(world: World):
    number = await told(world)
    [reply] = await world.villager().says("把我之前说的都删了")
    assert "删我信息" in reply
    assert world.petition(number).villager is not None


async def test_what_is_under_way_stays_until_it_is_done_and_is_then_cut_off(world: World):
    number = await told(world)
    [reply] = await world.villager().says("删我信息")
    assert number in reply.replace(" ", "")
    assert world.petition(number).is_open

    await world.cadre(OWNER).says(f"签收 {number}")
    await world.cadre(OWNER).says(f"办结 {number} 水管换好了")
    await world.tick(seconds=2)
    assert "解决了没有" in world.villager().chat.texts()[-1], "he still hears how it goes"
    await world.villager().says("满意")
    await world.tick(days=1)

    assert person(world, number).cut_at is not None
    assert kinds(world, number)[-1] == "forget"


async def test_who_leaves_the_account_is_called_or_visited_and_never_closed_by_silence(world: World):
    number = await told(world)
    await world.cadre(OWNER).says(f"签收 {number}")
    await world.cadre(OWNER).says(f"办结 {number} 水管换好了")
    await world.villager().leaves()

    left = person(world, number)
    assert (left.address_sealed, left.place, left.followed) == (b"", None, False)
    assert world.petition(number).unreachable_since is not None
    await world.tick(seconds=2)
    assert any("待访" in text for text in world.cadre("bochuan").chat.texts())
    [listed] = await world.cadre("bochuan").says("待访")
    assert number in listed.replace(" ", "")

    for _ in range(12):
        await world.tick(days=1)
    assert world.petition(number).state is State.PROPOSED

    for _ in range(3):
        await world.cadre("tangxiaoyu").says(f"回访 {number} 未接")
        await world.tick(days=1)
    await world.tick(days=4)
    assert world.petition(number).state is State.UNANSWERED


async def test_who_comes_back_is_answered_again(world: World):
    number = await told(world)
    await world.villager().leaves()
    await world.villager().follows()
    assert world.petition(number).unreachable_since is None
    [reply] = await world.villager().says("进度")
    assert number in reply.replace(" ", "")
    assert kinds(world, number)[-2:] == ["leave", "return"]


async def test_once_unnamed_always_unnamed(world: World):
    await world.villager().says("匿名")
    number = await told(world)
    assert world.petition(number).anonymous
    await world.cadre(OWNER).says(f"签收 {number}")
    [refusal] = await world.cadre(OWNER).says(f"申请联系 {number} 想问问")
    assert "匿名" in refusal


@pytest.mark.parametrize("words", ["给我一份", "删我信息", "退订", "匿名"])
async def test_each_wish_is_granted_to_a_stranger_too(small_world: World, words: str):
    [reply] = await small_world.villager("new").says(words)
    assert reply
    [greeting] = await small_world.villager("new").says(WATER)
    assert "登记了" in greeting


async def test_what_the_staff_were_shown_is_forgotten_with_the_matter(world: World):
    number = await finished(world)
    desk = world.cadre("tangxiaoyu")
    [seen] = await desk.says(f"看 {number}")
    assert "停水三天" in seen
    assert await desk.repeats() == [seen]
    await world.villager().says("删我信息")
    assert await desk.repeats() == [], "the platform's late retry brings nothing back"
