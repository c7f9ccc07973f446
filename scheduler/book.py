"""The liaison room's books: what is to be reminded of today."""

from datetime import datetime

from handlers import book
from scheduler.station import Station


def remind(station: Station, at: datetime) -> dict[str, int]:
    """How many letters were posted."""
    with station.database.transaction() as session:
        return {"book_letters": book.remind(session, station.county(session, at), at)}
