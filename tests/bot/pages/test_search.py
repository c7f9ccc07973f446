"""A clerk finds a matter again: by its number, by words he may read, by what he narrows to, page by page."""

import re
from urllib.parse import urlencode

from sqlmodel import select

from bot.pages import petitions
from models.found_word import FoundWord
from tests.bot.pages.browser import Browser, Page
from tests.bot.pages.test_petitions import logged_in
from tests.stories.test_petition import told
from tests.world import World

LINK = re.compile(r'href="/console/petition/(\d+)"')


def numbers(page: Page) -> list[str]:
    return list(dict.fromkeys(LINK.findall(page.text)))


async def search(browser: Browser, **query: str) -> list[str]:
    return numbers(await browser.get(f"/console/petitions?{urlencode(query)}"))


async def logged_in_again(world: World) -> Browser:
    browser = Browser(world)
    await browser.log_in("dispatcher-tangxiaoyu")
    return browser


async def several(world: World, *said: str) -> list[str]:
    """Each by somebody else."""
    found = []
    for count, words in enumerate(said):
        await world.villager(f"s{count}").scans("v:YX0101")
        await world.villager(f"s{count}").says(words)
        found.append(str(world.petitions()[-1].number))
    await world.tick(seconds=91)
    return found


async def test_by_words_of_the_text_and_only_for_who_may_read_it(world: World):
    water, lamp = await several(world, "大坪村自来水管破了，停水三天了", "大坪村路灯坏了，晚上看不见路")
    desk = await logged_in(world, "dispatcher", "tangxiaoyu")
    assert await search(desk, q="停水") == [water]
    assert await search(desk, q="路灯 晚上") == [lamp]
    assert await search(desk, q="停水 路灯") == []
    assert set(await search(desk, q="大坪村")) == {water, lamp}
    owner = await logged_in(world, "cadre", world.owner(water))
    assert await search(owner, q="停水") == [water]
    for role, person in (("cadre", "taowan"), ("supervisor", "lubaichuan"), ("operator", "weizhiyuan")):
        other = await logged_in(world, role, person)
        assert await search(other, q="停水") == [], role


async def test_neither_name_nor_telephone_is_found_and_no_word_is_kept_in_clear(world: World):
    number = await told(world, "我叫李大壮，电话13812345678，大坪村停水三天了")
    desk = await logged_in(world, "dispatcher", "tangxiaoyu")
    assert await search(desk, q="停水") == [number]
    for secret in ("李大壮", "大壮"):
        assert await search(desk, q=secret) == [], secret
    page = await desk.get("/console/petitions?q=13812345678")
    assert numbers(page) == []


async def test_what_is_forgotten_is_found_no_more(world: World):
    number = await told(world)
    petition = world.petition(number)
    with world.service.database.reading() as session:
        assert session.exec(select(FoundWord).where(FoundWord.petition == petition.id)).first()
    await world.villager().says(f"撤回 {number}")
    await world.tick(hours=25)
    await world.villager().says("删我信息")
    await world.villager().says("是")
    await world.tick(hours=25)
    if world.petition(number).forgotten_at is not None:
        with world.service.database.reading() as session:
            assert session.exec(select(FoundWord).where(FoundWord.petition == petition.id)).first() is None


async def test_a_list_is_narrowed_by_each_filter_and_says_what_it_does_not_know(small_world: World):
    water, lamp = await several(small_world, "大坪村停水三天了", "石桥村路灯坏了，晚上看不见路")
    desk = await logged_in(small_world, "dispatcher", "tangxiaoyu")
    owner = small_world.owner(water)
    with_water = [
        {"category": "0301"},
        {"category": "停水"},
        {"place": "大坪村"},
        {"owner": owner},
        {"state": "assigned", "place": "大坪村"},
        {"kind": small_world.petition(water).kind, "place": "大坪村"},
        {"channel": "wechat", "place": "大坪村"},
        {"from": "2026-11-23", "to": "2026-11-23", "place": "大坪村"},
    ]
    for query in with_water:
        assert await search(desk, **query) == [water], query
    with_nothing = [
        {"state": "confirmed"},
        {"state": "ended"},
        {"channel": "relay"},
        {"from": "2026-11-24"},
        {"to": "2026-11-22"},
        {"clock": "late"},
        {"place": "没有的村"},
        {"owner": "没有的人"},
        {"from": "9999-99-99", "place": "没有的村"},
    ]
    for query in with_nothing:
        assert await search(desk, **query) == [], query
    page = await desk.get("/console/petitions?place=没有的村&from=32&owner=<script>")
    assert page.status == 200
    assert "没有找到这个地方" in page.text
    assert "<script>" not in page.text
    small_world.clock.move(days=40)
    desk = await logged_in_again(small_world)
    assert set(await search(desk, clock="late")) == {water, lamp}


