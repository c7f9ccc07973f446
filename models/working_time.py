"""Working time: when the office is open, and every deadline that follows from it. Pure; knows no database.

Instants come and go as aware datetimes, in UTC on the way out. Open time is a set of stretches, one for each
span of each working day; a deadline is a sum over them. They are laid out month by month when first asked
for, with the working time before each, so that a deadline is two binary searches, however far it lies.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from models.errors import LianxinError

DAY = timedelta(days=1)
NOTHING = timedelta(0)
LONGEST = timedelta(days=3660)  # ten years: a longer clock is a slip of the pen in a configuration
YEARS = range(1900, 3000)  # an instant outside is no time of ours
CLOSED_DAYS = 366
CLOSED_MONTHS = 13  # the month asked for may be nearly over: a whole year after it
SPAN = re.compile(r"([0-9]{1,2}):([0-5][0-9])-([0-9]{1,2}):([0-5][0-9])")
SHAPE = 'write HH:MM-HH:MM, for example "08:30-12:00"; the day ends at 24:00'


class NoWorkday(LianxinError):
    """The calendar has no working day for a whole year, so that nothing can fall due."""


@dataclass(frozen=True, order=True)
class Span:
    """One stretch of open time in a day, as time since midnight; `end` itself is closed, 24:00 is allowed."""

    start: timedelta
    end: timedelta

    def __post_init__(self) -> None:
        if not NOTHING <= self.start < self.end <= DAY:
            raise ValueError(f"the span {self} has to end after it starts, within one day")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads "08:30-12:00". ValueError: what is wrong and what would be right."""
        match = SPAN.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"no span of time; {SHAPE}")
        hour, minute, end_hour, end_minute = map(int, match.groups())
        start = timedelta(hours=hour, minutes=minute)
        end = timedelta(hours=end_hour, minutes=end_minute)
        if end > DAY or start >= DAY:
            raise ValueError(f"there is no such time of day; {SHAPE}")
        if start >= end:
            raise ValueError(
                f"ends before it starts; write two spans for a night: until 24:00, from 00:00; {SHAPE}"
            )
        return cls(start, end)

    def __str__(self) -> str:
        minutes = [int(side.total_seconds()) // 60 for side in (self.start, self.end)]
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in minutes)


def parse_spans(entries: object) -> tuple[Span, ...]:
    """Reads the opening hours of a day from a configuration, as ["08:30-12:00", "14:00-17:30"].

    ValueError names the entry, what is wrong with it and what would be right.
    """
    if not isinstance(entries, list | tuple) or not entries:
        raise ValueError('at least one span is needed; write ["08:30-12:00", "14:00-17:30"]')
    spans: list[Span] = []
    for position, entry in enumerate(entries, start=1):
        where = f"entry {position} ({entry!r})"
        if not isinstance(entry, str):
            raise ValueError(f"{where}: no text; {SHAPE}")  # noqa: TRY004 - one error for all bad configuration
        try:
            span = Span.parse(entry)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from error
        if spans and span.start < spans[-1].end:
            raise ValueError(
                f"{where}: starts before {spans[-1]} is over; put the spans in order, none over another"
            )
        spans.append(span)
    return tuple(spans)


@dataclass(frozen=True)
class _Month:
    """The open stretches whose days lie in one local month: from `begin` up to, not including, `finish`."""

    begin: datetime
    finish: datetime
    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    before: tuple[timedelta, ...]  # the working time of this month that lies before each stretch
    total: timedelta

    def worked(self, at: datetime) -> timedelta:
        """The working time of this month that is over at `at`."""
        index = bisect_right(self.starts, at) - 1
        return self.before[index] + min(at, self.ends[index]) - self.starts[index] if index >= 0 else NOTHING

    def reached(self, worked: timedelta) -> datetime:
        """The first instant at which so much working time (more than none) of this month is over."""
        index = bisect_left(self.before, worked) - 1
        return self.starts[index] + (worked - self.before[index])


