"""The year's report of a village: each counter is the rows behind it, of its books and of the ledger, counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from handlers.county import County
from models.advice import told_between
from models.base import Session
from models.book import (
    Meeting,
    errands_back,
    errands_taken,
    meetings_of,
    notes_between,
    presences,
    raised_at,
    solved_between,
)
from models.office import offices
from models.officer import day_of, officers
from models.petition import Petition
from models.place import below


@dataclass(frozen=True)
class Row:
    """One row of a book: when, whose, what, and what it counts. Never a villager, never a word of his."""

    day: date
    account: str = ""
    what: str = ""  # an activity, a kind of meeting, an answer's code
    petition: Petition | None = None
    count: int = 1


@dataclass(frozen=True)
class Counter:
    """One heading of the report."""

    name: str
    rows: tuple[Row, ...]

    @property
    def count(self) -> int:
        return sum(row.count for row in self.rows)


def counters(session: Session, county: County, place: str, first: date, last: date) -> list[Counter]:
    """From first to last day, both included, of a place with all below it."""
    places = sorted(below(session, place))
    since = datetime.combine(first, time(), county.zone)
    until = datetime.combine(last, time.max, county.zone)
    local = {office.code for office in offices(session) if office.place in places}
    accounts = [one.account for one in officers(session) if one.office in local]
    meetings = meetings_of(session, places, first, last)[::-1]
    days = [Row(one.day, one.account, one.activity) for one in presences(session, first, last, places=places)]
    notes = notes_between(session, accounts, since, until)
    taken = errands_taken(session, places, since, until)
    back = errands_back(session, places, first, last)
    found = {
        "notes": [Row(day_of(at), account) for account, at in notes],
        "meetings": [Row(one.day, one.by, one.kind) for one in meetings],
        "heads": [Row(one.day, one.by, one.kind, count=one.heads) for one in meetings],
        "raised": _raised(session, meetings),
        "errands": [Row(day_of(one.made_at), one.agent) for one in taken],
        "errands_back": [Row(one.handed_back_on or last, one.agent) for one in back],
        "days": days,
        "activities": [row for row in days if row.what],
        "answers": [
            Row(day_of(one.at), what=one.advice) for one in told_between(session, places, since, until)
        ],
        "solved": [
            Row(day_of(one.closed_at or since), one.owner or "", petition=one)
            for one in solved_between(session, places, since, until)
        ],
    }
    return [Counter(name, tuple(rows)) for name, rows in found.items()]


def _raised(session: Session, meetings: Iterable[Meeting]) -> list[Row]:
    by_id = {one.id or 0: one for one in meetings}
    raised = raised_at(session, list(by_id))
    petitions = {one.id: one for one in session.fetch(Petition, (row.petition for row in raised))}
    return [
        Row(by_id[row.meeting].day, by_id[row.meeting].by, petition=petitions.get(row.petition))
        for row in raised
    ]
