"""Every first page over a large county, as each role's browser gets it: list, filters, search, home, board, digests.

20,000 petitions by default; `LIANXIN_BENCH_FULL=1` makes it 1,000,000, `LIANXIN_TEST_POSTGRESQL` adds that database,
and `LIANXIN_BENCH_KEEP` names a file to use again. `cpu` is the processor time of service and browser in one, with
that of a PostgreSQL server here; a page misses its goal where that misses it and the time on the wall too. `KB` is the
first load: the page and what it makes a browser fetch.
"""

import asyncio
import os
import re
import time
from statistics import median

from sqlmodel import col, select

from benchmarks.large import large
from benchmarks.layout import COMMON, NOW, OTHER, PETITIONS, RARE
from benchmarks.processor import spent
from bot.pages import passwords
from models.errors import BadTable
from models.petition import Petition, State
from models.user import user_named
from tests.bot.pages.browser import CHEAP, Browser, add_user
from tests.world import World

LIST = "/console/petitions"
ROUNDS = int(os.environ.get("LIANXIN_BENCH_ROUNDS", "5"))
PAGE, BOARD, DIGEST = 0.150, 0.050, {"sqlite": 2.0, "postgresql": 1.0}  # goals in seconds
MOST_KB = 100
FETCHED = re.compile(r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+)"')
FILTERS = (
    "",
    "?sort=newest",
    "?sort=oldest",
    "?clock=late",
    "?clock=due",
    *(f"?state={state.value}" for state in State),
    "?state=ended",
    "?state=ended&place=YX0101",
    "?state=ended&sort=oldest",
    "?state=all",
    "?state=all&sort=oldest",
    "?state=all&kind=praise",
    "?state=all&kind=advice",
    "?state=all&channel=relay",
    "?state=all&category=03",
    "?state=all&category=0301&place=YX0101",
    "?state=all&place=YX01",
    "?state=all&place=YX0101&kind=praise",
    "?state=all&office=SL",
    "?state=all&owner=mengxi",
    "?state=all&owner=mengxi&kind=praise",
    "?state=all&from=2025-03-01&to=2025-03-07",
    "?state=all&from=2025-03-01&to=2025-03-07&kind=praise",
    "?channel=relay",
    "?kind=praise",
    "?category=0301",
    "?place=YX0101",
    "?office=SL",
    "?owner=mengxi",
    f"?q={COMMON}",
    f"?q={COMMON}+{OTHER}",
    f"?q={RARE}",
    f"?q={RARE}&state=open&kind=praise",
    f"?q={COMMON}&place=YX0203",
)
LISTS = tuple(f"{LIST}{one}" for one in FILTERS)
DESK = (
    "/console/queue",
    "/console/calls",
    "/console/recheck",
    "/console/outbox",
    "/console/desk",
    "/console/board",
)
READ: tuple[str, ...] = (
    "/console/digest",
    "/console/bulletin?period=day",
    "/console/bulletin?period=month&on=2026-10-10",
)
READ += ("/console/grading?on=2026-08-10",)
BEHIND = (
    f"{LIST}?measure=late&period=month&on=2026-10-10",
    f"{LIST}?measure=new&period=month&on=2026-10-10&place=YX0101",
)
# Account of the sample county, role, and the pages he asks for.
ASKED = {
    ("", ""): ("/board/", "/board/YX01", "/board/YX0101"),
    ("tangxiaoyu", "dispatcher"): ("/console/", *DESK, *LISTS, *READ, *BEHIND),
    ("bochuan", "dispatcher"): ("/console/", *DESK, *LISTS),
    ("mengxi", "cadre"): ("/console/", *LISTS),
    ("lubaichuan", "supervisor"): ("/console/", "/console/recheck", *LISTS, *READ, *BEHIND),
}


def goal_of(name: str, page: str) -> float:
    if page.startswith("/board/"):
        return BOARD
    return DIGEST[name] if "bulletin" in page or "grading" in page or "measure=" in page else PAGE


async def measure(name: str, world: World) -> int:
    """How many pages missed their goal."""
    missed = 0
    for (account, role), pages in ASKED.items():
        browser = Browser(world)
        if account:
            await browser.log_in(_user(world, account, role))
        for page in pages if not account else (*pages, _petition(world, account)):
            wall, got = [], await browser.get(page)
            spent_before = spent(world.service.database)
            for _ in range(ROUNDS):
                began = time.perf_counter()
                got = await browser.get(page)
                wall.append(time.perf_counter() - began)
                if got.status != 200:
                    message = f"{page}: {got.status}"
                    raise BadTable(message)
            processor = (spent(world.service.database) - spent_before) / ROUNDS
            size = len(got.text.encode())
            for one in sorted(set(FETCHED.findall(got.text))):
                size += len((await browser.get(one)).text.encode())
            goal = goal_of(name, page)
            is_missed = min(median(wall), processor) > goal or size > MOST_KB * 1024
            missed += is_missed
            print(
                f"{name:<11}{account:<11} {page:<62}{median(wall) * 1000:>7.0f}"
                f"{processor * 1000:>7.0f}{goal * 1000:>6.0f}{size // 1024:>5}{' missed' * is_missed}",
                flush=True,
            )
    return missed


def _user(world: World, account: str, role: str) -> str:
    name = f"bench-{account}"
    with world.service.database.reading() as session:
        known = user_named(session, name)
    return name if known else add_user(world, name, role, account)


def _petition(world: World, account: str) -> str:
    """The page of a matter this person may open: the latest proposed one of his own, or of his place."""
    with world.service.database.reading() as session:
        found = (
            select(Petition.number).where(Petition.state == State.PROPOSED).order_by(col(Petition.id).desc())
        )
        found = found.where(Petition.owner == account) if account == "mengxi" else found
        found = found.where(col(Petition.place) == "YX0101") if account == "bochuan" else found
        return f"/console/petition/{session.exec(found.limit(1)).one()}"


async def run() -> None:
    passwords.HASHER = CHEAP  # a login is not what is measured
    head = f"{'database':<11}{'who':<11} {'page':<62}{'ms':>7}{'cpu':>7}{'goal':>6}{'KB':>5}"
    for name in os.environ.get("LIANXIN_BENCH_ON", "sqlite postgresql").split():
        async with large(name) as world:
            if world is None:
                print(f"{name}: skipped, LIANXIN_TEST_POSTGRESQL names no server")
                continue
            print(head)
            missed = await measure(name, world)
            print(f"{name}: {PETITIONS:,} petitions, {missed} pages missed their goal (on {NOW.date()})")


def main() -> int:
    asyncio.run(run())
    return 0


if __name__ == "__main__":
    main()
