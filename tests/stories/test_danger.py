"""Danger, protection and accusation: who hears, who must not, and what is never written."""

from pathlib import Path

from sqlmodel import select

from models.message import Message
from models.petition import State
from models.text import Text
from models.villager import Villager
from tests.world import World, number_in


async def test_an_emergency_is_answered_with_the_number_to_dial_and_pushed_at_night(world: World):
    world.clock.move(hours=14)
    [reply] = await world.villager().says("大坪村后山着火了")
    assert "119" in reply.splitlines()[0]
    await world.tick(seconds=2)
    [push] = world.cadre("leizhenchuan").chat.texts()
    assert "紧急" in push
    assert "119" not in push


async def test_an_emergency_nobody_signs_goes_to_the_next_after_five_minutes_and_asks_again_after_ten(
    world: World,
):
    [reply] = await world.villager().says("大坪村后山着火了")
    number = number_in(reply)
    await world.tick(minutes=5, seconds=1)
    assert world.petition(number).owner == "anningyuan"
    await world.tick(minutes=5)
    assert "安全" in world.villager().chat.texts()[-1]
    assert world.petition(number).is_open


async def test_somebody_who_does_not_want_to_live_is_not_told_on_to_village_or_township(world: World):
    replies = await world.villager().says("我不想活了")
    assert "12356" in replies[0]
    await world.tick(seconds=2)
    await world.tick(hours=30)
    told = {to for to, _, _ in world.letters()}
    local = {
        "quzhen",
        "bochuan",
        "yinhe",
        "maoling",
        "suqing",
        "jinliu",
        "shuiling",
        "dingping",
        "shiyangeng",
    }
    assert not told & local


async def test_a_beaten_wife_is_answered_in_private_and_her_village_never_hears(world: World):
    replies = await world.villager().says("大坪村，我男人喝了酒往死里打我")
    assert "110" in replies[0]
    assert "编号" not in replies[0]
    await world.tick(hours=5)
    told = {to for to, _, _ in world.letters()}
    assert "huayingxue" in told
    assert "dingping" not in told
    [progress] = await world.villager().says("进度")
    assert number_in(progress)


OF_NO_MATTER = "calendar.short"  # to the operators, whatever was said
ACCUSATION = "大坪村支书把修路款吃了"


async def test_an_accusation_is_sent_to_12388_and_leaves_no_word_behind(world: World, tmp_path: Path):
    [reply] = await world.villager().says(ACCUSATION)
    assert "12388" in reply
    assert "编号" not in reply
    await world.tick(hours=1)
    assert world.petitions() == []
    assert [wording for _, wording, _ in world.letters() if wording != OF_NO_MATTER] == []
    with world.service.database.reading() as session:
        assert session.exec(select(Text)).all() == []
        assert session.exec(select(Villager)).all() == []
        [row] = session.exec(select(Message)).all()
        assert (row.lane, row.villager, row.reply) == ("accusation", None, b"")
    assert await world.villager().repeats() == [reply]
    for file in tmp_path.iterdir():
        assert "修路款".encode() not in file.read_bytes()


async def test_a_burst_that_accuses_only_as_a_whole_is_forgotten_as_a_whole(world: World):
    villager = world.villager()
    for words in ("修路款的事", "我们村支书"):
        await villager.says(words)
        world.clock.move(seconds=10)
    [reply] = await villager.says("他吃了")
    assert "12388" in reply
    await world.tick(minutes=5)
    with world.service.database.reading() as session:
        assert session.exec(select(Text)).all() == []
    assert all(one.state is State.REDIRECTED for one in world.petitions())
    assert [wording for _, wording, _ in world.letters() if wording != OF_NO_MATTER] == []
