"""Lists of petitions: what is wanted, in which order, from where on. Paged by key: the last page costs as the first.

Every list starts from the scope of whoever looks; a count is told up to a limit, for nobody reads a hundred
thousand lines and counting them takes longer than showing the first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, not_, or_
from sqlmodel import col, func, select

from models.base import Session
from models.petition import OPEN, STANDS_STILL, Petition, State
from models.scope import Scope, concerns, within
from models.villager import Villager

MOST_COUNTED = 1000
FEW = 4
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Sort(StrEnum):
    """In which order; what has ended has no date to be urgent by and goes by its number of arrival."""

    URGENT = "urgent"
    NEWEST = "newest"
    OLDEST = "oldest"


class Which(StrEnum):
    """Open or ended, where no single state is asked for."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


class Clock(StrEnum):
    """How the finish date stands."""

    LATE = "late"
    DUE = "due"  # within the span given


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None and nothing narrow nothing."""

    which: Which = Which.OPEN
    state: State | None = None
    leaves: frozenset[str] | None = None
    places: frozenset[str] | None = None
    owners: frozenset[str] | None = None
    kind: str = ""
    channel: str = ""
    clock: Clock | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    ids: frozenset[int] | None = None
    concerned: bool = False  # only what this person has a part in himself
    sort: Sort = Sort.URGENT

    @property
    def is_open(self) -> bool:
        return self.state in OPEN if self.state else self.which is Which.OPEN

    @property
    def is_of_days(self) -> bool:
        """Whether days are asked for, and no ids: those are looked through in their own order."""
        days = self.received_from is not None or self.received_before is not None
        return days and self.ids is None

    @property
    def order(self) -> Sort:
        return Sort.NEWEST if self.sort is Sort.URGENT and not self.is_open else self.sort


@dataclass(frozen=True)
class Key:
    """Where a page ended: the petition's id and, in urgent order, its date."""

    id: int
    due: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Some petitions and where the next page starts; None: there is none."""

    rows: Sequence[Petition] = field(default_factory=tuple)
    after: Key | None = None


def selected(
    session: Session,
    scope: Scope,
    wanted: Wanted,
    at: datetime,
    due_by: datetime,
    after: Key | None,
    size: int,
) -> Page:
    """The page that follows `after`."""
    condition = _condition(scope, wanted, at, due_by)
    if wanted.order is Sort.URGENT:
        rows = _urgent(session, condition, after, size + 1)
    else:
        rows = _by_arrival(session, wanted, condition, after, size + 1)
    shown, last = rows[:size], rows[size - 1] if len(rows) > size else None
    return Page(shown, Key(last.identity, last.finish_due) if last else None)


def count_of(session: Session, scope: Scope, wanted: Wanted, at: datetime, due_by: datetime) -> int:
    """How many there are, told up to MOST_COUNTED + 1."""
    condition = _condition(scope, wanted, at, due_by)
    first = select(Petition.id).where(condition).limit(MOST_COUNTED + 1).subquery()
    return session.exec(select(func.count()).select_from(first)).one()


def to_call(session: Session, scope: Scope, limit: int) -> list[tuple[Petition, str]]:
    """What waits to be heard from, with its villager's door: no WeChat first, then out of reach, then the oldest."""
    by_phone = case(
        (col(Villager.channel) != "wechat", 0), (col(Petition.unreachable_since).is_not(None), 1), else_=2
    )
    waits = or_(col(Petition.state) == State.PROPOSED, col(Petition.unreachable_since).is_not(None))
    rows = (
        select(Petition, col(Villager.channel))
        .join(Villager, col(Villager.id) == Petition.villager)
        .where(within(scope), col(Petition.closed_at).is_(None), waits)
        .order_by(by_phone, func.coalesce(col(Petition.proposed_at), col(Petition.unreachable_since)))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.exec(rows)]


