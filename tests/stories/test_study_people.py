"""Each member as he is: what he says of himself, ways that proved of no use, post, farm season, long recordings."""

import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.workbook.beside import keeper
from models.study.attempt import unreachable_ways
from tests.bot.pages.browser import Browser, add_user
from tests.study import AUDIO, StudyWorld, members, study_world
from tests.world import Template

READER, AGED, AWAY, UNLETTERED = "DY001", "DY004", "DY017", "DY008"
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


async def test_a_late_task_is_the_branchs_and_no_mark_on_the_member(county: StudyWorld):
    county.load(lesson(1, "01"))
    await county.to(12, 1, 10, 30)
    await county.to(12, 9, 9)
    before = len(county.cadre("yuntai").chat.texts())
    await county.to(12, 16, 9)
    assert "送学" in county.cadre("yuntai").chat.texts()[before], "he hears again each week"
    assert "过了12月8日" in (await county.cadre("yuntai").says("送学"))[0]
    assert county.told(AGED) == [(1, "with_contact", [("visit", None, "")])]
    page = Browser(county)
    await page.log_in(add_user(county, "contact", "cadre", "yuntai"))
    assert "送晚了" in (await page.get("/console/study")).text
    ledger = (await page.get("/console/study/ledger?branch=YX0202D&month=2026-12")).text
    assert "晏归舟" in ledger
    assert not any(word in ledger for word in ("晚了", "过了", "超期", "逾期"))


async def test_what_goes_by_post_is_a_label_to_print(county: StudyWorld):
    county.change(AGED, ways=["post"])
    county.load(lesson(1, "01"))
    await county.to(12, 1, 10, 30)
    mine, theirs = Browser(county), Browser(county)
    await mine.log_in(add_user(county, "mine", "cadre", "yuntai"))
    await theirs.log_in(add_user(county, "theirs", "cadre", "hekou"))
    label = (await mine.get("/console/study/labels")).text
    assert "云台村<br><b>晏归舟</b> 收" in label
    assert "晏归舟" not in (await theirs.get("/console/study/labels")).text
    await mine.post(f"/console/study/task/{county.tasks(AGED)[0].id}", how="delivered")
    assert county.told(AGED)[0] == (1, "arrived", [("post", "arrived", "")])
    assert "晏归舟" not in (await mine.get("/console/study/labels")).text


async def test_in_farm_season_it_comes_in_the_evening_but_to_those_away_at_their_own_hour(
    template: Template, tmp_path: Path
):
    async with study_world(template, tmp_path, farm_season=["11-25..12-10"], farm_hour="19:30") as county:
        county.load(lesson(1, "01"))
        await county.to(12, 1, 10, 30)
        assert county.told(READER)[0][1] == county.told(AWAY)[0][1] == "planned"
        await county.to(12, 1, 17, 5)
        assert county.told(AWAY)[0][1] == "with_contact", "five past ten in Hamburg, where no field calls"
        assert county.told(READER)[0][1] == "planned"
        await county.to(12, 1, 19, 35)
        assert county.told(READER)[0][1] == "under_way"


@pytest.mark.parametrize(("seconds", "refused"), [(170, False), (190, True)])
async def test_a_recording_longer_than_three_minutes_is_none_for_elders(
    county: StudyWorld, tmp_path: Path, seconds: int, refused: bool
):
    with wave.open(str(tmp_path / "课.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(100)
        sound.writeframes(bytes(100 * seconds))
    county.files = keeper(tmp_path / "book.xlsx", tmp_path / "var")
    said = county.refused(lesson(1, "01", "高龄；流动", text="", audio="课.wav"))
    assert bool(said) is refused
    if refused:
        assert "三分钟以内的音频" in said[0]
        assert "高龄的" in said[0]
        assert AGED in said[0]
        assert county.told(AWAY) == []


async def test_who_cannot_read_is_brought_it_by_a_person_where_nobody_answered(county: StudyWorld):
    """What the platform took has arrived - but a recording that nobody answered may never have been heard."""
    county.change(UNLETTERED, ways=["wechat"])
    phone = await county.bound(UNLETTERED, "dingping")
    county.load(lesson(1, "01", "识字困难", audio=AUDIO))
    await county.to(11, 30)
    await phone.says("你好")
    await county.to(12, 1, 10, 30)
    assert county.told(UNLETTERED)[0][1] == "under_way"
    await county.to(12, 4, 10, 35)
    assert county.told(UNLETTERED)[0] == (1, "with_contact", [("wechat", "silent", ""), ("visit", None, "")])
