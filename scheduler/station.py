"""What every job is handed: the database, and the county as it stands in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handlers.county import County
from models.base import Session
from models.database import Database


@dataclass(frozen=True)
class Station:
    """Jobs open their own transactions here, one a petition.

    Once `is_stopping` says so a job begins no further transaction: what is due stays due, and the next start does it.
    """

    database: Database
    county: Callable[[Session, datetime], County]
    is_stopping: Callable[[], bool] = lambda: False
