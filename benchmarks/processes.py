"""Two processes on one PostgreSQL against one: new matters under load, and letters to a platform.

All of it is on the same cores: PostgreSQL, the processes, the client and the platform. So what each took is told,
in parts of a core; with two cores, two processes cannot do twice what one does.
"""

import asyncio
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import structlog

from benchmarks.figure import note
from benchmarks.outbox import CONCURRENCY, fill, platform
from benchmarks.server import ROOT, SECONDS, Load, Server, county, load_all, requests
from bot.application import connect, prepare
from bot.settings import Settings
from models.letter import LetterState, count_letters
from scheduler.outbox import deliver
from tests.postgresql import SERVER, fresh_postgresql
from tests.world import MONDAY_MORNING, TestClock

TURNS = 3
MANY = 4000  # messages made for each turn
LETTERS = int(os.environ.get("LIANXIN_BENCH_LETTERS", "2000"))


@contextmanager
def _servers(many: int, file: str) -> Iterator[list[Server]]:
    started = [Server("ours", file, "FULL") for _ in range(many)]
    try:
        yield started
    finally:
        for server in started:
            server.stop()


def _intake(settings: Settings, file: str) -> None:
    """Turn by turn, one process and two, so that what else the machine does meets both alike."""
    found: dict[int, list[Load]] = {1: [], 2: []}
    with _servers(2, file) as servers:
        for turn in range(TURNS):
            for many, loads in found.items():
                first = (turn * 2 + many) * MANY
                asked = iter(requests(settings, first, MANY))
                loads.append(load_all(servers[:many], asked, SECONDS))
    one, two = (median(load.rate for load in found[many]) for many in found)
    note("two processes on PostgreSQL, new matters", two / one, "one process", 1.5)
    print(f"new matters: one process {one:.0f}/s, two {two:.0f}/s: {two / one:.2f} x (goal 1.5)")
    for many, loads in found.items():
        busy = median(load.work * load.rate for load in loads)
        client = median(load.client for load in loads)
        print(f"  with {many}: the service took {busy:.2f} of a core, the client {client:.2f}")


def _outbox(settings: Settings, file: str) -> None:
    service = prepare(settings, TestClock().now)
    rates: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(TURNS):
        for many, found in rates.items():
            fill(service, LETTERS, (turn * 2 + many) * LETTERS, MONDAY_MORNING)
            found.append(_carried(many, file))
    with service.database.reading() as session:
        assert count_letters(session) == {LetterState.SENT: 2 * TURNS * LETTERS}
    service.writer.close()
    service.database.close()
    one, two = (median(rates[many]) for many in rates)
    print(f"letters: one process {one:.0f}/s, two {two:.0f}/s: {two / one:.2f} x")


def _carried(many: int, file: str) -> float:
    """Letters a second of so many processes; all together carry each letter once."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.processes", file]
    with ExitStack() as stack:
        carriers = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(many)
        ]
        for carrier in carriers:
            assert carrier.stdout is not None
            assert carrier.stdout.readline() == "ready\n"
        begun = time.perf_counter()
        for carrier in carriers:
            assert carrier.stdin is not None
            carrier.stdin.write("\n")
            carrier.stdin.flush()
        sent = 0
        for carrier in carriers:
            assert carrier.stdout is not None
            sent += int(carrier.stdout.readline())
        taken = time.perf_counter() - begun
    assert sent == LETTERS, sent
    return sent / taken


def _carry(file: str) -> None:
    """One of the processes: ready, told to go, and how many it carried; its log would stand in between."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    service = prepare(Settings.model_validate_json(Path(file).read_text("utf-8")), TestClock().now)

    async def carry() -> int:
        await connect(service)
        print("ready", flush=True)
        sys.stdin.readline()
        done = await deliver(service.station, service.courier, service.clock, CONCURRENCY)
        assert service.http is not None
        await service.http.close()
        return done.get("sent", 0)

    print(asyncio.run(carry()), flush=True)
    service.writer.close()
    service.database.close()


def main() -> int:
    if not os.environ.get(SERVER):
        print(f"{SERVER} names no PostgreSQL server")
        return 0
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians of {TURNS} turns")
    with platform() as address:
        for measure in (_intake, _outbox):
            with fresh_postgresql() as url, tempfile.TemporaryDirectory() as made:
                measure(*county(Path(made), url, address))
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _carry(sys.argv[1])
    else:
        raise SystemExit(main())
