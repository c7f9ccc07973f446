"""A month's warning: the office hears of it and says what is wrong with it, a named person decides, all can read it."""

import re
from dataclasses import replace

import pytest

from handlers.digest import measures as definitions
from handlers.digest.measures import measures
from models.officer import Role
from tests.bot.pages.browser import Browser
from tests.bot.pages.test_petitions import logged_in
from tests.world import World

MONTH = "period=month&on=2026-11-01"
HERE = "/console/warnings?on=2026-11-01"
WATER = "/console/warnings/SL"  # the water bureau


@pytest.fixture
async def warned(world: World) -> World:
    """Three villages without water, and nobody works on it until the month is over."""
    for who, where in enumerate(("大坪村", "大坪村", "桃树湾村")):
        await world.villager(f"v{who}").says(f"{where}停水三天了，水管坏了")
    await world.tick(seconds=91)
    await world.tick(days=8)
    return world


async def test_the_office_hears_why_appeals_by_chat_and_a_named_person_of_another_office_decides(
    warned: World,
) -> None:
    await warned.tick(seconds=2)
    [heard] = [text for text in warned.cadre("jiangshuisheng").chat.texts() if "【警示】" in text]
    assert "县水利局有黄牌：有 3 件超期" in heard
    assert "没有牌" in (await warned.cadre("gongqiao").says("申诉 不是我们"))[0]
    assert "写上理由" in (await warned.cadre("mengxi").says("申诉"))[0]
    assert "等督导来定" in (await warned.cadre("mengxi").says("申诉 主管道爆裂，配件要从省里调"))[0]

    watcher = await logged_in(warned, "supervisor", "lubaichuan")
    assert "配件要从省里调" in (await watcher.get(f"/console/bulletin?{MONTH}")).text
    page = await watcher.post(f"{WATER}/sign?on=2026-11-01", ruling="lifted", reason="")
    assert (page.status, "请写上理由" in page.text) == (409, True)
    assert "11月 ▲ 黄牌" in (await watcher.get("/console/grading?on=2026-11-01")).text
    await watcher.get(HERE)
    page = await watcher.post(f"{WATER}/sign?on=2026-11-01", ruling="lifted", reason="核实是爆管")
    assert page.status == 303
    told = (await watcher.get(f"/console/bulletin?{MONTH}")).text
    assert "申诉成立，撤牌：核实是爆管（陆百川" in told
    assert "黄牌 县水利局（撤了）" in told
    assert "11月 ▲" not in (await watcher.get("/console/grading?on=2026-11-01")).text
    assert "已经有人签过了" in (await warned.cadre("mengxi").says("申诉 还有一条"))[0]


async def test_on_the_page_only_the_office_s_own_people_appeal_and_they_see_only_theirs(
    warned: World,
) -> None:
    own = await logged_in(warned, "cadre", "mengxi")
    page = await own.get(HERE)
    assert "县水利局" in page.text
    assert (await own.post(f"{WATER}/own?on=2026-11-01", statement="管道老化")).status == 303
    assert "管道老化" in (await own.get(HERE)).text
    other = await logged_in(warned, "cadre", "gongqiao")
    assert "县水利局" not in (await other.get(HERE)).text
    refused = await other.post(f"{WATER}/own?on=2026-11-01", statement="替他们说一句")
    assert refused.status == 409
    assert "替他们说一句</textarea>" in refused.text, "nothing typed is lost"


async def test_of_two_who_decide_at_once_the_second_hears_that_it_is_signed(warned: World) -> None:
    await warned.cadre("mengxi").says("申诉 主管道爆裂")
    first, second = [await logged_in(warned, "supervisor", who) for who in ("lubaichuan", "shenwangshu")]
    for one in (first, second):
        await one.get(HERE)
    await first.post(f"{WATER}/sign?on=2026-11-01", ruling="kept", reason="早该备配件")
    page = await second.post(f"{WATER}/sign?on=2026-11-01", ruling="lifted", reason="情有可原")
    assert (page.status, "已经有人签过了" in page.text, "情有可原" in page.text) == (409, True, True)
    assert "申诉不成立，牌不变：早该备配件" in (await second.get(HERE)).text


async def test_a_login_that_ran_out_over_an_old_month_s_form_comes_back_to_that_month(warned: World) -> None:
    own = await logged_in(warned, "cadre", "mengxi")
    await own.get(HERE)
    warned.clock.move(hours=20)
    page = await own.post(f"{WATER}/own?on=2026-11-01", statement="管道老化")
    assert page.status == 401
    kept = page.text.split('name="kept" value="')[1].split('"')[0]
    page = await own.post("/console/login", name="cadre-mengxi", password="tall-water-mill", kept=kept)
    assert 'action="/console/warnings/SL/own?on=2026-11-01"' in page.text
    assert "管道老化" in page.text


FORMS = ("bulletin", "bulletin.json", "bulletin.csv")


async def test_a_measure_that_is_not_for_a_role_is_in_no_form_of_the_bulletin(
    warned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await logged_in(warned, "dispatcher", "tangxiaoyu")
    await shows(desk, "满意率", is_there=True)
    known = measures()
    hidden = [
        replace(one, seen_by=one.seen_by - {Role.DISPATCHER}) if one.id == "satisfied" else one
        for one in known.all
    ]
    fewer = replace(known, all=tuple(hidden))
    for module in ("measures", "seen", "compose", "bulletin", "warning"):
        monkeypatch.setattr(f"handlers.digest.{module}.measures", lambda: fewer)
    monkeypatch.setattr("bot.digest.bulletin_sheet.measures", lambda: fewer)
    monkeypatch.setattr("bot.pages.figures.measures", lambda: fewer)
    assert definitions.measures() is fewer
    await shows(desk, "满意率", is_there=False)


async def shows(browser: Browser, name: str, *, is_there: bool) -> None:
    for form in FORMS:
        page = await browser.get(f"/console/{form}?{MONTH}")
        assert page.status == 200, form
        assert bool(re.search(f'{name}(?!排)|"satisfied"', page.text)) == is_there, form
