"""What a roster lacks: workdays with nobody on duty, and days with too few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.county import County
from models.base import Session
from models.room import Roster, room_at


@dataclass(frozen=True)
class Lacking:
    """Days between a roster's first and last that want somebody; `heads` is how many there have to be."""

    nobody: tuple[date, ...]
    few: tuple[date, ...]
    heads: int


def lacking(session: Session, county: County, place: str, rosters: Sequence[Roster]) -> Lacking:
    """Of one place."""
    room = room_at(session, place)
    heads = (room.heads if room else None) or 1
    on_duty = {one.day: len(one.people) for one in rosters if one.place == place}
    if not on_duty:
        return Lacking((), (), heads)
    first, last = min(on_duty), max(on_duty)
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return Lacking(
        nobody=tuple(day for day in days if day not in on_duty and county.working.is_workday(day)),
        few=tuple(day for day in days if 0 < on_duty.get(day, 0) < heads),
        heads=heads,
    )
