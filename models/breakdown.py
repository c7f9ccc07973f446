"""What a bulletin shows besides the figures: by day, by age, village by category, and the law's own counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlalchemy import BigInteger, and_, case, func, or_, type_coerce

from models.base import Session
from models.counting import matters
from models.figure import ENDS
from models.ledger import PetitionEvent
from models.move import Verb
from models.petition import Petition
from models.stroke import EPOCH, MICROSECOND, STROKE, micros
from models.weighing import Window

DAY = timedelta(days=1)
AGES = (3, 7, 15, 30, 60)  # days; what is older stands in a row of its own
NOTICE = timedelta(days=15)  # regulation on petitions arts. 22, 23: where it went is told within 15 days
ROUTES = (Verb.ASSIGN, Verb.REASSIGN, Verb.RULE, Verb.DECLINE, Verb.REDIRECT, Verb.MERGE, Verb.CONFIRM)
# By its place: PostgreSQL takes the same expression with other bound values for another one.
FIRST_COLUMN: sqlalchemy.ColumnElement[int] = sqlalchemy.literal_column("1")
CELL = ("new", "open", "due", "late", "joined")


@dataclass(frozen=True)
class Cell:
    """One village's matters of one category."""

    place: str
    category: str
    figures: dict[str, int]


def cells(session: Session, window: Window) -> list[Cell]:
    """Where a village has anything of a category; what is told in figures only is in none of them."""
    matter = matters(session, window)
    sums = [func.sum(matter.c[name]) for name in CELL]
    found = sqlalchemy.select(matter.c.place, matter.c.category, *sums)
    rows = session.connection().execute(found.group_by(matter.c.place, matter.c.category))
    return [
        Cell(place, category, dict(zip(CELL, map(int, numbers), strict=True)))
        for place, category, *numbers in rows
        if "*" not in (place, category)
    ]


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


def ages(session: Session, window: Window) -> list[int]:
    """How many open matters are up to so many days old, row by row of `AGES`; the last row: older."""
    matter = matters(session, window)
    age = (micros(window.until) or 0) - type_coerce(matter.c.received_at, BigInteger)
    steps = [days * DAY // MICROSECOND for days in AGES]
    row = case(*((age <= step, number) for number, step in enumerate(steps)), else_=len(AGES))
    found = sqlalchemy.select(row, func.count()).where(matter.c.open > 0).group_by(FIRST_COLUMN)
    known = {int(one): int(count) for one, count in session.connection().execute(found)}
    return [known.get(number, 0) for number in range(len(AGES) + 1)]


def oldest_late(session: Session, window: Window) -> dict[str, datetime]:
    """Of each office that has late matters, since when the oldest is late."""
    matter = matters(session, window)
    since = func.min(type_coerce(matter.c.late_from, BigInteger))
    found = sqlalchemy.select(matter.c.office, since).where(matter.c.late > 0).group_by(matter.c.office)
    rows = session.connection().execute(found)
    return {office: _instant(at) for office, at in rows}


def late_ones(session: Session, window: Window, most: int) -> list[tuple[int, datetime]]:
    """The matters longest late when the window ends, and since when."""
    matter = matters(session, window)
    found = sqlalchemy.select(matter.c.petition, type_coerce(matter.c.late_from, BigInteger))
    found = found.where(matter.c.late > 0).order_by(matter.c.late_from).limit(most)
    return [(petition, _instant(at)) for petition, at in session.connection().execute(found)]


def _instant(at: int) -> datetime:
    return EPOCH + at * MICROSECOND


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


def by_tier_and_kind(session: Session, window: Window, figure: str) -> Counter[tuple[str, str]]:
    """How many matters a figure counts, by tier and by what the villager wanted (help, complaint, advice ...)."""
    matter = matters(session, window)
    petition = Petition.__table__  # type: ignore[attr-defined] # sqlmodel gives every table one
    tier = func.coalesce(petition.c.tier, "")
    found = sqlalchemy.select(tier, petition.c.kind, func.count()).select_from(
        matter.join(petition, petition.c.id == matter.c.petition)
    )
    rows = session.connection().execute(
        found.where(matter.c[figure] > 0).group_by(FIRST_COLUMN, petition.c.kind)
    )
    return Counter({(tier, kind): count for tier, kind, count in rows})


def rechecked(session: Session, window: Window) -> list[tuple[str | None, str]]:
    """What was found where somebody looked once more: the office that had worked on it, and the outcome.

    The office is none where the matter is told in figures only.
    """
    event = PetitionEvent.__table__  # type: ignore[attr-defined] # as above
    of = and_(STROKE.c.petition == event.c.petition, STROKE.c.position == event.c.position)
    hidden = or_(STROKE.c.sealed.is_(True), STROKE.c.guarded.is_(True))
    found = sqlalchemy.select(case((hidden, None), else_=STROKE.c.office), event.c.data).join(STROKE, of)
    found = found.where(
        and_(event.c.kind == Verb.RECHECK.value, event.c.at >= window.since, event.c.at < window.until),
        event.c.id <= window.up_to,
    )
    rows = session.connection().execute(found)
    return [(office, data.get("outcome") or "") for office, data in rows]


def causes(session: Session, window: Window) -> Counter[str]:
    """Matters declined in the window, by legal cause."""
    event = PetitionEvent.__table__  # type: ignore[attr-defined] # as above
    found = sqlalchemy.select(event.c.data).where(
        and_(event.c.kind == Verb.DECLINE.value, event.c.at >= window.since, event.c.at < window.until),
        event.c.id <= window.up_to,
    )
    return Counter(data.get("cause") or "" for data in session.connection().execute(found).scalars())
