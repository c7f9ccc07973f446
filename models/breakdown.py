"""What a bulletin shows besides the figures: by day, by age, village by category, and the law's own counts."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlalchemy import BigInteger, and_, case, func, literal, null, or_, type_coerce

from models.base import Session
from models.counting import WIDTH, matters, parts, take
from models.figure import ENDS
from models.ledger import PetitionEvent
from models.move import Verb
from models.petition import Petition
from models.stroke import EPOCH, MICROSECOND, STROKE, micros
from models.tally import Tally
from models.weighing import SEALED, Window

DAY = timedelta(days=1)
AGES = (3, 7, 15, 30, 60)  # days; what is older stands in a row of its own
NOTICE = timedelta(days=15)  # regulation on petitions arts. 22, 23: where it went is told within 15 days
ROUTES = (Verb.ASSIGN, Verb.REASSIGN, Verb.RULE, Verb.DECLINE, Verb.REDIRECT, Verb.MERGE, Verb.CONFIRM)
# By its place: PostgreSQL takes the same expression with other bound values for another one.
FIRST_COLUMN: sqlalchemy.ColumnElement[int] = sqlalchemy.literal_column("1")
SECOND_COLUMN: sqlalchemy.ColumnElement[int] = sqlalchemy.literal_column("2")
CELL = ("new", "open", "due", "late", "joined")
LAW = ("new", "open", "late", "extended")
LONGEST = 100  # matters longest late
NEWEST = 32  # of an office


@dataclass(frozen=True)
class Cell:
    """One village's matters of one category."""

    place: str
    category: str
    figures: dict[str, int]


@dataclass
class Breakdown:
    """A window's figures and what a bulletin shows besides, all from one statement: its matters are weighed once."""

    tally: Tally
    cells: list[Cell] = field(
        default_factory=list
    )  # where a village has any of a category; of no sensitive matter
    ages: list[int] = field(
        default_factory=lambda: [0] * (len(AGES) + 1)
    )  # open ones, row by row of `AGES`; older
    late: list[tuple[int, datetime]] = field(default_factory=list)  # those longest late, and since when
    newest_late: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # by office
    kinds: dict[str, Counter[tuple[str, str]]] = field(
        default_factory=lambda: {name: Counter() for name in LAW}
    )  # how many a figure counts, by tier and by what the villager wanted (help, complaint, advice ...)

    def take(self, row: Any) -> None:
        """Takes in one row of the statement."""
        part, code, other, *numbers = row
        match part:
            case "cell":
                counted = map(int, numbers[: len(CELL)])
                self.cells.append(Cell(code, other, dict(zip(CELL, counted, strict=True))))
            case "age":
                self.ages[int(code)] = int(numbers[0])
            case "late":
                self.late.append((int(numbers[0]), EPOCH + numbers[1] * MICROSECOND))
            case "newest":
                self.newest_late[code].append(int(numbers[0]))
            case "kind":
                for name, number in zip(LAW, numbers, strict=False):
                    self.kinds[name][code, other] += int(number)
            case _:
                take(self.tally, row)


def break_down(session: Session, window: Window) -> Breakdown:
    """Counts a window with all its parts."""
    matter = matters(session, window)
    told = [
        *parts(matter),
        _cells(matter),
        _ages(matter, window),
        _late(matter),
        _newest(matter),
        _kinds(matter),
    ]
    found = Breakdown(Tally(window))
    for row in session.connection().execute(sqlalchemy.union_all(*told)):
        found.take(row)
    found.cells.sort(key=lambda one: (one.place, one.category))
    found.late.sort(key=lambda one: (one[1], one[0]))
    for newest in found.newest_late.values():
        newest.sort(reverse=True)
    return found


def _row(part: str, code: Any, other: Any, *numbers: Any) -> Any:
    """As wide as those of `counting.parts`."""
    missing = [null()] * (WIDTH - len(numbers))
    return sqlalchemy.select(literal(part), code, other, *numbers, *missing)


def _cells(matter: Any) -> Any:
    named = and_(matter.c.place != SEALED, matter.c.category != SEALED)
    sums = [func.coalesce(func.sum(matter.c[name]), 0) for name in CELL]
    found = _row("cell", matter.c.place, matter.c.category, *sums).where(named)
    return found.group_by(matter.c.place, matter.c.category)


