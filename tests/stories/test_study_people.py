"""Each member as he is: what he says of himself, and ways that proved of no use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.study.attempt import unreachable_ways
from tests.study import StudyWorld, members, study_world
from tests.world import Template

READER, AGED = "DY001", "DY004"
EVERYBODY = "普通；流动；挂靠；高龄；患病"


def lesson(
    number: int, day: str, kinds: str = EVERYBODY, text: str = "烧田埂先报村里。", audio: str = ""
) -> str:
    return f"讲堂,{number},防火,2026-12-{day},10:00,{kinds},全部,{text},,{audio}"


@pytest.fixture
async def county(template: Template, tmp_path: Path) -> AsyncIterator[StudyWorld]:
    async with study_world(template, tmp_path) as world:
        yield world


async def test_what_a_member_says_of_himself_is_so_once_his_branch_says_so(county: StudyWorld):
    phone = await county.bound(READER, "shiyangeng")
    branch = county.cadre("shiyangeng")
    assert "支部确认后" in (await phone.says("我换号了，13911112222"))[0]
    county.load(lesson(1, "01"), lesson(2, "15"), lesson(3, "22"))
    await county.to(12, 1, 10, 30)
    assert [number for number, _ in county.gateway.texts].count("13900000501") == 1, "nothing is so yet"
    [waiting] = await branch.says("待确认")
    assert "DY001 温春苔：换了号码，13911112222" in waiting
    assert (await county.cadre("yuntai").says("确认 1"))[0].startswith("没有等您确认的 1 号"), (
        "not his branch"
    )
    await branch.says("确认 1")
    assert (await branch.says("确认 1"))[0] == "1 号已经定过了。"

    await phone.says("我眼睛不行了")
    await branch.says("不确认 2")
    assert not county.member(READER).by_ear
    await county.to(12, 15, 10, 30)
    assert "13911112222" in [number for number, _ in county.gateway.texts], "the new number"
    await phone.says("眼睛看不清了")
    await branch.says("确认 3")
    assert county.member(READER).by_ear
    await county.to(12, 22, 10, 30)
    tried = [("wechat", "could_not", "no_form"), ("sms", "could_not", "no_form"), ("visit", None, "")]
    assert county.told(READER)[2] == (3, "with_contact", tried), (
        "a text is nothing to him now: somebody comes"
    )


async def test_a_way_that_proved_of_no_use_is_left_out_until_something_changes(county: StudyWorld):
    county.change(AGED, ways=["phone", "visit"])
    county.load(*(lesson(number, day) for number, day in ((1, "01"), (2, "08"), (3, "15"))))
    contact = county.cadre("yuntai")
    await county.to(12, 1, 10, 30)
    [call] = county.tasks(AGED)
    [listed] = await contact.says("送学")
    assert f"{call.id} 电话 晏归舟（高龄，云台村）13900000504《防火》" in listed, "a list to call from"
    for _ in range(3):
        await contact.says(f"未见 {call.id}")
    await county.to(12, 1, 11, 30)
    assert county.told(AGED)[0][2] == [("phone", "missed", ""), ("visit", None, "")]
    assert (
        f"{county.tasks(AGED)[1].id} 上门 晏归舟（高龄，云台村）《防火》" in (await contact.says("送学"))[0]
    )

    await county.to(12, 8, 10, 30)
    assert county.told(AGED)[1][2] == [("phone", "could_not", "unreachable"), ("visit", None, "")]
    assert "试过电话（以前就不通）" in (await contact.says("送学"))[0]
    rows = members()
    county.load(
        党员=[[*row[:2], "13900009999", *row[3:-1], "电话；上门"] if row[0] == AGED else row for row in rows]
    )
    with county.service.database.reading() as session:
        assert unreachable_ways(session, AGED) == {}
    await county.to(12, 15, 10, 30)
    assert county.told(AGED)[2][2] == [("phone", None, "")], "another number may be tried"
