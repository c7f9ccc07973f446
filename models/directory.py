"""The directory as a whole: its tables read at once for an import, and its version moved on."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from models.base import Row, Session
from models.duty import DirectoryVersion


def bump_version(session: Session, at: datetime) -> int:
    """One further; called once by an import that changed something."""
    row = session.get(DirectoryVersion, 1) or DirectoryVersion(id=1, version=0, loaded_at=at)
    row.version += 1
    row.loaded_at = at
    session.add(row)
    session.flush()
    session.let_go("directory")
    return row.version


def rows_of(session: Session, table: type[Row]) -> Sequence[Row]:
    """Every row of a table of the directory, those that ended or left among them."""
    return session.exec(select(table)).all()
