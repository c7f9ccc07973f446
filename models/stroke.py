"""The tally: one stroke an event, written in the transaction that writes the event.

A stroke says in narrow columns what the event was and how the matter stood after it, so that any window is summed
by the database without opening an event. Every stroke follows from the ledger alone; `lianxin verify` folds the
events again and compares. No row is shared between matters: writers never wait for each other here.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import BigInteger, Connection, Dialect, Index, bindparam, event
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

from models.base import Session, Table, month_of
from models.history import Happening, Standing, state_of
from models.ledger import APPENDED, PetitionEvent
from models.move import Verb
from models.petition import State, StateText
from models.session import FOLLOWING

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BATCH = 500  # matters filled at once
COUNTED = ("kind", "mark", "relabels", "rehearsed", "in_time")


def micros(at: datetime | None) -> int | None:
    """An instant as a whole number: microseconds since 1970 in UTC."""
    return None if at is None else (at - EPOCH) // MICROSECOND


class Micros(TypeDecorator[datetime]):
    """An instant as a number: a third of the room a text takes, and both databases compare it fast."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MICROSECOND


class Stroke(Table, table=True):
    """One event as figures see it, and how its matter stood after it."""

    __tablename__ = "tally"
    __table_args__ = (
        # All that is asked of a window's strokes, in their order: none is opened to be counted.
        Index("ix_tally_window", "at", "petition", "position", *COUNTED),
        {"sqlite_with_rowid": False},
    )

    petition: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    county: str = Field(max_length=20)
    month: int
    villager: int
    at: datetime = Field(sa_type=Micros)
    kind: str = Field(max_length=24)
    relabels: bool  # somebody of the staff called it by another category than it had
    rehearsed: bool
    state: State | None = Field(default=None, sa_type=StateText)
    place: str | None = Field(default=None, max_length=20)
    office: str | None = Field(default=None, max_length=20)
    leaf: str | None = Field(default=None, max_length=4)
    sealed: bool
    guarded: bool  # somebody must not hear of it
    mark: str | None = Field(default=None, max_length=12)
    in_time: bool  # whether the last proposal came before the date
    ended_early: bool  # it had an end within its first 24 hours
    received_at: datetime | None = Field(default=None, sa_type=Micros)
    contacted_at: datetime | None = Field(default=None, sa_type=Micros)
    finish_due: datetime | None = Field(default=None, sa_type=Micros)
    stopped_at: datetime | None = Field(default=None, sa_type=Micros)
    late_from: datetime | None = Field(default=None, sa_type=Micros)  # from when on it is late, standing so


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke as it is written: the columns in the table's order."""

    petition: int
    position: int
    county: str
    month: int
    villager: int
    at: int | None
    kind: str
    relabels: bool
    rehearsed: bool
    state: str | None
    place: str | None
    office: str | None
    leaf: str | None
    sealed: bool
    guarded: bool
    mark: str | None
    in_time: bool
    ended_early: bool
    received_at: int | None
    contacted_at: int | None
    finish_due: int | None
    stopped_at: int | None
    late_from: int | None


NAMES = tuple(one.name for one in fields(Line))
_cells = attrgetter(*NAMES)


class Owned(NamedTuple):
    """Whose strokes they are."""

    petition: int
    villager: int
    county: str


def line(of: Owned, position: int, standing: Standing, happened: Happening) -> Line:
    """The stroke of an event that `standing` has heard already."""
    return Line(
        of.petition,
        position,
        of.county,
        month_of(happened.at),
        of.villager,
        micros(happened.at),
        happened.kind,
        relabels(happened.kind, happened.data),
        bool(happened.data.get("rehearsed")),
        standing.state.value if standing.state else None,
        standing.place,
        standing.office,
        standing.leaf,
        standing.sealed,
        standing.guarded,
        standing.mark,
        standing.in_time,
        standing.ended_early,
        *map(micros, (standing.received_at, standing.contacted_at, standing.finish_due)),
        *map(micros, (standing.stopped_at, standing.late_from)),
    )


def relabels(kind: str, data: dict[str, Any]) -> bool:
    """Whether somebody of the staff called a matter by another category than it had."""
    was = data.get("was")
    return kind == Verb.SORT.value and was is not None and was != data.get("leaf")


