"""Days in the village: planned and held, what for, open to every villager; and what a first secretary still owes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.officer.mask import is_personal
from handlers.officer.words import is_first_secretary
from models.base import Session
from models.book import Presence, presence_on, presences
from models.errors import Refused
from models.office import Office
from models.officer import Officer, day_of, officers
from models.refusal import Refusal

WEEK_DAYS = 2  # a first secretary is in his village on so many days a week (the seed's own rule)
MONTH_ACTIVITIES = 1  # and holds or joins so many activities a month
LONGEST = 100  # characters
BACK, AHEAD = timedelta(days=31), timedelta(days=6)


@dataclass(frozen=True)
class Week:
    """How a first secretary stands: his days of this week, this month's activities; none are missing: all is held."""

    officer: Officer
    place: str
    days: tuple[Presence, ...]
    activities: tuple[Presence, ...]


@dataclass(frozen=True)
class Day:
    """A day as villagers may read it."""

    day: str
    name: str
    activity: str


def be_there(session: Session, account: str, place: str, days: Sequence[date], activity: str) -> None:
    """Days in the village, as villagers may read them; the same day again takes the newer activity."""
    if is_personal(activity):
        raise Refused(Refusal.PRESENCE_PERSONAL)
    for day in days:
        presence = presence_on(session, account, place, day) or Presence(
            account=account, place=place, day=day
        )
        presence.activity = activity[:LONGEST] or presence.activity
        session.add(presence)
    session.flush()


def stay_away(session: Session, account: str, place: str, days: Sequence[date]) -> None:
    """He will not be there after all, or was not: nobody waits for him in vain."""
    for day in days:
        presence = presence_on(session, account, place, day)
        if presence is not None:
            session.delete(presence)
    session.flush()


def days_at(session: Session, place: str, first: date, last: date) -> list[Day]:
    """Who was, or will be, in a place on which day, and what for."""
    found = presences(session, first, last, places=[place])
    people = {one.account: session.get(Officer, one.account) for one in found}
    return [
        Day(one.day.isoformat(), officer.name, one.activity)
        for one in found
        if (officer := people[one.account]) is not None
    ]


def held(session: Session, place: str, at: datetime) -> list[Day]:
    """What was done in the last month, the newest first."""
    today = day_of(at)
    return [one for one in days_at(session, place, today - BACK, today) if one.activity][::-1]


def ahead(session: Session, place: str, at: datetime) -> list[Day]:
    """The days of the coming week, today among them."""
    today = day_of(at)
    return days_at(session, place, today, today + AHEAD)


def weeks(session: Session, at: datetime) -> list[Week]:
    """Every first secretary, in the directory's order."""
    today = day_of(at)
    monday = today - timedelta(days=today.weekday())
    first, following = today.replace(day=1), (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    found = presences(
        session, min(monday, first), max(monday + timedelta(days=6), following - timedelta(days=1))
    )
    told = []
    for officer in officers(session):
        if not is_first_secretary(officer):
            continue
        mine = [one for one in found if one.account == officer.account]
        office = session.get(Office, officer.office)
        told.append(
            Week(
                officer,
                office.place if office else "",
                tuple(one for one in mine if monday <= one.day < monday + timedelta(days=7)),
                tuple(one for one in mine if first <= one.day < following and one.activity),
            )
        )
    return told
