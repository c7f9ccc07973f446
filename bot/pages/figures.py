"""What supervisors read: digests, the bulletin with its charts and files, the book of matters, how it is measured."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.digest.address import address
from bot.digest.bulletin_sheet import REVIEWS, as_csv, book_table, bulletin_sheet, law, reasons
from bot.digest.chart import charts
from bot.digest.measure_table import measure_table
from bot.digest.table import labels, percent
from bot.digest.workbook import workbook
from bot.pages.visit import NOT_FOUND, Answer, Sent, Shown, Visit
from handlers.digest.behind import opens
from handlers.digest.book import book
from handlers.digest.bulletin import bulletin
from handlers.digest.measures import measures
from handlers.digest.period import DAY, Kind, NotYet, Period
from handlers.digest.seen import seen_by
from models.digest import latest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = ("xlsx", "csv", "json")
YEARS = range(2000, 2100)
PUBLISHED = 12  # of each kind
LONGEST_SPAN = 31  # days that one day's digest may cover


class BadPeriod(ValueError):
    """The address names no period."""


def period_of(visit: Visit, usual: Kind = Kind.MONTH) -> Period:
    """The period of the address; without one the running month. BadPeriod: no such day, or it lies ahead."""
    query, today = visit.query, visit.at.astimezone(visit.county.zone).date()
    try:
        kind = Kind(query.get("period", usual.value))
        day = date.fromisoformat(query.get("on", today.isoformat()))
        last = date.fromisoformat(query["to"]) if "to" in query else None
    except ValueError as error:
        raise BadPeriod from error
    if (
        day.year not in YEARS
        or day > today
        or (last is not None and not day <= last <= day + DAY * LONGEST_SPAN)
    ):
        raise BadPeriod
    return Period.of(kind, day) if last is None or kind is not Kind.DAY else Period(kind, day, last)


def digests(visit: Visit) -> Answer:
    """Where everything is: the running periods, and what was published."""
    today = visit.at.astimezone(visit.county.zone).date()
    published = [
        {
            "kind": kind.value,
            "first": one.first,
            "last": one.last,
            "counts": one.content["counts"],
            "at": one.made_at,
        }
        for kind in Kind
        for one in reversed(latest(visit.session, kind.value, today, PUBLISHED, visit.at))
    ]
    return Shown("digests.html", {"today": today, "published": published, "labels": labels()})


def show_bulletin(visit: Visit) -> Answer:
    try:
        period = period_of(visit)
        content = _bulletin(visit, period)
    except (BadPeriod, NotYet):
        return _no_period()
    fields = {
        "told": content,
        "charts": charts(content),
        "law": law(content),
        "reviews": {labels()["counts"][name]: name for name in REVIEWS},
        "reasons": reasons,
        "percent": percent,
        "labels": labels(),
        "link": _linker(visit, period),
        "query": _query(period),
        "earlier": _query(Period.before(period.kind, period.first)),
    }
    return Shown("bulletin.html", fields)


def bulletin_file(visit: Visit) -> Answer:
    """The same as a file: workbook, csv or json."""
    if visit.path["form"] not in FORMS:
        return NOT_FOUND
    try:
        period = period_of(visit)
        content = _bulletin(visit, period)
    except (BadPeriod, NotYet):
        return _no_period()
    name = f"bulletin-{period.kind.value}-{period.first.isoformat()}"
    form = visit.path["form"]
    if form == "json":
        body = json.dumps(content, ensure_ascii=False, indent=1).encode()
        return Sent(body, "application/json", f"{name}.json")
    sheet = bulletin_sheet(content, visit.county.zone)
    if form == "csv":
        return Sent(as_csv(*sheet.tables), "text/csv", f"{name}.csv")
    drawn = tuple(labels()["chart"][one] for one in ("days", "ages", "trend"))
    return Sent(workbook(sheet, drawn), XLSX, f"{name}.xlsx")


def _bulletin(visit: Visit, period: Period) -> dict[str, Any]:
    content = bulletin(visit.session, visit.county, period, visit.at, visit.who.scope)
    return seen_by(content, visit.who.role)


def show_book(visit: Visit) -> Answer:
    """The book of matters, to read, to print or as csv."""
    try:
        period = period_of(visit)
        told = book(visit.session, visit.county, visit.who.scope, period, visit.at)
    except (BadPeriod, NotYet):
        return _no_period()
    table = book_table(told, visit.county.zone)
    if visit.query.get("form") == "csv":
        return Sent(as_csv(table), "text/csv", f"book-{period.kind.value}-{period.first.isoformat()}.csv")
    fields = {"table": table, "left_out": told["left_out"], "period": period, "query": _query(period)}
    return Shown("book.html", fields | {"labels": labels()})


def show_measures(visit: Visit) -> Answer:
    """How everything is counted, drawn from the data that it is counted by."""
    return Shown("measures.html", {"table": measure_table(visit.county.mostly_weight), "labels": labels()})


def _no_period() -> Answer:
    return Shown("no_period.html", {}, status=400)


def _query(period: Period) -> str:
    return f"period={period.kind.value}&on={period.first.isoformat()}"


def _linker(visit: Visit, period: Period) -> Any:
    """How a number is opened; one that is told in figures only is not."""

    def link(measure: str, group: str = "", code: str = "") -> str:
        found = address(period, measure, group, code) if opens(measure) and code != "*" else ""
        # From a page beside it, and without what the list takes for granted: a bulletin has hundreds of them.
        return found.removeprefix("/console/").replace("period=month&", "")

    return link


def sees_all(visit: Visit) -> bool:
    """Whether every measure is for somebody of this role."""
    return measures().seen_by(visit.who.role) == measures().ids


def own_rows(visit: Visit, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Scores and reasons are made of measures: whoever may not see those of all sees his own office's alone."""
    if sees_all(visit):
        return rows
    own = visit.who.officer.office if visit.who.officer else None
    return [row for row in rows if row["code"] == own]


def form_number(form: Mapping[str, str], name: str) -> int | None:
    """A number somebody typed; none where it is none."""
    said = form.get(name, "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else None
