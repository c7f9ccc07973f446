"""A digest as plain tables: what the text, the page and the workbook are all made from."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

LABELS = Path(__file__).parent / "labels.toml"
BREAKDOWNS = ("by_place", "by_office", "by_category")
PERCENT = "percent"
Cell = str | int | float


@dataclass(frozen=True)
class Table:
    """A heading, its columns, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Sheet:
    """A digest ready to be shown: title, lines below it, tables."""

    title: str
    notes: tuple[str, ...]
    tables: tuple[Table, ...]


@cache
def labels() -> dict[str, Any]:
    return tomllib.loads(LABELS.read_text(encoding="utf-8"))


def sheet_of(content: dict[str, Any], zone: ZoneInfo) -> Sheet:
    """The tables of a digest, in the order one reads them."""
    known = labels()
    words = known["words"]
    span = words["span"].format(first=content["from"], last=content["to"])
    until = _local(content["basis"]["until"], zone)
    if until.date().isoformat() <= content["to"]:
        span += words["running"].format(until=f"{until:%Y-%m-%d %H:%M}")
    return Sheet(
        title=f"{known['title']}{known['period'][content['period']]}",
        notes=(
            span,
            words["made"].format(made_at=f"{_local(content['made_at'], zone):%Y-%m-%d %H:%M}"),
            words["checkpoint"].format(checkpoint=content["checkpoint"]),
        ),
        tables=(_counts(content), _rates(content), *(_breakdown(content, rows) for rows in BREAKDOWNS)),
    )


def _counts(content: dict[str, Any]) -> Table:
    known = labels()
    columns = (known["columns"]["figure"], known["columns"]["number"])
    told = content["counts"]
    rows = tuple((label, told[name]) for name, label in known["counts"].items() if told[name] is not None)
    return Table(known["tables"]["counts"], columns, rows)


def _rates(content: dict[str, Any]) -> Table:
    known = labels()
    columns = tuple(
        known["columns"][name] for name in ("rate", "value", "numerator", "denominator", "formula")
    )
    rows = tuple(
        (
            rate["name"],
            percent(rate["value"], rate.get("unit", PERCENT)),
            rate["numerator"],
            rate["denominator"],
            rate["formula"],
        )
        for rate in content["rates"]
    )
    return Table(known["tables"]["rates"], columns, rows)


def percent(value: float | None, unit: str = PERCENT) -> str:
    """A rate as people read it, a ratio as the plain number it is; too few matters have none."""
    if value is None:
        return str(labels()["words"]["few"])
    return f"{value * 100:.2f}%" if unit == PERCENT else f"{value:.2f}"


def _breakdown(content: dict[str, Any], rows: str) -> Table:
    known = labels()
    shown = [name for name in known["counts"] if any(row["counts"].get(name) for row in content[rows])]
    columns = (known["columns"]["code"], known["columns"]["name"], *(known["counts"][name] for name in shown))
    lines = tuple(
        (row["code"], row["name"], *(row["counts"][name] for name in shown)) for row in content[rows]
    )
    return Table(known["tables"][rows], columns, lines)


def _local(at: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(at).astimezone(zone)
