"""The clocks of a petition: how long each tier has, and which hours count.

Sources: domain.md B.4 (tiers), contract.md "Clocks". E0, T1, T2 and first contact count wall-clock hours; sign,
T3 and K1 working time; T4 and T5 calendar days.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from models.working_time import WorkingTime

DEFAULT_TIERS: Mapping[str, str] = MappingProxyType(
    {
        "E0": "2 hours",
        "T1": "2 hours",
        "T2": "24 hours",
        "T3": "5 workdays",
        "T4": "15 days",
        "T5": "60 days",
        "K1": "1 workday",
        "X": "1 workday",
    }
)
URGENT = frozenset({"E0", "T1"})  # signed within 30 minutes and told at any hour
SIGN = timedelta(hours=2)  # working time
SIGN_URGENT = timedelta(minutes=30)
CONTACT = timedelta(hours=24)
QUEUE_HOURS = timedelta(hours=4)  # working time: the human queue has a clock of its own
LENGTH = re.compile(r"([1-9][0-9]{0,3}) (hour|workday|day)s?")
SHAPE = 'write "24 hours", "5 workdays" or "15 days"'


@dataclass(frozen=True)
class Length:
    """How long, in which unit: hours of the wall clock, workdays, or calendar days."""

    number: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Length":
        """Reads "5 workdays"; ValueError says what would be right."""
        match = LENGTH.fullmatch(text.strip())
        if match is None:
            message = f"{text!r} is no length of time; {SHAPE}"
            raise ValueError(message)
        return cls(int(match[1]), match[2])

    def after(self, at: datetime, working: WorkingTime) -> datetime:
        """The instant this length is over, counted from `at`."""
        if self.unit == "hour":
            return working.wall(at, timedelta(hours=self.number))
        if self.unit == "workday":
            return working.add_workdays(at, self.number)
        return working.calendar_days(at, self.number)


@dataclass(frozen=True)
class Dues:
    """The three dates of one petition."""

    sign: datetime
    contact: datetime
    finish: datetime


@dataclass(frozen=True)
class Clocks:
    """The clocks of this county, as configured."""

    tiers: Mapping[str, Length]
    warnings: tuple[float, float] = (0.5, 0.8)
    ladder: tuple[int, ...] = (0, 7, 14, 21, 28)  # hours after the breach, one a rung

    @classmethod
    def of(
        cls,
        tiers: Mapping[str, str],
        warnings: tuple[float, float] = (0.5, 0.8),
        ladder: tuple[int, ...] = (0, 7, 14, 21, 28),
    ) -> "Clocks":
        """The shipped tiers, with the configured ones in their place."""
        lengths = {name: Length.parse(text) for name, text in {**DEFAULT_TIERS, **tiers}.items()}
        return cls(lengths, warnings, ladder)

    def dues(self, tier: str, received_at: datetime, working: WorkingTime) -> Dues:
        """All three clocks start at receipt."""
        finish = self.tiers[tier].after(received_at, working)
        contact = working.wall(received_at, CONTACT)
        if tier in URGENT:
            return Dues(working.wall(received_at, SIGN_URGENT), min(contact, finish), finish)
        return Dues(working.add(received_at, SIGN), contact, finish)

    def later(
        self, tier: str, due: datetime, paused: datetime, resumed: datetime, working: WorkingTime
    ) -> datetime:
        """`due` moved by a pause, in the hours the tier counts; calendar days by whole days."""
        unit = self.tiers[tier].unit
        if unit == "workday":
            return working.add(due, working.between(paused, resumed))
        if unit == "hour":
            return due + (resumed - paused)
        days = (resumed.astimezone(working.zone).date() - paused.astimezone(working.zone).date()).days
        return working.calendar_days(due, days) if days else due

    def longest_extension(self, tier: str) -> int:
        """Days an extension may have: the tier's own length; T5 30 days (regulation on petitions, art. 34)."""
        length = self.tiers[tier]
        if tier == "T5":
            return 30
        return length.number // 24 if length.unit == "hour" else length.number

    def extended(self, tier: str, due: datetime, days: int, working: WorkingTime) -> datetime:
        """`due` moved by `days` as the tier counts them: of the wall clock, working days or calendar days."""
        if self.tiers[tier].unit == "hour":
            return working.wall(due, timedelta(days=days))
        if self.tiers[tier].unit == "workday":
            return working.add_workdays(due, days)
        return working.calendar_days(due, days)
