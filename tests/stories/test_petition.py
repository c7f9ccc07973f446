"""A villager's matter from the first words to the end, over HTTP, on the encrypted wire."""

from models.petition import State
from tests.world import World, number_in

WATER = "大坪村停水三天了，水管坏了"


async def told(world: World, words: str = WATER, who: str = "a") -> str:
    """A matter told and dispatched; its number."""
    replies = await world.villager(who).says(words)
    await world.tick(seconds=91)
    return number_in(replies[0])


async def test_a_villager_tells_a_matter_and_says_in_the_end_that_it_is_solved(world: World):
    villager, owner = world.villager(), world.cadre("mengxi")

    [receipt] = await villager.says(WATER)
    number = number_in(receipt)
    assert "停水" in receipt
    assert "大坪村" in receipt
    assert world.petition(number).state is State.RECEIVED

    await world.tick(seconds=91)
    petition = world.petition(number)
    assert (petition.state, petition.owner, petition.leaf) == (State.ASSIGNED, "mengxi", "0301")
    [push] = owner.chat.texts()
    assert number in push.replace(" ", "")
    assert "三天" not in push, "the villager's words never go into a push"
    assert "孟汐" in villager.chat.texts()[-1]

    assert "三天" in (await owner.says(f"看 {number}"))[0]
    await owner.says(f"签收 {number}")
    assert world.petition(number).state is State.ACCEPTED

    await owner.says(f"进展 {number} 配件下午到，到了就换")
    await world.tick(seconds=2)
    assert "配件下午到" in villager.chat.texts()[-1]
    assert world.petition(number).contacted_at is not None

    await owner.says(f"办结 {number} 水管换好了，已经来水")
    await world.tick(seconds=2)
    assert "解决了没有" in villager.chat.texts()[-1]
    assert world.petition(number).state is State.PROPOSED

    [thanks] = await villager.says("满意")
    assert number in thanks.replace(" ", "")
    petition = world.petition(number)
    assert (petition.state, petition.mark) == (State.CONFIRMED, "satisfied")


async def test_who_is_not_content_gets_his_matter_back_with_its_first_date_and_the_superior_hears(
    world: World,
):
    number = await told(world)
    owner, villager = world.cadre("mengxi"), world.villager()
    first_date = world.petition(number).finish_due
    await owner.says("签收")
    await owner.says("办结 修好了")
    await world.tick(seconds=2)

    [reply] = await villager.says("没解决，水管接头还在漏")

    assert "上级" in reply
    petition = world.petition(number)
    assert (petition.state, petition.finish_due, petition.rung) == (State.ACCEPTED, first_date, 1)
    await world.tick(seconds=2)
    assert any("没解决" in text for text in world.cadre("jiangshuisheng").chat.texts())
    [seen] = await owner.says(f"看 {number}")
    assert "还在漏" in seen


async def test_what_was_confirmed_can_be_brought_back_for_thirty_days(world: World):
    number = await told(world)
    owner, villager = world.cadre("mengxi"), world.villager()
    await owner.says("签收")
    await owner.says("办结 修好了")
    await villager.says("满意")

    await world.tick(days=29)
    await villager.says("没解决")
    assert world.petition(number).state is State.ACCEPTED

    await owner.says("办结 又修好了")
    await villager.says("满意")
    await world.tick(days=31)
    [refusal] = await villager.says("没解决")
    assert "三十天" in refusal
    assert world.petition(number).state is State.CONFIRMED


async def test_the_same_message_again_gets_the_same_reply_and_changes_nothing(world: World):
    villager = world.villager()
    first = await villager.says(WATER, copies=3)
    assert len(set(first)) == 1
    assert await villager.repeats() == first[:1]
    assert len(world.petitions()) == 1


async def test_several_short_messages_are_one_matter(world: World):
    villager = world.villager()
    [first] = await villager.says("大坪村")
    replies = [first]
    for words in ("停水三天了", "老人娃儿都没水"):
        world.clock.move(seconds=20)
        replies += await villager.says(words)
    [petition] = world.petitions()
    assert petition.leaf == "0301"
    await world.tick(seconds=91)
    assert world.petitions()[0].owner == "mengxi"


async def test_after_the_burst_another_matter_has_its_own_number_and_the_same_one_is_a_reminder(world: World):
    number = await told(world)
    villager = world.villager()

    [reminder] = await villager.says("大坪村还是停水")
    assert number_in(reminder) == number
    assert "回 1" in reminder

    await villager.says("大坪村路灯不亮了")
    assert len(world.petitions()) == 2


async def test_a_question_to_the_villager_waits_for_the_answer_and_the_answer_reaches_the_owner(world: World):
    number = await told(world)
    owner, villager = world.cadre("mengxi"), world.villager()
    await owner.says("签收")
    await owner.says(f"问 {number} 是主管还是入户管？")
    await world.tick(seconds=2)
    assert "是主管还是入户管" in villager.chat.texts()[-1]
    assert world.petition(number).state is State.WAITING

    [reply] = await villager.says("就是进我家院子那根")
    assert number_in(reply) == number
    await world.tick(seconds=2)
    assert world.petition(number).state is State.ACCEPTED
    assert "回话" in owner.chat.texts()[-1]
    assert "进我家院子" in (await owner.says(f"看 {number}"))[0]


async def test_a_villager_may_withdraw_after_a_day_to_think_and_take_it_back_before(world: World):
    number = await told(world)
    villager = world.villager()
    [asked] = await villager.says("撤回")
    assert "有没有人要求您撤" in asked
    assert world.petition(number).is_open
    await villager.says("不撤了")
    await world.tick(hours=25)
    assert world.petition(number).is_open

    await villager.says("撤回")
    await world.tick(hours=25)
    assert world.petition(number).state is State.WITHDRAWN


async def test_a_villager_asks_how_far_it_is_and_learns_only_of_his_own(world: World):
    number = await told(world)
    [standing] = await world.villager().says("进度")
    assert number in standing.replace(" ", "")
    assert "孟汐" in standing
    [stranger] = await world.villager("b").says(f"进度 {number}")
    assert "没有找到" in stranger


async def test_voice_waits_for_a_person_and_the_reply_says_until_when(world: World):
    [reply] = await world.villager().sends_voice()
    number = number_in(reply)
    assert "110" in reply
    await world.tick(seconds=2)
    assert number in (await world.cadre("tangxiaoyu").says("待分"))[0].replace(" ", "")


async def test_outside_working_hours_the_reply_says_when_a_person_reads_it(world: World):
    world.clock.move(hours=11)
    [reply] = await world.villager().says(WATER)
    assert "11月24日" in reply
    assert "8点半" in reply


async def test_a_qr_code_tells_the_village_and_words_beat_it(world: World):
    villager = world.villager()
    await villager.scans("v:YX0103")
    [reply] = await villager.says("停水三天了")
    assert "桃树湾村" in reply
    world.clock.move(minutes=10)
    [other] = await villager.says("云台村路灯不亮")
    assert "云台村" in other
