"""The village's public board: anybody may read it, and it shows nobody but those who answer for the village."""

import re

import pytest
from sqlmodel import select

from models.posting import Posting
from tests.bot.pages.browser import Browser, add_user
from tests.stories.test_petition import told
from tests.world import World


async def at_the_console(world: World, name: str, role: str, person: str) -> Browser:
    browser = Browser(world)
    await browser.log_in(add_user(world, name, role, person))
    return browser


async def test_anybody_finds_the_own_village_and_reads_who_is_responsible(world: World):
    reader = Browser(world)
    front = await reader.get("/board/")
    assert front.status == 200
    assert 'href="/board/YX0101"' in front.text
    page = await reader.get("/board/YX0101")
    assert "支部书记 石砚耕" in page.text
    assert re.search(r"办公电话 <a[^>]*>\d{8,}</a>", page.text)
    assert re.search(r"\d{4}年\d+月\d+日 更新", page.text)
    assert "8点半" in page.text
    assert "高龄津贴" in page.text
    assert "1390000" not in page.text, "nobody's private number"
    assert "还没有出过月报" in page.text


@pytest.mark.parametrize("place", ["YX", "NO", "YX010101", "x" * 300, "%3Cscript%3E"])
async def test_what_is_no_village_has_no_board(small_world: World, place: str):
    assert (await Browser(small_world).get(f"/board/{place}")).status == 404


async def test_the_month_that_was_published_is_told_without_small_numbers(small_world: World):
    for who in "abcdef":
        await told(small_world, f"大坪村{'停水三天了' if who < 'd' else '路坏了没人修'}", who)
    await told(small_world, "石桥村停水三天了", "g")
    await small_world.tick(days=9, hours=1)
    large = await Browser(small_world).get("/board/YX0102")
    assert "<strong>6</strong> 件新登记" in large.text
    small = await Browser(small_world).get("/board/YX0101")
    assert "<strong>不到5</strong> 件新登记" in small.text
    assert "<strong>0</strong> 件群众说解决了" in small.text


async def test_a_line_on_the_board_is_written_by_one_and_approved_by_another(world: World):
    writer = await at_the_console(world, "desk", "dispatcher", "heruoping")
    assert (
        await writer.post("/console/board", place="YX0102", text="大坪村的水管换好了，来水了。")
    ).status == 303
    reader = Browser(world)
    assert "水管换好了" not in (await reader.get("/board/YX0102")).text
    with world.service.database.reading() as session:
        [posting] = session.exec(select(Posting))
    assert (await writer.post(f"/console/board/{posting.id}", act="approve")).status == 409
    other = await at_the_console(world, "watch", "supervisor", "lubaichuan")
    assert (await other.post(f"/console/board/{posting.id}", act="approve")).status == 303
    assert "水管换好了" in (await reader.get("/board/YX0102")).text
    assert "水管换好了" not in (await reader.get("/board/YX0101")).text
    assert (await writer.post(f"/console/board/{posting.id}", act="down")).status == 303
    assert "水管换好了" not in (await reader.get("/board/YX0102")).text


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "写 1 到 200 个字"), ("长" * 201, "写 1 到 200 个字"), ("找老王，电话13912345678", "去掉再写")],
)
async def test_a_line_that_cannot_stand_there_is_refused_with_its_reason(
    small_world: World, text: str, said: str
):
    writer = await at_the_console(small_world, "desk", "dispatcher", "heruoping")
    page = await writer.post("/console/board", place="YX0102", text=text)
    assert page.status == 409
    assert said in page.text


async def test_what_is_written_there_is_text_and_nothing_else(small_world: World):
    writer = await at_the_console(small_world, "desk", "dispatcher", "heruoping")
    await writer.post("/console/board", place="YX0102", text="<script>alert(1)</script>{{7*7}}")
    with small_world.service.database.reading() as session:
        [posting] = session.exec(select(Posting))
    other = await at_the_console(small_world, "watch", "supervisor", "lubaichuan")
    await other.post(f"/console/board/{posting.id}", act="approve")
    page = await Browser(small_world).get("/board/YX0102")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page.text
