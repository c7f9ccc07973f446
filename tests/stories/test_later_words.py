"""Whatever a villager says later, and as what: whoever is named by it must not hear of the matter any more."""

import pytest

from tests.stories.test_conduct import excluded
from tests.stories.test_petition import told
from tests.world import World

OWNER, COLLEAGUE = "mengxi", "jiangshuisheng"
SAID_LATER = {
    "with thanks": "谢谢，不过孟汐骂人",
    "when asking how far it is": "进度 孟汐骂我",
    "when withdrawing": "撤回吧，孟汐威胁我",
    "when wanting no more letters": "孟汐骂人，退订",
    "a wish that he must not hear": "不要告诉孟汐是我反映的",
    "a wish about those of his office": "千万别让孟站长晓得",
}


def taken_from(world: World, number: str) -> None:
    petition = world.petition(number)
    assert excluded(world, petition)[OWNER].startswith("named:")
    assert petition.owner not in (None, OWNER, COLLEAGUE)


@pytest.mark.parametrize("words", SAID_LATER.values(), ids=SAID_LATER.keys())
async def test_who_is_named_beside_a_matter_of_his_loses_it(small_world: World, words: str):
    world = small_world
    number = await told(world)
    await world.villager().says(words)
    taken_from(world, number)
    await world.tick(hours=30)
    [refusal] = await world.cadre(OWNER).says(f"看 {number}")
    assert "没有找到" in refusal


async def test_who_is_named_when_it_is_brought_back_does_not_get_it_back(small_world: World):
    world = small_world
    number = await told(world)
    await world.cadre(OWNER).says(f"签收 {number}")
    await world.cadre(OWNER).says(f"办结 {number} 好了")
    await world.tick(seconds=2)
    await world.villager().says("满意")
    await world.tick(seconds=2)
    heard = world.cadre(OWNER).chat.texts()
    await world.villager().says("没解决，孟汐骂人还喝酒")
    taken_from(world, number)
    await world.tick(hours=1)
    assert world.cadre(OWNER).chat.texts() == heard


async def test_whom_the_first_words_wish_kept_from_it_is_not_given_it(small_world: World):
    number = await told(small_world, "大坪村停水三天了，水管坏了，千万别让孟汐知道是我说的")
    taken_from(small_world, number)
    assert small_world.letters(OWNER) == []


async def test_a_wish_that_the_village_must_not_hear_keeps_it_from_everybody_there(small_world: World):
    number = await told(small_world, "大坪村路灯坏了，莫告诉村里是我说的")
    assert "dingping" in small_world.petition(number).excluded


async def test_a_matter_of_its_own_about_him_leaves_him_the_other_and_says_nothing(small_world: World):
    """Taken away without a word said in it, the other matter would tell him who complained."""
    world = small_world
    number = await told(world)
    other = await told(world, "孟汐态度恶劣，办事难")
    assert other != number
    assert OWNER in world.petition(other).excluded
    assert world.owner(number) == OWNER


async def test_a_danger_goes_to_the_next_who_is_called_when_the_first_is_complained_about(small_world: World):
    world = small_world
    await world.villager().says("大坪村后山着火了")
    [fire] = world.petitions()
    number, first = fire.number or "", fire.owner
    assert first == "leizhenchuan"
    await world.villager().says("雷震川骂人不来救火")
    petition = world.petition(number)
    assert first in petition.excluded
    assert petition.owner not in (None, first, "dengta"), "nor his colleague"
    assert petition.tier == "E0"
    await world.tick(seconds=2)
    assert any("着火" in text or "火" in text for text in world.cadre(world.owner(number)).chat.texts())