EVENT = PetitionEvent.__table__  # type: ignore[attr-defined] # sqlmodel gives every table one
STROKE = Stroke.__table__  # type: ignore[attr-defined] # as above
PETITION = sqlalchemy.table("petition", *map(sqlalchemy.column, ("id", "villager", "county")))
HISTORY = sqlalchemy.select(EVENT.c.petition, EVENT.c.id, EVENT.c.at, EVENT.c.kind, EVENT.c.data)
_LATEST = sqlalchemy.select(STROKE).where(
    STROKE.c.petition == bindparam("petition"), STROKE.c.position == bindparam("position")
)


def _standing(session: Session, of: Owned, position: int) -> Standing:
    """How the matter stood at that position; read once a transaction."""
    key = ("standing", of.petition)
    held: Standing = session.once(key, lambda: _read(session, of, position) if position else Standing())
    return held


def _read(session: Session, of: Owned, position: int) -> Standing:
    """From the last stroke; where an older version wrote the last events, from them, and their strokes are made up."""
    connection = session.connection()
    last = connection.execute(_LATEST, {"petition": of.petition, "position": position}).first()
    return _standing_of(last) if last is not None else _made_up(connection, of, position)


def _standing_of(stroke: Any) -> Standing:
    """As much of a standing as strokes are made from."""
    return Standing(
        state=stroke.state,
        received_at=stroke.received_at,
        office=stroke.office,
        place=stroke.place,
        leaf=stroke.leaf,
        contacted_at=stroke.contacted_at,
        finish_due=stroke.finish_due,
        stopped_at=stroke.stopped_at,
        in_time=stroke.in_time,
        mark=stroke.mark,
        sealed=stroke.sealed,
        guarded=stroke.guarded,
        ended_early=stroke.ended_early,
    )


def _made_up(connection: Connection, of: Owned, position: int) -> Standing:
    wanted = HISTORY.where(EVENT.c.petition == of.petition, EVENT.c.position <= position)
    events = [Happening(*one[1:]) for one in connection.execute(wanted.order_by(EVENT.c.position))]
    connection.execute(sqlalchemy.delete(STROKE).where(STROKE.c.petition == of.petition))
    write(connection, list(lines_of(of, events)))
    return state_of(events)


def lines_of(of: Owned, events: Iterable[Happening]) -> Iterator[Line]:
    """The strokes a whole history must have."""
    standing = Standing()
    for position, one in enumerate(events, start=1):
        standing.hear(one)
        yield line(of, position, standing, one)


_VALUES = ", ".join("?" * len(NAMES))
_SQLITE = f"INSERT INTO tally ({', '.join(NAMES)}) VALUES ({_VALUES})"  # noqa: S608 - names of ours
_POSTGRESQL = sqlalchemy.text(
    f"INSERT INTO tally ({', '.join(NAMES)}) SELECT {', '.join(NAMES)} "  # noqa: S608 - names of ours
    "FROM json_populate_recordset(NULL::tally, CAST(:lines AS json))"
)


def write(connection: Connection, lines: Sequence[Line]) -> None:
    """All of them in one statement on PostgreSQL, in one prepared one on SQLite."""
    if not lines:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE, list(map(_cells, lines)))
        return
    told = [dict(zip(NAMES, _cells(one), strict=True)) for one in lines]
    connection.execute(_POSTGRESQL, {"lines": json.dumps(told)})


def _stroke_what_was_appended(session: Session) -> None:
    """With each flush the strokes of its events, all of a batch at once."""
    appended: list[tuple[int, PetitionEvent]] = session.info.get(APPENDED, [])
    if not appended:
        return
    session.info[APPENDED] = []
    made = []
    for villager, one in appended:
        of = Owned(one.petition, villager, one.county)
        standing, happened = (
            _standing(session, of, one.position - 1),
            Happening(0, one.at, one.kind, one.data),
        )
        standing.hear(happened)
        made.append(line(of, one.position, standing, happened))
    write(session.connection(), made)


FOLLOWING.append(_stroke_what_was_appended)


@event.listens_for(Session, "after_soft_rollback")
def _drop_what_was_appended(session: Session, *_: object) -> None:
    session.info[APPENDED] = []