def _urgent(session: Session, condition: ColumnElement[bool], after: Key | None, size: int) -> list[Petition]:
    """The earliest date first; what has no date yet follows, in the order it came."""
    due, identity = col(Petition.finish_due), col(Petition.id)
    found: list[Petition] = []
    if after is None or after.due is not None:
        dated = select(Petition).where(
            condition, due > LONG_AGO
        )  # an index understands this better than "not none"
        if after is not None:
            beyond = or_(due > after.due, and_(due == after.due, identity > after.id))
            dated = dated.where(due >= after.due, beyond)  # the first half is what an index understands
        found = list(session.exec(dated.order_by(due, identity).limit(size)))
    if len(found) < size:
        undated = select(Petition).where(condition, due.is_(None))
        if after is not None and after.due is None:
            undated = undated.where(identity > after.id)
        found += session.exec(undated.order_by(identity).limit(size - len(found)))
    return found


def _by_arrival(
    session: Session, wanted: Wanted, condition: ColumnElement[bool], after: Key | None, size: int
) -> list[Petition]:
    """By number; of some days by the hour, whose index begins with these days and not with today."""
    newest, identity, came = wanted.order is Sort.NEWEST, col(Petition.id), col(Petition.received_at)
    rows, order = select(Petition).where(condition), [came, identity] if wanted.is_of_days else [identity]
    if after is not None:
        beyond = identity < after.id if newest else identity > after.id
        last = session.get(Petition, after.id) if wanted.is_of_days else None
        if last is not None:
            at = last.received_at
            beyond = or_(came < at if newest else came > at, and_(came == at, beyond))
        rows = rows.where(beyond)
    return list(session.exec(rows.order_by(*(one.desc() if newest else one for one in order)).limit(size)))


def _condition(scope: Scope, wanted: Wanted, at: datetime, due_by: datetime) -> ColumnElement[bool]:
    seen = within(scope, of_few=wanted.ids is not None, of_open=wanted.is_open)
    own = [concerns(scope)] if wanted.concerned else []
    return and_(seen, *own, *_narrowed(wanted, at, due_by))


def _narrowed(wanted: Wanted, at: datetime, due_by: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        _one_of(column, codes)
        for column, codes in (
            (col(Petition.leaf), wanted.leaves),
            (col(Petition.place), wanted.places),
            (col(Petition.owner), wanted.owners),
            (col(Petition.id), wanted.ids),
        )
        if codes is not None
    ]
    conditions += _by_state(wanted)
    if wanted.kind:
        conditions.append(col(Petition.kind) == wanted.kind)
    if wanted.channel:
        person = and_(col(Villager.id) == Petition.villager, col(Villager.channel) == wanted.channel)
        conditions.append(exists().where(person))
    if wanted.clock is not None:
        conditions += _by_clock(wanted.clock, at, due_by)
    if wanted.received_from is not None:
        conditions.append(col(Petition.received_at) >= wanted.received_from)
    if wanted.received_before is not None:
        conditions.append(col(Petition.received_at) < wanted.received_before)
    return conditions


def _one_of(column: Any, codes: Collection[Any]) -> ColumnElement[bool]:
    """Of many places or owners a good part of all rows is: found one by one and then sorted, they would take longer
    than the first of all in order, so no index is offered for them.
    """
    many = len(codes) > FEW and column.key in ("place", "owner")
    found: ColumnElement[bool] = (func.coalesce(column, "") if many else column).in_(codes)
    return found


def _by_state(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    ended = col(Petition.closed_at)
    if wanted.state is not None:
        exactly: ColumnElement[bool] = col(Petition.state) == wanted.state
        return [exactly, ended.is_(None)] if wanted.is_open else [exactly]
    return {Which.OPEN: [ended.is_(None)], Which.ENDED: [ended.is_not(None)], Which.ALL: []}[wanted.which]


def _by_clock(clock: Clock, at: datetime, due_by: datetime) -> list[ColumnElement[bool]]:
    """As `models.petition.overdue` means it: while it waits for the villager, only what was late before is late."""
    due = col(Petition.finish_due)
    stopped = and_(
        col(Petition.state).in_(STANDS_STILL), not_(cast(col(Petition.breached), String).contains('"finish"'))
    )
    is_open = col(Petition.closed_at).is_(None)
    if clock is Clock.LATE:
        return [is_open, due < at, not_(stopped)]
    return [is_open, due >= at, due < due_by, not_(stopped)]
