"""One petition on one person's phone: anybody may look and learns nobody's name; an act needs the chat's own code."""

import re

import pytest

from models.petition import Petition
from tests.bot.pages.browser import Browser, Page
from tests.stories.test_petition import told
from tests.world import World

LINK = re.compile(r"http\S+(/p/\S+)")
CODE = re.compile(r"验证码：(\d{4})")
WORDS = "大坪村停水三天了，没人管，我叫贺知年，电话13912345678"


async def slip_of(world: World, words: str = "进度") -> str:
    [said] = await world.villager().says(words)
    return link_in(said)


def link_in(said: str) -> str:
    found = LINK.search(said)
    assert found is not None, said
    return str(found[1])


async def code_for(world: World, page: Browser, path: str) -> str:
    asked = await page.post(path)
    assert asked.status == 200
    await world.tick()
    return str(CODE.findall(world.villager().chat.texts()[-1])[0])


async def proposed(world: World) -> tuple[str, str]:
    number = await told(world, WORDS)
    owner = world.cadre(world.owner(number))
    await owner.says(f"签收 {number}")
    await owner.says(f"进展 {number} 正在修")
    await owner.says(f"办结 {number} 水管换好了")
    await world.tick(minutes=1)
    return number, await slip_of(world)


async def test_looking_shows_the_matter_but_nobody_and_changes_nothing(world: World):
    _, path = await proposed(world)
    browser = Browser(world)
    page = await browser.get(path)
    for _ in range(2):
        page = await browser.get(path)
        assert page.status == 200
        assert "解决了没有" in page.text
        for secret in ("贺知年", "13912345678", "没人管", "水管换好了", "孟汐"):
            assert secret not in page.text
    assert "no-store" in page.headers["Cache-Control"]


async def test_an_answer_on_the_page_needs_the_code_from_the_chat_and_burns_it(world: World):
    number, path = await proposed(world)
    browser = Browser(world)
    await browser.get(path)
    page = await browser.post(path, act="satisfied", code="0000")
    assert page.status == 403, "no code is out"
    code = await code_for(world, browser, path)
    page = await browser.post(path, act="satisfied", code=wrong(code))
    assert (page.status, world.petition(number).state) == (403, "proposed")
    page = await browser.post(path, act="half", code=code)
    assert page.status == 200
    assert "还有一半没办好" in page.text
    assert world.petition(number).state == "accepted"
    page = await browser.post(path, act="urge", code=code)
    assert page.status == 403, "used up"


async def test_who_is_not_content_with_the_answer_asks_the_body_above_from_his_phone(small_world: World):
    number, path = await proposed(small_world)
    browser = Browser(small_world)
    await browser.get(path)
    await browser.post(path, act="satisfied", code=await code_for(small_world, browser, path))
    page = await browser.get(path)
    assert "县水利局办的" in page.text
    assert 'value="review"' in page.text
    page = await browser.post(path, act="review", code=await code_for(small_world, browser, path))
    assert (page.status, "您要求复查，上级另派人看" in page.text) == (200, True)
    assert 'value="review"' not in (await browser.get(path)).text, "once"
    [said] = await small_world.cadre("lubaichuan").says(f"复查答复 {number} 维持 化验合格")
    assert "复查" in said


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10_000:04}"


async def test_three_wrong_codes_void_the_right_one_and_codes_run_out_for_the_day(small_world: World):
    number, path = await proposed(small_world)
    browser = Browser(small_world)
    await browser.get(path)
    code = await code_for(small_world, browser, path)
    for _ in range(3):
        assert (await browser.post(path, act="satisfied", code=wrong(code))).status == 403
    assert (await browser.post(path, act="satisfied", code=code)).status == 403
    for _ in range(4):
        await code_for(small_world, browser, path)
    assert (await browser.post(path)).status == 429
    assert small_world.petition(number).state == "proposed"


async def test_a_code_is_good_for_ten_minutes_and_a_slip_for_fourteen_days(small_world: World):
    _, path = await proposed(small_world)
    browser = Browser(small_world)
    await browser.get(path)
    code = await code_for(small_world, browser, path)
    small_world.clock.move(minutes=11)
    assert (await browser.post(path, act="satisfied", code=code)).status == 403
    small_world.clock.move(days=14)
    assert (await browser.get(path)).status == 404


@pytest.mark.parametrize(
    "token", ["", "1", "1-000000000000000000000000", "zz-1", "1-" + "0" * 500, "%00", "../x"]
)
async def test_a_made_up_address_is_no_page(small_world: World, token: str):
    await proposed(small_world)
    page = await Browser(small_world).get(f"/p/{token}")
    assert page.status == 404


async def test_what_must_not_be_read_over_the_shoulder_has_no_page(small_world: World):
    await small_world.villager().says("我男人天天打我，昨晚又打了")
    [said] = await small_world.villager().says("进度")
    assert LINK.search(said) is None


async def test_a_complaint_about_somebody_shows_neither_what_nor_where(small_world: World):
    await small_world.villager().says("石桥村支书石砚耕办事不公平，低保不给我家办，态度还凶")
    await small_world.tick(minutes=3)
    path = await slip_of(small_world)
    page = await Browser(small_world).get(path)
    assert page.status == 200
    for told_nothing in ("石砚耕", "石桥", "低保", "作风"):
        assert told_nothing not in page.text


async def test_the_owner_signs_and_reports_from_his_phone(small_world: World):
    number = await told(small_world, WORDS)
    owner = small_world.cadre(small_world.owner(number))
    [seen] = await owner.says(f"看 {number}")
    path = link_in(seen)
    browser = Browser(small_world)
    page = await browser.get(path)
    assert "签收" in page.text
    await pressed(small_world, browser, owner, path, act="sign")
    assert small_world.petition(number).state == "accepted"
    page = await pressed(small_world, browser, owner, path, act="progress", words="下午换水管")
    assert page.status == 200
    await small_world.tick()
    assert "下午换水管" in small_world.villager().chat.texts()[-1]


async def pressed(world: World, browser: Browser, owner, path: str, **form: str) -> Page:
    await browser.post(path)
    await world.tick()
    return await browser.post(path, code=CODE.findall(owner.chat.texts()[-1])[0], **form)


async def test_a_slip_opens_nothing_any_more_to_an_owner_who_handed_the_matter_on(small_world: World):
    number = await told(small_world, WORDS)
    [seen] = await small_world.cadre(small_world.owner(number)).says(f"看 {number}")
    path = link_in(seen)
    assert (await Browser(small_world).get(path)).status == 200
    with small_world.service.database.transaction() as session:
        petition = session.get_one(Petition, small_world.petition(number).id)
        petition.owner = "jiangshuisheng"
        session.add(petition)
    assert (await Browser(small_world).get(path)).status == 404
