"""An instant as it is written on the command line."""

from datetime import datetime

YEARS = range(2000, 2101)  # an instant outside is a slip of the pen


def instant_of(text: str) -> datetime | None:
    """ISO 8601 with a zone; None for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None and at.year in YEARS else None
