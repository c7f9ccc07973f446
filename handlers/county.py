"""What an act needs to know besides the database: this county's rules, hours and keys. Frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.advice.index import Index
from handlers.clocks import QUEUE_HOURS, URGENT, Clocks
from handlers.petition.naming import People
from handlers.reader import Reader
from handlers.study.hours import StudyRules
from models.key import Keyring
from models.retention import Times
from models.working_time import WorkingTime


@dataclass(frozen=True)
class County:
    """One county's hotline, as it stands now; made anew when the directory or the calendar changes."""

    code: str  # of its place of level county
    keys: Keyring
    reader: Reader
    working: WorkingTime
    clocks: Clocks
    task_hours: tuple[time, time] | None  # ordinary task pushes leave between these, on working days
    digest_at: time = time(8)  # when supervisors get their digests, on working days
    study: StudyRules = field(default_factory=StudyRules)  # how study is brought to members
    times: Times = field(default_factory=Times)  # how long things are kept
    mostly_weight: float = 0.6  # what "mostly content" counts in the rate of satisfaction
    people: People = field(default_factory=People)  # the staff, as villagers may speak of them
    advice: Index | None = None  # the spokesman's answers
    hardships: frozenset[str] = frozenset()  # leaves and tops that only a person dispatches
    sealed_key: bytes | None = None  # the discipline office's public key; none: nothing is sealed
    discipline_address: str = ""  # where its letters and visitors go
    groups: Mapping[str, Sequence[str]] = field(
        default_factory=dict
    )  # cadres' groups by the place they work for

    @property
    def zone(self) -> ZoneInfo:
        return self.working.zone

    def task_time(self, at: datetime, tier: str | None = None) -> datetime:
        """When a push to the staff may leave: at once if urgent or unrestricted, else within task hours."""
        if tier in URGENT or self.task_hours is None:
            return at
        start, end = self.task_hours
        local = at.astimezone(self.zone)
        if self.working.is_workday(local.date()) and start <= local.time() < end:
            return at
        day = local.date() if local.time() < start else local.date() + timedelta(days=1)
        while not self.working.is_workday(day):
            day += timedelta(days=1)
        return datetime.combine(day, start, self.zone).astimezone(at.tzinfo)

    def listened_by(self, at: datetime) -> datetime:
        """By when a person has heard a recording: the human queue's four working hours."""
        return self.working.add(at, QUEUE_HOURS)

    def part_of(self, start: datetime, due: datetime, part: float) -> datetime:
        """The instant at which `part` (0-1) of the working time between `start` and `due` is over.

        Warnings count working time; where none lies between (a night's emergency), the wall clock.
        """
        open_time = self.working.between(start, due)
        if open_time <= timedelta(0):
            return start + (due - start) * part
        return self.working.add(start, open_time * part)

    def is_hardship(self, leaf: str | None) -> bool:
        """Whether it may go to nobody without a named owner and a named day."""
        return leaf is not None and (leaf in self.hardships or leaf[:2] in self.hardships)

    def category_name(self, leaf: str | None) -> str:
        """A leaf as one says it to people."""
        return self.reader.plain_name(leaf) if leaf else ""
