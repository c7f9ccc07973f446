"""The branch's pages: what is to be brought today, who said what of himself, the plan, the ledger, the notice."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import col, select

from models.member import Member
from models.study.due import Due
from tests.bot.pages.browser import Browser, add_user
from tests.study import StudyWorld, study_world
from tests.world import Template

AGED = "DY004"
ODD = "<script>alert(1)</script>"
LESSON = "讲堂,1,防火,2026-12-01,10:00,普通；流动；挂靠；高龄；患病,全部,烧田埂先报村里。,,"


@pytest.fixture
async def county(template: Template, tmp_path: Path) -> AsyncIterator[StudyWorld]:
    async with study_world(template, tmp_path) as world:
        yield world


async def browser(county: StudyWorld, role: str, person: str | None = None) -> Browser:
    opened = Browser(county)
    await opened.log_in(add_user(county, f"{role}-{person or 'unnamed'}", role, person))
    return opened


async def test_a_contact_sees_his_visits_and_ticks_one_off_by_a_tap(county: StudyWorld):
    county.load(LESSON)
    await county.to(12, 1, 10, 30)
    mine, theirs = await browser(county, "cadre", "yuntai"), await browser(county, "cadre", "hekou")
    page = await mine.get("/console/study")
    assert "晏归舟" in page.text
    assert "晏归舟" not in (await theirs.get("/console/study?all=1")).text
    [task] = county.tasks(AGED)
    assert (await theirs.post(f"/console/study/task/{task.id}", how="delivered")).status == 404
    await mine.get("/console/study")
    assert (await mine.post(f"/console/study/task/{task.id}", how="delivered", note=ODD)).status == 303
    assert county.told(AGED)[0][1] == "arrived"
    again = await mine.post(f"/console/study/task/{task.id}", how="delivered")
    assert again.status == 409
    assert "已经办完了" in again.text


async def test_the_quarter_s_grading_tells_the_service_by_kind_of_member_and_ranks_nobody(county: StudyWorld):
    """Members there are, lessons meant for them, tried, brought, wished otherwise; of few members nothing."""
    county.load(LESSON)
    county.change("DY008", left_at=county.clock.now())
    await county.to(12, 1, 10, 30)
    contact = await browser(county, "cadre", "yuntai")
    await contact.get("/console/study")
    [task] = county.tasks(AGED)
    await contact.post(f"/console/study/task/{task.id}", how="delivered")
    page = await (await browser(county, "supervisor", "lubaichuan")).get("/console/grading?on=2026-12-01")
    told = page.text.partition("<h2>送学服务</h2>")[2].partition("</table>")[0]
    rows = {
        kind: re.findall(r">(\d+)</td>", row)
        for kind, row in re.findall(r'"row">([^<]+)</th>(.*?)</tr>', told)
    }
    with county.service.database.reading() as session:
        due = Counter(session.exec(select(Member.kind).join(Due, col(Due.member) == Member.code)).all())
    known = {kind: int(figures[0]) for kind, figures in rows.items() if figures}
    assert known == {"普通": 23, "流动": 11, "高龄": 11, "患病": 6, "挂靠": 6}
    assert rows["识字困难"] == [], "four members could be told apart"
    assert [int(rows[name][1]) for name in ("普通", "高龄")] == [due["ordinary"], due["aged"]] != [0, 0]
    assert (rows["高龄"][3], rows["普通"][3]) == ("1", "0"), "sent is not brought"
    assert 0 < int(rows["普通"][2]) <= due["ordinary"]
    assert "晏归舟" not in told


async def test_a_member_who_wants_none_gets_none(county: StudyWorld):
    county.load(LESSON, LESSON.replace("讲堂,1", "讲堂,2").replace("12-01", "12-08"))
    await county.to(12, 1, 10, 30)
    page = await browser(county, "cadre", "yuntai")
    await page.get("/console/study")
    [task] = county.tasks(AGED)
    await page.post(f"/console/study/task/{task.id}", how="declined")
    await county.to(12, 8, 10, 30)
    assert [standing for _, standing, _ in county.told(AGED)] == ["declined", "declined"]


async def test_the_preview_tells_how_a_member_would_get_it_and_does_nothing(county: StudyWorld):
    county.load(LESSON)
    page = await browser(county, "operator", "weizhiyuan")
    shown = (await page.get(f"/console/study/lesson/1?member={AGED}")).text
    assert "晏归舟（高龄）" in shown
    assert "对他没有要求" in shown
    assert "上门：贠台去送" in shown
    away = (await page.get("/console/study/lesson/1?member=DY017")).text
    assert "他那里的时间，北京时间 20" in away
    assert not any("Asia/" in page or "Europe/" in page or "北京时间" in shown for page in (shown, away))
    assert "微信：现在走不通（没绑定），换下一种" in away
    assert "不是给他的" in (await page.get("/console/study/lesson/1?member=DY008")).text
    other = await browser(county, "cadre", "hekou")
    assert "晏归舟" not in (await other.get(f"/console/study/lesson/1?member={AGED}")).text
    assert county.told(AGED) == []


async def test_a_member_is_found_as_one_calls_him(county: StudyWorld):
    """An operator knows "uncle Yan", not DY004; of two who may be meant he chooses; of other branches he finds none."""
    county.load(LESSON)
    page = await browser(county, "operator", "weizhiyuan")
    assert "晏归舟（高龄）" in (await page.get("/console/study/lesson/1?member=晏归舟")).text
    for said, other in (("归舟", "翁归舟（高龄，DY054）"), ("晏大爷", "晏禾生（高龄，DY044）")):
        two = (await page.get(f"/console/study/lesson/1?member={said}")).text
        assert "晏归舟（高龄，DY004）" in two
        assert other in two
    assert "没有找到 没人" in (await page.get("/console/study/lesson/1?member=没人")).text
    elsewhere = await browser(county, "cadre", "hekou")
    asked = (await elsewhere.get("/console/study/lesson/1?member=晏归舟")).text
    assert "晏归舟（" not in asked
    assert "是哪一位" in asked, "another of that surname is only offered"


async def test_a_lesson_counted_from_joining_and_for_one_place_is_planned_at_the_console(county: StudyWorld):
    page = await browser(county, "operator", "weizhiyuan")
    await page.get("/console/study/plan")
    given = {"course": "新党员", "title": "第一课", "hour": "09:00", "branch": "*", "text": "欢迎"}
    given |= {"kind_ordinary": "1", "printable": "https://a.example/1.pdf"}
    assert "要写日期" in (await page.post("/console/study/plan", **given)).text
    nowhere = await page.post("/console/study/plan", **given, days_after="7", place="无此村")
    assert "没有叫 无此村 的地方" in nowhere.text
    assert (await page.post("/console/study/plan", **given, days_after="7", place="大坪")).status == 303
    assert "加入后 7 天 09:00" in (await page.get("/console/study/plan")).text
    await county.to(12, 4, 9, 30)
    with county.service.database.reading() as session:
        branches = {due.branch for due in session.exec(select(Due))}
    assert branches == {"YX0102D"}


async def test_the_next_lesson_of_a_template_is_planned_and_a_lack_is_told_before(county: StudyWorld):
    page = await browser(county, "operator", "weizhiyuan")
    form = (await page.get("/console/study/plan?template=theme_day")).text
    assert 'value="2026年主题党日"' in form
    assert 'value="2026-12-05"' in form
    given = {
        "course": "2026年主题党日",
        "title": "12月主题党日",
        "day": "2026-12-05",
        "hour": "09:00",
        "branch": "*",
    }
    lacking = await page.post("/console/study/plan", **given, text="上党课")
    assert lacking.status == 409
    assert "缺音频或图片，识字困难的 5 人会落下" in lacking.text
    assert "2026年主题党日" not in (await page.get("/console/study/plan")).text.partition("加一期")[0]
    assert (
        await page.post("/console/study/plan", **given, text=ODD, audio="https://a.example/1.mp3")
    ).status == 303
    plan = (await page.get("/console/study/plan?template=theme_day")).text
    assert "第1期《12月主题党日》" in plan
    assert 'value="2027-01-05"' in plan
    await page.post("/console/study/lesson/1")
    assert "第1期" not in (await page.get("/console/study/plan")).text
    assert (
        await page.post("/console/study/plan", **given, text="x", audio="https://a.example/1")
    ).status == 303
    assert "第2期《12月主题党日》" in (await page.get("/console/study/plan")).text
    lesson = await Browser(county).get("/study/1")
    assert lesson.status == 200
    assert "&lt;script&gt;" in lesson.text
    cadre = await browser(county, "cadre", "yuntai")
    await cadre.get("/console/study/plan")
    assert (
        await cadre.post("/console/study/plan", **given, text="x", audio="https://a.example/1")
    ).status == 404


async def test_the_ledger_tells_how_it_arrived_and_nothing_of_a_pause(county: StudyWorld):
    phone = await county.bound("DY001", "shiyangeng")
    county.load(LESSON)
    await phone.says("着火了，石桥村")
    await county.to(12, 1, 10, 30)
    await county.cadre("yuntai").says(f"送到 {county.tasks(AGED)[0].id}")
    page = await browser(county, "cadre", "shiyangeng")
    mine = (await page.get("/console/study/ledger?branch=YX0101D&month=2026-12")).text
    rows = [row for row in mine.split("<tr>") if "DY001" in row or "DY025" in row]
    assert len(rows) == 2
    assert all("在送" in row and "2026-12-01" in row for row in rows), (
        "one is in danger, one was sent: the same"
    )
    assert (await page.get("/console/study/ledger?branch=YX0202D&month=2026-12")).text.count("晏归舟") == 0
    other = await browser(county, "cadre", "yuntai")
    file = await raw(other, "/console/study/ledger.xlsx?branch=YX0202D&month=2026-12")
    sheet = openpyxl.load_workbook(BytesIO(file)).active
    assert sheet is not None
    lines = [row for row in sheet.iter_rows(values_only=True) if row[0] == AGED]
    assert [(line[1], line[7], line[8], line[10]) for line in lines] == [("晏归舟", "送到了", "上门", "贠台")]


async def test_a_month_is_told_as_service_and_a_quarters_list_takes_effect_by_a_signature(county: StudyWorld):
    county.load(LESSON)
    await county.to(12, 1, 10, 30)
    await county.cadre("yuntai").says(f"送到 {county.tasks(AGED)[0].id}")
    await county.to(12, 30)
    await county.to(1, 4, year=2027)
    assert "送学服务通报" in county.cadre("lubaichuan").chat.texts()[-1]
    page = await browser(county, "supervisor", "lubaichuan")
    shown = (await page.get("/console/study/notice")).text
    assert "云台村党支部" in shown
    assert "DY0" not in shown
    assert "晏归舟" not in shown
    assert (await page.post("/console/study/notice/20264")).status == 303
    assert "陆百川签过" in (await page.get("/console/study/notice")).text
    nobody = await browser(county, "supervisor")
    await nobody.get("/console/study/notice")
    assert (await nobody.post("/console/study/notice/20264")).status == 409


async def raw(page: Browser, path: str) -> bytes:
    import aiohttp

    cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    port = page.world.settings.service.port
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        http.get(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie}) as response,
    ):
        assert response.headers["Cache-Control"] == "no-store"
        return await response.read()
