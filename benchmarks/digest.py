"""A month's digest over a large ledger: how long it takes, the last whole month and one that is long over.

20,000 petitions and 100,000 events by default; `LIANXIN_BENCH_FULL=1` makes it 1,000,000 and 5,000,000, three years of
a large county, `LIANXIN_TEST_POSTGRESQL` adds that database, and `LIANXIN_BENCH_KEEP` names a file to use again. That
the figures are right is tested (`tests/handlers/digest/test_histories.py`); this says how fast they come.
"""

import asyncio
import os
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from statistics import median

from benchmarks.large import large
from benchmarks.layout import FULL, PETITIONS
from benchmarks.processor import spent
from handlers.digest.compose import basis, compose
from handlers.digest.period import Kind, Period
from models.counting import behind, count
from models.database import Database
from models.tally import latest_event
from tests.world import MONDAY_MORNING, World

GOALS = {"sqlite": 2.0, "postgresql": 1.0}  # seconds
ROUNDS = int(os.environ.get("LIANXIN_BENCH_ROUNDS", "5"))
MONTHS = (date(2026, 10, 10), date(2025, 10, 10) if FULL else date(2026, 9, 10))


def timed(database: Database, act: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall, and of a processor."""
    before = spent(database), time.perf_counter()
    act()
    wall = time.perf_counter() - before[1]
    return wall, spent(database) - before[0]


def measure(name: str, world: World) -> None:
    with world.service.database.reading() as session:
        county = world.service.knowledge.county(session, MONDAY_MORNING)
        events = latest_event(session)
        for day in MONTHS:
            period = Period.of(Kind.MONTH, day)
            found = basis(session, county, period, MONDAY_MORNING)
            digest = partial(compose, session, county, period, found, MONDAY_MORNING, "")
            times = [timed(world.service.database, digest) for _ in range(ROUNDS)]
            listed, _ = timed(
                world.service.database, partial(behind, session, found.window, "late", "place", "YX0101")
            )
            new = count(session, found.window).counts()["new"]
            print(
                f"{name:<12}{PETITIONS:>10}{events:>10}{day:%Y-%m}{new:>9}{median(one for one, _ in times):>10.3f}"
                f"{median(one for _, one in times):>8.3f}{listed:>9.3f}{GOALS[name]:>7}",
                flush=True,
            )


async def run() -> None:
    print(f"{'database':<12}{'petitions':>10}{'events':>10}", end="")
    print(f"{'month':>7}{'new':>9}{'digest s':>10}{'cpu s':>8}{'list s':>9}{'goal':>7}")
    for name in os.environ.get("LIANXIN_BENCH_ON", "sqlite postgresql").split():
        async with large(name) as world:
            if world is None:
                print(f"{name}: skipped, LIANXIN_TEST_POSTGRESQL names no server")
                continue
            measure(name, world)


def main() -> int:
    asyncio.run(run())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
