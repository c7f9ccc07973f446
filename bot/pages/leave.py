"""Away and back on the pages: what the chat's words do, with two dates."""

from datetime import date

from bot.pages.visit import Answer, Moved, Visit
from handlers.officer.personal import away, back_again
from models.errors import Refused
from models.officer import Officer
from models.refusal import Refusal

HERE = "/console/"


def change(visit: Visit) -> Answer:
    if visit.who.officer is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    officer = visit.session.get_one(Officer, visit.who.officer.account)
    if visit.form.get("act") == "back":
        back_again(visit.session, officer, visit.at)
    else:
        first, last = (_day(visit.form.get(name, "")) for name in ("first", "last"))
        away(visit.session, visit.county, officer, first, last, visit.at)
    return Moved(HERE)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