@dataclass(frozen=True)
class WorkingTime:
    """The opening hours of one office: the spans of a day, their zone, and which days are worked.

    `is_workday` must be pure; when the calendar changes, make a new WorkingTime. A wall time that a change of
    the clocks skips is taken as if the clocks had not changed yet; one that comes twice starts a span the
    first time and ends one the last time.
    """

    spans: tuple[Span, ...]
    zone: ZoneInfo
    is_workday: Callable[[date], bool]
    _months: dict[int, _Month] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.spans:
            raise ValueError("working time needs at least one span a day")
        for earlier, later in zip(self.spans, self.spans[1:], strict=False):
            if later.start < earlier.end:
                raise ValueError(f"the span {later} starts before {earlier} is over")

    def open_at(self, at: datetime) -> bool:
        """Whether the office is open: a span's first instant is, its last is not."""
        at = _utc(at)
        month = self._month(self._index(at))
        index = bisect_right(month.starts, at) - 1
        return index >= 0 and at < month.ends[index]

    def next_open(self, at: datetime) -> datetime:
        """`at` itself where the office is open, else the next opening. NoWorkday: it never opens."""
        at = _utc(at)
        if self.open_at(at):
            return at
        months = self._months_from(self._index(at))
        later = ((month.starts, bisect_right(month.starts, at)) for month in months)
        return next(starts[first] for starts, first in later if first < len(starts))

    def add(self, at: datetime, duration: timedelta) -> datetime:
        """The first instant by which `duration` of working time has gone by since `at`.

        It lies in open time or on the very end of a span: two hours from 10:00 are over at 12:00, not when
        the office opens again. No duration at all is over when the office next opens.
        """
        at = _utc(at)
        if not NOTHING <= duration <= LONGEST:
            raise ValueError(f"a duration between none and ten years is needed, not {duration}")
        if duration == NOTHING:
            return at if self._closes_at(at) else self.next_open(at)
        months = self._months_from(self._index(at))
        month = next(months)
        worked = month.worked(at) + duration
        while worked > month.total:
            worked -= month.total
            month = next(months)
        return month.reached(worked)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; negative where `end` is the earlier."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.between(end, start)
        first, last = self._index(start), self._index(end)
        whole = sum((self._month(index).total for index in range(first, last)), NOTHING)
        return whole + self._month(last).worked(end) - self._month(first).worked(start)

    def add_workdays(self, at: datetime, days: int) -> datetime:
        """The end of the last span of the `days`-th working day after the day of `at`, which is not counted.

        Civil Code arts. 201 and 203: the first day does not count, the last one ends with office hours. Five
        working days (regulation on petitions, art. 23) from any hour of a Monday end with the next Monday's.
        """
        day = self._day_of(at, days)
        for _ in range(days - 1):
            day, _ = self._workday_from(day + DAY)
        return self._workday_from(day + DAY)[1]

    def calendar_days(self, at: datetime, days: int) -> datetime:
        """The end of the last span of the `days`-th day after the day of `at`, which is not counted.

        Where that is no working day, the next working day takes its place (Civil Code art. 203).
        """
        _, closing = self._workday_from(self._day_of(at, days) + days * DAY)
        return closing

    def wall(self, at: datetime, duration: timedelta) -> datetime:
        """`duration` later by the clock on the wall: open or closed, every hour counts."""
        if not NOTHING <= duration <= LONGEST:
            raise ValueError(f"a duration between none and ten years is needed, not {duration}")
        return _utc(at) + duration

    def _day_of(self, at: datetime, days: int) -> date:
        if not 1 <= days <= LONGEST.days:
            raise ValueError(f"a number of days from 1 to {LONGEST.days} is needed, not {days}")
        return _utc(at).astimezone(self.zone).date()

    def _workday_from(self, day: date) -> tuple[date, datetime]:
        """The first working day from `day` on, and the end of its last span."""
        for later in range(CLOSED_DAYS):
            stretches = self._stretches(day + later * DAY)
            if stretches:
                return day + later * DAY, stretches[-1][1]
        raise NoWorkday(f"no working day within {CLOSED_DAYS} days from {day}; look at the calendar")

    def _closes_at(self, at: datetime) -> bool:
        month = self._month(self._index(at - datetime.resolution))  # midnight ends a span of the day before
        index = bisect_left(month.ends, at)
        return month.ends[index : index + 1] == (at,)

    def _months_from(self, index: int) -> Iterator[_Month]:
        closed = 0
        while closed < CLOSED_MONTHS:
            month = self._month(index)
            closed = 0 if month.starts else closed + 1
            yield month
            index += 1
        raise NoWorkday(
            f"no working day for a year up to {index // 12}-{index % 12 + 1:02}; look at the calendar"
        )

    def _index(self, at: datetime) -> int:
        """The month `at` belongs to, as months since the year 0."""
        local = at.astimezone(self.zone)
        index = local.year * 12 + local.month - 1
        # Where the clocks change around midnight, the wall may show a day that has not begun or is over.
        month = self._month(index)
        return index - (at < month.begin) + (at >= month.finish)

    def _month(self, index: int) -> _Month:
        month = self._months.get(index)
        if month is None:
            month = self._months[index] = self._lay_out(date(index // 12, index % 12 + 1, 1))
        return month

    def _lay_out(self, first: date) -> _Month:
        after = (first + 31 * DAY).replace(day=1)
        stretches = [
            stretch
            for ordinal in range(first.toordinal(), after.toordinal())
            for stretch in self._stretches(date.fromordinal(ordinal))
        ]
        before, total = [], NOTHING
        for start, end in stretches:
            before.append(total)
            total += end - start
        starts, ends = tuple(start for start, _ in stretches), tuple(end for _, end in stretches)
        return _Month(self._instant(first), self._instant(after), starts, ends, tuple(before), total)

    def _stretches(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open stretches of one day, in order, none over another, all between its two midnights."""
        if not self.is_workday(day):
            return ()
        begin, finish = self._instant(day), self._instant(day + DAY)
        if finish - begin == DAY:  # the clocks stand still: no need to ask the zone for every span
            return tuple((begin + span.start, begin + span.end) for span in self.spans)
        stretches = []
        for span in self.spans:
            end = max(self._instant(day, span.end, fold) for fold in (0, 1))
            start = max(begin, self._instant(day, span.start))
            begin = max(start, min(end, finish))
            if start < begin:
                stretches.append((start, begin))
        return tuple(stretches)

    def _instant(self, day: date, since_midnight: timedelta = NOTHING, fold: int = 0) -> datetime:
        wall = datetime(day.year, day.month, day.day, tzinfo=self.zone) + since_midnight
        return wall.replace(fold=fold).astimezone(UTC)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {at.isoformat()}")
    if at.year not in YEARS:
        raise ValueError(
            f"{at.isoformat()} is no time to reckon with: years {YEARS.start} to {YEARS.stop - 1}"
        )
    return at.astimezone(UTC)
