"""Study that reaches people: four members through one month, as they, their contacts and the rows tell it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.simulator.villager import Villager
from models.letter import Letter
from models.study.attempt import Attempt
from models.study.due import Due
from scheduler.study import bring
from tests.postgresql import fresh_postgresql
from tests.study import AUDIO, NOTICE, StudyWorld, study_world
from tests.world import Template

AWAY, AGED, ILL, UNLETTERED, ORDINARY = "DY017", "DY004", "DY006", "DY008", "DY020"
TOLD = Path(__file__).parents[2] / "artifacts" / "study-month.md"
PLAN = [
    f"冬训,1,防火,2026-12-01,19:30,全部,全部,烧田埂先报村里。,,{AUDIO}",
    f"冬训,2,医保,2026-12-08,19:30,全部,全部,二十五号前缴费。,,{AUDIO}",
    f"冬训,3,用电,2026-12-15,19:30,全部,全部,老线要换。,,{AUDIO}",
]


@pytest.fixture(params=["sqlite", "postgresql"])
async def county(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StudyWorld]:
    if request.param == "sqlite":
        async with study_world(request.getfixturevalue("template"), tmp_path) as world:
            yield world
        return
    template: Template = request.getfixturevalue("postgresql_template")
    with fresh_postgresql(template.settings.database_url) as url:
        async with study_world(template, tmp_path, url) as world:
            yield world


async def test_four_members_through_one_month(county: StudyWorld):
    county.change(UNLETTERED, ways=["wechat", "visit"])
    abroad = await county.bound(AWAY, "liuan")
    listener = await county.bound(UNLETTERED, "dingping")
    await abroad.consents_to(NOTICE)
    await listener.says("你好")
    county.load(*PLAN)

    await _the_first_hour(county, abroad)
    await _somebody_comes(county, abroad)
    await _she_listens(county, listener)
    await _he_moves_and_the_stage_ends(county, abroad)
    await _the_month_ends(county)
    assert county.simulator.called("/cgi-bin/message/template/send") == [], "never one that nobody asked for"
    TOLD.parent.mkdir(exist_ok=True)
    TOLD.write_text("\n".join(county.as_rows_tell(AWAY, AGED, ILL, UNLETTERED)) + "\n", "utf-8")


async def test_two_schedulers_at_the_same_moment_double_nothing(county: StudyWorld):
    county.load(*PLAN)
    for month, day, hour in ((11, 27, 9), (12, 1, 21), (12, 2, 8), (12, 5, 21), (12, 9, 8), (12, 16, 8)):
        county.clock.at = county.clock.at.replace(month=month, day=day, hour=hour)
        at = county.clock.now()
        await asyncio.gather(*(asyncio.to_thread(bring, county.service.station, at) for _ in range(2)))
        await county.tick()
    with county.service.database.reading() as session:
        rows = Counter((due.member, due.number) for due in session.exec(select(Due)))
        tries = Counter((one.due, one.way) for one in session.exec(select(Attempt)))
        keys = Counter(letter.key for letter in session.exec(select(Letter)) if letter.to_kind == "member")
    assert len(rows) == 3 * len({member for member, _ in rows})
    assert {*rows.values(), *tries.values(), *keys.values()} == {1}
    assert len(county.gateway.texts) == len(set(county.gateway.texts)) > 0


async def _the_first_hour(county: StudyWorld, abroad: Villager) -> None:
    """The first lesson: at half past seven of each one's own day."""
    await county.to(12, 1, 19, 25)
    assert all(standing == "planned" for _, standing, _ in county.told(AWAY))
    await county.to(12, 1, 20, 30)
    assert county.told(AGED)[0] == (1, "with_contact", [("visit", None, "")])
    assert county.told(ILL)[0] == (1, "with_contact", [("visit", None, "")])
    assert county.told(AWAY)[0][1] == "planned", "in Hamburg it is half past one"
    await county.to(12, 2, 2, 30)
    assert county.told(AWAY)[0] == (1, "under_way", [("wechat", "sent", "")])
    assert abroad.chat.lines[-1].kind == "notice"


