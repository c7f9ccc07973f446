"""The directory as a whole: its tables read at once for an import, and its version moved on."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy
from sqlmodel import Field, col, select

from models.base import Row, Session, Table, UtcDateTime


class DirectoryVersion(Table, table=True):
    """One row: how often an import changed something, and when it last did."""

    __tablename__ = "directory_version"

    id: int = Field(default=1, primary_key=True)
    version: int = 0
    advice: int = 0  # how often an answer was written on the pages
    loaded_at: datetime = Field(sa_type=UtcDateTime)


def directory_version(session: Session) -> int:
    """0 before the first import. Whoever keeps something derived from the directory compares it."""
    return _versions(session)[0]


def advice_version(session: Session) -> int:
    """The same for the answers alone."""
    return _versions(session)[1]


def loaded_at(session: Session) -> datetime | None:
    """When an import last changed something; None before the first."""
    row = session.get(DirectoryVersion, 1)
    return row.loaded_at if row else None


def _versions(session: Session) -> tuple[int, int]:
    versions: tuple[int, int] = session.once("directory", lambda: _asked(session))
    return versions


def _asked(session: Session) -> tuple[int, int]:
    row = session.connection().execute(_VERSIONS).first()
    return (row[0], row[1]) if row is not None else (0, 0)


# Made once: it is asked for in every transaction, and making a statement costs more than running it.
_VERSIONS = sqlalchemy.select(col(DirectoryVersion.version), col(DirectoryVersion.advice))


def bump_version(session: Session, at: datetime) -> int:
    """One further; called once by an import that changed something."""
    row = session.get(DirectoryVersion, 1) or DirectoryVersion(id=1, version=0, loaded_at=at)
    row.version += 1
    row.loaded_at = at
    session.add(row)
    session.flush()
    session.let_go("directory")
    return row.version


def bump_advice(session: Session, at: datetime) -> None:
    """An answer was written: whoever has made something of the answers makes it anew."""
    row = session.get(DirectoryVersion, 1) or DirectoryVersion(id=1, version=0, loaded_at=at)
    row.advice += 1
    session.add(row)
    session.flush()
    session.let_go("directory")


def rows_of(session: Session, table: type[Row]) -> Sequence[Row]:
    """Every row of a table of the directory, those that ended or left among them."""
    return session.exec(select(table)).all()
