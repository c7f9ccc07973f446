"""The spokesman writes answers on the pages, and answers by hand what none of them met."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from models.advice import Advice
from tests.bot.pages.browser import Browser, Page, add_user
from tests.stories.test_books import at_the_console
from tests.world import World, number_in, sample

ASKED = "村里的图书室几点能进去看书"
SEEN = re.compile(r'name="seen" value="([^"]*)"')


def answer(world: World, **changed: str) -> dict[str, str]:
    until = (world.clock.now().date() + timedelta(days=90)).isoformat()
    return {
        "questions": "图书室几点开\n图书室几点能进去看书\n农家书屋什么时候能借书",
        "text": "每天下午2点到6点，在村部二楼，带身份证就能借。",
        "source": "石桥村村务公开栏",
        "valid_until": until,
        "office": "YX0101W",
        "place": "YX0101",
        "act": "write",
    } | changed


async def village(world: World) -> Browser:
    """The village's secretary."""
    return await at_the_console(world, "shiyangeng")


def standing(world: World) -> list[Advice]:
    with world.service.database.reading() as session:
        rows = session.exec(select(Advice).where(Advice.written_by != None))  # noqa: E711 - a column
        return [row for row in rows if row.ended_at is None]


def seen(page: Page) -> str:
    found = SEEN.search(page.text)
    assert found is not None
    return found[1].replace("&#43;", "+")


async def test_an_answer_is_told_from_the_moment_it_is_written_and_no_longer_once_withdrawn(world: World):
    villager = world.villager()
    await villager.says("我是石桥村的")
    [said] = await villager.says(ASKED)
    assert "村部二楼" not in said
    secretary = await village(world)
    assert "写一条新的" in (await secretary.get("/console/advice")).text
    page = await secretary.post("/console/advice/new", **answer(world))
    assert page.headers["Location"] == "/console/advice?done=written"
    [said] = await world.villager("b").says(f"石桥村{ASKED[2:]}")
    assert "村部二楼" in said
    assert "石桥村村务公开栏" in said
    [one] = standing(world)
    listed = await secretary.get("/console/advice?q=图书室")
    assert "回过 1 次" in listed.text
    ended = await secretary.post(f"/console/advice/{one.code}", act="end", seen=seen(listed))
    assert ended.status == 303
    [said] = await world.villager("c").says(f"石桥村{ASKED[2:]}")
    assert "村部二楼" not in said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"valid_until": ""}, "请写有效到哪一天"),
        ({"valid_until": "2027-02-30"}, "请写有效到哪一天"),
        ({"valid_until": "2026-11-22"}, "2026年11月22日已经过了"),
        ({"questions": " \n "}, "请写群众会怎么问"),
        ({"questions": "长" * 41}, "一种最多 40 个字"),
        ({"text": ""}, "请写答案"),
        ({"text": "长" * 301}, "最多 300 个字"),
        ({"source": " "}, "请写依据"),
        ({"office": "MZ"}, "只能写自己管得到的"),
        ({"place": ""}, "只能写自己管得到的"),
        ({"place": "YX0102"}, "只能写自己管得到的"),
        ({"text": "找老王，13900001234"}, "请去掉，写单位的座机"),
        ({"source": "王五 520123199001011234"}, "请去掉，写单位的座机"),
        ({"questions": "低保名单为啥不贴出来"}, "这样问会转给人办"),
        ({"questions": "怎么举报村支书收钱"}, "这样问会转给人办"),
        ({"questions": "高龄补贴怎么申请领取", "place": "YX0101"}, "像是一个问题"),
    ],
)
async def test_what_an_answer_lacks_is_said_in_plain_words_and_what_was_typed_is_still_there(
    small_world: World, changed: dict[str, str], said: str
):
    secretary = await village(small_world)
    page = await secretary.post("/console/advice/new", **answer(small_world, **changed))
    assert page.status == 409
    assert said in page.text
    assert (changed.get("questions") or "农家书屋").strip()[:4] in page.text
    assert standing(small_world) == []


async def test_an_answer_for_today_alone_is_taken_and_said_to_be_that(small_world: World):
    today = small_world.clock.now().date().isoformat()
    secretary = await village(small_world)
    page = await secretary.post("/console/advice/new", **answer(small_world, valid_until=today))
    assert "只用到今天" in (await secretary.get(page.headers["Location"])).text
    [said] = await small_world.villager().says("石桥村图书室几点开")
    assert "村部二楼" in said
    await small_world.tick(days=1)
    [said] = await small_world.villager("b").says("石桥村图书室几点开")
    assert "村部二楼" not in said


