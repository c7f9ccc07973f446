"""When a reminder may come: the member's own hour, not at night, not on a festival, in farm season in the evening."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.member import Kind

DAY = timedelta(days=1)
NIGHT = (time(21), time(7, 30))
LONGEST = 40  # days looked ahead for one that is no festival


@dataclass(frozen=True)
class StudyRules:
    """How this county brings study: hours, patience, and which ways the service itself has.

    `quiet` and `farm` may run over midnight and the new year. `template`: the id of the subscription notice;
    `lasting`: one consent to it holds until it is taken back. `address`: where pages of lessons are read.
    """

    quiet: tuple[time, time] | None = NIGHT
    farm: tuple[tuple[str, str], ...] = ()  # "MM-DD" to "MM-DD"
    farm_hour: time = time(19, 30)
    patience: timedelta = timedelta(days=3)  # after a message nobody answered, the next way
    template: str = ""
    lasting: bool = False
    sms: bool = False
    address: str = ""

    def fitting(self, wanted: datetime, zone: str, kind: str, is_workday: Callable[[date], bool]) -> datetime:
        """The first instant from `wanted` on that suits a member of this kind in this zone; UTC."""
        local = wanted.astimezone(ZoneInfo(zone))
        for _ in range(LONGEST):
            moved = self._moved(local, kind, is_workday)
            if moved == local:
                break
            local = moved
        return local.astimezone(UTC)

    def resumed(
        self, until: datetime, hour: time, zone: str, kind: str, is_workday: Callable[[date], bool]
    ) -> datetime:
        """When a row that waited until then is begun: at the lesson's own hour, so that the instant tells nothing."""
        local = until.astimezone(ZoneInfo(zone))
        then = _at(local, hour)
        return self.fitting(then if then >= local else then + DAY, zone, kind, is_workday)

    def _moved(self, local: datetime, kind: str, is_workday: Callable[[date], bool]) -> datetime:
        """One step nearer to a fitting instant; the same where it fits."""
        if is_festival(local.date(), is_workday):
            return local + DAY
        if kind != Kind.AWAY and local.time() < self.farm_hour and self._is_farm_season(local.date()):
            return _at(local, self.farm_hour)
        if self.quiet is None or not _within(local.time(), self.quiet):
            return local
        over = _at(local, self.quiet[1])
        return over if over > local else over + DAY

    def _is_farm_season(self, day: date) -> bool:
        today = f"{day:%m-%d}"
        return any(
            first <= today <= last if first <= last else today >= first or today <= last
            for first, last in self.farm
        )


def is_festival(day: date, is_workday: Callable[[date], bool]) -> bool:
    """Whether a day belongs to days off that take in a weekday: a festival, and no plain weekend."""
    if is_workday(day):
        return False
    if day.weekday() < 5:
        return True
    for step in (DAY, -DAY):
        near = day + step
        while not is_workday(near):
            if near.weekday() < 5:
                return True
            near += step
    return False


def _within(hour: time, span: tuple[time, time]) -> bool:
    first, last = span
    return first <= hour < last if first <= last else hour >= first or hour < last


def _at(local: datetime, hour: time) -> datetime:
    return local.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
