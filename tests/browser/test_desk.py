"""The telephone desk in a browser: found while one types, filed by one key, no page loaded in between."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from bot.pages import passwords
from tests.bot.pages.browser import CHEAP, PASSWORD, add_user
from tests.browser.chromium import CHROMIUM, QUIET
from tests.browser.test_console import fits
from tests.relay import PHONE
from tests.world import Template, World, start

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_clerk_writes_while_the_villager_speaks(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
):
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    world = await start(template, tmp_path)
    await world.villager().says("大坪村没水了，停水")
    await world.tick(seconds=91)
    add_user(world, "clerk", "dispatcher", "tangxiaoyu")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(
            viewport={"width": width, "height": 900},
            base_url=f"http://127.0.0.1:{world.settings.service.port}",
        )
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        await page.goto("/console/login")
        await page.get_by_label("账号").fill("clerk")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="接电话").click()
        await page.get_by_label("来电号码").fill(PHONE)
        await page.get_by_label("他说的话").press_sequentially("大坪村停水三天了，水管坏了", delay=10)
        await expect(page.get_by_label("在哪里")).to_have_value("大坪村")
        await expect(page.get_by_label("什么时候")).to_have_value("三天了")
        await expect(page.get_by_label("怎么回事")).to_have_value("水管坏了")
        await expect(page.get_by_text("七天里像同一件的")).to_be_visible()
        await page.get_by_label("谁", exact=True).fill("吴大娘")
        await fits(page, width, "desk-typing")
        loaded: list[str] = []
        page.on("framenavigated", lambda frame: loaded.append(frame.url))
        await page.keyboard.press("Control+Enter")
        aloud = page.locator(".aloud")
        await expect(aloud).to_have_text(" ".join(_pairs(await _number(world))))
        await expect(page.get_by_label("他说的话")).to_have_value("")
        await fits(page, width, "desk-filed")
        assert loaded == []
        await page.get_by_label("他说的话").fill("我要举报大坪村支书收钱，低保要给他五千块才批")
        await expect(page.get_by_text("不要记，不要登记")).to_be_visible()
        await fits(page, width, "desk-accusation")
        assert wrong == []
        await browser.close()
    await world.close()


async def _number(world: World) -> str:
    """Of the second matter, once it is there."""
    while len(world.petitions()) < 2:  # noqa: ASYNC110 - another process's deed; pytest's own timeout ends it
        await asyncio.sleep(0.1)
    return world.petitions()[-1].number or ""


def _pairs(number: str) -> list[str]:
    return [number[at : at + 2] for at in range(0, len(number), 2)]
