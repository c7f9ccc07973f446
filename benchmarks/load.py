"""One server process under load: 48 connections, encrypted messages, everything on disk before each answer.

Every figure is a ratio to bare aiohttp answering `success`, measured in the same run, before and after. The client
is a process of its own on the same cores: what it takes is told, and lessens all figures alike.
"""

import os
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from benchmarks import peer, start
from benchmarks.figure import note
from benchmarks.server import CONNECTIONS, SECONDS, Load, Server, county, cycle, requests

TURNS = 3
CALM = 100  # messages a second
NAMES = {
    "bare": "bare aiohttp, `success`",
    "peer": "Flask and wechatpy, hello, nothing kept",
    "wire": "the wire alone, answered at once",
    "new": "a new matter, synchronous=FULL",
    "again": "a repeated message",
    "calm": f"a new matter, {CALM} a second",
    "normal": "a new matter, synchronous=NORMAL",
    "slow": "a new matter, FULL, 2 ms more a commit",
}
SLOW_DISK = "0.002"  # seconds more a commit


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        settings, file = county(Path(made))
        fresh = iter(requests(settings, 0, 60_000))
        repeated = cycle(requests(settings, 0, 400, again="r"))
        plain = cycle(requests(settings, 0, 100))
        found: dict[str, list[Load]] = defaultdict(list)
        bare = Server("bare")
        ours = Server("ours", file, "FULL")
        for _ in range(TURNS):
            found["bare"].append(bare.load(plain, SECONDS / 2))
            found["new"].append(ours.load(fresh))
            found["again"].append(ours.load(repeated, SECONDS / 2))
        found["calm"].append(ours.load(fresh, 5 * SECONDS, CALM))
        ours.stop()
        others = {
            "wire": ("wire", file),
            "normal": ("ours", file, "NORMAL"),
            "slow": ("ours", file, "FULL", SLOW_DISK),
        }
        if peer.is_here():
            others["peer"] = ("peer", file)
        for name, started in others.items():
            server = Server(*started)
            for _ in range(TURNS):
                found["bare"].append(bare.load(plain, SECONDS / 2))
                found[name].append(server.load(fresh))
            server.stop()
        bare.stop()
    best = {name: _middle(loads) for name, loads in found.items()}
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {CONNECTIONS} connections; medians of {TURNS} turns"
    )
    print(
        f"the client took {best['bare'].client:.0%} of a core beside bare aiohttp, {best['new'].client:.0%} beside ours"
    )
    for name, words in NAMES.items():
        print(
            best[name].told(words, best["bare"]) if name in best else f"{words}: not installed, not measured"
        )
    _note(best)
    return start.main()


def _note(best: dict[str, Load]) -> None:
    new, bare = best["new"], best["bare"]
    note("a new matter, by rate", new.rate / bare.rate, "bare aiohttp", 0.10)
    note("a new matter, by processor time", bare.work / new.work, "bare aiohttp", 0.10)
    if "peer" in best:
        note("a new matter, by rate", new.rate / best["peer"].rate, "Flask and wechatpy", 1.2)
    note("99th percentile at that load", new.p99 / 100, "100 ms", 1, most=True)
    note(f"99th percentile at {CALM} a second", best["calm"].p99 / 25, "25 ms", 1, most=True)
    note("a repeated message, by rate", best["again"].rate / new.rate, "a new matter", 2)
    note("synchronous=FULL", new.rate / best["normal"].rate, "synchronous=NORMAL", 0.95)
    note("2 ms more a commit", best["slow"].rate / new.rate, "FULL without", 0.8)


def _middle(loads: list[Load]) -> Load:
    """The turn with the middle rate; its processor time is the least of all, which others disturbed least."""
    middle = sorted(loads, key=lambda one: one.rate)[len(loads) // 2]
    return replace(middle, work=min(one.work for one in loads))


if __name__ == "__main__":
    raise SystemExit(main())
