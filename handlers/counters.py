"""The year's report of a village, counted from the rows of its books and of the ledger: each counter names its rows."""

from dataclasses import dataclass
from datetime import date, datetime, time

from handlers.county import County
from models.advice import told_at
from models.base import Session
from models.book import errands_of, meetings_of, notes_by, presences, raised_at, solved_at
from models.office import offices
from models.officer import officers
from models.place import below


@dataclass(frozen=True)
class Counter:
    """One heading of the report and its number."""

    name: str
    count: int


def counters(session: Session, county: County, place: str, first: date, last: date) -> list[Counter]:
    """From first to last day, both included, of a place with all below it."""
    places = sorted(below(session, place))
    since = datetime.combine(first, time(), county.zone)
    until = datetime.combine(last, time.max, county.zone)
    local = {office.code for office in offices(session) if office.place in places}
    accounts = [one.account for one in officers(session) if one.office in local]
    meetings = meetings_of(session, places, first, last)
    errands = errands_of(session, places, first, last)
    days = presences(session, first, last, places=places)
    raised = raised_at(session, [one.id or 0 for one in meetings])
    solved = solved_at(session, places, since, until)
    return [
        Counter("notes", notes_by(session, accounts, since, until)),
        Counter("meetings", len(meetings)),
        Counter("heads", sum(one.heads for one in meetings)),
        Counter("raised", len(raised)),
        Counter("errands", len(errands)),
        Counter("errands_back", sum(one.handed_back_on is not None for one in errands)),
        Counter("days", len(days)),
        Counter("activities", sum(bool(one.activity) for one in days)),
        Counter("answers", told_at(session, places, since, until)),
        Counter("solved", solved),
    ]
