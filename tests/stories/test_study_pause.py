"""Not while in danger: nothing is sent for seven days, and nothing tells the branch that or why."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.simulator.villager import Villager
from tests.bot.pages.browser import Browser, add_user
from tests.study import NOTICE, StudyWorld, study_world
from tests.world import Template

BY_WECHAT, BY_TEXT, AGED = "DY002", "DY001", "DY004"
READERS = "普通；流动；挂靠"
LESSON = f"讲堂,1,防火,2026-12-01,10:00,{READERS},全部,烧田埂先报村里。,,"
SECOND = f"讲堂,2,医保,2026-12-08,10:00,{READERS},全部,二十五号前缴费。,,"
TELLING = ("暂停", "推迟", "缓", "紧急", "险", "平安", "110", "诉求")


@pytest.fixture
async def county(template: Template, tmp_path: Path) -> AsyncIterator[StudyWorld]:
    async with study_world(template, tmp_path) as world:
        yield world


async def test_nothing_is_sent_for_seven_days_after_an_emergency_and_nothing_tells_why(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    calm = await county.bound(BY_WECHAT, "dingping")
    await calm.consents_to(NOTICE)
    await phone.consents_to(NOTICE)
    county.load(LESSON, SECOND)
    await county.to(11, 30)
    await phone.says("着火了，石桥村，快来人")
    await county.to(12, 1, 10, 30)
    assert county.told(BY_WECHAT)[0][1] == "under_way"
    assert county.told(BY_TEXT)[0] == (1, "planned", []), "as if its hour had not come"
    done = await county.tick()
    assert done["study"] == {}, "nor is it counted"
    await county.to(12, 7, 9, 30)
    assert county.told(BY_TEXT)[0] == (1, "planned", []), "the hour of his message is nobody's business"
    await county.to(12, 7, 10, 5)
    assert county.told(BY_TEXT)[0] == (1, "under_way", [("wechat", "sent", "")])


async def test_seven_days_after_a_cry_in_the_night_nobody_is_woken(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    county.load(LESSON)
    await county.to(12, 1, 3)
    await phone.says("着火了，石桥村，快来人")
    for day, hour, standing in (
        (1, 10, "planned"),
        (8, 3, "planned"),
        (8, 8, "planned"),
        (8, 10, "under_way"),
    ):
        await county.to(12, day, hour, 30)
        assert county.told(BY_TEXT)[0][1] == standing, (day, hour)


async def test_a_visit_waits_too_and_nobody_of_the_branch_is_told(county: StudyWorld):
    """An old member cries for help: whoever visits him is sent nowhere, and no list, page or file says a word of it."""
    phone = await county.bound(AGED, "yuntai")
    county.load(LESSON.replace(READERS, "高龄"))
    await county.to(11, 30)
    await phone.says("煤气中毒了，云台村，头晕得很")
    before = len(county.cadre("yuntai").chat.texts())
    await county.to(12, 1, 10, 30)
    assert county.told(AGED) == [(1, "planned", [])]
    [listed] = await county.cadre("yuntai").says("送学")
    assert "上门 翁晚晴" in listed
    assert not any("晏归舟" in text for text in county.cadre("yuntai").chat.texts()[before:])
    page = Browser(county)
    await page.log_in(add_user(county, "contact", "cadre", "yuntai"))
    for path in (
        "",
        "/ledger?branch=YX0202D&month=2026-12",
        f"/lesson/1?member={AGED}",
        "/changes",
        "/labels",
    ):
        shown = (await page.get(f"/console/study{path}")).text
        assert not any(word in shown for word in TELLING), path
    await county.to(12, 7, 10, 5)
    assert county.told(AGED) == [(1, "with_contact", [("visit", None, "")])]


async def test_danger_overtakes_a_letter_that_is_already_posted(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    county.load(LESSON)
    county.gateway.status = 503
    await county.to(12, 1, 10, 30)
    await phone.says("有人掉河里了，石桥村")
    county.gateway.status = 200
    await county.to(12, 1, 11, 30)
    assert not sent_to(county, "13900000501")
    await county.to(12, 9, 10, 5)  # seven days, and then the lesson's own hour
    assert len(sent_to(county, "13900000501")) + phone_notices(phone) == 1


def sent_to(county: StudyWorld, number: str) -> list[str]:
    return [text for phone, text in county.gateway.texts if phone == number]


def phone_notices(phone: Villager) -> int:
    return sum("防火" in text for text in phone.chat.texts())
