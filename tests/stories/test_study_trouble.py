"""What goes wrong with study, and that nothing is lost, nothing doubled, and each end is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import func, select

from bot.simulator.quota import Quota
from bot.simulator.villager import Villager
from models.letter import Letter
from models.study.attempt import unreachable_ways
from models.study.due import Due
from scheduler.study import bring
from tests.study import NOTICE, StudyWorld, members, study_world
from tests.world import Template, sample

BY_WECHAT, BY_TEXT, AGED = "DY002", "DY001", "DY004"
BOUND = [("DY001", "shiyangeng"), ("DY002", "dingping"), ("DY020", "dingping")]
NOTICE_PATH = "/cgi-bin/message/subscribe/bizsend"
READERS = "普通；流动；挂靠"
LESSON = f"讲堂,1,防火,2026-12-01,10:00,{READERS},全部,烧田埂先报村里。,,"
SECOND = f"讲堂,2,医保,2026-12-08,10:00,{READERS},全部,二十五号前缴费。,,"


@pytest.fixture
async def county(template: Template, tmp_path: Path) -> AsyncIterator[StudyWorld]:
    async with study_world(template, tmp_path) as world:
        yield world


async def test_a_plan_that_cannot_be_carried_out_is_refused_with_each_row_and_nothing_is_kept(
    county: StudyWorld,
):
    cases = {
        f"讲堂,1,防火,2026-11-26,10:00,{READERS},全部,字,,": "送学!2 日期: 2026-11-26 已经过去了，请写今天或以后的日子",
        f"讲堂,1,防火,2026-13-01,10:00,{READERS},全部,字,,": "送学!2 日期: 没有这一天 2026-13-01",
        f"讲堂,1,防火,2026-12-01,25:00,{READERS},全部,字,,": "送学!2 时间: 没有这个时间 25:00",
        f"讲堂,一,防火,2026-12-01,10:00,{READERS},全部,字,,": "送学!2 期次: 一：应为整数",
        "讲堂,1,防火,2026-12-01,10:00,群众,全部,字,,": "送学!2 对象: 没有 群众",
        f"讲堂,1,防火,2026-12-01,10:00,{READERS},没有的,字,,": "送学!2 支部: 单位里没有编码 没有的",
        f"讲堂,1,防火,2026-12-01,10:00,{READERS},全部,,,": "送学!2 文字: 文字、链接、音频、图片一样都没有",
        f"讲堂,1,防火,2026-12-01,10:00,{READERS},全部,,不是网址,": "送学!2 链接: 不是网址：不是网址",
        f"讲堂,1,防火,2026-12-01,10:00,{READERS},全部,,,../钥匙.mp3": "送学!2 音频: ../钥匙.mp3：只写文件名",
        f"讲堂,1,防火,2026-12-01,10:00,{READERS},全部,,,一.mp3": "送学!2 音频: 本表旁边没有文件 一.mp3",
        f"讲堂,1,防火,,10:00,{READERS},全部,字,,": "送学!2 日期: 没有日期",
        "讲堂,1,防火,2026-12-01,10:00,全部,全部,字,,": "送学!2 音频: 缺音频或图片，识字困难的 5 人会落下：DY008",
    }
    for row, wanted in cases.items():
        [said] = county.refused(row)
        assert said.startswith(wanted), said
    with county.service.database.reading() as session:
        assert session.exec(select(func.count()).select_from(Due)).one() == 0


async def test_the_same_plan_twice_changes_nothing_also_when_its_day_is_over(county: StudyWorld):
    county.load(LESSON, SECOND)
    await county.to(12, 2)
    assert county.load(LESSON, SECOND).changed == 0
    assert "2026-11-30 已经过去了" in county.refused(LESSON.replace("2026-12-01", "2026-11-30"))[0]


async def test_a_plan_edited_during_delivery_remakes_only_what_is_to_come(county: StudyWorld):
    county.load(LESSON, SECOND)
    await county.to(12, 1, 10, 30)
    begun = county.told(BY_TEXT)[0]
    assert begun == (1, "under_way", [("wechat", "could_not", "not_bound"), ("sms", "sent", "")])
    county.load(LESSON.replace("烧田埂", "烧秸秆"), SECOND.replace("2026-12-08", "2026-12-09"))
    await county.to(12, 8, 10, 30)
    assert [number for number, _, _ in county.told(BY_TEXT)] == [1, 2]
    assert county.told(BY_TEXT)[1][1] == "planned"
    await county.to(12, 9, 10, 30)
    assert county.told(BY_TEXT)[1][1] == "under_way"
    assert [text.count("防火") for phone, text in county.gateway.texts if phone == "13900000501"] == [1, 0]


async def test_a_lesson_taken_out_of_the_plan_is_brought_to_nobody(county: StudyWorld):
    county.load(LESSON, SECOND)
    await county.tick()
    county.load(LESSON)
    await county.to(12, 9)
    assert [number for number, _, _ in county.told(BY_TEXT)] == [1]
    county.load(LESSON, SECOND.replace("2026-12-08", "2026-12-10"))
    await county.to(12, 10, 10, 30)
    assert [number for number, _, _ in county.told(BY_TEXT)] == [1, 2], (
        "and put back in it, to everybody once"
    )


async def test_two_schedulers_a_restart_and_a_clock_that_jumps_double_nothing(county: StudyWorld):
    county.load(LESSON, SECOND)
    await county.to(12, 1, 10, 30)
    at = county.clock.now()
    bring(county.service.station, at)
    await county.to(11, 27)
    await county.to(12, 1, 10, 30)
    with county.service.database.reading() as session:
        dues = session.exec(select(func.count()).select_from(Due)).one()
        people = session.exec(select(func.count(func.distinct(Due.member)))).one()
        letters = session.exec(
            select(func.count()).select_from(Letter).where(Letter.to_kind == "member")
        ).one()
    assert dues == 2 * people
    assert letters == len(county.gateway.texts) == len(set(county.gateway.texts))


async def test_a_gateway_that_is_down_for_a_day_costs_a_day(county: StudyWorld):
    county.load(LESSON)
    county.gateway.status = 503
    await county.to(12, 1, 10, 30)
    assert county.told(BY_TEXT)[0][2][-1] == ("sms", None, "")
    await county.to(12, 1, 20)
    county.gateway.status = 200
    await county.to(12, 2, 10, 30)
    assert county.told(BY_TEXT)[0][2][-1] == ("sms", "sent", "")
    assert len(county.gateway.texts) == len(set(county.gateway.texts))


async def test_a_gateway_that_stays_down_costs_nobody_his_lesson(county: StudyWorld):
    county.load(LESSON)
    county.gateway.status = 503
    for day in range(1, 7):
        await county.to(12, day, 10, 30)
    tried = [("wechat", "could_not", "not_bound"), ("sms", "failed", "overtaken"), ("visit", None, "")]
    assert county.told(BY_TEXT) == [(1, "with_contact", tried)]
    [listed] = await county.cadre("shiyangeng").says("送学")
    assert "试过微信（没绑定）、短信（" in listed
    county.gateway.status = 200
    await county.to(12, 7, 10, 30)
    assert sent_to(county, "13900000501") == [], "a person has it now"


async def test_a_refused_notice_and_a_closed_window_go_the_next_way(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    await phone.consents_to(NOTICE)
    phone.consents.clear()  # the platform knows of none: 43101
    county.load(LESSON)
    await county.to(12, 1, 10, 30)
    assert county.told(BY_TEXT)[0][2] == [("wechat", "failed", "refused"), ("sms", "sent", "")]

    await county.to(12, 7)
    await phone.says("你好")
    phone.window.close()  # and here it answers 45015
    county.load(LESSON, SECOND)
    await county.to(12, 8, 10, 30)
    assert county.told(BY_TEXT)[1][2] == [("wechat", "failed", "window closed"), ("sms", "sent", "")]
    with county.service.database.reading() as session:
        assert unreachable_ways(session, BY_TEXT) == {}, "both may be otherwise next time"


async def test_a_platform_that_allows_one_notice_a_minute_gets_them_one_by_one(county: StudyWorld):
    """45011: too many a minute. None is lost, none comes twice, and none goes a dearer way for it."""
    phones = [await county.bound(code, who) for code, who in BOUND]
    for phone in phones:
        await phone.consents_to(NOTICE)
    county.simulator.wechat.quotas.quotas[NOTICE_PATH] = Quota(a_minute=1)
    county.load(LESSON)
    await county.to(12, 1, 10, 30)
    assert sum(phone_notices(phone) for phone in phones) == 1
    for _ in range(8):
        await county.tick(minutes=2)
    assert [phone_notices(phone) for phone in phones] == [1] * len(phones)
    refused = [call for call in county.simulator.called(NOTICE_PATH) if call.errcode == 45011]
    assert refused, "the platform did refuse"
    for code, _ in BOUND:
        assert county.told(code)[0][2] == [("wechat", "sent", "")]


async def test_one_account_belongs_to_one_member_and_a_code_works_once(county: StudyWorld):
    phone = await county.bound(BY_WECHAT, "dingping")
    [said] = await county.cadre("dingping").says("绑定码 DY020")
    code = said.partition("绑定码 ")[2][:9]
    assert (await phone.says(f"绑定 {code}"))[0].startswith("这个微信已经绑定了一位党员")
    other = county.villager("b")
    await other.follows()
    assert "绑定好了" in (await other.says(f"绑定{code}"))[0]
    third = county.villager("c")
    await third.follows()
    for _ in range(5):
        assert (await third.says(f"绑定 {code}"))[0].startswith("这个绑定码不对")
    assert (await third.says("绑定 1234 5678"))[0].startswith("今天试的次数太多了")
    assert (await county.cadre("yuntai").says("绑定码 DY020"))[0].startswith("您负责的支部里没有")


async def test_a_contact_person_who_left_hands_on_what_is_to_be_brought(county: StudyWorld):
    county.load("讲堂,1,防火,2026-12-01,10:00,高龄,全部,字,,")
    await county.to(12, 1, 10, 30)
    assert [task.account for task in county.tasks(AGED)] == ["yuntai"]
    people = [row for row in sample("人员") if row[0] != "yuntai"]
    duties = [[cell.replace("yuntai", "suqing") for cell in row] for row in sample("分工")]
    left = [[*row[:5], row[5].replace("yuntai", ""), *row[6:]] for row in members()]
    county.load(人员=people, 分工=duties, 党员=left)
    assert [task.account for task in county.tasks(AGED)] == ["suqing"], "his stand-in"


async def test_whoever_joins_late_gets_the_next_piece_and_nobody_gets_two(county: StudyWorld):
    county.load(LESSON, SECOND)
    await county.to(12, 2)
    county.load(
        党员=[*members(), ["DY900", "新来", "13900000900", "YX0101D", "普通", "shiyangeng", "", "", "短信"]]
    )
    await county.to(12, 8, 10, 30)
    assert county.told("DY900") == [(2, "under_way", [("sms", "sent", "")])]
    assert [number for number, _, _ in county.told(BY_TEXT)] == [1, 2]


async def test_enough_is_enough_at_once(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    county.load(LESSON, SECOND)
    await county.to(12, 1, 10, 30)
    await phone.says("退订")
    assert [standing for _, standing, _ in county.told(BY_TEXT)] == ["declined", "declined"]
    await county.to(12, 9)
    assert len(sent_to(county, "13900000501")) == 1


async def test_enough_holds_also_for_what_is_posted_already(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    county.load(LESSON)
    county.gateway.status = 503
    await county.to(12, 1, 10, 30)
    await phone.says("退订")
    county.gateway.status = 200
    await county.to(12, 2, 10, 30)
    assert sent_to(county, "13900000501") == []
    assert county.told(BY_TEXT)[0][1:] == (
        "declined",
        [("wechat", "could_not", "window_closed"), ("sms", "taken_back", "")],
    )


async def test_whoever_asks_to_be_forgotten_is_no_members_account_any_more(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    await phone.consents_to(NOTICE)
    [copy] = await phone.says("给我一份")
    assert "石桥村党支部" in copy
    assert "电话13900000501" in copy, "what the branch holds of him is his to see"
    [gone] = await phone.says("删我信息")
    assert "党员名册归石桥村党支部管" in gone
    assert county.member(BY_TEXT).villager is None
    county.load(LESSON)
    await county.to(12, 1, 10, 30)
    assert county.told(BY_TEXT)[0][2] == [("wechat", "could_not", "not_bound"), ("sms", "sent", "")]


async def test_an_answer_belongs_to_what_was_sent_last(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    await phone.consents_to(NOTICE)
    county.load(LESSON)
    await county.to(12, 1, 10, 30)
    await phone.says("灯坏了")  # asked back: where, or what
    before = county.told(BY_TEXT)
    await phone.says("1")
    assert county.told(BY_TEXT) == before, "the question about the lamp came later"
    await county.to(12, 1, 18)
    assert (await phone.says("没空")) == ["好，不急。材料在您这里，有空再看，不用再回。"]
    assert county.told(BY_TEXT)[0] == (1, "arrived", [("wechat", "arrived", "busy")])


async def test_what_is_of_no_use_goes_the_next_way_at_once(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    await phone.consents_to(NOTICE)
    county.load(LESSON)
    await county.to(12, 1, 10, 30)
    await phone.says("打不开")
    await county.to(12, 1, 10, 31)
    assert county.told(BY_TEXT)[0][2] == [("wechat", "otherwise", ""), ("sms", "sent", "")]
    await phone.says("看完了")
    assert county.told(BY_TEXT)[0][1] == "arrived"


async def test_silence_takes_the_next_way_and_ends_without_a_mark_or_a_visit(county: StudyWorld):
    phone = await county.bound(BY_TEXT, "shiyangeng")
    await phone.consents_to(NOTICE)
    county.load(LESSON)
    await county.to(12, 1, 10, 30)
    await county.to(12, 4, 10, 35)
    assert county.told(BY_TEXT)[0][2] == [("wechat", "silent", ""), ("sms", "sent", "")]
    await county.to(12, 7, 10, 40)
    assert county.told(BY_TEXT)[0][1] == "delivered"
    assert county.tasks(BY_TEXT) == []


def sent_to(county: StudyWorld, number: str) -> list[str]:
    return [text for phone, text in county.gateway.texts if phone == number]


def phone_notices(phone: Villager) -> int:
    return sum("防火" in text for text in phone.chat.texts())
