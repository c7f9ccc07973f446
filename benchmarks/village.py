"""Village wordings: lanes, leaves, what is asked, danger and accusation; the development half, read in place.

The rules were tuned while looking at this half, so the figures flatter; another half of the same kind is kept aside.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handlers.topic import Route, Understanding

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "village_dev.jsonl"
DANGER = frozenset({"emergency", "protection"})


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
    """The table of the village set, as its README scores it."""

    shares: dict[str, Share] = field(default_factory=dict)

    def add(self, name: str, right: object) -> None:
        self.shares.setdefault(name, Share()).add(right)

    def score(self, row: dict[str, Any], route: Route) -> None:
        lane = row["lane"]
        self.add("lane", route.lane == lane)
        danger, accusation = route.lane in DANGER, route.lane == "accusation"
        self.add(
            "emergency or protection: recall" if lane in DANGER else "emergency or protection: false alarms",
            danger,
        )
        self.add("accusation: recall" if lane == "accusation" else "accusation: false alarms", accusation)
        if lane != "petition":
            return
        good = {row["category"], *row["also"]}
        self.add("top category", route.category and route.category[:2] in {one[:2] for one in good})
        offered = {candidate.category for candidate in route.candidates[:3]}
        asked_well = row["ask_ok"] or good & offered
        self.add("leaf, decided or asked rightly", asked_well if route.ask else route.category in good)
        self.add("asked", route.ask)


def main() -> int:
    if not DATA.exists():
        print(f"skipped: {DATA.name} is not there")
        return 0
    understanding = Understanding.load()
    figures = Figures()
    for line in DATA.read_text("utf-8").splitlines():
        row = json.loads(line)
        figures.score(row, understanding.route(row["text"]))
    for name, share in figures.shares.items():
        print(f"{name:40} {share}")
    return 0


if __name__ == "__main__":
    main()
