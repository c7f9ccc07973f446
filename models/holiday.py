"""What is known of China's public holidays without asking anybody: announced years, and estimates. Pure.

A holiday's neighbours and its make-up workdays are announced year by year by the State Council, mostly in
November. `announced` knows the years that were; `estimated` answers for every other one.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import chinese_calendar

# Regulation on national holidays, art. 2, as amended in 2024: what stands where no lunar table reaches.
FIXED = {
    (1, 1): "New Year's Day",
    (5, 1): "Labour Day",
    (5, 2): "Labour Day",
    (10, 1): "National Day",
    (10, 2): "National Day",
    (10, 3): "National Day",
}


@dataclass(frozen=True, order=True)
class SpecialDay:
    """A day that is not what its weekday says: a holiday, or a weekend day that is worked."""

    day: date
    is_workday: bool
    note: str


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


@lru_cache(maxsize=64)
def announced(year: int) -> tuple[SpecialDay, ...] | None:
    """The special days of a year by the State Council's notice, in order; None: not announced yet."""
    special = []
    for day in _days(year):
        try:
            is_workday = bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return None
        if is_workday != is_weekday(day):
            _, name = chinese_calendar.get_holiday_detail(day)
            special.append(SpecialDay(day, is_workday, str(name or "")))
    return tuple(special)


@lru_cache(maxsize=64)
def estimated(year: int) -> tuple[SpecialDay, ...]:
    """The special days of a year nobody has announced: the statutory days, moved off weekends.

    Too few days off rather than too many: a deadline may move later when the notice comes, seldom earlier.
    Answers for every year; outside 1950-2100 by the fixed dates alone.
    """
    import holidays  # noqa: PLC0415 - a start has no use for the calendars of a hundred countries

    statutory = holidays.country_holidays("CN", years=year, language="en_US")
    special = {day: SpecialDay(day, is_workday=False, note=name) for day, name in statutory.items()}
    if not special:
        dates = {date(year, month, day): name for (month, day), name in FIXED.items()}
        special = {day: SpecialDay(day, is_workday=False, note=name) for day, name in dates.items()}
    for day in statutory.weekend_workdays:
        special[day] = SpecialDay(day, is_workday=True, note="")
    own = (one for one in special.values() if one.day.year == year)
    return tuple(sorted(one for one in own if one.is_workday != is_weekday(one.day)))


def _days(year: int) -> list[date]:
    ordinals = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    return [date.fromordinal(ordinal) for ordinal in ordinals]
