"""Draws the tricks and their figures for docs/security.md: `python -m tests.conventions.tricks`."""

import tomllib
from collections.abc import Iterator, Mapping

from tests.conventions.page import redraw
from tests.conventions.sources import TOP

PAGE, NAME = TOP / "docs" / "security.md", "tricks"
FILE = TOP / "tests" / "stories" / "tricks.toml"


def drawing() -> str:
    return "\n".join(_rows())


def _rows() -> Iterator[str]:
    yield "| trick | digest before | digest after | so | test |"
    yield "|---|---|---|---|---|"
    for trick in tomllib.loads(FILE.read_text("utf-8"))["trick"].values():
        figures = " | ".join(_shown(trick[when]) for when in ("before", "after"))
        yield f"| {trick['says']} | {figures} | {trick['so']} | `{trick['test']}` |"


def _shown(figures: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {figure}" for name, figure in figures.items())


if __name__ == "__main__":
    redraw(PAGE, NAME, drawing())
