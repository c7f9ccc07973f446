"""Ids handed out before the database sees the row, so that rows which point at each other go in together.

SQLite: a transaction that writes is alone, so it counts on from what is there. PostgreSQL: the tables' own
sequences, some at a time; what is left serves the next transaction of this process. A gap harms nobody.
Messages and events keep the order in which PostgreSQL writes them: digests and checkpoints go by it.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection
from sqlmodel import SQLModel

POINTED_AT = (
    "key",
    "villager",
    "petition",
    "text",
)  # the tables whose rows others of the same flush point at
COUNTED = (*POINTED_AT, "message", "question", "petition_event", "letter")
NEVER_AGAIN = "petition"  # its ids make numbers: none is used twice, not even after a row is gone
TOGETHER = 32  # taken from a sequence at once
SET_ASIDE = 256  # petitions' ids; at most so many numbers are lost with each process


class Series(Protocol):
    """Gives ids."""

    def number(self, connection: Connection, row: SQLModel) -> None:
        """Fills `row.id` where it is empty and this series knows the table."""


class Counting:
    """SQLite: one of these for each transaction."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def number(self, connection: Connection, row: SQLModel) -> None:
        table = row.__tablename__
        if table not in COUNTED or row.id is not None:  # type: ignore[attr-defined]
            return
        if not self._last:
            found = connection.exec_driver_sql(_LATEST).one()
            self._last = {name: last or 0 for name, last in zip(COUNTED, found, strict=True)}
        self._last[table] += 1
        row.id = self._last[table]


class Taking:
    """PostgreSQL: one of these for each process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: dict[str, deque[int]] = defaultdict(deque)

    def number(self, connection: Connection, row: SQLModel) -> None:
        table = row.__tablename__
        if table not in POINTED_AT or row.id is not None:  # type: ignore[attr-defined]
            return
        with self._lock:
            left = self._left[table]
            if not left:
                left.extend(connection.exec_driver_sql(_NEXT.format(table=table, many=TOGETHER)).scalars())
            row.id = left.popleft()


class Reserve:
    """Ids of petitions set aside, so that a number can be told while nothing can be written. One for each process."""

    def __init__(self) -> None:
        self._left: deque[int] = deque()  # taking and adding are one step each, in any thread
        self._is_open = False

    @property
    def is_low(self) -> bool:
        return self._is_open and len(self._left) < SET_ASIDE // 2

    def take(self) -> int | None:
        """None: all are used up."""
        try:
            return self._left.popleft()
        except IndexError:
            return None

    def add(self, drawn: Iterable[int]) -> None:
        """Only once the transaction that drew them is committed."""
        self._left.extend(drawn)
        self._is_open = True


def draw(connection: Connection, *, sqlite: bool) -> list[int]:
    """Ids of petitions that nobody else will be given."""
    if not sqlite:
        return list(connection.exec_driver_sql(_NEXT.format(table=NEVER_AGAIN, many=SET_ASIDE)).scalars())
    last = connection.exec_driver_sql(f"SELECT {_latest(NEVER_AGAIN)}").scalar()
    moved = "UPDATE sqlite_sequence SET seq = ? WHERE name = ?"
    if last is None:
        last, moved = 0, "INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)"
    connection.exec_driver_sql(moved, (last + SET_ASIDE, NEVER_AGAIN))
    return list(range(last + 1, last + SET_ASIDE + 1))


def _latest(table: str) -> str:
    if table == NEVER_AGAIN:
        return f"(SELECT seq FROM sqlite_sequence WHERE name = '{table}')"  # noqa: S608 - a name of ours
    return f'(SELECT max(id) FROM "{table}")'  # noqa: S608 - a name of ours


_LATEST = f"SELECT {', '.join(map(_latest, COUNTED))}"
_NEXT = "SELECT nextval(pg_get_serial_sequence('\"{table}\"', 'id')) FROM generate_series(1, {many})"
