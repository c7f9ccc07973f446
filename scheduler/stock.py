"""Once a day the database counts what it holds, so that it goes on finding the short way as tables grow."""

from datetime import datetime

from models.stock import take_stock
from scheduler.station import Station


def count(station: Station, at: datetime) -> dict[str, int]:
    """How many databases were counted: one, or none where that is not worth it. `at`: every daily job is given it."""
    with station.database.transaction() as session:
        return {"counted": int(take_stock(session))}
