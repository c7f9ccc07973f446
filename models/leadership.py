"""Who rings the timetable: of several processes on one PostgreSQL the one that holds a lock of the database.

The lock lives as long as its connection: when the process dies or is cut off, the next to ask has it. On SQLite there
is nothing to lead: what is due is struck off in the transaction that does it.
"""

from threading import Lock

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from models.database import Database

LOCK = 0x11A2517  # of the whole database, so one number for this one purpose
_TAKE = text("SELECT pg_try_advisory_lock(:lock)")
_STILL = text("SELECT 1")


class Leadership:
    """Asked at each bell."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: Connection | None = None
        self._asking = Lock()

    def is_ours(self) -> bool:
        """Whether this process leads; it does from now on where nobody did. DBAPIError: the database is away."""
        if self._database.is_sqlite:
            return True
        with self._asking:
            return self._have()

    def give_up(self) -> None:
        """The next to ask leads."""
        held, self._held = self._held, None
        if held is not None:
            held.invalidate()  # closed, not put back: another would have its lock
            held.close()

    def _have(self) -> bool:
        if self._held is not None:
            try:
                self._held.execute(_STILL)
                return True
            except DBAPIError:
                self.give_up()
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(_TAKE, {"lock": LOCK}).scalar():
            self._held = connection
            return True
        connection.close()
        return False
