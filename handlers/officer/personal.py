"""What an officer says about himself: away, back, a note of the day, what can I type."""

import re
from datetime import date, datetime

from handlers.county import County
from handlers.turn import OfficerTurn, Reply
from models.base import Session
from models.errors import Refused
from models.officer import Officer, Role, end_leave, take_leave
from models.refusal import Refusal
from models.wording import Wording

DAY = r"(\d{1,2})[^\d\s](\d{1,2})\D{0,1}"
SPAN = re.compile(rf"{DAY}\D{{0,2}}{DAY}")
LONGEST_LEAVE = 180  # days


def leave(turn: OfficerTurn) -> Reply:
    """First and last day: what comes meanwhile goes to the stand-in."""
    match = SPAN.fullmatch(turn.rest)
    if match is None:
        raise Refused(Refusal.LEAVE_DATES_MISSING)
    today = turn.at.astimezone(turn.county.zone).date()
    first = day_in(today, match[1], match[2])
    last = day_in(first or today, match[3], match[4])
    first, last = away(turn.session, turn.county, turn.officer, first, last, turn.at)
    return Reply.of(Wording.ON_LEAVE, first=first.isoformat(), last=last.isoformat())


def away(
    session: Session, county: County, officer: Officer, first: date | None, last: date | None, at: datetime
) -> tuple[date, date]:
    """Both days included, from today on; refused where they are none."""
    today = at.astimezone(county.zone).date()
    if first is None or last is None or not today <= first <= last or (last - first).days > LONGEST_LEAVE:
        raise Refused(Refusal.LEAVE_DATES_MISSING)
    take_leave(session, officer.account, first, last, at)
    return first, last


def back(turn: OfficerTurn) -> Reply:
    back_again(turn.session, turn.officer, turn.at)
    return Reply.of(Wording.BACK)


def back_again(session: Session, officer: Officer, at: datetime) -> None:
    if not end_leave(session, officer, at):
        raise Refused(Refusal.NOT_ON_LEAVE)


def help_(turn: OfficerTurn) -> Reply:
    roles = set(turn.officer.roles)
    return Reply.of(Wording.HELP, dispatcher=Role.DISPATCHER in roles, supervisor=Role.SUPERVISOR in roles)


def day_in(not_before: date, month: str, day: str) -> date | None:
    """The next such day from `not_before` on."""
    for year in (not_before.year, not_before.year + 1):
        try:
            found = date(year, int(month), int(day))
        except ValueError:
            continue
        if found >= not_before:
            return found
    return None
