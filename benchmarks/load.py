"""One server process under load: 48 connections, encrypted messages, everything on disk before each answer.

Every figure is a ratio to bare aiohttp answering `success`, measured in the same run, before and after. The client
is a process of its own on the same cores: what it takes is told, and lessens all figures alike.
"""

import os
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from benchmarks.figure import note
from benchmarks.server import CONNECTIONS, SECONDS, Load, Server, county, cycle, requests

TURNS = 3
NAMES = {
    "bare": "bare aiohttp, `success`",
    "new": "a new matter, synchronous=FULL",
    "again": "a repeated message",
    "normal": "a new matter, synchronous=NORMAL",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        settings, file = county(Path(made))
        many = 9000
        fresh = [iter(requests(settings, start * many, many)) for start in range(2)]
        repeated = cycle(requests(settings, 0, 400, again="r"))
        servers = {name: Server("ours", file, name) for name in ("FULL",)}
        bare = Server("bare")
        plain = cycle(requests(settings, 0, 100))
        found: dict[str, list[Load]] = defaultdict(list)
        ready = servers["FULL"].ready_after
        for _ in range(TURNS):
            found["bare"].append(bare.load(plain, SECONDS / 2))
            found["new"].append(servers["FULL"].load(fresh[0]))
            found["again"].append(servers["FULL"].load(repeated, SECONDS / 2))
        servers["FULL"].stop()
        normal = Server("ours", file, "NORMAL")
        for _ in range(TURNS):
            found["bare"].append(bare.load(plain, SECONDS / 2))
            found["normal"].append(normal.load(fresh[1]))
        normal.stop()
        bare.stop()
    best = {name: _middle(loads) for name, loads in found.items()}
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {CONNECTIONS} connections; medians of {TURNS} turns"
    )
    print(
        f"the client took {best['bare'].client:.0%} of a core beside bare aiohttp, {best['new'].client:.0%} beside ours"
    )
    for name, words in NAMES.items():
        print(best[name].told(words, best["bare"]))
    new, again = best["new"], best["again"]
    nothing = best["bare"]
    note("a new matter, by rate", new.rate / nothing.rate, "bare aiohttp", 0.10)
    note("a new matter, by processor time", nothing.work / new.work, "bare aiohttp", 0.10)
    note("a repeated message, by rate", again.rate / new.rate, "a new matter", 2)
    note("synchronous=FULL", new.rate / best["normal"].rate, "synchronous=NORMAL", 0.95)
    print(f"repeated against new {again.rate / new.rate:.2f}, by CPU {new.work / again.work:.2f}")
    print(f"FULL against NORMAL {new.rate / best['normal'].rate:.2f}")
    print(f"ready after start {ready:.1f} s")
    return 0


def _middle(loads: list[Load]) -> Load:
    """The turn with the middle rate; its processor time is the least of all, which others disturbed least."""
    middle = sorted(loads, key=lambda one: one.rate)[len(loads) // 2]
    return replace(middle, work=min(one.work for one in loads))


if __name__ == "__main__":
    raise SystemExit(main())
