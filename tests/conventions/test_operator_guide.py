"""Whatever the service can log or count, the operator's guide says what to do about."""

import ast
import re

from tests.conventions.sources import TOP, sources

LEVELS = frozenset({"info", "warning", "error", "critical", "exception"})


def test_every_line_of_the_log_is_in_the_guide_and_no_other() -> None:
    logged = {
        call.args[0].value
        for file in sources()
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in LEVELS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "log"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(logged) > 15
    assert _first_cells("`event`") == logged


def test_every_figure_is_in_the_guide_and_no_other() -> None:
    counted = {
        name for file in sources() for name in re.findall(r'"(lianxin_[a-z_]+)"', file.read_text("utf-8"))
    } - {"lianxin_write"}
    assert len(counted) > 10
    assert {name for name in _first_cells("`lianxin_") if name.startswith("lianxin_")} == counted


def _first_cells(mark: str) -> set[str]:
    """What stands in code in the first column of the table that holds `mark`."""
    guide = (TOP / "docs" / "guide-operator.md").read_text("utf-8")
    table = next(block for block in guide.split("\n\n") if re.search(rf"(?m)^\| {mark}", block))
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
