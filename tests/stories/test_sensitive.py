"""Sickness, children, money: asked apart whether the owner may read it, written down either way, never a condition."""

import pytest
from sqlmodel import select

from handlers.villager.sensitive import words
from models.consent import Consent, Purpose
from models.view import View
from tests.stories.test_petition import told
from tests.world import World

ILLNESS = "大坪村医保报销不了，我住院做了手术"
SICK_WORDS = "住院做了手术"


def said(world: World) -> list[bool]:
    """Each yes and no to what is sensitive, in order."""
    with world.service.database.reading() as session:
        return [one.given for one in session.exec(select(Consent)) if one.purpose == Purpose.SENSITIVE]


async def test_every_leaf_that_is_asked_about_is_one_of_the_rule_set(small_world: World):
    with small_world.service.database.reading() as session:
        known = small_world.service.knowledge.county(session, small_world.clock.now()).reader.category_codes
    assert words().holds.keys() - known == set()


async def test_a_no_keeps_the_words_from_the_owner_and_the_matter_goes_on_all_the_same(world: World):
    number = await told(world, ILLNESS)
    owner = world.owner(number)
    assert "身体、看病的事" in world.villager().chat.texts()[0]
    [reply] = await world.villager().says("2")
    assert "照样办" in reply
    assert said(world) == [False]

    [seen] = await world.cadre(owner).says(f"看 {number}")
    assert SICK_WORDS not in seen
    assert "只给办事的人看" in seen
    [at_the_desk] = await world.cadre("tangxiaoyu").says(f"看 {number}")
    assert SICK_WORDS in at_the_desk
    assert "签收了" in (await world.cadre(owner).says(f"签收 {number}"))[0]

    await world.villager().says("同意看")
    assert SICK_WORDS in (await world.cadre(owner).says(f"看 {number}"))[0]
    await world.villager().says("不同意看")
    assert SICK_WORDS not in (await world.cadre(owner).says(f"看 {number}"))[0]
    assert said(world) == [False, True, False]
    [copy] = await world.villager().says("给我一份")
    assert copy.count("不同意：说到身体、孩子、钱这些事") == 2
    with world.service.database.reading() as session:
        readers = [one.account for one in session.exec(select(View))]
    assert readers == ["tangxiaoyu", owner], "what was not opened is not told as opened"


async def test_silence_is_no_consent_and_no_refusal(small_world: World):
    number = await told(small_world, ILLNESS)
    assert said(small_world) == []
    assert SICK_WORDS in (await small_world.cadre(small_world.owner(number)).says(f"看 {number}"))[0]


@pytest.mark.parametrize("words_", ["大坪村停水三天了，水管坏了", "石桥村低保停了，去年有的"])
async def test_nothing_is_asked_where_nothing_sensitive_need_be_told(small_world: World, words_: str):
    await told(small_world, words_)
    assert "不能看" not in str(small_world.villager().chat.texts())
    [reply] = await small_world.villager().says("1")
    assert "没有等您" in reply


async def test_whoever_waits_for_an_answer_comes_first(small_world: World):
    """The question gives way to the officer's, and comes again after it."""
    world = small_world
    number = await told(world, ILLNESS)
    owner = world.cadre(world.owner(number))
    await owner.says(f"签收 {number}")
    await owner.says(f"问 {number} 您哪年办的证")
    await world.tick(seconds=2)
    [reply] = await world.villager().says("前年办的")
    assert "转给办事的人" in reply
    assert "不能看" in reply
    await world.villager().says("1")
    assert said(world) == [True]


async def test_of_danger_nothing_is_asked(small_world: World):
    [reply] = await small_world.villager().says("大坪村学校老师天天打娃，娃头破血流")
    assert "不能看" not in reply
