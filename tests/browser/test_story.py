"""One matter from a villager's phone to the leader's spreadsheet, in a real browser."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright, expect

from bot import demo
from bot.demo import demo_settings, load_sample, simulated_service, with_doors
from bot.pages import passwords
from models.user import User
from tests.bot.pages.browser import CHEAP, PASSWORD, STORED
from tests.browser.axe import barriers
from tests.browser.chromium import CHROMIUM, PICTURES, QUIET
from tests.browser.test_demo import PATIENCE, WORDS, hears, says
from tests.world import TestClock, free_port

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
MOST = 100 * 1024  # bytes of a page with all it loads
LONGEST = 8  # days until the ladder has reached the county


@pytest.fixture
async def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The rehearsal on a Monday morning, with somebody who may log in; its hour moves by its buttons alone."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    monkeypatch.setattr(demo, "wall_clock", TestClock().now)
    port = free_port()
    settings = with_doors(demo_settings(tmp_path, port))
    app, service = simulated_service(settings, with_scheduler=False)
    assert load_sample(service) == 0
    with service.database.transaction() as session:
        leader = User(
            name="lu",
            role="supervisor",
            person="lubaichuan",
            password_hash=STORED,
            made_at=service.clock(),
        )
        session.add(leader)
        service.knowledge.county(session, service.clock())  # the places just loaded, before anybody speaks
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_disputed_matter_climbs_and_is_found_behind_its_figure(
    county: str, width: int, tmp_path: Path
):
    wrong: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": width, "height": 900}, base_url=county)
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on("response", lambda got: wrong.append(got.url) if got.status >= 400 else None)
        page.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith(county) else None)
        await page.goto("/sim/")
        await says(page, "villager", WORDS["matter"], WORDS["registered"])
        await later(page, WORDS["soon"])
        await taken_up(page, "cadre", WORDS["task"])
        await says(page, "cadre", WORDS["sign"], WORDS["signed"])
        await says(page, "cadre", WORDS["finish"], WORDS["finished"])
        await later(page, WORDS["soon"])
        await hears(page, "villager", WORDS["asked"])
        await says(page, "villager", WORDS["disputed"], WORDS["not_done"])
        await seen(page, f"story-disputed-{width}")
        for _ in range(LONGEST):
            await later(page, WORDS["next_morning"])
        await taken_up(page, "supervisor", WORDS["late"])
        await expect(spoken(page, "supervisor", WORDS["today"]).first).to_be_visible()
        await seen(page, f"story-climbed-{width}")

        await page.goto("/console/login")
        await page.get_by_label("账号").fill("lu")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="日报月报").click()
        await page.goto("/console/bulletin?period=week")
        await seen(page, f"story-bulletin-{width}")
        async with page.expect_download() as waiting:
            await page.get_by_role("link", name="xlsx").click()
        await (await waiting.value).save_as(tmp_path / "bulletin.xlsx")
        book = openpyxl.load_workbook(BytesIO((tmp_path / "bulletin.xlsx").read_bytes()))
        assert any(cell.value == WORDS["counted_late"] for sheet in book for row in sheet for cell in row)
        await page.locator(".five li", has_text="超期").get_by_role("link").click()
        await expect(page.locator("main tbody tr", has_text="大坪村")).to_have_count(1)
        await seen(page, f"story-behind-{width}")
        await browser.close()
    assert wrong == []


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_rehearsal_keeps_nobody_out_and_is_light(county: str, width: int):
    loaded: list[int] = []  # bytes
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(
            viewport={"width": width, "height": 900}, base_url=county, bypass_csp=True
        )
        page.set_default_timeout(PATIENCE)
        page.on("response", lambda got: loaded.append(int(got.headers.get("content-length", "0"))))
        await page.goto("/sim/", wait_until="load")
        assert sum(loaded) < MOST
        await says(page, "villager", WORDS["matter"], WORDS["registered"])
        await page.locator("#villager .extras > summary").click()
        for button in (WORDS["voice"], WORDS["photo"], WORDS["place"]):
            before = await page.locator("#part-chat-villager .line.me").count()
            await page.get_by_role("button", name=button).click()
            await expect(page.locator("#part-chat-villager .line.me")).to_have_count(before + 1)
        await page.locator(".below details").evaluate_all("all => all.forEach(one => one.open = true)")
        await seen(page, f"rehearsal-{width}")
        assert await barriers(page) == []
        await browser.close()


async def seen(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


async def later(page: Page, button: str) -> None:
    """The hour is moved, and what was due then has been done."""
    async with page.expect_response(lambda got: got.url.endswith("/sim/clock")):
        await page.get_by_role("button", name=button).click()


def spoken(page: Page, side: str, words: str):
    return page.locator(f"#part-chat-{side} .line:not(.me)", has_text=words)


async def taken_up(page: Page, side: str, words: str) -> None:
    """The phones of this seat with news, one after the other, until one tells this."""
    others = page.locator(f"#part-others-{side} a")
    while not await spoken(page, side, words).count():
        await others.first.click()
        await page.wait_for_load_state()