async def _somebody_comes(county: StudyWorld, abroad: Villager) -> None:
    """He answers from Hamburg; a person comes to the old and the ill; the push names nobody."""
    assert (await abroad.says("收到")) == ["收到，谢谢您。"]
    assert county.told(AWAY)[0] == (1, "arrived", [("wechat", "arrived", "")])
    await county.to(12, 2, 9)
    yuntai = county.cadre("yuntai")
    assert "送学" in yuntai.chat.texts()[-1]
    assert "晏归舟" not in "".join(yuntai.chat.texts())
    [listed] = await yuntai.says("送学")
    [task] = county.tasks(AGED)
    assert f"{task.id} 上门 晏归舟（高龄，云台村）《防火》12月8日前" in listed
    [noted] = await yuntai.says(f"送到 {task.id} 念给他听了，耳朵还好")
    assert "送到了" in noted
    assert county.told(AGED)[0] == (1, "arrived", [("visit", "arrived", "")])

    # Nobody is at home three times: the next way is the telephone; no mark ever stands on the member.
    hekou = county.cadre("hekou")
    [first] = county.tasks(ILL)
    for _ in range(3):
        await hekou.says(f"未见 {first.id}")
    await county.to(12, 3, 9)
    assert county.told(ILL)[0][2] == [("visit", "missed", ""), ("phone", None, "")]
    [_, call] = county.tasks(ILL)
    await hekou.says(f"送到 {call.id}")
    assert county.told(ILL)[0][1] == "arrived"


async def _she_listens(county: StudyWorld, listener: Villager) -> None:
    """She cannot read and her window is closed: a person comes. Then she listens and says so by voice."""
    assert county.told(UNLETTERED)[0][2] == [("wechat", "could_not", "window_closed"), ("visit", None, "")]
    await county.cadre("dingping").says(f"送到 {county.tasks(UNLETTERED)[0].id}")
    await county.to(12, 7, 20)
    await listener.says("娃儿的学费有没有补助")
    await county.to(12, 8, 20, 30)
    assert AUDIO in listener.chat.texts()[-1]
    assert "二十五号" not in listener.chat.texts()[-1], "what she gets is heard, not read"
    await listener.sends_voice()
    assert county.told(UNLETTERED)[1] == (2, "arrived", [("wechat", "arrived", "")])


async def _he_moves_and_the_stage_ends(county: StudyWorld, abroad: Villager) -> None:
    """His branch confirms, and his hour moves with him. At the end three questions, by nobody's name."""
    await abroad.says("我到东京了")
    [waiting] = await county.cadre("liuan").says("待确认")
    assert "靳青禾：换了地方，东京" in waiting
    await county.cadre("liuan").says("确认 1")
    assert county.member(AWAY).zone == "Asia/Tokyo"

    # The end of the stage: three questions, by nobody's name.
    await county.to(12, 15, 12)
    await abroad.says("你好")
    await county.to(12, 15, 18, 35)  # five past half past seven in Tokyo
    assert "5 4 5" in abroad.chat.texts()[-1]
    assert (await abroad.says("5 4 5 讲得好"))[0].startswith("记下了")
    assert (await abroad.says("1")) == ["收到，谢谢您。"]
    assert [standing for _, standing, _ in county.told(AWAY)][2] == "arrived"
    assert county.member(AGED).stopped_at is None


async def _the_month_ends(county: StudyWorld) -> None:
    """What is left is brought or posted; nothing stays open, nothing came by a way it could not."""
    await county.to(12, 16, 9)
    for account, member in (("yuntai", AGED), ("hekou", ILL), ("dingping", UNLETTERED), ("liuan", AWAY)):
        for task in county.tasks(member):
            if task.end is None:
                await county.cadre(account).says(f"送到 {task.id}")
    await county.to(12, 31)
    ways = [[tried[-1][0] for _, _, tried in county.told(member)] for member in (AWAY, AGED, ILL, UNLETTERED)]
    assert ways == [
        ["wechat", "post", "wechat"],
        ["visit", "visit", "visit"],
        ["phone", "visit", "visit"],
        ["visit", "wechat", "visit"],
    ]
    assert {
        standing for member in (AWAY, AGED, ILL, UNLETTERED) for _, standing, _ in county.told(member)
    } == {"arrived"}
