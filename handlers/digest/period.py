"""Periods of a digest: days, weeks, months, quarters of the service's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.errors import LianxinError

DAY = timedelta(days=1)


class Kind(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class NotYet(LianxinError):
    """The period lies in the future: nothing can be said of it."""


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included. A day's digest after a holiday covers all days since the one before."""

    kind: Kind
    first: date
    last: date

    @classmethod
    def of(cls, kind: Kind, day: date) -> "Period":
        """The period of that kind in which a day lies; weeks begin on Monday."""
        if kind is Kind.DAY:
            return cls(kind, day, day)
        if kind is Kind.WEEK:
            monday = day - DAY * day.weekday()
            return cls(kind, monday, monday + 6 * DAY)
        months = 3 if kind is Kind.QUARTER else 1
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        following = first.month + months
        after = date(first.year + 1, 1, 1) if following > 12 else date(first.year, following, 1)
        return cls(kind, first, after - DAY)

    @classmethod
    def before(cls, kind: Kind, day: date) -> "Period":
        """The last whole period of that kind that was over before `day` began."""
        return cls.of(kind, cls.of(kind, day).first - DAY)

    def since(self, zone: ZoneInfo) -> datetime:
        return midnight(self.first, zone)

    def until(self, zone: ZoneInfo) -> datetime:
        """The midnight that ends it."""
        return midnight(self.last + DAY, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant a day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
