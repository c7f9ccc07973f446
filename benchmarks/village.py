"""Village wordings: lanes, leaves, what is asked, danger and accusation; on two sets, and what stands behind them.

`dev` is the development half of the village set, read in place: its lanes' classes of words were made while looking at
it, so it flatters them; nothing is learnt from it. `blind` (beside this file) was written, leaf by leaf and lane by
lane, by somebody who had not seen the rules; nothing is learnt from it, but a few thresholds were chosen with its
figures in sight. `fresh` and `later` were written each before anybody looked at what the rules make of it; `later` has
its lanes in about the shares a hotline hears them. `seeming` holds what only sounds like danger beside quiet danger,
`short` dangers and matters of a few characters.
All are invented: they say how well made-up villagers are understood, and no more.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handlers.topic import Route, Understanding

DEV = Path(__file__).resolve().parents[2] / "shared" / "data" / "village_dev.jsonl"
BLIND = Path(__file__).parent / "wordings"
FRESH = BLIND / "fresh"
LATER = BLIND / "later"
SEEMING = BLIND / "seeming"
SHORT = BLIND / "short"
DANGER = frozenset({"emergency", "protection"})
GOALS = {
    "lane": ">= 0.93",
    "top category": ">= 0.88",
    "leaf, decided or asked rightly": ">= 0.80",
    "asked": "<= 0.25",
    "emergency or protection: recall": ">= 0.97",
    "emergency or protection: false alarms": "<= 0.02",
    "accusation: recall": ">= 0.95",
    "accusation: false alarms": "<= 0.03",
}
EXAMPLES = 10
WORST = 10


@dataclass
class Share:
    """So many of so many."""

    right: int = 0
    of: int = 0

    def add(self, right: object) -> None:
        self.right += bool(right)
        self.of += 1

    def __str__(self) -> str:
        return f"{self.right / self.of if self.of else 0:6.3f}   {self.right} of {self.of}"


@dataclass
class Figures:
    """The table of a village set, as its README scores it."""

    shares: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in GOALS})
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def score(self, row: dict[str, Any], route: Route) -> None:
        lane, shares = row["lane"], self.shares
        shares["lane"].add(route.lane == lane)
        danger = "recall" if lane in DANGER else "false alarms"
        shares[f"emergency or protection: {danger}"].add(route.lane in DANGER)
        accused = "recall" if lane == "accusation" else "false alarms"
        shares[f"accusation: {accused}"].add(route.lane == "accusation")
        if lane != "petition":
            return
        good = {row["category"], *row["also"]}
        shares["top category"].add(route.category and route.category[:2] in {one[:2] for one in good})
        offered = {candidate.category for candidate in route.candidates[:3]}
        asked_well = row["ask_ok"] or good & offered
        shares["leaf, decided or asked rightly"].add(asked_well if route.ask else route.category in good)
        shares["asked"].add(route.ask)
        if route.category not in good:
            self.confused[row["category"], route.category or "-"] += 1


def dev_rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in DEV.read_text("utf-8").splitlines()] if DEV.exists() else []


def written_rows(folder: Path) -> Iterator[dict[str, Any]]:
    leaves = tomllib.loads((folder / "leaves.toml").read_text("utf-8"))
    also = leaves.pop("also", {})
    for leaf, texts in leaves.items():
        yield from (_row(text, "petition", leaf, also.get(text, [])) for text in texts)
    for lane, subjects in tomllib.loads((folder / "lanes.toml").read_text("utf-8")).items():
        yield from (_row(text, lane) for texts in subjects.values() for text in texts)


def _row(text: str, lane: str, leaf: str | None = None, also: list[str] | None = None) -> dict[str, Any]:
    return {"text": text, "lane": lane, "category": leaf, "also": also or [], "ask_ok": False}


def main() -> int:
    understanding = Understanding.load()
    tables: dict[str, Figures] = {}
    examples: list[Route] = []
    for name, rows in (
        ("dev", dev_rows()),
        ("blind", list(written_rows(BLIND))),
        ("fresh", list(written_rows(FRESH))),
        ("later", list(written_rows(LATER))),
        ("seeming", list(written_rows(SEEMING))),
        ("short", list(written_rows(SHORT))),
    ):
        if not rows:
            print(f"{name}: skipped, {DEV.name} is not there")
            continue
        tables[name] = Figures()
        for row in rows:
            route = understanding.route(row["text"])
            tables[name].score(row, route)
            if name == "blind" and row["lane"] == "petition" == route.lane and not route.ask:
                examples.append(route)
    print(f"{'':40}{'goal':10}{''.join(f'{name:24}' for name in tables)}")
    for name, goal in GOALS.items():
        print(f"{name:40}{goal:10}{''.join(f'{figures.shares[name]!s:24}' for figures in tables.values())}")
    _tell_confusion(tables["blind"].confused)
    print("\nwhy, on the blind set:")
    for route in examples[:: max(len(examples) // EXAMPLES, 1)][:EXAMPLES]:
        print(f"  {route.category} {route.why}")
    return 0


def _tell_confusion(confused: Counter[tuple[str, str]]) -> None:
    wrong: Counter[str] = Counter()
    for (wanted, _), times in confused.items():
        wrong[wanted] += times
    print("\nthe leaves most often missed on the blind set, and what was taken for them:")
    for leaf, times in wrong.most_common(WORST):
        taken = ", ".join(f"{said} x{n}" for (wanted, said), n in confused.items() if wanted == leaf)
        print(f"  {leaf} missed {times}: {taken}")


if __name__ == "__main__":
    main()
