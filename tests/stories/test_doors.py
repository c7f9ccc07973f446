"""One person, many doors: nothing of one is told at the other before the person joins them, and then it is one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.petition import State
from models.villager import with_phone
from tests.bot.pages.browser import Browser
from tests.relay import PHONE, RELAYS, Gateway, message, post
from tests.stories.test_telephone import desk, told
from tests.world import Template, World, start

WATER = "大坪村停水三天了，水管坏了"
OF_GATEWAY = ("gateway", "of the gateway")


@pytest.fixture
async def county(template: Template, tmp_path: Path) -> AsyncIterator[tuple[World, Gateway]]:
    sms = await Gateway().open()
    further = {"sms": {"api_url": sms.url, "secret": "out"}, "relays": RELAYS}
    world = await start(template, tmp_path, further=further)
    yield world, sms
    await world.close()
    await sms.close()


async def code_for(world: World, sms: Gateway) -> str:
    """Asked for by text message; it comes to that line alone."""
    asked = await post(world, message("同一个人", "sms"), *OF_GATEWAY)
    assert "短信" in asked.reply
    await world.tick(seconds=1)
    took = [one for one in sms.took if "您的数字" in one["text"]][-1]
    assert took["to"] == PHONE
    digits = "".join(one for one in took["text"].split("，")[0] if one.isdigit())
    assert len(digits) == 8
    assert digits not in asked.reply
    return digits


async def test_one_story_by_telephone_and_by_wechat_ends_in_one_time_line(county: tuple[World, Gateway]):
    """Told on the telephone, joined by a code, hurried and confirmed in WeChat: one matter, one number."""
    world, sms = county
    clerk: Browser = await desk(world)
    number = told(await clerk.post("/console/desk", phone=PHONE, text=WATER, once="o1", part="1"))
    await world.tick(seconds=91)
    villager = world.villager()
    assert "停水" not in (await villager.says("进度"))[0]
    assert "停水" not in (await villager.says(f"进度 {number}"))[0]

    [joined] = await villager.says(f"同一个人 {await code_for(world, sms)}")
    assert "1 件" in joined
    assert number in (await villager.says("进度"))[0].replace(" ", "")
    [same] = await villager.says("大坪村还是停水")
    assert number in same.replace(" ", "")
    assert len(world.petitions()) == 1

    owner = world.cadre("mengxi")
    await owner.says(f"签收 {number}")
    await owner.says(f"办结 {number} 水管换好了")
    await world.tick(seconds=2)
    assert "解决了没有" in villager.chat.texts()[-1]
    await post(world, message("满意", "sms"), *OF_GATEWAY)
    assert world.petition(number).state is State.CONFIRMED
    line = (await clerk.get(f"/console/petition/{number}")).text
    order = [line.index(word) for word in ("登记", "群众催办", "签收", "群众确认")]
    assert order[0] == min(order)
    assert line.index("群众催办") < line.rindex("群众确认")


async def test_a_wrong_a_used_and_an_old_code_join_nothing_and_guessing_ends(county: tuple[World, Gateway]):
    world, sms = county
    await post(world, message(WATER, "sms"), *OF_GATEWAY)
    code = await code_for(world, sms)
    world.clock.move(minutes=31)
    assert "不对" in (await world.villager().says(f"同一个人 {code}"))[0]
    fresh = await code_for(world, sms)
    await world.villager("b").says(f"同一个人 {fresh}")
    assert "不对" in (await world.villager("c").says(f"同一个人 {fresh}"))[0]
    for guess in range(5):
        await world.villager("d").says(f"同一个人 1234567{guess}")
    code = await code_for(world, sms)
    assert "明天" in (await world.villager("d").says(f"同一个人 {code}"))[0]


async def test_whoever_says_that_he_calls_from_a_number_is_not_told_its_code(county: tuple[World, Gateway]):
    world, _ = county
    await post(world, message(WATER))
    reply = (await post(world, message("同一个人"))).reply
    assert not any(len(word) >= 8 for word in "".join(c if c.isdigit() else " " for c in reply).split())


async def test_who_is_forgotten_is_forgotten_at_both_doors(county: tuple[World, Gateway]):
    world, sms = county
    await post(world, message("你好", "sms"), *OF_GATEWAY)
    await world.villager().says(f"同一个人 {await code_for(world, sms)}")
    await world.villager().says("删我信息")
    again = await post(world, message("进度", "sms"), *OF_GATEWAY)
    assert "没有登记" in again.reply
    with world.service.database.reading() as session:
        keys = world.service.knowledge.keys(session, world.clock.now())
        assert [one.joined_to for one in with_phone(session, keys, PHONE)] == [None]
