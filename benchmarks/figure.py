"""The one table `make bench` ends with: each figure as a ratio to a reference of the same run, beside its goal."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

FOUND: list["Figure"] = []


@dataclass(frozen=True)
class Figure:
    """`ratio` to `reference`; the goal is at least so much, or with `most` at most so much."""

    name: str
    ratio: float
    reference: str
    goal: float
    most: bool = False

    @property
    def is_reached(self) -> bool:
        return self.ratio <= self.goal if self.most else self.ratio >= self.goal


def note(name: str, ratio: float, reference: str, goal: float, *, most: bool = False) -> None:
    """For the table at the end."""
    FOUND.append(Figure(name, ratio, reference, goal, most))


def machine() -> str:
    """On what it was measured, and how busy that was."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    loads = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    model = models[0] if models else platform.machine()
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, load {loads}"


def table() -> str:
    """All that was noted."""
    rows = [f"{'figure':<58}{'ratio':>8}  {'goal':>8}      to"]
    for one in FOUND:
        goal = f"{'<=' if one.most else '>='} {one.goal:g}"
        reached = "" if one.is_reached else "missed"
        rows.append(f"{one.name:<58}{one.ratio:>8.3g}  {goal:>8} {reached:<7}{one.reference}")
    return "\n".join(rows)
