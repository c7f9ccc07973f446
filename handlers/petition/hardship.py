"""Hardships: matters of a configured list, dispatched by a person alone, to a named owner and for a named day."""

from datetime import date, datetime

from handlers.county import County
from handlers.digest.period import DAY, midnight
from handlers.petition.dispatch import SERVICE, arm
from models.base import Session
from models.errors import Refused
from models.move import Verb, move
from models.petition import Petition
from models.refusal import Refusal


def check_named(county: County, petition: Petition, leaf: str, *, named: bool, day: date | None) -> None:
    """Refused where it is a hardship and the owner or the day is left to the rules."""
    if county.is_hardship(leaf) and not (named and day is not None):
        raise Refused(Refusal.HARDSHIP_NEEDS, number=petition.number)


def promise(session: Session, county: County, petition: Petition, day: date, at: datetime) -> None:
    """Solved before `day` is over: never later than the law or the tier has it."""
    due, latest = midnight(day + DAY, county.zone), petition.finish_due or at
    if not at < due <= max(latest, midnight(latest.astimezone(county.zone).date() + DAY, county.zone)):
        raise Refused(Refusal.HARDSHIP_DATE, number=petition.number, latest=latest.isoformat())
    due = min(due, latest)
    dates = {
        "sign": (petition.sign_due or at).isoformat(),
        "contact": (petition.contact_due or at).isoformat(),
        "finish": due.isoformat(),
    }
    move(session, petition, Verb.RESET_CLOCKS, SERVICE, at, why="promised", **dates)
    petition.finish_due = due
    arm(petition, county, at)
