"""A bulletin's tables: what its workbook and its csv are made from."""

import csv
import io
from typing import Any
from zoneinfo import ZoneInfo

from bot.digest.chart import charts
from bot.digest.table import Cell, Sheet, Table, labels, percent, sheet_of
from bot.wording import filters
from bot.workbook.harmless import harmless
from handlers.digest.measures import measures

OFFICE = (
    *("handed_out", "response", "worked_in_time", "late", "worked_late", "extended", "sent_back"),
    *("answered", "solved", "satisfied", "reworked", "rebounded", "level", "late_before"),
)
REVIEWS = (
    *("review_asked", "review_answered", "review_late"),
    *("reexamination_asked", "reexamination_answered", "reexamination_late"),
)
BOM = b"\xef\xbb\xbf"  # without it Excel takes UTF-8 for the machine's own letters


def bulletin_sheet(content: dict[str, Any], zone: ZoneInfo) -> Sheet:
    """The digest's own tables, and after them those of the bulletin."""
    plain = sheet_of(content, zone)
    tables = (offices(content), topics(content), law(content), unsolved(content, zone))
    drawn = (
        Table(one.title, one.columns or tuple(labels()["bar"]), tuple(one.table)) for one in _charts(content)
    )
    return Sheet(plain.title, plain.notes, (*plain.tables, *tables, *drawn))


def _charts(content: dict[str, Any]) -> list[Any]:
    shown = {labels()["chart"][name] for name in ("days", "ages", "trend")}
    return [one for one in charts(content) if one.title in shown]


def offices(content: dict[str, Any]) -> Table:
    """Without the measures that are not for whoever asks."""
    say, unseen = labels(), measures().ids - {one["id"] for one in content["rates"]}
    first, *named = say["office"]["columns"]
    kept = [(column, name) for column, name in zip(OFFICE, named, strict=False) if column not in unseen]
    rows = tuple(
        (
            row["name"],
            *(_office(row, column) for column, _ in kept),
            labels()["why"]["join"].join(reasons(row)),
            row["statement"],
            _ruling(row),
        )
        for row in content["offices"]
    )
    columns = (first, *(name for _, name in kept), *named[len(OFFICE) :])
    return Table(say["table"]["offices"], columns, rows)


def _office(row: dict[str, Any], column: str) -> Cell:
    if column in row["rates"]:
        return _rate(row["rates"][column])
    if column == "level":
        level = str(labels()["level"].get(row["level"], ""))
        return f"{level}{labels()['words']['lifted']}" if row["lifted"] else level
    return int(row["late_before"] if column == "late_before" else row["counts"][column])


def _rate(rate: dict[str, Any]) -> str:
    return f"{percent(rate['value'], rate['unit'])} ({rate['numerator']:g}/{rate['denominator']})"


def _ruling(row: dict[str, Any]) -> str:
    """What a person decided on an office's appeal, and who."""
    ruled = labels()["ruling"].get(row["decision"] or "")
    return f"{ruled}: {row['answer']} ({row['decided_by']})" if ruled else ""


def reasons(row: dict[str, Any]) -> list[str]:
    """Why an office is warned, in sentences."""
    say = labels()["why"]
    return [say[one["why"]].format(**one | {"percent": percent(one.get("value"))}) for one in row["reasons"]]


def topics(content: dict[str, Any]) -> Table:
    say = labels()
    rows = tuple(
        (
            *(row[name] for name in ("name", "new", "before", "villages", "joined")),
            _rate(row["solved"]) if row["solved"] else "",
        )
        for row in content["topics"]["rows"]
    )
    return Table(say["table"]["topics"], tuple(say["topic"]["columns"]), rows)


def law(content: dict[str, Any]) -> Table:
    say, told = labels(), content["law"]
    rows: list[tuple[Cell, ...]] = [(label, told[name]) for name, label in say["law"].items()]
    rows += [(say["legal"][kind], number) for kind, number in sorted(told["kinds"].items())]
    rows += [
        (say["table"]["declined"].format(cause=say["cause"].get(cause, cause)), number)
        for cause, number in sorted(told["declined"].items())
    ]
    rows += [(say["counts"][name], content["counts"][name]) for name in REVIEWS]
    return Table(say["table"]["law"], (say["columns"]["figure"], say["columns"]["number"]), tuple(rows))


def unsolved(content: dict[str, Any], zone: ZoneInfo) -> Table:
    say, known = labels(), filters(zone)
    rows = tuple(
        (
            *(known["pairs"](row["number"]), row["category"], row["place"], row["office"]),
            *(known["state"](row["state"]), say["held"][row["why"]], known["day"](row["since"])),
            known["day"](row["next"]) if row["next"] else "",
        )
        for row in content["unsolved"]["rows"]
    )
    return Table(say["table"]["unsolved"], tuple(say["unsolved"]["columns"]), rows)


def book_table(told: dict[str, Any], zone: ZoneInfo) -> Table:
    """The book of matters."""
    say, known = labels(), filters(zone)
    rows = tuple(
        (
            *(known["pairs"](row["number"]), row["category"], row["place"], row["office"]),
            *(known["day"](row[name]) if row[name] else "" for name in ("received_at", "finish_due")),
            known["state"](row["state"]),
            known["day"](row["closed_at"]) if row["closed_at"] else "",
        )
        for row in told["rows"]
    )
    return Table(say["table"]["book"], tuple(say["book"]["columns"]), rows)


def as_csv(*tables: Table) -> bytes:
    """One table below the other; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for number, table in enumerate(tables):
        if number:
            writer.writerow([])
        if len(tables) > 1:
            writer.writerow([table.name])
        writer.writerow(table.columns)
        writer.writerows(
            [harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in table.rows
        )
    return BOM + out.getvalue().encode()
