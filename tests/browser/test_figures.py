"""What supervisors read, in a real browser: on a telephone and on a desk, all within the screen, nothing fetched."""

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.pages import passwords
from handlers.lanes import Satisfaction
from tests.bot.pages.browser import CHEAP, PASSWORD, add_user
from tests.browser.chromium import CHROMIUM, QUIET
from tests.browser.test_console import fits
from tests.matters import DOLE, LAMP, WATER, Matters
from tests.world import World

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
SHEET = 688  # 182 mm
PAGES = (
    "bulletin?period=month&on=2026-11-23",
    "digest",
    "grading?on=2026-11-23",
    "measures",
    "book?period=month",
)


def month(world: World) -> None:
    """Some weeks of a county, lived by the real acts."""
    matters = Matters(world.settings, world.service.database, world.service.knowledge, world.clock.now())
    villages = ("YX0101", "YX0102", "YX0201", "YX0202")
    for number in range(24):
        leaf, place = (WATER, LAMP, DOLE, WATER)[number % 4], villages[number % len(villages)]
        told = matters.told(leaf, place, who=f"w{number}")
        if number % 3:
            matters.closed(told, Satisfaction.MOSTLY if number % 5 == 0 else Satisfaction.SATISFIED)
        matters.later(hours=9)
    matters.told("1108", who="conduct")
    world.clock.at = matters.at


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_bulletin_and_the_grading_fit_and_a_number_opens_its_list(
    small_world: World, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    month(small_world)
    add_user(small_world, "lu", "supervisor", "lubaichuan")
    asked: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(
            viewport={"width": width, "height": 800},
            java_script_enabled=False,
            base_url=f"http://127.0.0.1:{small_world.settings.service.port}",
        )
        page.on("request", lambda request: asked.append(request.url))
        await page.goto("/console/")
        await page.get_by_label("账号").fill("lu")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("首页")
        for address in PAGES:
            await page.goto(f"/console/{address}")
            await fits(page, width, address.partition("?")[0])
            await prints(page, width)
        await page.goto(f"/console/{PAGES[0]}")
        await page.locator(".five a").first.click()
        assert "measure=new" in page.url
        await browser.close()
    assert {url.split("/")[2] for url in asked} == {f"127.0.0.1:{small_world.settings.service.port}"}


async def prints(page: Page, width: int) -> None:
    """On a sheet of A4 between its margins nothing runs out, and a table stays one."""
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": SHEET, "height": 1000})
    assert await page.evaluate("document.documentElement.scrollWidth") <= SHEET, page.url
    heads = "[...document.querySelectorAll('thead')].map(head => getComputedStyle(head).display)"
    assert set(await page.evaluate(heads)) <= {"table-header-group"}, page.url
    await page.emulate_media(media="screen")
    await page.set_viewport_size({"width": width, "height": 800})
