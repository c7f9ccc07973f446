"""Every page of the desk and of whoever runs the service, on a telephone and a screen: it fits, and can be tapped."""

import pytest
from playwright.async_api import async_playwright, expect

from bot.pages import passwords
from models import checkpoint
from models import letter as outbox
from models.letter import LetterState, latest_about
from models.petition import by_number
from tests.bot.pages.browser import CHEAP, PASSWORD, add_user
from tests.bot.pages.test_search import several
from tests.browser.chromium import CHROMIUM, QUIET
from tests.browser.test_console import fits
from tests.world import World

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
LONG = "大坪村自来水管破了，停水三天了，我叫李大壮，电话13812345678" + "，孩子上学没水喝" * 12
SAID = (LONG, "大坪村水管破了，停水好几天", "大坪村路灯坏了，晚上看不见路", "这个事你们要管一管啊")
MOST = 100 * 1024  # bytes of a page with all it loads


async def made(world: World) -> list[str]:
    """A county with something on every page: closed and drawn, proposed, asked back, late, undelivered."""
    numbers = await several(world, *SAID)
    first = numbers[0]
    owner = world.cadre(world.owner(first))
    for words in (f"签收 {first}", f"进展 {first} 水管挖开了", f"办结 {first} 换好了"):
        await owner.says(words)
    await world.tick(seconds=2)
    await world.villager("s0").says("满意")
    third = numbers[2]
    lamp = world.cadre(world.owner(third))
    await lamp.says(f"签收 {third}")
    await lamp.says(f"办结 {third} 灯换了")
    await world.tick(minutes=20)
    with world.service.database.transaction() as session:
        found = by_number(session, numbers[1])
        assert found is not None
        for letter in latest_about(session, found.identity, 2):
            outbox.end(letter, LetterState.FAILED, world.clock.now(), "refused")
            session.add(letter)
    world.clock.move(days=9)
    with world.service.database.transaction() as session:
        checkpoint.take(session, "YX", world.clock.now())
    await world.tick(seconds=1)
    return numbers


PAGES = {
    "dispatcher": {
        "home": "/console/",
        "petitions": "/console/petitions?state=all&place=大坪村",
        "search": "/console/petitions?q=停水",
        "petition": "/console/petition/{1}",
        "proposed": "/console/petition/{2}",
        "similar": "/console/petition/{1}/similar",
        "queue": "/console/queue",
        "calls": "/console/calls",
        "rechecks": "/console/recheck",
        "recheck": "/console/recheck/1",
        "outbox": "/console/outbox",
    },
    "operator": {"accounts": "/console/accounts", "words": "/console/words?try=我们村灯坏了"},
}
PEOPLE = {"dispatcher": "heruoping", "operator": "weizhiyuan"}


@pytest.mark.parametrize("width", [360, 1280])
async def test_every_page_fits_and_asks_for_nothing_from_elsewhere(
    small_world: World, width: int, monkeypatch
):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    numbers = await made(small_world)
    own = f"http://127.0.0.1:{small_world.settings.service.port}"
    wrong: list[str] = []
    loaded: list[int] = []  # bytes
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for role, pages in PAGES.items():
            add_user(small_world, role, role, PEOPLE[role])
            context = await browser.new_context(
                viewport={"width": width, "height": 800}, java_script_enabled=False, base_url=own
            )
            page = await context.new_page()
            page.on("console", lambda said: wrong.append(said.text))
            page.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith(own) else None)
            page.on("response", lambda got: loaded.append(int(got.headers.get("content-length", "0"))))
            await page.goto("/console/login")
            await page.get_by_label("账号").fill(role)
            await page.get_by_label("密码").fill(PASSWORD)
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("button", name="退出")).to_be_visible()
            for name, address in pages.items():
                loaded.clear()
                got = await page.goto(address.format(*numbers))
                assert got is not None
                assert got.status == 200, address
                await page.wait_for_load_state("networkidle")
                assert sum(loaded) < MOST, (name, sum(loaded))
                await fits(page, width, name)
            await context.close()
        await browser.close()
    assert wrong == []
