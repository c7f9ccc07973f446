"""What the supervisor reads: pushed in the morning, on request at any time, over the encrypted wire."""

from tests.world import World, number_in

WATER = "大坪村停水三天了，水管坏了"


async def test_the_supervisor_gets_the_day_s_digest_in_the_morning_with_the_tick(world: World):
    [receipt] = await world.villager().says(WATER)
    told = await world.tick(seconds=91)
    assert told["digests"] == {}
    assert isinstance(told["checkpoint"], str)

    told = await world.tick(days=1)

    assert told["digests"] == {"day": 1}
    card = world.cadre("lubaichuan").chat.texts()[-1]
    assert card.startswith("日报 11月23日\n新增 1 件")
    assert "演练" in card, "the clock of the test is not the wall clock's"
    assert number_in(receipt) in card.replace(" ", "")
    assert "三天" not in card
    again = await world.service.tick(world.clock.now())
    assert (again["digests"], again["checkpoint"]) == ({}, None)


async def test_the_card_tells_doors_dangers_urges_and_of_what_is_sensitive_the_number_alone(
    small_world: World,
):
    """domain.md E.1, in twelve lines at most."""
    world = small_world
    await world.villager().says(WATER)
    await world.villager("b").says("石桥村路灯坏了，晚上看不见路")
    await world.villager("c").says("大坪村后山着火了")
    await world.villager("d").says("我老公天天打我，我怕他")
    await world.tick(seconds=91)
    await world.villager().says("催一下，怎么还没人来")
    [card] = await world.cadre("shenwangshu").says("日报")
    assert "新增 4 件（4 人）：微信 4" in card
    assert "紧急 1　催办 1　敏感 1（只报数）" in card
    assert len(card.splitlines()) <= 12
    assert "打" not in card
    [longer] = await world.cadre("shenwangshu").says("周报")
    assert "微信" not in longer


async def test_a_supervisor_asks_for_the_period_so_far_and_nobody_else_gets_it(world: World):
    await world.villager().says(WATER)
    await world.tick(seconds=91)
    for word, first in (
        ("日报", "日报 11月23日（到"),
        ("周报", "周报 11月23日至11月29日（到"),
        ("月报", "月报 11月1日至"),
    ):
        [said] = await world.cadre("shenwangshu").says(word)
        assert said.startswith(first)
        assert "新增 1 件（1 人）" in said
    [refused] = await world.cadre("mengxi").says("日报")
    assert "新增" not in refused


async def test_nothing_is_stored_for_a_request(world: World):
    await world.villager().says(WATER)
    await world.tick(seconds=91)
    await world.cadre("shenwangshu").says("月报")
    assert not [wording for _, wording, _ in world.letters() if wording.startswith("digest")]
