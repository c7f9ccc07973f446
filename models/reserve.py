"""Numbers set aside: told to a villager while nothing can be written, and the petition follows.

On SQLite each is a row until its petition is there, so that `lianxin verify` knows a number nobody has yet from a
petition that was taken away; what one process leaves, the next one has.
"""

from collections import deque
from collections.abc import Iterable

from sqlalchemy import delete, insert, text
from sqlmodel import Field, col, select

from models.base import Session, Table

ENOUGH = 8192  # ids set aside on SQLite, where the next process has what this one leaves
FEW = 256  # at first on PostgreSQL, where what is left at a stop is gone
MOST = ENOUGH  # after a storm that used them up


class SetAside(Table, table=True):
    """The id of a petition that is not there yet."""

    __tablename__ = "set_aside"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class Reserve:
    """The ids set aside that this process may promise."""

    def __init__(self, enough: int) -> None:
        self._left: deque[int] = deque()  # each use is one step, in any thread
        self.is_open = False  # it had its first ones, and with them what an earlier process left
        self.promised: frozenset[int] = frozenset()  # by an earlier process, and not there yet
        self.enough = enough

    @property
    def is_low(self) -> bool:
        return self.is_open and len(self._left) < self.enough // 2

    @property
    def missing(self) -> int:
        return max(0, self.enough - len(self._left))

    def take(self) -> int | None:
        """None: all are promised."""
        try:
            return self._left.popleft()
        except IndexError:
            return None

    def give_back(self, petition: int) -> None:
        """It was not told to anybody."""
        self._left.appendleft(petition)

    def grow(self) -> None:
        """Where half of them were promised since the last draw, twice as many are drawn from now on."""
        if self.is_low:
            self.enough = min(self.enough * 2, MOST)

    def add(self, drawn: Iterable[int]) -> None:
        """Only once the transaction that drew them is committed."""
        self._left.extend(one for one in drawn if one not in self.promised)
        self.is_open = True


def draw(session: Session, many: int) -> list[int]:
    """SQLite: so many ids that no other petition will have."""
    if many <= 0:
        return []
    connection = session.connection()
    last = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'petition'")).scalar()
    moved = "UPDATE sqlite_sequence SET seq = :last WHERE name = 'petition'"
    if last is None:
        moved = "INSERT INTO sqlite_sequence (name, seq) VALUES ('petition', :last)"
    first = (last or 0) + 1
    connection.execute(text(moved), {"last": first + many - 1})
    fresh = list(range(first, first + many))
    connection.execute(insert(SetAside), [{"id": petition} for petition in fresh])
    return fresh


def used(session: Session, petition: int) -> None:
    """The petition is there."""
    session.connection().execute(delete(SetAside).where(col(SetAside.id) == petition))


def ids_aside(session: Session) -> set[int]:
    """All that nobody has yet."""
    return set(session.exec(select(SetAside.id)))
