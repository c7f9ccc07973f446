"""A month of one village's books as they fill themselves from the work, and the year's report counted from them."""

import re
from datetime import timedelta

from sqlmodel import func, select

from models.advice import Told
from models.book import Errand, Meeting, Presence, Raised
from models.diary import Note
from models.petition import Petition, State
from tests.bot.pages.browser import Browser
from tests.stories.test_books import at_the_console, minutes
from tests.world import World, number_in

HEADING = re.compile(r"<summary>([^<]+)：<strong>(\d+)</strong></summary>\n(.*?)</details>", re.DOTALL)
ROW = re.compile(r"<li>(.*?)</li>", re.DOTALL)


async def live_a_month(world: World) -> Browser:
    """What people of one village and its cadres do from 23 November to 22 December; nobody fills in a report."""
    cadre, desk = world.cadre("shiyangeng"), await at_the_console(world, "bochuan", "dispatcher")
    await cadre.says("驻村 11-24 11-26 院坝会，教大家防火")
    await cadre.says("日志 走了五户，都说今年冷得早")
    await cadre.says("日志 二组王婶家门口的水管爆了，水流到路上")
    raised = number_in((await cadre.says("立案"))[0])
    await world.villager("a").says("石桥村的高龄补贴怎么领")
    await world.villager("b").says("石桥村身份证丢了怎么补")
    await world.tick(minutes=6)
    for week in range(4):
        today = world.clock.now().date()
        if week in (0, 2):
            matters = ["村口到学校的路灯不亮", "水渠堵了，三组的田浇不上水"][: 2 - week // 2]
            typed = {"heads": str(37 - week), "once": f"page-{week}", "matters": "\n".join(matters)}
            await desk.post("/console/books/meeting", **minutes(world, **typed))
            promised = (today + timedelta(days=3)).isoformat()
            await desk.post("/console/books/errand", place="YX0101", words="替人办证", promised_on=promised)
        if week == 1:
            with world.service.database.reading() as session:
                [errand] = session.exec(select(Errand.id))
            await desk.post(f"/console/books/errand/{errand}")
        await world.tick(days=7)
        await desk.log_in("bochuan")
    villager = world.villager("c")
    number = number_in((await villager.says("石桥村三组的路灯坏了三天没人修"))[0])
    await world.tick(minutes=6)
    owner = world.cadre(world.owner(number))
    await owner.says(f"签收 {number}")
    await owner.says(f"办结 {number} 换了灯泡，亮了")
    await world.tick(seconds=2)
    await villager.says("满意")
    assert world.petition(number).state is State.CONFIRMED
    assert world.petition(raised).number == raised
    return desk


async def test_a_month_of_one_villages_books_fills_itself_and_each_counter_is_its_rows(world: World):
    desk = await live_a_month(world)
    month = (await desk.get("/console/books?place=YX0101&month=2026-11")).text
    for written in ("来了 37 人", "立案 2 件", "院坝会，教大家防火", "交回"):
        assert written in month
    page = (await desk.get("/console/books/year?place=YX0101")).text
    told = {name: (int(count), ROW.findall(rows)) for name, count, rows in HEADING.findall(page)}
    with world.service.database.reading() as session:
        here = [code for code in session.exec(select(Petition.place)) if code]
        assert here
        solved = select(func.count()).select_from(Petition).where(Petition.state == State.CONFIRMED)
        by_hand = {
            "民情日志（篇）": session.exec(select(func.count()).select_from(Note)).one(),
            "群众会（次）": session.exec(select(func.count()).select_from(Meeting)).one(),
            "到会（人次）": sum(session.exec(select(Meeting.heads))),
            "会上提的事（件）": session.exec(select(func.count()).select_from(Raised)).one(),
            "代办（件）": session.exec(select(func.count()).select_from(Errand)).one(),
            "代办交回（件）": sum(one.handed_back_on is not None for one in session.exec(select(Errand))),
            "驻村（天）": session.exec(select(func.count()).select_from(Presence)).one(),
            "驻村活动（次）": sum(bool(one) for one in session.exec(select(Presence.activity))),
            "当场答复（次）": session.exec(select(func.count()).select_from(Told)).one(),
            "群众说解决了（件）": session.exec(solved).one(),
        }
    assert {name: count for name, (count, _) in told.items()} == by_hand
    assert all(count == len(rows) for name, (count, rows) in told.items() if "人次" not in name)
    assert by_hand == {
        "民情日志（篇）": 2,
        "群众会（次）": 2,
        "到会（人次）": 72,
        "会上提的事（件）": 3,
        "代办（件）": 2,
        "代办交回（件）": 1,
        "驻村（天）": 2,
        "驻村活动（次）": 2,
        "当场答复（次）": 2,
        "群众说解决了（件）": 1,
    }
    assert "王婶" not in page, "no word of a note, and nobody of the village"
    counted = (await desk.get("/console/books?place=YX0101")).text
    assert all(f"<dt>{name}</dt><dd>{count}</dd>" in counted for name, count in by_hand.items())


async def test_another_year_and_another_village_are_theirs_alone(small_world: World):
    desk = await at_the_console(small_world, "tangxiaoyu", "dispatcher")
    await small_world.cadre("shiyangeng").says("日志 走了五户")
    for query in ("place=YX0102", "place=YX0101&year=2025", "place=YX0101&year=1066"):
        page = (await desk.get(f"/console/books/year?{query}")).text
        assert "民情日志（篇）：<strong>0</strong>" in page, query
    page = (await desk.get("/console/books/year?place=YX0101&year=9999")).text
    assert "民情日志（篇）：<strong>1</strong>" in page
    other = await at_the_console(small_world, "dingping")
    assert (await other.get("/console/books/year?place=YX0101")).status == 404


async def test_a_roster_with_a_gap_or_too_few_shows_it_in_the_months_book(small_world: World):
    small_world.loads(
        值班=[
            ["地点", "日期", "人员"],
            ["YX0101", "2026-11-23", "shiyangeng；bochuan"],
            ["YX0101", "2026-11-25", "shiyangeng"],
            ["YX0101", "2026-11-30", "shiyangeng；bochuan"],
        ]
    )
    desk = await at_the_console(small_world, "tangxiaoyu", "dispatcher")
    page = (await desk.get("/console/books?place=YX0101&month=2026-11")).text
    assert "没有人值班</strong>：11月24日 11月26日 11月27日 <" in page, "a weekend is no gap"
    assert "不到 2 个人</strong>：11月25日 <" in page
