"""What SQLite knows of its own tables: without it, it guesses which index is the short way.

SQLite counts only when told to; its documentation advises once a day where connections live long. Not by `PRAGMA
optimize`, which before 3.46 looks only at tables that the same connection asked before, and ours come from a pool.
PostgreSQL counts by itself.
"""

from sqlalchemy import text

from models.base import Session
from models.tally import latest_event

SAMPLES = 10_000  # entries looked at of each index: a fifth of a second at a million petitions
WORTH = 10_000  # events; of fewer any way is short, and what is known of a nearly empty table misleads once it fills


def take_stock(session: Session) -> bool:
    """Counts anew, by samples; False where it is not worth it or the database does so itself."""
    if session.get_bind().dialect.name != "sqlite" or latest_event(session) < WORTH:
        return False
    session.connection().execute(text(f"PRAGMA analysis_limit = {SAMPLES}"))
    session.connection().execute(text("ANALYZE"))
    return True
