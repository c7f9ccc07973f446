"""Every page on a telephone and a screen: it fits, can be tapped, is light, and keeps nobody out."""

import pytest
from playwright.async_api import async_playwright

from bot.pages import passwords
from tests.bot.pages.browser import CHEAP
from tests.browser.axe import barriers
from tests.browser.chromium import CHROMIUM, QUIET
from tests.browser.pages import PAGES, entered, made
from tests.browser.test_console import fits
from tests.world import World

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.parametrize("width", [360, 1280]),
]
MOST = 100 * 1024  # bytes of a page with all it loads


async def test_every_page_fits_and_asks_for_nothing_from_elsewhere(
    small_world: World, width: int, monkeypatch
):
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    numbers, slip = await made(small_world)
    own = f"http://127.0.0.1:{small_world.settings.service.port}"
    wrong: list[str] = []
    loaded: list[int] = []  # bytes
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for role, pages in PAGES.items():
            page = await entered(small_world, browser, role, width)
            page.on("console", lambda said: wrong.append(said.text))
            page.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith(own) else None)
            page.on("response", lambda got: loaded.append(int(got.headers.get("content-length", "0"))))
            for name, address in pages.items():
                loaded.clear()
                got = await page.goto(address.format(*numbers, slip=slip))
                assert got is not None
                assert got.status == 200, address
                await page.wait_for_load_state("networkidle")
                assert sum(loaded) < MOST, (name, sum(loaded))
                await fits(page, width, name)
            await page.context.close()
        await browser.close()
    assert wrong == []


async def test_no_page_keeps_anybody_out(small_world: World, width: int, monkeypatch):
    """By axe-core, the telephone by night and the screen by day."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    numbers, slip = await made(small_world)
    found: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for role, pages in PAGES.items():
            page = await entered(small_world, browser, role, width, bypass_csp=True)
            await page.emulate_media(color_scheme="dark" if width == 360 else "light")
            for address in pages.values():
                await page.goto(address.format(*numbers, slip=slip))
                await page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
                found += await barriers(page)
            await page.context.close()
        await browser.close()
    assert found == []
