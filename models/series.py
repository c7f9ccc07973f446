"""Ids handed out before the database sees the row, so that rows which point at each other go in together.

SQLite: a transaction that writes is alone, so it counts on from what is there. PostgreSQL: the tables' own
sequences, some at a time; what is left serves the next transaction of this process, and a gap harms nobody.
Messages and events keep the order in which PostgreSQL writes them: digests and checkpoints go by it.
"""

from collections import defaultdict, deque
from collections.abc import Callable
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

Connect = Callable[[], Connection]


class Series(Protocol):
    """Gives ids."""

    def again(self) -> None:
        """Something was undone: its ids are given once more, where a gap would look like a row taken away."""

    def number(self, connect: Connect, row: SQLModel) -> None:
        """Fills `row.id` where it is empty and this series knows the table."""


class Counting:
    """SQLite: one of these for each transaction."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def again(self) -> None:
        self._last = {}

    def number(self, connect: Connect, row: SQLModel) -> None:
        table = row.__tablename__
        if table not in COUNTED or row.id is not None:  # type: ignore[attr-defined]
            return
        if not self._last:
            found = connect().exec_driver_sql(_LATEST).one()
            self._last = {name: last or 0 for name, last in zip(COUNTED, found, strict=True)}
        self._last[table] += 1
        row.id = self._last[table]


class Taking:
    """PostgreSQL: one of these for each process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: dict[str, deque[int]] = defaultdict(deque)

    def again(self) -> None:
        """Its sequences have gaps anyway."""

    def draw(self, connection: Connection, table: str = NEVER_AGAIN, many: int = TOGETHER) -> list[int]:
        """The next ids of a table's sequence."""
        return list(connection.exec_driver_sql(_NEXT.format(table=table, many=many)).scalars())

    def number(self, connect: Connect, row: SQLModel) -> None:
        table = row.__tablename__
        if table not in POINTED_AT or row.id is not None:  # type: ignore[attr-defined]
            return
        with self._lock:
            left = self._left[table]
            if not left:
                left.extend(self.draw(connect(), table))
            row.id = left.popleft()


def _latest(table: str) -> str:
    if table == NEVER_AGAIN:
        return f"(SELECT seq FROM sqlite_sequence WHERE name = '{table}')"  # noqa: S608 - a name of ours
    return f'(SELECT max(id) FROM "{table}")'  # noqa: S608 - a name of ours


_LATEST = f"SELECT {', '.join(map(_latest, COUNTED))}"
_NEXT = "SELECT nextval(pg_get_serial_sequence('\"{table}\"', 'id')) FROM generate_series(1, {many})"
