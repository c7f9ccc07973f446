"""The year's report of a village with the rows behind each number."""

from datetime import date

from bot.pages import books
from bot.pages.visit import NOT_FOUND, Answer, Shown, Visit
from handlers.counters import Row, counters
from handlers.officer.scope import may_see
from models.officer import Officer, day_of

SHOWN = 500  # rows of one counter on the page; the number is of all
FIRST_YEAR = 2020


def report(visit: Visit) -> Answer:
    """Each counter, and what it was counted from: days, writers and numbers, never a villager's words."""
    place = books.place_of(visit)
    if place is None:
        return NOT_FOUND
    today = day_of(visit.at)
    typed = visit.query.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else today.year
    year = min(max(year, FIRST_YEAR), today.year)
    last = min(today, date(year, 12, 31))
    found = counters(visit.session, visit.county, place.code, date(year, 1, 1), last)
    return Shown(
        "year.html",
        {
            "place": place,
            "first": date(year, 1, 1).isoformat(),
            "last": last.isoformat(),
            "year": year,
            "before": year - 1 if year > FIRST_YEAR else None,
            "counters": [
                {
                    "name": one.name,
                    "count": one.count,
                    "rows": [_told(visit, row) for row in one.rows[:SHOWN]],
                    "more": max(0, len(one.rows) - SHOWN),
                }
                for one in found
            ],
        },
    )


def _told(visit: Visit, row: Row) -> dict[str, object]:
    officer = visit.session.get(Officer, row.account) if row.account else None
    seen = row.petition is not None and may_see(visit.who.scope, row.petition)
    return {
        "day": row.day.isoformat(),
        "name": officer.name if officer and (row.petition is None or seen) else "",
        "what": row.what,
        "number": row.petition.number if row.petition and seen else "",
        "hidden": row.petition is not None and not seen,
        "count": row.count,
    }
