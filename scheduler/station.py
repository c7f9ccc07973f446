"""What every job is handed: the database, and the county as it stands in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handlers.county import County
from models.base import Session
from models.database import Database


@dataclass(frozen=True)
class Station:
    """Jobs open their own transactions here, one a petition."""

    database: Database
    county: Callable[[Session, datetime], County]
