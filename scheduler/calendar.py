"""What a new calendar does to open matters, and the warning that the known days run out."""

from datetime import datetime

from handlers.calendar import ENOUGH_DAYS, days_left
from handlers.notices import tell_operators
from handlers.petition.dispatch import reset_clocks
from models.calendar import CalendarChange, seed
from models.petition import Petition, open_ids
from models.wording import Wording
from scheduler.station import Station

SLICE = 500


def look_ahead(station: Station, at: datetime) -> dict[str, int]:
    """Takes in what a newer package knows of the calendar, moves open dates, warns the operators in time."""
    with station.database.transaction() as session:
        county = station.county(session, at)
        change = seed(session, at.astimezone(county.zone).date())
        left = days_left(session, at, county.zone)
        if left < ENOUGH_DAYS:
            month = at.astimezone(county.zone).strftime("%Y-%m")
            tell_operators(
                session, county, Wording.CALENDAR_SHORT, at, occasion=f"calendar:{month}", days=left
            )
    return {"moved": move_deadlines(station, change, at)}


def move_deadlines(station: Station, change: CalendarChange, at: datetime) -> int:
    """Reckons the dates of open matters anew, in slices; the number of matters whose date moved."""
    if not change.days:
        return 0
    moved, after = 0, 0
    while True:
        with station.database.transaction() as session:
            county = station.county(session, at)
            ids = open_ids(session, after, SLICE)
            for identity in ids:
                moved += reset_clocks(
                    session, county, session.get_one(Petition, identity), at, why="calendar"
                )
        if not ids:
            return moved
        after = ids[-1]
