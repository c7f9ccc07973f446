"""The month's warnings: each office sees why, may say what is wrong with it, and a named person decides."""

from bot.digest.bulletin_sheet import reasons
from bot.digest.table import labels
from bot.pages.figures import BadPeriod, own_rows, period_of
from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.digest.appeal import LONGEST, appeal, appeals, decide
from handlers.digest.period import Kind, NotYet, Period
from models.appraisal import Ruling
from models.office import Office

HERE = "/console/warnings"


def show(visit: Visit) -> Answer:
    try:
        period = _month(visit)
        rows = appeals(visit.session, visit.county, period, visit.at)
    except (BadPeriod, NotYet):
        return Shown("no_period.html", {}, status=400)
    rows, person = own_rows(visit, rows), visit.who.officer
    fields = {
        "rows": rows,
        "first": period.first,
        "last": period.last,
        "labels": labels(),
        "reasons": reasons,
    }
    fields |= {"own": person.office if person else "", "longest": LONGEST, "rulings": list(Ruling)}
    return Shown("appeals.html", fields | {"earlier": Period.before(Kind.MONTH, period.first).first})


def say(visit: Visit) -> Answer:
    """An office's own words against its warning."""
    office = visit.session.get(Office, visit.path["office"])
    try:
        period = _month(visit)
    except BadPeriod:
        return NOT_FOUND
    if office is None:
        return NOT_FOUND
    words = visit.form.get("statement", "")
    appeal(visit.session, visit.county, period, office.code, visit.who.officer, words, visit.at)
    return Moved(f"{HERE}?on={period.first.isoformat()}")


def sign(visit: Visit) -> Answer:
    """A person's decision on an appeal, with his reason."""
    office = visit.session.get(Office, visit.path["office"])
    try:
        period, ruling = _month(visit), Ruling(visit.form.get("ruling", ""))
    except ValueError:
        return NOT_FOUND
    if office is None:
        return NOT_FOUND
    words = visit.form.get("reason", "")
    decide(visit.session, visit.county, period, office.code, visit.who.officer, ruling, words, visit.at)
    return Moved(f"{HERE}?on={period.first.isoformat()}")


def _month(visit: Visit) -> Period:
    period = period_of(visit)
    return Period.of(Kind.MONTH, period.first)
