"""Numbers set aside: told to a villager while nothing can be written, and the petition follows.

On SQLite each is a row until its petition is there, so that `lianxin verify` knows a number nobody has yet from a
petition that was taken away; what one process leaves, the next one has.
"""

from collections import deque
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from sqlalchemy import delete, insert, text
from sqlmodel import Field, col, select

from models.base import Session, Table

ENOUGH = 2048  # ids set aside at a time on SQLite, where the next process has what this one leaves
FEW = 256  # the same on PostgreSQL, where what is left at a stop is gone
MOST = 2048  # after a storm that used them up


class SetAside(Table, table=True):
    """The id of a petition that is not there yet."""

    __tablename__ = "set_aside"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class Reserve:
    """The ids set aside that this process may promise."""

    def __init__(self, enough: int) -> None:
        self._left: deque[int] = deque()  # each use is one step, in any thread
        self.known: set[int] = set()  # whatever it ever had: what was taken may still be a row
        self.enough = enough
        self._ran_out = False

    @property
    def is_low(self) -> bool:
        return bool(self.known) and len(self._left) < self.enough // 2

    @property
    def missing(self) -> int:
        return max(0, self.enough - len(self._left))

    def take(self) -> int | None:
        """None: all are promised."""
        try:
            return self._left.popleft()
        except IndexError:
            self._ran_out = True
            return None

    def give_back(self, petition: int) -> None:
        """It was not told to anybody."""
        self._left.appendleft(petition)

    def grow(self) -> None:
        """Where all were promised before more could be drawn, twice as many are drawn from now on."""
        if self._ran_out:
            self.enough = min(self.enough * 2, MOST)
            self._ran_out = False

    def add(self, drawn: Iterable[int]) -> None:
        """Only once the transaction that drew them is committed."""
        fresh = [one for one in drawn if one not in self.known]
        self.known.update(fresh)
        self._left.extend(fresh)


def draw(session: Session, known: AbstractSet[int], enough: int) -> list[int]:
    """SQLite: ids that no other petition will have, besides those known; an earlier process's first."""
    left = sorted(ids_aside(session) - known)
    missing = enough - len(left)
    if missing <= 0:
        return left
    connection = session.connection()
    last = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'petition'")).scalar()
    moved = "UPDATE sqlite_sequence SET seq = :last WHERE name = 'petition'"
    if last is None:
        moved = "INSERT INTO sqlite_sequence (name, seq) VALUES ('petition', :last)"
    first = (last or 0) + 1
    connection.execute(text(moved), {"last": first + missing - 1})
    fresh = list(range(first, first + missing))
    connection.execute(insert(SetAside), [{"id": petition} for petition in fresh])
    return [*left, *fresh]


def used(session: Session, petition: int) -> None:
    """The petition is there."""
    session.connection().execute(delete(SetAside).where(col(SetAside.id) == petition))


def ids_aside(session: Session) -> set[int]:
    """All that nobody has yet."""
    return set(session.exec(select(SetAside.id)))
