"""What is looked at once a day, on the day's first tick."""

from collections.abc import Callable
from datetime import datetime

from models.bell import has_rung, rang
from models.officer import day_of
from scheduler import advice, book, calendar, recheck, stock
from scheduler.station import Station

JOBS: dict[str, Callable[[Station, datetime], dict[str, int]]] = {
    "calendar": calendar.look_ahead,
    "advice": advice.look_ahead,
    "book": book.remind,
    "recheck": recheck.look_ahead,
    "stock": stock.count,
}


def ring(station: Station, at: datetime) -> dict[str, int]:
    """Does each job that was not done for this day or a later one; what each found. Broken off, it is done again."""
    day = day_of(at)
    done: dict[str, int] = {}
    with station.database.reading() as session:
        waiting = [name for name in JOBS if not has_rung(session, name, day)]
    for name in waiting:
        done |= JOBS[name](station, at)
        with station.database.transaction() as session:
            rang(session, name, day)
    return {name: count for name, count in done.items() if count}
