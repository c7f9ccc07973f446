"""What a person confirms is counted, word by word and once, and nothing of it leads back to anybody."""

import pytest

from handlers.petition.confirmation import count_words
from models.petition import State
from models.word_count import MATTERS, totals
from tests.stories.test_petition import told
from tests.stories.test_rights import finished
from tests.world import World

DESK = "tangxiaoyu"
ASKED_BACK = "大坪村的灯和水有问题"
# Words by which somebody could be found, or harmed: whoever works on them, they are never counted.
NEVER = {
    "protection": "大坪村，我男人喝了酒往死里打我，水管也打坏了",
    "self-harm": "大坪村停水没人管，我不想活了",
    "a complaint about somebody": "石桥村石砚耕作风粗暴，办事难，说话难听",
}


def counted(world: World) -> dict[tuple[str, str], int]:
    """(leaf, word) and how many matters of it hold the word."""
    with world.service.database.reading() as session:
        return {(total.leaf, total.word): total.matters for total in totals(session)}


async def test_the_words_of_a_matter_count_once_when_the_villager_says_it_is_solved(world: World):
    number = await finished(world)
    first = counted(world)
    assert first == dict.fromkeys([("0301", word) for word in (MATTERS, "三天", "停水", "水管")], 1)

    await world.villager().says("没解决")
    await world.cadre("mengxi").says(f"办结 {number} 又修好了")
    await world.villager().says("满意")
    assert world.petition(number).state is State.CONFIRMED
    assert counted(world) == first, "once a matter, whatever becomes of it"

    await finished(world, who="b")
    assert counted(world) == dict.fromkeys(first, 2)


async def test_words_count_for_the_leaf_a_dispatcher_names_not_for_the_one_the_rules_named(world: World):
    number = await told(world)
    assert counted(world) == {}, "the rules alone confirm nothing"
    await world.cadre(DESK).says(f"派 {number} 0302")
    assert {leaf for leaf, _ in counted(world)} == {"0302"}


async def test_words_count_for_the_leaf_a_villager_chooses_when_asked_back(world: World):
    await world.villager().says(ASKED_BACK)
    await world.villager().says("2")
    await world.tick(minutes=3)
    [petition] = world.petitions()
    first, second, *_ = (leaf for leaf, _ in petition.route["candidates"])
    assert petition.leaf == second != first
    assert counted(world) == {(second, MATTERS): 1, (second, "问题"): 1}


@pytest.mark.parametrize("words", NEVER.values(), ids=NEVER.keys())
async def test_what_could_harm_somebody_is_never_counted(small_world: World, words: str):
    await small_world.villager().says(words)
    await small_world.tick(seconds=91)
    [petition] = small_world.petitions()
    with small_world.service.database.transaction() as session:
        county = small_world.service.knowledge.county(session, small_world.clock.now())
        petition.leaf = "0301"  # whatever anybody says it is about
        count_words(session, county, petition, small_world.clock.now())
    assert counted(small_world) == {}


async def test_nothing_is_counted_of_whoever_asked_to_be_forgotten_before(small_world: World):
    number = await told(small_world)
    await small_world.villager().says("删除我的信息")
    await small_world.cadre(DESK).says(f"派 {number} 0302")
    assert small_world.petition(number).leaf == "0302"
    assert counted(small_world) == {}


async def test_no_name_no_post_and_no_place_is_among_the_words(small_world: World):
    number = await told(
        small_world,
        "大坪村停水，县水利局孟汐、村支书和石砚耕来看过水管，北京打工的王建国回来了，我叫李秀英",
    )
    await small_world.cadre(DESK).says(f"派 {number} 0302 孟汐")
    words = {word for _, word in counted(small_world)}
    assert {"停水", "水管"} <= words
    for name in ("大坪", "水利局", "孟汐", "书记", "支书", "石砚耕", "北京", "建国", "李", "秀英"):
        assert not any(name in word for word in words), words
