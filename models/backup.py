"""A consistent copy of a running SQLite database, and its way back. PostgreSQL has its own tools for both."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, text

from models.database import Database
from models.errors import BadKey, LianxinError
from models.key import is_wrapped_by

# What every database holds from its first start on; a row anywhere else is somebody's data.
BARE = frozenset(
    {"alembic_version", "key", "calendar_year", "calendar_day", "directory_version", "processing_log"}
)
PAGES = 256  # copied at once, so that whoever writes meanwhile need not wait long
MAGIC = b"SQLite format 3\x00"


class BadCopy(LianxinError):
    """No copy can be made or taken back; one line why."""


def copy_to(database: Database, file: Path) -> None:
    """Writes the copy (0600). BadCopy: there is a file of that name, or it cannot be written."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        message = f"{file}: is there already; nothing was written"
        raise BadCopy(message) from error
    except OSError as error:
        message = f"{file}: {error.strerror}"
        raise BadCopy(message) from error
    try:
        with closing(sqlite3.connect(_path(database))) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target, pages=PAGES, sleep=0.01)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    except sqlite3.Error as error:
        file.unlink()
        message = f"{file}: {error}"
        raise BadCopy(message) from error


def copy_from(file: Path, database: Database, data_key: bytes) -> None:
    """Takes a copy back into an empty database.

    BadCopy: that holds data, or the file is no sound copy. BadKey: the copy was made with another data_key.
    """
    if holds_data(database):
        message = f"{_path(database)}: holds data; nothing was changed. Move it away first"
        raise BadCopy(message)
    try:
        with file.open("rb") as opened:
            is_ours = opened.read(len(MAGIC)) == MAGIC
    except OSError as error:
        message = f"{file}: {error.strerror}"
        raise BadCopy(message) from error
    if not is_ours:
        message = f"{file}: no copy that `lianxin backup` made"
        raise BadCopy(message)
    database.engine.dispose()
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source:
            _check(source, file, data_key)
            with closing(sqlite3.connect(_path(database))) as target:
                source.backup(target)
    except sqlite3.Error as error:
        message = f"{file}: {error}"
        raise BadCopy(message) from error


def holds_data(database: Database) -> bool:
    """Whether anything is in it but what it was made with."""
    with database.engine.connect() as connection:
        tables = [name for name in inspect(connection).get_table_names() if name not in BARE]
        return any(
            connection.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first() is not None  # noqa: S608 - names of our own tables
            for name in tables
        )


def _check(source: sqlite3.Connection, file: Path, data_key: bytes) -> None:
    if source.execute("PRAGMA quick_check").fetchone() != ("ok",):
        message = f"{file}: damaged"
        raise BadCopy(message)
    names = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "key", "petition"} <= names:
        message = f"{file}: no copy that `lianxin backup` made"
        raise BadCopy(message)
    for purpose, wrapped in source.execute("SELECT purpose, wrapped FROM key WHERE purpose = 'lookup'"):
        if not is_wrapped_by(data_key, purpose, wrapped):
            raise BadKey("data_key: not the one this copy was made with")


def _path(database: Database) -> str:
    if not database.is_sqlite or not database.url.database:
        message = "the database is PostgreSQL: use pg_dump and pg_restore, and keep data_key with neither"
        raise BadCopy(message)
    return database.url.database
