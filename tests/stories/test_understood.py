"""What is understood of a message beyond its leaf: further matters, places, and neighbours with the same trouble."""

import pytest

from tests.stories.test_petition import told
from tests.world import World, number_in


async def test_a_second_matter_in_one_message_is_offered_and_gets_a_number_of_its_own(world: World):
    villager = world.villager()
    [receipt] = await villager.says("大坪村自来水停了三天，水管坏了；还有身份证丢了要补办")
    first = number_in(receipt)
    assert "身份证，要另外登记吗" in receipt
    await world.tick(seconds=91)
    assert len(world.petitions()) == 1
    [reply] = await villager.says("1")
    assert number_in(reply) != first
    assert {petition.leaf for petition in world.petitions()} == {"0301", "1105"}


async def test_whoever_does_not_want_the_second_matter_registered_has_one_matter(world: World):
    await told(world, "大坪村自来水停了三天，水管坏了；还有身份证丢了要补办")
    await world.villager().says("不用")
    assert len(world.petitions()) == 1


@pytest.mark.parametrize("days", [0, 6])
async def test_the_clerk_is_offered_a_like_matter_of_the_same_village_in_seven_days(world: World, days: int):
    first = await told(world)
    await world.tick(days=days)
    second = await told(world, "大坪村水管坏了，停水", who="b")
    [(desk, fields)] = [
        (to, fields) for to, wording, fields in world.letters() if wording == "letter.similar.desk"
    ]
    assert (fields["number"], fields["other"]) == (second, first)
    assert "三天" in (await world.cadre(desk).says(f"看 {first}"))[0]


@pytest.mark.parametrize(
    ("words", "days"), [("大坪村路灯不亮了", 0), ("大坪村水管坏了，停水", 8), ("双河村水管坏了，停水", 0)]
)
async def test_another_leaf_another_village_or_another_week_is_not_alike(world: World, words: str, days: int):
    await told(world)
    await world.tick(days=days)
    await told(world, words, who="b")
    assert not [wording for _, wording, _ in world.letters() if wording == "letter.similar.desk"]
