"""Matters of the 12345 exchange that ended: it is told."""

from datetime import datetime

from handlers.exchange import BATCH, report_endings
from models.relay import untold_endings
from scheduler.station import Station


def report(station: Station, at: datetime) -> int:
    """How many endings were reported."""
    count = 0
    while True:
        with station.database.reading() as session:
            if not untold_endings(session, 1):
                return count
        with station.database.transaction() as session:
            told = report_endings(session, station.county(session, at), at)
        count += told
        if told < BATCH:
            return count
