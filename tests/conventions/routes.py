"""Draws who may open which page for docs/security.md: `python -m tests.conventions.routes`."""

import re
from collections.abc import Iterator

from bot.pages.routes import ANYBODY, ROUTES
from models.officer import Role
from tests.conventions.page import redraw
from tests.conventions.sources import TOP

PAGE, NAME = TOP / "docs" / "security.md", "routes"


def drawing() -> str:
    return "\n".join(_rows())


def _rows() -> Iterator[str]:
    yield f"| | nobody | {' | '.join(Role)} |"
    yield "|---|" + ":-:|" * (1 + len(Role))
    for row in ROUTES:
        path = re.sub(r":[^}]+}", "}", row.path)
        anybody = ANYBODY in row.roles
        marks = [anybody, *(anybody or role in row.roles for role in Role)]
        yield f"| `{row.method} {path}` | {' | '.join('yes' if mark else '–' for mark in marks)} |"


if __name__ == "__main__":
    redraw(PAGE, NAME, drawing())
