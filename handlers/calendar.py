"""The year's notice on holidays: reading the county's own file, and knowing when the next one is due.

The State Council announces the next year in November; until `lianxin` knows it, deadlines beyond the turn of
the year are estimates. A county need not wait for a new version: it writes the notice down and reads it in::

    year = 2027
    source = "the notice's name and number"
    off = ["2027-01-01..2027-01-03", "2027-04-05"]   # days off, weekends in between counted in
    work = ["2027-02-20"]                            # weekend days that are worked
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.base import Session
from models.calendar import Calendar, CalendarChange, replace_year
from models.errors import LianxinError
from models.holiday import SpecialDay

ENOUGH_DAYS = 60  # fewer confirmed days ahead, and the longest clocks (60 days) run on an estimate
LONGEST_HOLIDAY = 16  # days: twice the longest ever announced; more is a slip of the pen
YEARS = range(2000, 2101)
KEYS = ("year", "source", "off", "work")
ALWAYS_OFF = ((1, 1), (5, 1), (10, 1))  # a notice without them is not the whole notice
EXAMPLE = '"2027-10-01..2027-10-07" or "2027-04-05"'
ZONE = ZoneInfo("Asia/Shanghai")


class BadNotice(LianxinError):
    """A notice file that cannot be true. `faults` names every wrong entry; nothing was changed."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Notice:
    """How one year is worked, as a county wrote it down."""

    year: int
    source: str
    off: frozenset[date]
    work: frozenset[date]


def read_notice(text: str) -> Notice:
    """Reads a notice file (TOML, as above). BadNotice: every wrong entry, and what would be right."""
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise BadNotice([f"no TOML: {error}; dates stand in quotes, lists in square brackets"]) from error
    reader = _Reader(table)
    notice = reader.notice()
    if reader.faults:
        raise BadNotice(reader.faults)
    return notice


def apply_notice(session: Session, notice: Notice, at: datetime) -> CalendarChange:
    """Puts the notice in the place of whatever was known of its year.

    Open deadlines that reach one of the change's `days` are the caller's to move, each with its event. The
    same notice again changes nothing: no years, no days.
    """
    days = [SpecialDay(day, is_workday=False, note=notice.source) for day in notice.off]
    days += [SpecialDay(day, is_workday=True, note=notice.source) for day in notice.work]
    return replace_year(session, notice.year, sorted(days), notice.source, at)


def days_left(session: Session, at: datetime, zone: ZoneInfo = ZONE) -> int:
    """How many days after the day of `at` are confirmed. Below ENOUGH_DAYS somebody has to be told."""
    return Calendar.load(session).confirmed_days_after(at.astimezone(zone).date())


class _Reader:
    """One file being read; collects what is wrong instead of stopping at the first."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.table = table
        self.faults: list[str] = []

    def notice(self) -> Notice:
        self.faults += [
            f"{key}: no such key; there are {', '.join(KEYS)}" for key in self.table if key not in KEYS
        ]
        year, source = self._year(), self._source()
        off = self._days("off", year)
        work = self._days("work", year)
        for day in sorted(off.keys() & work.keys()):
            self.faults.append(f"{work[day]}: {day} is also in {off[day]}; a day is either off or worked")
        for day, where in work.items():
            if day.weekday() < 5:
                self.faults.append(
                    f"{where}: {day:%Y-%m-%d is a %A} and worked anyway; only a Saturday or Sunday is made up"
                )
        for month, number in ALWAYS_OFF if year and off else ():
            day = date(year, month, number)
            if day.weekday() < 5 and day not in off:
                self.faults.append(f"off: {day} is missing, a holiday by law; write down the whole year")
        return Notice(year, source, frozenset(off), frozenset(work))

    def _year(self) -> int:
        year = self.table.get("year")
        if isinstance(year, int) and year in YEARS:
            return year
        self.faults.append(f"year: {year!r} is no year; write year = 2027, from {YEARS[0]} to {YEARS[-1]}")
        return 0

    def _source(self) -> str:
        source = self.table.get("source")
        if isinstance(source, str) and source.strip():
            return source.strip()
        self.faults.append('source: missing; write the name of the notice, as source = "..."')
        return ""

    def _days(self, key: str, year: int) -> dict[date, str]:
        """The days of one list, each with the entry that names it."""
        entries = self.table.get(key, [])
        if not isinstance(entries, list) or (key == "off" and not entries):
            self.faults.append(f"{key}: a list of days is needed, such as {key} = [{EXAMPLE}]")
            return {}
        days: dict[date, str] = {}
        for position, entry in enumerate(entries, start=1):
            where = f"{key}, entry {position} ({entry})"
            for day in self._range(where, entry):
                if day in days:
                    self.faults.append(f"{where}: {day} is in {days[day]} already; name each day once")
                    break
                if year and not _belongs(day, year):
                    self.faults.append(
                        f"{where}: {day} is not of {year}; only that year and the December before belong here"
                    )
                    break
                days[day] = where
        return days

    def _range(self, where: str, entry: object) -> Iterator[date]:
        """The days of `first..last`, or of one date alone; none where the entry is wrong."""
        if isinstance(entry, date) and not isinstance(entry, datetime):
            entry = entry.isoformat()  # TOML knows dates without quotes
        if not isinstance(entry, str):
            self.faults.append(f"{where}: no day; write {EXAMPLE}")
            return
        first_text, dots, last_text = entry.partition("..")
        first = self._date(where, first_text)
        last = self._date(where, last_text) if dots else first
        if first is None or last is None:
            return
        length = (last - first).days + 1
        if length < 1:
            self.faults.append(f"{where}: ends before it begins; write {last}..{first}")
        elif length > LONGEST_HOLIDAY:
            self.faults.append(f"{where}: {length} days; no holiday is longer than {LONGEST_HOLIDAY}")
        else:
            yield from (first + timedelta(days=count) for count in range(length))

    def _date(self, where: str, text: str) -> date | None:
        text = text.strip()
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            self.faults.append(f"{where}: there is no day {text!r}; write {EXAMPLE}")
            return None
        return day


def _belongs(day: date, year: int) -> bool:
    """A New Year's holiday may begin, or be made up for, in the December before (as 2018-12-29 was)."""
    return day.year == year or (day.year, day.month) == (year - 1, 12)
