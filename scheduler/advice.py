"""The spokesman's answers that run out."""

from datetime import datetime

from handlers.advice.expiry import tell_offices
from scheduler.station import Station


def look_ahead(station: Station, at: datetime) -> dict[str, int]:
    """Tells the offices; how many answers are out of date or will be soon."""
    with station.database.transaction() as session:
        return {"running_out": tell_offices(session, station.county(session, at), at)}
