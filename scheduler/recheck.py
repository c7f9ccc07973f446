"""Once a day: whether a month or a quarter is over whose matters are to be looked at once more."""

from datetime import datetime

from handlers.rechecking import draw
from models.recheck import Kind
from scheduler.station import Station


def look_ahead(station: Station, at: datetime) -> dict[str, int]:
    """Draws what is due; how many matters each draw took."""
    with station.database.transaction() as session:
        county = station.county(session, at)
        return {f"recheck_{kind.value}": draw(session, county, kind, at) for kind in Kind}