def _ages(matter: Any, window: Window) -> Any:
    age = (micros(window.until) or 0) - type_coerce(matter.c.received_at, BigInteger)
    steps = [days * DAY // MICROSECOND for days in AGES]
    row = case(*((age <= step, str(number)) for number, step in enumerate(steps)), else_=str(len(AGES)))
    return _row("age", row, literal(""), func.count()).where(matter.c.open > 0).group_by(SECOND_COLUMN)


def _late(matter: Any) -> Any:
    """The matters longest late when the window ends."""
    since = type_coerce(matter.c.late_from, BigInteger)
    first = sqlalchemy.select(matter.c.petition, since.label("since")).where(matter.c.late > 0)
    late = first.order_by(matter.c.late_from, matter.c.petition).limit(LONGEST).subquery("longest_late")
    return _row("late", literal(""), literal(""), late.c.petition, late.c.since)


def _newest(matter: Any) -> Any:
    """Of each office the matters late that came last."""
    rank = func.row_number().over(partition_by=matter.c.office, order_by=matter.c.petition.desc())
    ranked = sqlalchemy.select(matter.c.office, matter.c.petition, rank.label("rank")).where(
        matter.c.late > 0
    )
    late = ranked.subquery("ranked")
    return _row("newest", late.c.office, literal(""), late.c.petition).where(late.c.rank <= NEWEST)


def _kinds(matter: Any) -> Any:
    petition = Petition.__table__  # type: ignore[attr-defined] # sqlmodel gives every table one
    tier = func.coalesce(petition.c.tier, "")
    sums = [func.sum(case((matter.c[name] > 0, 1), else_=0)) for name in LAW]
    found = _row("kind", tier, petition.c.kind, *sums)
    found = found.select_from(matter.join(petition, petition.c.id == matter.c.petition))
    counted = or_(*(matter.c[name] > 0 for name in LAW))
    return found.where(counted).group_by(SECOND_COLUMN, petition.c.kind)


def by_day(session: Session, window: Window, zone: ZoneInfo) -> list[tuple[date, int, int]]:
    """For each day: what came in, what came to an end."""
    offset = (window.since.astimezone(zone).utcoffset() or timedelta()) // MICROSECOND
    day = (type_coerce(STROKE.c.at, BigInteger) + offset) // (DAY // MICROSECOND)
    ends = [verb.value for verb in ENDS]
    came = func.count(sqlalchemy.distinct(case((STROKE.c.kind == Verb.RECEIVE.value, STROKE.c.petition))))
    went = func.count(sqlalchemy.distinct(case((STROKE.c.kind.in_(ends), STROKE.c.petition))))
    found = sqlalchemy.select(day, came, went).where(STROKE.c.at >= window.since, STROKE.c.at < window.until)
    found = found.where(STROKE.c.kind.in_([Verb.RECEIVE.value, *ends])).group_by(FIRST_COLUMN)
    known = {int(one): (came, went) for one, came, went in session.connection().execute(found)}
    first = window.since.astimezone(zone).date()
    last = (window.until - MICROSECOND).astimezone(zone).date()
    days = [first + DAY * number for number in range((last - first).days + 1)]
    return [(one, *known.get((one - EPOCH.date()).days, (0, 0))) for one in days]


def notices(session: Session, window: Window) -> tuple[int, int]:
    """Of the matters whose 15 days to be told where they went ended in the window: how many, how many not in time."""
    routes = [verb.value for verb in ROUTES]
    later = STROKE.alias("later")
    told = (
        sqlalchemy.select(func.min(type_coerce(later.c.at, BigInteger)))
        .where(later.c.petition == STROKE.c.petition, later.c.kind.in_(routes))
        .correlate(STROKE)
        .scalar_subquery()
    )
    due = type_coerce(STROKE.c.at, BigInteger) + NOTICE // MICROSECOND
    found = sqlalchemy.select(
        func.count(), func.coalesce(func.sum(case((told <= due, 0), else_=1)), 0)
    ).where(
        STROKE.c.kind == Verb.RECEIVE.value,
        STROKE.c.at >= window.since - NOTICE,
        STROKE.c.at < window.until - NOTICE,
    )
    many, late = session.connection().execute(found).one()
    return int(many), int(late)


def rechecked(session: Session, window: Window) -> list[tuple[str | None, str]]:
    """What was found where somebody looked once more: the office that had worked on it, and the outcome.

    The office is none where the matter is told in figures only.
    """
    return [
        (None if sealed or guarded else office, data.get("outcome") or "")
        for office, sealed, guarded, data in _said(session, window, Verb.RECHECK)
    ]


def causes(session: Session, window: Window) -> Counter[str]:
    """Matters declined in the window, by legal cause."""
    return Counter(data.get("cause") or "" for _, _, _, data in _said(session, window, Verb.DECLINE))


def _said(
    session: Session, window: Window, verb: Verb
) -> list[tuple[str | None, bool, bool, dict[str, Any]]]:
    """Of each such event in the window: the office, whether the matter is sealed or guarded, and what it says."""
    event = PetitionEvent.__table__  # type: ignore[attr-defined] # as above
    # Found by the strokes, whose index holds what they are, so that only the rows of these are read.
    seen = STROKE.alias("seen")
    found = sqlalchemy.select(STROKE.c.office, STROKE.c.sealed, STROKE.c.guarded, event.c.data).select_from(
        seen
    )
    for table in (event, STROKE):
        found = found.join(
            table, and_(table.c.petition == seen.c.petition, table.c.position == seen.c.position)
        )
    found = found.where(seen.c.at >= window.since, seen.c.at < window.until, seen.c.kind == verb.value)
    rows = session.connection().execute(found.where(event.c.id <= window.up_to))
    return [(office, sealed, guarded, data) for office, sealed, guarded, data in rows]
