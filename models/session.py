"""One transaction: what it has read it need not read again, and its new rows go to the database together.

SQLAlchemy asks the database for each id, and so writes each row alone before another may point at it. Here ids
are handed out beforehand (`models.series`), and a flush writes a whole batch of messages table by table.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import sqlalchemy
import sqlmodel
from sqlalchemy import Select, bindparam, event
from sqlalchemy.orm import Mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state
from sqlmodel import SQLModel, select

from models.errors import Refused, Unprepared
from models.pending import Pending, identity_of, write
from models.series import Series

Row = TypeVar("Row", bound=SQLModel)
T = TypeVar("T")


FOLLOWING: list[Callable[["Session"], None]] = []  # what is written with new rows because of them


class Session(sqlmodel.Session):
    """A session for one transaction. `hurried`: it has no savepoints, and is gone through again where it needs one."""

    def __init__(
        self, *given: Any, series: Series | None = None, hurried: bool = False, **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.hurried = hurried
        self._series = series
        self._held: dict[Hashable, Any] = {}
        self._fresh = Pending()

    def add(self, instance: object, *given: Any, **options: Any) -> None:
        """A new row waits for the flush, with its id where that is known beforehand (`models.pending`).

        Within a savepoint SQLAlchemy has to remember what to undo: there it is its business.
        """
        if instance in self._fresh or instance in self:
            return
        writes = self._series is not None and not self.in_nested_transaction()
        if not writes or not isinstance(instance, SQLModel) or not instance_state(instance).transient:
            super().add(instance, *given, **options)
            return
        if self._series is not None:
            self._series.number(self.connection, instance)
        self._fresh.add(instance)

    def add_all(self, instances: Iterable[object]) -> None:
        for instance in instances:
            self.add(instance)

    def delete(self, instance: object) -> None:
        """As ever; what was never written is just not written."""
        if isinstance(instance, SQLModel) and instance in self._fresh:
            self._fresh.remove(instance)
        else:
            super().delete(instance)

    def get(self, entity: type[Row], ident: Any, **options: Any) -> Row | None:  # type: ignore[override] # as we ask
        """As ever; a row that waits to be written is found too."""
        waiting = self._fresh.find(entity, ident)
        return super().get(entity, ident, **options) if waiting is None else waiting

    def flush(self, objects: Any = None) -> None:
        """What waits is written, and from then on SQLAlchemy's to look after."""
        self._follow()
        if self._fresh:
            rows = self._fresh.take()
            written = [row for row in rows if identity_of(row) is not None]
            write(self.connection(), written)
            for row in written:
                make_transient_to_detached(row)
            for row in rows:  # one whose id the database gives is written below
                super().add(row)
        super().flush(objects)

    def write_out(self) -> None:
        """Nobody will ask for what waits any more: it is written, and that is all."""
        self._follow()
        if self._fresh:
            write(self.connection(), self._fresh.take())

    def _follow(self) -> None:
        for follow in FOLLOWING:
            follow(self)

    def keep(self, row: Row) -> Row:
        """Adds a row that others will point at: it has its id at once, and is written with the next flush."""
        if self._series is not None:
            self._series.number(self.connection, row)
        self.add(row)
        if row.id is None:  # type: ignore[attr-defined]
            self.flush()
        return row

    def look_up(self, table: type[Row], wanted: Select[Any], **given: object) -> Row | None:
        """The row whose id `wanted` selects. Most look-ups find nothing, and those cost one bare statement.

        What is pending is not written first: what this transaction wrote itself it holds.
        """
        identity = self.connection().execute(wanted, given).scalar()
        return None if identity is None else self.get(table, identity)

    def fetch(self, table: type[Row], identities: Iterable[object]) -> list[Row]:
        """Many rows in one statement, kept at hand: `get` finds each without asking again."""
        wanted = list({one for one in identities if one is not None})
        if not wanted:
            return []
        rows: list[Row] = list(self.exec(_by_identity(table), params={"wanted": wanted}))
        self._held.setdefault(table, []).extend(rows)
        return rows

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """What `read` gave the first time in this transaction. Whoever changes it calls `hold` or `let_go`."""
        if key not in self._held:
            self._held[key] = read()
        held: T = self._held[key]
        return held

    def hold(self, key: Hashable, value: object) -> None:
        """Known without reading."""
        self._held[key] = value

    def hold_each(self, kind: str, wanted: Iterable[Hashable], found: Mapping[Hashable, object]) -> None:
        """The same for many keys `(kind, wanted)`; None where nothing was found."""
        for one in wanted:
            self._held[kind, one] = found.get(one)

    def held(self, key: Hashable) -> Any:
        """What is held under `key`; None where nothing is."""
        return self._held.get(key)

    def let_go(self, *keys: Hashable) -> None:
        """To be read again."""
        for key in keys:
            self._held.pop(key, None)

    def start_over(self) -> None:
        """Something was undone: nothing is known any more, and its ids are free."""
        self._held.clear()
        self._fresh.clear()
        if self._series is not None:
            self._series.again()

    @contextmanager
    def attempt(self, *, likely: bool = True) -> Iterator[None]:
        """What was done inside is undone where it raises.

        `likely`: it may well be refused, so it has a savepoint. Else a hurried session does without one, and a
        refusal is Unprepared: nothing of the transaction may be committed.
        """
        if likely or not self.hurried:
            with self.begin_nested():
                yield
            return
        try:
            yield
        except Refused as refused:
            raise Unprepared(refused.wording.value) from refused

    def number_new_rows(self) -> None:
        """Every new row that can be numbered beforehand, before the flush."""
        if self._series is not None:
            for row in self.new:
                self._series.number(self.connection, row)


@cache
def _by_identity(table: type[Row]) -> Any:
    [key] = sqlalchemy.inspect(table).primary_key
    return select(table).where(key.in_(bindparam("wanted", expanding=True)))


@event.listens_for(Session, "before_flush")
def _number(session: Session, *_: object) -> None:
    session.number_new_rows()


@event.listens_for(Session, "before_commit")
def _write_out(session: Session) -> None:
    session.write_out()


@event.listens_for(Session, "after_soft_rollback")
def _unlearn(session: Session, *_: object) -> None:
    session.start_over()  # it may have been read from what was undone


@event.listens_for(Mapper, "after_configured")
def _order() -> None:
    """A flush goes by foreign keys. SQLAlchemy knows an order only between classes tied by `relationship()`,
    which costs more at each row than it gives here; all others go by their names (`Mapper._sort_key`).
    """
    ranks = {table: rank for rank, table in enumerate(SQLModel.metadata.sorted_tables)}
    for mapper in SQLModel._sa_registry.mappers:  # noqa: SLF001
        if mapper.local_table in ranks:
            mapper._sort_key = f"{ranks[mapper.local_table]:04}"  # noqa: SLF001
