"""The door to the database: SQLite in one file, or PostgreSQL by URL. Whoever opens a session commits."""

import os
import re
import socket
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from pg8000 import legacy
from pg8000.converters import TIMESTAMPTZ, timestamptz_in
from pg8000.dbapi import convert_paramstyle
from sqlalchemy import Engine, create_engine, event, inspect, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError

from models.base import WALL_CLOCK, Session
from models.reserve import ENOUGH, FEW, Reserve, draw, ids_aside
from models.series import Counting, Series, Taking

DATABASE_ERRORS = (InterfaceError, OperationalError)
NO_DATABASE = DatabaseError  # itself, not one of its kinds: the file is none, or damaged
GOING_AWAY = frozenset({"57P01", "57P02", "57P03"})  # PostgreSQL: shut down, crashed, starting up
BUSY_SECONDS = 20.0  # a second process (`lianxin tick`) waits for the writer instead of failing


class Hindrance(StrEnum):
    """What keeps us from writing."""

    READ_ONLY = "read-only"
    LOCKED = "locked"


class Database:
    """One database. `transaction()` writes and commits; `reading()` never writes."""

    def __init__(self, url: str, wall_clock: Callable[[], datetime] | None = None) -> None:
        """`wall_clock`: noted in each transaction, so that what is done at another hour is marked a rehearsal."""
        self._wall_clock = wall_clock
        self.url = make_url(re.sub(r"^postgres(ql)?://", "postgresql+pg8000://", url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url.database or "") if self.is_sqlite else _postgresql(self.url)
        self._taking = Taking()
        self.reserve = Reserve(ENOUGH if self.is_sqlite else FEW)
        self._alone = Lock()

    @contextmanager
    def transaction(self, *, hurried: bool = False) -> Iterator[Session]:
        """A session whose work is committed when the block ends, and undone if it raises.

        `hurried`: many acts in one, without savepoints; where one raises, all are undone (`models.session`).
        """
        series: Series = Counting() if self.is_sqlite else self._taking
        with (
            self._turn(),
            Session(self.engine, expire_on_commit=False, series=series, hurried=hurried) as session,
        ):
            if self._wall_clock is not None:
                session.info[WALL_CLOCK] = self._wall_clock()
            if self.is_sqlite:
                session.connection(execution_options={"lianxin_write": True})
            with _joined(session):
                yield session

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """SQLite lets one write and has the others ask again and again: in this process they queue instead."""
        taken = self.is_sqlite and self._alone.acquire(timeout=BUSY_SECONDS)
        try:
            yield
        finally:
            if taken:
                self._alone.release()

    @contextmanager
    def reading(self, *, one_instant: bool = False) -> Iterator[Session]:
        """A session for looking only; whatever it changed is thrown away.

        `one_instant`: all that is read is as it was at the first look. On SQLite it always is.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            if self._wall_clock is not None:
                session.info[WALL_CLOCK] = self._wall_clock()
            if one_instant and not self.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
            session.expunge_all()  # what was read may still be looked at
            session.rollback()

    def set_aside(self, promised: Collection[int] = ()) -> None:
        """Numbers that may be told before anything can be written, without those `promised` already."""
        reserve = self.reserve
        reserve.promised |= frozenset(promised)
        with self.transaction() as session:
            if not self.is_sqlite:
                drawn = self._taking.draw(session.connection(), many=reserve.missing)
            elif reserve.is_open:  # only new ones: those taken and not yet petitions are rows still
                drawn = draw(session, reserve.missing)
            else:
                left = sorted(ids_aside(session) - reserve.promised)
                drawn = left + draw(session, reserve.missing - len(left))
        reserve.add(drawn)

    def set_aside_more(self) -> None:
        """Where numbers were set aside and few are left."""
        self.reserve.grow()
        if self.reserve.is_low:
            self.set_aside()

    def hindrance(self, patience: float = 1.0) -> Hindrance | None:
        """Why nothing could be written now, though it can be read; nothing is written to find out.

        `patience`: seconds another's lock may last. The file itself is looked at too: what was open before it was
        closed to writers goes on for a while, and the next connection does not.
        """
        if not self.is_sqlite:
            with self.engine.connect() as connection:
                only_read = connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
            return Hindrance.READ_ONLY if only_read else None
        if not os.access(str(self.url.database), os.W_OK):
            return Hindrance.READ_ONLY
        address = f"{Path(str(self.url.database)).absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None)) as probe:
            try:
                probe.execute("BEGIN IMMEDIATE")
                probe.execute("ROLLBACK")
            except sqlite3.OperationalError as error:
                known = {sqlite3.SQLITE_READONLY: Hindrance.READ_ONLY, sqlite3.SQLITE_BUSY: Hindrance.LOCKED}
                found = known.get(error.sqlite_errorcode & 0xFF)
                if found is None:
                    raise
                return found
        return None

    def revision(self) -> str | None:
        """What is written down of the schema's version; None: there is no schema yet."""
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            return found

    def close(self) -> None:
        self.engine.dispose()


# How PostgreSQL plans for us. Compiling a digest's many expressions takes longer than reading its rows; a page of a
# table in memory or on an SSD costs about the same wherever it lies; a month's matters are sorted without a file.
PLANNED = ("jit = off", "random_page_cost = 1.1", "work_mem = '32MB'")


@contextmanager
def _joined(session: Session) -> Iterator[None]:
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def is_lost(error: DBAPIError) -> bool:
    """Whether it was not the statement: the connection is gone, and another may serve."""
    return error.connection_invalidated or isinstance(error, InterfaceError)


def take_turns(session: Session, names: Iterable[str]) -> None:
    """Until this transaction ends, no other process decides anything of these people. `names` are keyed hashes.

    On SQLite a transaction that writes is alone anyway. All wait in the same order, so that none waits in a circle.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return
    locks = sorted({int.from_bytes(bytes.fromhex(name[:16]), signed=True) for name in names})
    connection.exec_driver_sql(
        "SELECT pg_advisory_xact_lock(one) FROM unnest(CAST(%s AS bigint[])) AS one", (locks,)
    )


def reason_of(error: DBAPIError) -> str:
    """Why a database did not answer, in one line without a statement's values."""
    return " ".join(str(error.orig).split())[:200]


def existing(url: str) -> Database | None:
    """A database that is there and has been migrated; None otherwise. Makes nothing."""
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return None
    database = Database(url)
    if inspect(database.engine).has_table("place"):
        return database
    database.close()
    return None


def _sqlite(path: str) -> Engine:
    file = Path(path)
    if path and path != ":memory:" and not file.exists():
        # 0600 from the first byte: the file, and with it the journal SQLite makes beside it, is nobody else's.
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,  # an error's text names no values: they may be somebody's
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock at once: a read that turns into a write would fail instead of waiting.
        write = connection.get_execution_options().get("lianxin_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgresql(url: Any) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        wire = connection._usock  # noqa: SLF001 - the driver offers no other way to it
        if wire.family != socket.AF_UNIX:
            # A statement longer than the driver's buffer leaves in pieces, and its end would wait 40 ms for the server
            # to confirm the beginning.
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.register_in_adapter(TIMESTAMPTZ, _instant)
        cursor = connection.cursor()
        for setting in PLANNED:
            cursor.execute(f"SET {setting}")
        connection.commit()

    @event.listens_for(engine, "handle_error")
    def _note_loss(context: Any) -> None:
        """The driver tells a server that goes away from a faulty statement only by the server's code."""
        told = context.original_exception.args[:1]
        code = told[0].get("C", "") if told and isinstance(told[0], dict) else ""
        if code in GOING_AWAY:
            context.is_disconnect = True

    return engine


def _numbered(style: str, statement: str, values: Any) -> tuple[str, Any]:
    """A statement with its places numbered, and what goes there. Each text is looked through once: the driver does it
    character by character and each time, which took longer than many a statement itself.
    """
    return (_places(statement), values) if style == "format" else convert_paramstyle(style, statement, values)


@lru_cache(maxsize=512)
def _places(statement: str) -> str:
    numbered: str = convert_paramstyle("format", statement, ())[0]
    return numbered


legacy.convert_paramstyle = _numbered  # the driver offers no other way to it


def _instant(written: str) -> Any:
    """As the server writes it is as ISO has it; the driver's own reading of it goes by a pattern and takes twenty times
    as long.
    """
    try:
        return datetime.fromisoformat(written)
    except ValueError:  # an era before ours, or for ever
        return timestamptz_in(written)