async def test_pages_follow_each_other_without_a_gap_or_a_repeat(small_world: World, monkeypatch):
    made = await several(small_world, *(f"大坪村第{count}组停水{count}天了" for count in range(2, 7)))
    desk = await logged_in(small_world, "dispatcher", "tangxiaoyu")
    monkeypatch.setattr(petitions, "SIZE", 2)
    for query in ("", "?sort=newest", "?sort=oldest&state=all", "?q=停水"):
        seen: list[str] = []
        page = await desk.get(f"/console/petitions{query}")
        while True:
            seen += numbers(page)
            further = re.search(r'<a href="([^"]+)">下一页', page.text)
            if further is None:
                break
            page = await desk.get(further[1].replace("&amp;", "&"))
        assert sorted(seen) == sorted(made), query


async def test_a_search_keeps_its_name_and_is_its_owners_alone(small_world: World):
    mine = await logged_in(small_world, "dispatcher", "tangxiaoyu")
    await mine.post("/console/petitions/saved", name="大坪停水", query="place=大坪村&q=停水&odd=1")
    page = await mine.get("/console/petitions")
    assert ">大坪停水</a>" in page.text
    assert "odd" not in page.text
    other = await logged_in(small_world, "dispatcher", "heruoping")
    assert "大坪停水" not in (await other.get("/console/petitions")).text
    await other.post("/console/petitions/saved/1")
    assert "大坪停水" in (await mine.get("/console/petitions")).text
    await mine.post("/console/petitions/saved/1")
    assert "大坪停水" not in (await mine.get("/console/petitions")).text


async def test_the_excluded_find_it_neither_in_list_nor_search_nor_count_nor_among_like_ones(world: World):
    hidden, shown = await several(world, "大坪村停水三天了，水管破了", "大坪村水管破了，停水好几天")
    with world.service.database.transaction() as session:
        session.merge(world.petition(hidden)).excluded = ["tangxiaoyu"]
    desk = await logged_in(world, "dispatcher", "tangxiaoyu")
    assert await search(desk, q="停水") == [shown]
    page = await desk.get("/console/petitions")
    assert "（1）" in page.text
    assert numbers(page) == [shown]
    assert hidden not in (await desk.get(f"/console/petition/{shown}/similar")).text
    assert hidden not in (await desk.get("/console/")).text
    other = await logged_in(world, "dispatcher", "heruoping")
    page = await other.get(f"/console/petition/{shown}/similar")
    assert numbers(page) == [shown, hidden]
    assert "水管破了" in page.text


async def test_like_ones_are_joined_from_beside_their_text(small_world: World):
    first, second = await several(small_world, "大坪村停水三天了，水管破了", "大坪村水管破了，停水好几天")
    desk = await logged_in(small_world, "dispatcher", "heruoping")
    page = await desk.get(f"/console/petition/{second}/similar")
    seen = re.search(r'name="seen" value="(\d+)"', page.text)
    assert seen is not None
    page = await desk.post(f"/console/petition/{second}", act="join", seen=seen[1], name=first)
    assert "联名好了" in page.text
    assert small_world.petition(second).joined_to == small_world.petition(first).id


async def test_the_queue_says_why_and_the_call_list_begins_with_the_telephone(world: World):
    await world.villager("q").scans("v:YX0101")
    await world.villager("q").says("这个事你们要管一管啊")
    await world.tick(minutes=20)
    desk = await logged_in(world, "dispatcher", "heruoping")
    waiting = [one for one in world.petitions() if one.state == "received"]
    page = await desk.get("/console/queue")
    assert numbers_in_queue(page) == [one.number for one in waiting]
    number = await told(world)
    owner = world.cadre(world.owner(number))
    await owner.says(f"签收 {number}")
    await owner.says(f"办结 {number} 换好了")
    page = await desk.get("/console/calls")
    assert f"/console/petition/{number}#acts" in page.text


def numbers_in_queue(page: Page) -> list[str]:
    return re.findall(r'href="/console/petition/(\d+)#acts"', page.text)


async def test_the_number_of_who_is_called_is_opened_for_a_reason_he_is_told(world: World):
    number = await told(world, "我叫李大壮，电话13812345678，大坪村停水三天了")
    owner = world.cadre(world.owner(number))
    await owner.says(f"签收 {number}")
    desk = await logged_in(world, "dispatcher", "heruoping")
    early = await desk.get(f"/console/petition/{number}")
    assert "看电话" not in early.text
    await owner.says(f"办结 {number} 换好了")
    page = await desk.get(f"/console/petition/{number}")
    seen = re.search(r'name="seen" value="(\d+)"', page.text)
    assert seen is not None
    page = await desk.post(f"/console/petition/{number}", act="telephone", seen=seen[1], words="电话回访")
    assert "13812345678" in page.text
    await world.tick(seconds=2)
    assert any("电话回访" in text for text in world.villager().chat.texts())
    mine = await logged_in(world, "cadre", world.owner(number))
    page = await mine.post(f"/console/petition/{number}", act="telephone", seen="99", words="想知道")
    assert page.status == 409
