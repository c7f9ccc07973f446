"""The end of a stage: three questions and a free word, by chat or at the door, and nothing of fewer than five."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from models.study.survey import SurveyAnswer
from tests.bot.pages.browser import Browser, add_user
from tests.study import AUDIO, NOTICE, StudyWorld, study_world
from tests.world import Template

LESSONS = [
    f"冬训,{number},防火,2026-12-0{number},10:00,全部,全部,烧田埂先报村里。,,{AUDIO}" for number in (1, 2)
]
WRITERS = [("DY001", "shiyangeng"), ("DY002", "dingping"), ("DY020", "dingping")]


@pytest.fixture
async def county(template: Template, tmp_path: Path) -> AsyncIterator[StudyWorld]:
    async with study_world(template, tmp_path) as world:
        yield world


async def test_a_stage_is_rated_by_chat_and_at_the_door_and_told_from_five_answers_on(county: StudyWorld):
    phones = [await county.bound(code, who) for code, who in WRITERS]
    county.load(*LESSONS)
    await county.to(12, 2, 9)
    for phone in phones:
        await phone.says("你好")
    await county.to(12, 2, 10, 30)
    for phone, said in zip(phones, ("5 4 5", "4，4，4 字大一点", "555"), strict=True):
        assert (await phone.says(said))[0].startswith("记下了")
        assert not (await phone.says(said))[0].startswith("记下了，谢谢您。不记名字"), "once a stage"

    operator = Browser(county)
    await operator.log_in(add_user(county, "operator", "operator", "weizhiyuan"))
    contact, [task] = Browser(county), county.tasks("DY004")[1:]
    await contact.log_in(add_user(county, "contact", "cadre", "yuntai"))
    await contact.get("/console/study")
    ticked = await contact.post(f"/console/study/task/{task.id}", how="delivered")
    assert ticked.headers["Location"] == f"/console/study/rate/{task.id}", "he is asked at the door"
    await contact.get(f"/console/study/rate/{task.id}")
    await contact.post(f"/console/study/rate/{task.id}", useful="3", timely="3", fitting="3", word="")
    again = await contact.post(f"/console/study/rate/{task.id}", useful="1", timely="1", fitting="1")
    assert "已经评过了" in again.text
    shown = (await operator.get("/console/study/plan")).text
    assert "人评过" not in shown
    assert "字大一点" not in shown, "four are nobody's business"

    hekou, [_, ill] = county.cadre("hekou"), county.tasks("DY006")
    assert f"评 {ill.id} 5 4 5 话" in (await hekou.says(f"送到 {ill.id}"))[0]
    assert (await hekou.says(f"评 {ill.id} 3 4 4 村支书贪污修路款"))[0] == "记下了，不记名字，只算总数。"
    five = (await operator.get("/console/study/plan")).text
    assert "5 人评过：有用 4.0，及时 4.0，方式合适 4.2" in five
    assert "字大一点" in five
    with county.service.database.reading() as session:
        words = [one.word for one in session.exec(select(SurveyAnswer)) if one.word]
    assert len(words) == 1, "an accusation is kept by nobody"

    [_, another] = county.tasks("DY024")
    await hekou.says(f"送到 {another.id}")
    await hekou.says(f"评 {another.id} 1 1 1 来得太晚")
    sixth = (await operator.get("/console/study/plan")).text
    assert "5 人评过：有用 4.0" in sixth, "or the difference would be his answer"
    assert "来得太晚" not in sixth


async def test_whoever_got_a_bare_notice_is_asked_when_he_answers_it(county: StudyWorld):
    phone = await county.bound("DY001", "shiyangeng")
    await phone.consents_to(NOTICE)
    county.load(*LESSONS)
    await county.to(12, 2, 10, 30)
    assert phone.chat.lines[-1].kind == "notice"
    [thanked] = await phone.says("收到")
    assert "例：5 4 5" in thanked
    assert (await phone.says("5 5 5"))[0].startswith("记下了")
    assert (await phone.says("收到")) == ["收到，谢谢您。"]
