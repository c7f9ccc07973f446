"""What a demanding first user broke, and what happens now."""

from datetime import timedelta

import pytest

from models.petition import State
from tests.stories.test_petition import WATER, told
from tests.world import World, number_in

FIRE = "大坪村后山着火了"


async def test_a_second_fire_elsewhere_raises_an_alarm_of_its_own(small_world: World):
    world = small_world
    await world.villager().says(FIRE)
    await world.cadre("leizhenchuan").says("签收")
    await world.tick(days=6)
    await world.villager().says("石桥村粮库着火了，里面有人")
    assert [one.place for one in world.petitions()] == ["YX0102", "YX0101"]


async def test_news_in_a_running_emergency_reaches_whoever_is_on_it(small_world: World):
    world = small_world
    await world.villager().says(FIRE)
    await world.tick(seconds=2)
    await world.cadre("leizhenchuan").says("签收")
    await world.tick(minutes=3)
    before = len(world.cadre("leizhenchuan").chat.texts())
    await world.villager().says("有个孩子还在屋里，火烧过来了")
    await world.tick(seconds=2)
    assert len(world.cadre("leizhenchuan").chat.texts()) > before


async def test_whoever_was_called_first_may_still_come_first(small_world: World):
    world = small_world
    [reply] = await world.villager().says(FIRE)
    number = number_in(reply)
    await world.tick(minutes=6)
    assert world.owner(number) != "leizhenchuan"
    await world.cadre("leizhenchuan").says(f"签收 {number}")
    assert (world.owner(number), world.petition(number).state) == ("leizhenchuan", State.ACCEPTED)


async def test_safe_or_not_is_heard_at_once(small_world: World):
    world = small_world
    await world.villager().says("大坪村，我男人喝了酒往死里打我")
    world.clock.move(seconds=20)
    [reply] = await world.villager().says("2")
    assert "12110" in reply
    assert "回 1 安全" not in reply
    [progress] = await world.villager().says("进度")
    assert number_in(progress)


@pytest.mark.parametrize("words", ["办结 48883 好了", "办结 4888307 好了", "办结 编号 99 99 99 好了"])
async def test_a_slip_in_a_number_never_hits_another_matter(small_world: World, words: str):
    world = small_world
    number = await told(world)
    await world.cadre("mengxi").says("签收")
    [reply] = await world.cadre("mengxi").says(words)
    assert "没有找到" in reply
    assert world.petition(number).state is State.ACCEPTED


async def test_a_number_may_be_typed_as_we_print_it(small_world: World):
    world = small_world
    number = await told(world)
    pairs = " ".join((number[:2], number[2:4], number[4:]))
    assert "签收了" in (await world.cadre("mengxi").says(f"签收编号 {pairs}"))[0]


async def test_one_question_at_a_time_and_the_next_with_its_words(small_world: World):
    world = small_world
    first = await told(world)
    second = await told(world, "大坪村路灯不亮")
    for number in (first, second):
        await world.cadre(world.owner(number)).says(f"签收 {number}")
    await world.cadre(world.owner(first)).says(f"问 {first} 哪根水管")
    await world.cadre(world.owner(second)).says(f"问 {second} 您家门牌号多少")
    await world.tick(seconds=2)
    assert not any("门牌号" in text for text in world.villager().chat.texts())
    [reply] = await world.villager().says("进村那根")
    assert "门牌号" in reply
    assert world.petition(first).state is State.ACCEPTED
    await world.villager().says("十八号")
    assert world.petition(second).state is State.ACCEPTED


async def test_a_polite_no_withdraws_nothing(small_world: World):
    world = small_world
    number = await told(world)
    await world.villager().says("大坪村还是停水")
    [reply] = await world.villager().says("不用了")
    assert "撤" not in reply
    assert world.petition(number).is_open


async def test_a_picture_answers_an_officers_question(small_world: World):
    world = small_world
    number = await told(world)
    await world.cadre("mengxi").says("签收")
    await world.cadre("mengxi").says(f"问 {number} 请拍张水管的照片")
    await world.tick(seconds=2)
    [reply] = await world.villager().sends_picture()
    assert number_in(reply) == number
    assert world.petition(number).state is State.ACCEPTED


async def test_an_outage_of_an_hour_costs_an_hour_and_not_the_push(small_world: World):
    world = small_world
    world.simulator.fault("/cgi-bin/message/send", errcode=-1, times=None)
    await told(world)
    for _ in range(30):
        await world.tick(minutes=2)
    world.simulator.faults.lift()
    await world.tick(minutes=40)
    assert any("新事" in text for text in world.cadre("mengxi").chat.texts())


async def test_silence_to_a_letter_that_never_arrived_is_no_silence(small_world: World):
    world = small_world
    number = await told(world)
    await world.cadre("mengxi").says("签收")
    await world.tick(days=3)
    await world.cadre("mengxi").says(f"办结 {number} 修好了")
    for _ in range(14):
        await world.tick(days=1)
    assert world.petition(number).state is State.PROPOSED
    assert "letter.call.desk" in {wording for _, wording, _ in world.letters()}


async def test_an_extended_date_breaks_no_second_time(small_world: World):
    world = small_world
    number = await told(world, "石桥村低保停了，去年有的")
    owner = world.owner(number)
    await world.cadre(owner).says(f"签收 {number}")
    [asked] = await world.cadre(owner).says(f"延期 {number} 1天等材料")
    assert "请延 1 天" in asked


async def test_words_at_the_first_breath_of_impatience_are_still_a_matter(small_world: World):
    replies = await small_world.villager().says("大坪村停水都三天了还没人管")
    assert number_in(replies[0])


async def test_a_tick_far_off_is_refused_and_an_earlier_one_publishes_nothing(small_world: World):
    world = small_world
    await world.villager().says(WATER)
    await world.tick(days=200)
    again = await world.service.tick(world.clock.now() - timedelta(days=100))
    assert again["digests"] == {}
