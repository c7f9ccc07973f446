"""The liaison room's books: what is to be reminded of today."""

from datetime import datetime

from handlers import book, diary
from scheduler.station import Station


def remind(station: Station, at: datetime) -> dict[str, int]:
    """How many letters were posted, and how many recordings of notes were let go."""
    with station.database.transaction() as session:
        county = station.county(session, at)
        return {
            "book_letters": book.remind(session, county, at),
            "book_recordings": diary.let_go(session, county, at),
        }
