"""The daily checkpoint: on the first look of each day, over everything written since the last one."""

from datetime import datetime

from handlers.county import County
from models import checkpoint
from models.base import Session
from models.tally import latest_event
from scheduler.station import Station


def pin(station: Station, at: datetime) -> str | None:
    """Takes the day's checkpoint if it is due; its hash. Nothing new in the ledger: nothing to pin."""
    with station.database.reading() as session:
        if not _is_due(session, station.county(session, at), at):
            return None
    with station.database.transaction() as session:
        county = station.county(session, at)
        checkpoint.close_the_ledger(session)  # another scheduler may have been quicker
        if not _is_due(session, county, at):
            return None
        return checkpoint.take(session, county.code, at).hash


def _is_due(session: Session, county: County, at: datetime) -> bool:
    before, event = checkpoint.latest(session), latest_event(session)
    if before is None:
        return event > 0
    day, today = (instant.astimezone(county.zone).date() for instant in (before.at, at))
    return event > before.up_to and day != today
