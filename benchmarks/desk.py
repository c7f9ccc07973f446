"""The telephone desk beside 100,000 matters: from a key to what it found, in a browser and at the endpoint alone."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from playwright.async_api import Page, async_playwright
from sqlalchemy import insert

from bot.knowledge import place_names
from bot.pages import passwords
from models.base import month_of
from models.petition import Petition, State
from models.villager import meet
from tests.bot.pages.browser import CHEAP, PASSWORD, Browser, add_user
from tests.browser.chromium import CHROMIUM, QUIET
from tests.relay import PHONE
from tests.world import World, make_template, start

MATTERS, SLICE, KEYS, ASKED = 100_000, 5_000, 40, 200
GOAL = 150  # milliseconds
OPEN_DAYS = 60  # matters came in over these
TYPED = "大坪村停水三天了，水管坏了，老人小孩都没有水喝，找过村里也没人来修，请你们快点派人来看看"
# From the key's own event to the first frame with what was found.
WATCH = """() => {
  window.took = []; let at = 0;
  document.getElementById("call").elements.text.addEventListener("input", () => { at = at || performance.now(); });
  document.addEventListener("looked", () => requestAnimationFrame(() => {
    window.took.push(performance.now() - at); at = 0;
  }));
}"""


def main() -> int:
    return asyncio.run(_measure())


async def _measure() -> int:
    passwords.HASHER = CHEAP  # logging in is not what is measured
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "template").mkdir()
        world = await start(make_template(Path(folder) / "template"), Path(folder))
        try:
            _fill(world)
            add_user(world, "clerk", "dispatcher", "tangxiaoyu")
            print(f"{'beside ' + format(MATTERS, ',') + ' matters':<44}{'median':>9}{'95 %':>9}{'goal':>9}")
            _row("the endpoint alone", await _endpoint(world))
            if CHROMIUM:
                _row("key to what it found, in Chromium", await _browser(world))
            else:
                print("in a browser: skipped, no Chromium here")
        finally:
            await world.close()
    return 0


def _row(what: str, took: list[float]) -> None:
    most = quantiles(took, n=20)[-1]
    print(f"{what:<44}{median(took):>6.0f} ms{most:>6.0f} ms{GOAL:>6} ms", flush=True)


def _fill(world: World) -> None:
    """Open matters of every leaf and village, spread over the last weeks."""
    now = world.clock.now()
    with world.service.database.transaction() as session:
        county = world.service.knowledge.county(session, now)
        person = meet(session, county.keys, "wechat", "oNOBODY", now)
        session.flush()
        leaves, places = (
            sorted(county.reader.category_codes),
            sorted(one.code for one in place_names(session)),
        )
        usual = Petition(
            county=county.code,
            month=month_of(now),
            villager=person.id or 0,
            key_id=person.key_id,
            received_at=now,
        )
        for first in range(0, MATTERS, SLICE):
            rows = [
                usual.model_dump(exclude={"id"})
                | {
                    "number": f"{number + 10_000_000}",
                    "state": State.ASSIGNED,
                    "leaf": leaves[number % len(leaves)],
                    "place": places[number // len(leaves) % len(places)],
                    "owner": "mengxi",
                    "received_at": now - timedelta(days=OPEN_DAYS) * (number / MATTERS),
                }
                for number in range(first, first + SLICE)
            ]
            session.execute(insert(Petition), rows)


async def _endpoint(world: World) -> list[float]:
    browser = Browser(world)
    await browser.log_in("clerk")
    await browser.get("/console/desk")
    took = []
    for turn in range(ASKED):
        before = perf_counter()
        text = TYPED[: 2 + turn % (len(TYPED) - 2)]
        page = await browser.post("/console/desk/look", phone=PHONE, text=text, part="1")
        took.append((perf_counter() - before) * 1000)
        assert page.status == 200
    return took


async def _browser(world: World) -> list[float]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(base_url=f"http://127.0.0.1:{world.settings.service.port}")
        await _enter(page)
        await page.evaluate(WATCH)
        for letter in TYPED[:KEYS]:
            await page.get_by_label("他说的话").press_sequentially(letter)
            await page.wait_for_timeout(200)
        took: list[float] = await page.evaluate("() => window.took")
        await browser.close()
    return took


async def _enter(page: Page) -> None:
    await page.goto("/console/login")
    await page.get_by_label("账号").fill("clerk")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="接电话").click()
    await page.get_by_label("来电号码").fill(PHONE)


if __name__ == "__main__":
    raise SystemExit(main())
