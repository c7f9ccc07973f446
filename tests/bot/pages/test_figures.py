"""What supervisors open in the browser: the bulletin, its files, the grading that a named person signs."""

import html
import re
from io import BytesIO
from urllib.parse import parse_qs
from zipfile import ZipFile

import aiohttp
import openpyxl
import pytest

from tests.bot.pages.browser import Browser, add_user
from tests.world import World

MONTH = "period=month&on=2026-11-23"


@pytest.fixture
async def supervisor(world: World) -> Browser:
    for who, where in enumerate(("大坪村", "大坪村", "龙门村")):
        await world.villager(f"v{who}").says(f"{where}停水三天了，水管坏了")
    await world.tick(seconds=91)
    browser = Browser(world)
    await browser.log_in(add_user(world, "lu", "supervisor", "lubaichuan"))
    return browser


async def file_of(browser: Browser, path: str) -> bytes:
    port = browser.world.settings.service.port
    jar = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        http.get(f"http://127.0.0.1:{port}{path}", headers={"Cookie": jar}) as answer,
    ):
        assert answer.status == 200
        return await answer.read()


async def test_the_bulletin_shows_its_figures_and_each_opens_its_list(supervisor: Browser) -> None:
    page = await supervisor.get(f"/console/bulletin?{MONTH}")
    assert page.status == 200
    assert "账本校验值" in page.text
    assert 'href="petitions?measure=new&amp;on=2026-11-01"' in page.text
    assert "<svg" in page.text
    assert "停水三天" not in page.text, "figures, never a villager's words"
    assert "http://" not in page.text.replace("http://www.w3.org", "")


NUMBER = re.compile(r'<a href="(petitions\?measure=[^"]+)">(\d+)</a>')
LISTED = re.compile(r'<th scope="row"><a href="(/console/petition/\d+)">')


async def test_each_linked_number_opens_as_many_matters_as_it_says(world: World, supervisor: Browser) -> None:
    await world.tick(hours=30)
    await world.villager("lamp").says("大坪村路灯坏了，晚上看不见路")
    await world.tick(seconds=91)
    await supervisor.log_in("lu")
    page = await supervisor.get(f"/console/bulletin?{MONTH}")
    linked = [(html.unescape(address), int(number)) for address, number in NUMBER.findall(page.text)]
    kinds = {
        (query["measure"][0], *sorted({"office", "category"} & query.keys()))
        for query in (parse_qs(address.partition("?")[2]) for address, _ in linked)
    }
    assert kinds >= {("new",), ("open",), ("late",), ("late", "office"), ("new", "category")}
    for address, number in linked:
        opened = await supervisor.get(f"/console/{address}")
        assert (opened.status, len(LISTED.findall(opened.text))) == (200, number), address


async def test_a_matter_still_being_told_is_one_of_the_total_and_stands_in_no_row(
    world: World, supervisor: Browser
) -> None:
    await world.villager("lamp").says("大坪村路灯坏了，晚上看不见路")
    running = (await supervisor.get(f"/console/bulletin?{MONTH}")).text
    assert 'measure=new&amp;on=2026-11-01">4</a>' in running
    assert "路灯" not in running
    await world.tick(seconds=91)
    assert "路灯" in (await supervisor.get(f"/console/bulletin?{MONTH}")).text


async def test_a_week_and_a_day_a_quarter_and_the_measures_open_too(supervisor: Browser) -> None:
    for path in (
        "bulletin?period=day",
        "bulletin?period=week",
        "bulletin?period=quarter",
        "digest",
        "measures",
        "book",
    ):
        assert (await supervisor.get(f"/console/{path}")).status == 200, path
    assert "0.6×基本满意" in (await supervisor.get("/console/measures")).text


SPAN = "period=day&on=2026-11-23&to=2027-11-01"
NO_DATES = ["on=2026-13-01", "on=x", "period=year", "on=2999-01-01", "on=0001-01-01", SPAN]


@pytest.mark.parametrize("query", NO_DATES)
async def test_a_date_that_is_none_is_said_and_breaks_nothing(supervisor: Browser, query: str) -> None:
    page = await supervisor.get(f"/console/bulletin?{query}")
    assert (page.status, "日期写错了" in page.text) == (400, True)


async def test_a_period_without_data_is_an_empty_page(supervisor: Browser) -> None:
    page = await supervisor.get("/console/bulletin?period=month&on=2020-01-01")
    assert page.status == 200
    assert "没有" in page.text


async def test_the_files_hold_the_same_and_the_workbook_has_tables_and_charts(supervisor: Browser) -> None:
    packed = await file_of(supervisor, f"/console/bulletin.xlsx?{MONTH}")
    book = openpyxl.load_workbook(BytesIO(packed))
    assert any(sheet.tables for sheet in book.worksheets)
    assert any(name.startswith("xl/charts/") for name in ZipFile(BytesIO(packed)).namelist())
    assert (await file_of(supervisor, f"/console/bulletin.csv?{MONTH}")).startswith(b"\xef\xbb\xbf")
    assert b'"checkpoint"' in await file_of(supervisor, f"/console/bulletin.json?{MONTH}")
    assert "编号" in (await file_of(supervisor, f"/console/book?{MONTH}&form=csv")).decode("utf-8-sig")


async def test_a_cadre_sees_no_bulletin(world: World, supervisor: Browser) -> None:
    browser = Browser(world)
    await browser.log_in(add_user(world, "meng", "cadre", "mengxi"))
    assert (await browser.get("/console/bulletin")).status == 403
