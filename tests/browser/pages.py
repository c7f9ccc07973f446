"""Every page with something on it, and who looks at it."""

import re

from playwright.async_api import Browser, Page, expect

from models import checkpoint
from models import letter as outbox
from models.letter import LetterState, latest_about
from models.petition import by_number
from tests.bot.pages.browser import PASSWORD, add_user
from tests.bot.pages.test_search import several
from tests.world import World

LONG = "大坪村自来水管破了，停水三天了，我叫李大壮，电话13812345678" + "，孩子上学没水喝" * 12
SAID = (LONG, "大坪村水管破了，停水好几天", "大坪村路灯坏了，晚上看不见路", "这个事你们要管一管啊")
SLIP = re.compile(r"http\S+(/p/\S+)")

PUBLIC = "villager"  # nobody logs in
PAGES = {
    PUBLIC: {
        "login": "/console/login",
        "board": "/board/",
        "board-village": "/board/YX0101",
        "slip": "{slip}",
        "slip-large": "{slip}?large=1",
    },
    "dispatcher": {
        "home": "/console/",
        "petitions": "/console/petitions?state=all&place=大坪村",
        "search": "/console/petitions?q=停水",
        "petition": "/console/petition/{1}",
        "proposed": "/console/petition/{2}",
        "similar": "/console/petition/{1}/similar",
        "queue": "/console/queue",
        "calls": "/console/calls",
        "desk": "/console/desk",
        "rechecks": "/console/recheck",
        "recheck": "/console/recheck/1",
        "outbox": "/console/outbox",
        "export": "/console/export",
        "postings": "/console/board",
    },
    "supervisor": {
        "digests": "/console/digest",
        "bulletin": "/console/bulletin",
        "bulletin-day": "/console/bulletin?period=day",
        "book": "/console/book",
        "measures": "/console/measures",
        "grading": "/console/grading",
        "warnings": "/console/warnings",
        "notice": "/console/study/notice",
    },
    "operator": {
        "accounts": "/console/accounts",
        "words": "/console/words?try=我们村灯坏了",
        "words-written": "/console/words?find=0301&leaf=0301&word=停水",
        "rules": "/console/rules",
        "retention": "/console/retention",
    },
    "cadre": {
        "books": "/console/books",
        "meeting": "/console/books/meeting",
        "notes": "/console/books/notes",
        "visits": "/console/study",
        "plan": "/console/study/plan",
        "ledger": "/console/study/ledger",
    },
    "discipline": {"sealed": "/console/sealed"},
}
PEOPLE = {
    "dispatcher": "heruoping",
    "supervisor": "lubaichuan",
    "operator": "weizhiyuan",
    "cadre": "shiyangeng",
    "discipline": "yanqingfeng",
}


async def made(world: World) -> tuple[list[str], str]:
    """A county with something on every page: closed and drawn, proposed, asked back, late, undelivered.

    The numbers of its petitions, and the address of one villager's slip.
    """
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
    told = " ".join(await world.villager("s2").says("进度"))
    slip = SLIP.search(told)
    assert slip is not None, told
    return numbers, slip[1]


async def entered(world: World, browser: Browser, role: str, width: int, **context: bool) -> Page:
    """A window of the browser with whoever has the role logged in."""
    opened = await browser.new_context(
        viewport={"width": width, "height": 800},
        base_url=f"http://127.0.0.1:{world.settings.service.port}",
        **context,
    )
    page = await opened.new_page()
    if role == PUBLIC:
        return page
    add_user(world, role, role, PEOPLE[role])
    await page.goto("/console/login")
    await page.get_by_label("账号").fill(role)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="退出")).to_be_visible()
    return page
