"""The staff's pages in a real browser: on a small telephone, by keyboard alone, without a script."""

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.pages import passwords
from tests.bot.pages.browser import CHEAP, PASSWORD, add_user
from tests.browser.chromium import CHROMIUM, PICTURES, QUIET
from tests.stories.test_petition import told
from tests.world import World

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


# One question a page: hundreds of elements asked singly take a loaded machine minutes.
SHOWN = "all => [...document.querySelectorAll(all)].filter(one => one.checkVisibility({visibilityProperty: true}))"
BEYOND = f"""right => ({SHOWN})("main *").filter(one => one.getBoundingClientRect().right > right)
  .map(one => one.outerHTML.slice(0, 200))"""
SMALL = f"""() => ({SHOWN})("button, input:not([type=hidden]), header nav a")
  .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_dispatcher_finds_a_matter_by_keyboard_alone(small_world: World, width: int, monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    number = await told(small_world, "我叫李大壮，电话13812345678，大坪村停水三天了" + "，请快点" * 30)
    add_user(small_world, "desk", "dispatcher", "tangxiaoyu")
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(
            viewport={"width": width, "height": 800},
            java_script_enabled=False,
            base_url=f"http://127.0.0.1:{small_world.settings.service.port}",
        )
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        await page.goto("/console/")
        await fits(page, width, "login")
        await page.keyboard.type("desk")
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("首页")
        await fits(page, width, "home")
        await page.get_by_role("link", name="事项", exact=True).focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("在办的事（1）")
        await fits(page, width, "petitions")
        await page.get_by_role("link", name=f"{number[:2]} {number[2:4]} {number[4:]}").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("编号")
        await fits(page, width, "petition")
        await page.get_by_text("不受理", exact=True).first.focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.type("法院判决过了")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("要另一位调度或督导同意才算")
        await page.get_by_role("button", name="退出").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("密码")).to_be_visible()
        await browser.close()
    assert faults == []


async def fits(page: Page, width: int, name: str) -> None:
    """Nothing runs out of the screen, the text is large, what is to be tapped can be hit (GB/T 37668, domain.md D)."""
    PICTURES.mkdir(exist_ok=True)
    await page.screenshot(path=PICTURES / f"console-{name}-{width}.png", full_page=True)
    assert await page.evaluate(BEYOND, width + 1) == []
    assert await page.evaluate(SMALL) == []