async def test_one_question_has_one_answer_and_whoever_writes_a_second_is_shown_the_first(small_world: World):
    secretary = await village(small_world)
    await secretary.post("/console/advice/new", **answer(small_world))
    [first] = standing(small_world)
    again = await secretary.post("/console/advice/new", **answer(small_world))
    assert again.status == 409
    assert f"在 {first.code} 里已经有答案了" in again.text
    near = answer(small_world, questions="高龄补贴怎么申请领取")
    page = await secretary.post("/console/advice/new", **near)
    assert "W002 像是一个问题" in page.text
    assert "不是一回事" in page.text
    assert (await secretary.post("/console/advice/new", **near, apart="yes")).status == 303


async def test_who_changes_what_another_has_changed_meanwhile_sees_that_first(small_world: World):
    secretary = await village(small_world)
    await secretary.post("/console/advice/new", **answer(small_world))
    [one] = standing(small_world)
    old = seen(await secretary.get(f"/console/advice/{one.code}"))
    desk = await at_the_console(small_world, "tangxiaoyu", "dispatcher")
    small_world.clock.move(minutes=1)
    changed = answer(small_world, text="改到上午9点到11点，在村部二楼。")
    assert (await desk.post(f"/console/advice/{one.code}", **changed, seen=old)).status == 303
    page = await secretary.post(
        f"/console/advice/{one.code}", **answer(small_world, text="搬到一楼了"), seen=old
    )
    assert page.status == 409
    assert "刚才唐晓榆改过了" in page.text
    assert "改到上午9点到11点" in page.text, "what stands now"
    assert "搬到一楼了" in page.text, "what was typed"
    page = await secretary.post(
        f"/console/advice/{one.code}", **answer(small_world, text="搬到一楼了"), seen=seen(page)
    )
    assert page.status == 303
    [said] = await small_world.villager().says("石桥村图书室几点开")
    assert "搬到一楼了" in said
    stale = await desk.post(f"/console/advice/{one.code}", act="end", seen=old)
    assert stale.status == 409


async def test_a_village_writes_for_itself_alone_and_a_supervisor_only_reads(small_world: World):
    secretary = await village(small_world)
    assert (await secretary.get("/console/advice/W002")).status == 404
    page = await secretary.post("/console/advice/W002", **answer(small_world), seen="@")
    assert "只能写自己管得到的" in page.text
    watcher = await at_the_console(small_world, "lubaichuan", "supervisor")
    assert "写一条新的" not in (await watcher.get("/console/advice")).text
    assert (await watcher.post("/console/advice/new", **answer(small_world))).status == 409
    bare = Browser(small_world)
    await bare.log_in(add_user(small_world, "bare", "dispatcher"))
    assert "没有对应到花名册里的人" in (await bare.post("/console/advice/new", **answer(small_world))).text


async def test_what_was_written_on_the_pages_is_not_undone_by_the_next_import(small_world: World):
    desk = await at_the_console(small_world, "tangxiaoyu", "dispatcher")
    await desk.post("/console/advice/new", **answer(small_world))
    listed = await desk.get("/console/advice?q=W002")
    await desk.post("/console/advice/W002", act="end", seen=seen(listed))
    imported = small_world.loads(问答=sample("问答"))
    assert imported.notes == ["问答里 W002 在网页上写过、改过或停用过，以网页上的为准，表里的没有用上"]
    [said] = await small_world.villager().says("俺娘八十三了，高龄补贴咋领")
    assert number_in(said), "withdrawn stays withdrawn"
    [said] = await small_world.villager("b").says("石桥村图书室几点开")
    assert "村部二楼" in said


async def test_an_enquiry_nobody_had_an_answer_for_is_answered_by_its_owner_and_kept_for_the_next(
    world: World,
):
    villager = world.villager()
    number = number_in((await villager.says("石桥村的，想问下农机补贴今年还办不办，在哪里办"))[0])
    await world.tick(minutes=6)
    petition = world.petition(number)
    assert (petition.kind, petition.state.value) == ("enquiry", "assigned")
    other = await at_the_console(world, "dingping")
    assert number not in (await other.get("/console/questions")).text
    owner = await at_the_console(world, world.owner(number))
    listed = await owner.get("/console/questions")
    assert f"/console/questions/{number}" in listed.text
    assert "<strong>您</strong>" in listed.text
    page = await owner.get(f"/console/questions/{number}")
    assert "农机补贴" in page.text
    old = seen(page)
    empty = await owner.post(f"/console/questions/{number}", words="", seen=old)
    assert empty.status == 409
    page = await owner.post(f"/console/questions/{number}", words="还办，带身份证到农机站。", seen=old)
    assert page.status == 200
    assert "可以留成一条问答" in page.text
    assert "还办，带身份证到农机站。" in page.text
    assert "想问下" not in page.text, "his own words are nobody's to publish"
    await world.tick(seconds=2)
    assert "还办，带身份证到农机站。" in villager.chat.texts()[-1]
    assert world.petition(number).state.value == "proposed"
    assert number not in (await owner.get("/console/questions")).text
    stale = await owner.post(f"/console/questions/{number}", words="再说一遍", seen=old)
    assert stale.status == 409
