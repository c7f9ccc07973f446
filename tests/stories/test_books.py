"""A liaison room's books fill themselves from the work: minutes, notes, errands, days in the village, households."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.book import Errand, Meeting
from models.letter import Letter
from models.petition import Petition
from tests.bot.pages.browser import Browser, add_user
from tests.world import World, number_in

MATTERS = "村口到学校的路灯不亮\n水渠堵了，三组的田浇不上水\n书记石砚耕把低保钱拿走了"


async def at_the_console(world: World, person: str, role: str = "cadre") -> Browser:
    browser = Browser(world)
    await browser.log_in(add_user(world, person, role, person))
    return browser


def minutes(world: World, **changed: str) -> dict[str, str]:
    today = world.clock.now().date()
    return {
        "place": "YX0101",
        "kind": "meeting",
        "day": today.isoformat(),
        "heads": "37",
        "next_on": (today + timedelta(days=7)).isoformat(),
        "matters": MATTERS,
        "once": "page-1",
    } | changed


async def test_minutes_become_petitions_and_what_accuses_somebody_is_kept_nowhere(world: World):
    secretary = await at_the_console(world, "bochuan", "dispatcher")
    page = await secretary.post("/console/books/meeting", **minutes(world))
    assert page.status == 200
    assert page.text.count("没有立案") == 1
    assert "石砚耕" not in page.text, "not even told back"
    assert len(world.petitions()) == 2
    again = await secretary.post("/console/books/meeting", **minutes(world))
    assert again.status == 200
    with world.service.database.reading() as session:
        assert len(session.exec(select(Meeting)).all()) == 1
        assert len(session.exec(select(Petition)).all()) == 2, "sent twice, written once"

    await world.tick(minutes=6)
    assert {one.leaf for one in world.petitions()} == {"0304", "0204"}
    owners = {one.owner for one in world.petitions()}
    assert "bochuan" not in owners, "who wrote it down does not own it"
    await world.tick(days=4)
    told = [to for to, wording, _ in world.letters() if wording == "book.promised"]
    assert sorted(told) == sorted(one.owner for one in world.petitions() if one.owner)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"place": "NO"}, "请选哪个村"),
        ({"day": "2026-12-31"}, "还没开的会"),
        ({"day": "2026-02-30"}, "请选哪个村、哪一天"),
        ({"heads": "0"}, "写来了多少人"),
        ({"heads": "很多"}, "写来了多少人"),
        ({"matters": "\n".join(["路坏了"] * 61)}, "一次最多 60 件"),
        ({"next_on": "2026-11-20"}, "在这次以后"),
    ],
)
async def test_bad_minutes_come_back_as_they_were_typed_with_what_is_wrong(
    small_world: World, changed: dict[str, str], said: str
):
    secretary = await at_the_console(small_world, "bochuan", "dispatcher")
    page = await secretary.post("/console/books/meeting", **minutes(small_world, **changed))
    assert page.status == 409
    assert said in page.text
    assert (changed.get("matters") or "路灯不亮")[:5] in page.text
    assert small_world.petitions() == []


async def test_forty_matters_of_one_meeting_are_forty_petitions(small_world: World):
    secretary = await at_the_console(small_world, "bochuan", "dispatcher")
    lines = "\n".join(f"{number}组的路坏了没人修" for number in range(1, 41))
    page = await secretary.post("/console/books/meeting", **minutes(small_world, matters=lines))
    assert page.status == 200
    numbers = [one.number for one in small_world.petitions()]
    assert len(set(numbers)) == 40


async def test_a_note_becomes_a_petition_with_one_word_and_stays_its_writers_own(world: World):
    cadre = world.cadre("shiyangeng")
    await cadre.says("日志 二组王婶家门口的水管爆了，水流到路上")
    [said] = await cadre.says("立案")
    number = number_in(said)
    [again] = await cadre.says("立案")
    assert number_in(again) == number
    await world.tick(minutes=6)
    assert (world.petition(number).place or "").startswith("YX0101")
    mine = await at_the_console(world, "shiyangeng")
    assert "王婶" in (await mine.get("/console/books/notes")).text
    other = await at_the_console(world, "dingping")
    assert "王婶" not in (await other.get("/console/books/notes")).text
    [none] = await world.cadre("dingping").says("立案")
    assert "先发：日志" in none


async def test_whom_a_note_complains_of_never_hears_of_the_petition_made_of_it(world: World):
    cadre = world.cadre("bochuan")
    await cadre.says("日志 大家说村支书石砚耕吵架骂人，办事拖着不办")
    number = number_in((await cadre.says("立案"))[0])
    await world.tick(minutes=6)
    petition = world.petition(number)
    assert "shiyangeng" in petition.excluded
    assert petition.owner not in ("shiyangeng", "bochuan", None)
    await world.tick(days=20)
    assert [fields for _, _, fields in world.letters("shiyangeng") if number in str(fields)] == []
    named = await at_the_console(world, "shiyangeng")
    assert (await named.get(f"/console/petition/{number}")).status == 404


async def test_villagers_may_ask_on_which_days_the_cadre_is_in_the_village(world: World):
    cadre = world.cadre("shiyangeng")
    [said] = await cadre.says("驻村 11-24 11-26 帮着清水渠")
    assert "11月24日 11月26日" in said
    [told] = await world.villager().says("石桥村驻村干部这周哪天来")
    assert "11月24日 石砚耕，帮着清水渠" in told
    [wrong] = await cadre.says("驻村 13-45")
    assert "例：驻村" in wrong


async def test_an_errand_is_promised_for_a_day_reminded_of_and_handed_back(world: World):
    cadre = await at_the_console(world, "shiyangeng")
    due = (world.clock.now() + timedelta(days=1)).date().isoformat()
    page = await cadre.post(
        "/console/books/errand", place="YX0101", words="替陈老汉办高龄补贴，收身份证复印件", promised_on=due
    )
    assert page.status == 303
    watcher = await at_the_console(world, "lubaichuan", "supervisor")
    page = await watcher.get("/console/books?place=YX0101")
    assert page.status == 200
    assert "陈老汉" not in page.text, "a supervisor sees that there is one, not whose"
    await world.tick(days=1)
    assert [to for to, wording, _ in world.letters() if wording == "book.errands"] == ["shiyangeng"]
    with world.service.database.reading() as session:
        [errand] = session.exec(select(Errand))
        assert b"\xe9\x99\x88" not in errand.sealed
    stranger = await at_the_console(world, "dingping")
    await cadre.log_in("shiyangeng")
    assert (await stranger.post(f"/console/books/errand/{errand.id}")).status == 404
    assert (await cadre.post(f"/console/books/errand/{errand.id}")).status == 303
    page = await cadre.get("/console/books?place=YX0101")
    assert "陈老汉" in page.text
    assert "<dt>代办交回（件）</dt><dd>1</dd>" in page.text
    await world.tick(days=1)
    with world.service.database.reading() as session:
        assert len(session.exec(select(Letter).where(Letter.wording == "book.errands")).all()) == 1


async def test_who_helps_a_household_is_told_on_its_own_line_alone(small_world: World):
    small_world.loads(
        联户=[["户号", "地点", "电话", "联系人"], ["H01", "YX0101", "13900001234", "shiyangeng"]]
    )
    [said] = await small_world.villager().says("谁联系我们家，我电话13900001234")
    assert "石砚耕" not in said, "a number anybody can type is no proof"


async def test_the_years_counters_are_the_rows_behind_them(small_world: World):
    secretary = await at_the_console(small_world, "bochuan", "dispatcher")
    await secretary.post("/console/books/meeting", **minutes(small_world))
    await small_world.cadre("shiyangeng").says("日志 走了五户")
    await small_world.cadre("shiyangeng").says("驻村 11-23 入户")
    await small_world.villager().says("石桥村的高龄补贴怎么领")
    page = await secretary.get("/console/books?place=YX0101")
    counted = {"群众会（次）": 1, "到会（人次）": 37, "会上提的事（件）": 2, "民情日志（篇）": 1}
    counted |= {"驻村（天）": 1, "驻村活动（次）": 1, "当场答复（次）": 1}
    assert [name for name, count in counted.items() if f"{name}</dt><dd>{count}<" not in page.text] == []
