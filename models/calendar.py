"""The county's calendar: which days are worked, who says so, and which years are only estimated.

A year has one row that says where it comes from; a day has one only where it is not what its weekday says,
or where a notice names it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Self

from sqlmodel import Field, col, delete, or_, select

from models.base import Session, Table, UtcDateTime
from models.holiday import SpecialDay, announced, estimated, is_weekday


class Source(StrEnum):
    """Who says how a year is worked. A notice read in by the county is never overwritten by the others."""

    NOTICE = "notice"
    CHINESECALENDAR = "chinesecalendar"
    ESTIMATED = "estimated"


class CalendarYear(Table, table=True):
    """A year whose days are in the table."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str = Field(max_length=20)  # a Source
    confirmed: bool
    note: str = ""  # the notice's name
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the notice was read in


class CalendarDay(Table, table=True):
    """A day that is not what its weekday says, or that a notice names."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    # Whose notice says so: one for a New Year may name days of the December before.
    year: int = Field(foreign_key="calendar_year.year", index=True)
    is_workday: bool
    source: str = Field(max_length=20)  # a Source
    note: str = ""


@dataclass(frozen=True)
class Calendar:
    """The calendar as it stood when it was loaded. Answers for every day, a year nobody knows included.

    Equal and hashed by its version, so that what was laid out on one can be kept for as long as it holds.
    """

    days: Mapping[date, bool] = field(compare=False)
    sources: Mapping[int, Source] = field(compare=False)
    version: str  # a hash of the content: the same days from the same sources have the same version

    @classmethod
    def load(cls, session: Session) -> Self:
        """Reads the table: two small queries, some thirty rows a year."""
        day = col(CalendarDay.day)
        days = dict(session.exec(select(day, col(CalendarDay.is_workday)).order_by(day)).all())
        year = col(CalendarYear.year)
        years = session.exec(select(year, col(CalendarYear.source)).order_by(year))
        sources = {year: Source(source) for year, source in years}
        lines = [f"{day} {int(is_workday)}" for day, is_workday in days.items()]
        lines += [f"{year} {source}" for year, source in sources.items()]
        return cls(days, sources, hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16])

    def is_workday(self, day: date) -> bool:
        """Whether the office works on `day`, make-up workdays counted in. Never an exception."""
        known = self.days.get(day)
        if known is None and day.year not in self.sources:
            known = _unseeded(day.year).get(day)
        return is_weekday(day) if known is None else known

    def confirmed(self, day: date) -> bool:
        """Whether a notice stands behind the answer, not an estimate."""
        return self._confirmed_year(day.year)

    def confirmed_days_after(self, day: date) -> int:
        """How many days after `day` are confirmed, up to the first that is not."""
        if not self.confirmed(day):
            return 0
        year = day.year
        while self._confirmed_year(year + 1):
            year += 1
        return (date(year, 12, 31) - day).days

    def _confirmed_year(self, year: int) -> bool:
        source = self.sources.get(year)
        return announced(year) is not None if source is None else source is not Source.ESTIMATED


@dataclass(frozen=True)
class CalendarChange:
    """What a notice altered: an open deadline that reaches to or over one of `days` is reckoned anew."""

    years: frozenset[int]  # another source than before, or other days
    days: frozenset[date]  # worked before and not now, or the other way round
    version: str  # of the calendar after the change

    @classmethod
    def between(cls, before: Calendar, after: Calendar) -> Self:
        years = {year for year, source in after.sources.items() if before.sources.get(year) is not source}
        near = {date(year, 1, 1) + timedelta(days=count) for year in years for count in range(366)}
        candidates = near | before.days.keys() | after.days.keys()
        days = {day for day in candidates if before.is_workday(day) != after.is_workday(day)}
        return cls(frozenset(years | {day.year for day in days}), frozenset(days), after.version)


def seed(session: Session, today: date) -> CalendarChange:
    """Fills the table from last year to the last year anybody knows, at least to the next one.

    For `lianxin migrate` and the start of the service: a newer package may know more than yesterday's. A
    notice of the county's own is left as it is, and a year once confirmed stays so. Where nothing is new,
    nothing is written.
    """
    before = Calendar.load(session)
    last = today.year + 1
    while announced(last + 1) is not None:
        last += 1
    for year in range(today.year - 1, last + 1):
        known, days = before.sources.get(year), announced(year)
        if known is Source.NOTICE or (days is None and known is Source.CHINESECALENDAR):
            continue
        source = Source.ESTIMATED if days is None else Source.CHINESECALENDAR
        row = CalendarYear(year=year, source=source.value, confirmed=days is not None)
        _write(session, row, estimated(year) if days is None else days)
    return CalendarChange.between(before, Calendar.load(session))


def replace_year(
    session: Session, year: int, days: Iterable[SpecialDay], note: str, at: datetime
) -> CalendarChange:
    """Puts a county's own notice for `year` in the place of whatever was known of it.

    The notice may name days of the December before, as those for a New Year do. The same notice again changes
    nothing.
    """
    before = Calendar.load(session)
    row = CalendarYear(year=year, source=Source.NOTICE.value, confirmed=True, note=note, read_at=at)
    _write(session, row, days)
    return CalendarChange.between(before, Calendar.load(session))


@lru_cache(maxsize=64)
def _unseeded(year: int) -> Mapping[date, bool]:
    days = announced(year)
    return {special.day: special.is_workday for special in (estimated(year) if days is None else days)}


def _write(session: Session, row: CalendarYear, days: Iterable[SpecialDay]) -> None:
    """Makes the table say of one year what `days` say, unless it does already."""
    wanted = {special.day: (special.is_workday, special.note) for special in days}
    if row.source != Source.NOTICE:
        for day in _named_by_another_notice(session, row.year):
            wanted.pop(day, None)
    stored = {
        one.day: (one.is_workday, one.note)
        for one in session.exec(select(CalendarDay).where(CalendarDay.year == row.year))
    }
    known = session.get(CalendarYear, row.year)
    if known is not None and (known.source, known.note) == (row.source, row.note) and stored == wanted:
        return
    overwritten = or_(col(CalendarDay.year) == row.year, col(CalendarDay.day).in_(wanted))
    session.let_go("calendar")
    session.exec(delete(CalendarDay).where(overwritten))
    session.merge(row)
    session.flush()  # the year before its days
    session.add_all(
        CalendarDay(day=day, year=row.year, is_workday=is_workday, source=row.source, note=note)
        for day, (is_workday, note) in wanted.items()
    )
    session.flush()


def _named_by_another_notice(session: Session, year: int) -> Iterable[date]:
    day = col(CalendarDay.day)
    within = day.between(date(year, 1, 1), date(year, 12, 31))
    return session.exec(select(day).where(within, CalendarDay.year != year)).all()


def calendar_version(session: Session) -> str:
    """What tells one state of the table from another, in a query of a few rows."""
    return session.once("calendar", lambda: repr(session.exec(_YEARS).all()))


_YEARS = select(CalendarYear.year, CalendarYear.source, CalendarYear.read_at).order_by(col(CalendarYear.year))
