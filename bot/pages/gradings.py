"""The quarter's grading: figures propose, an office says its word, a named person signs."""

from bot.digest.bulletin_sheet import law
from bot.digest.table import labels
from bot.pages.figures import BadPeriod, form_number, own_rows, period_of, sees_all
from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.digest.grading import FULL, LONGEST, decide, grading, state
from handlers.digest.period import Kind, NotYet
from models.appraisal import Decision
from models.errors import Refused
from models.office import Office
from models.refusal import Refusal

HERE = "/console/grading"


def show(visit: Visit) -> Answer:
    try:
        period = period_of(visit, Kind.QUARTER)
        told = grading(visit.session, visit.county, period, visit.at)
    except (BadPeriod, NotYet):
        return Shown("no_period.html", {}, status=400)
    told["rows"] = own_rows(visit, told["rows"])
    person = visit.who.officer
    fields = {"told": told, "labels": labels(), "own": person.office if person else "", "longest": LONGEST}
    fields |= {"law": law(told), "sees_all": sees_all(visit)}
    return Shown("grading.html", fields | {"decisions": list(Decision)})


def say_own(visit: Visit) -> Answer:
    """An office's own score and words."""
    office = visit.session.get(Office, visit.path["office"])
    try:
        period = period_of(visit, Kind.QUARTER)
    except BadPeriod:
        return NOT_FOUND
    if office is None:
        return NOT_FOUND
    words, score = visit.form.get("statement", ""), form_number(visit.form, "score")
    if visit.form.get("score", "").strip() and (score is None or score > FULL):
        raise Refused(Refusal.SELF_SCORE)
    state(visit.session, visit.county, period, office.code, visit.who.officer, words, score, visit.at)
    return Moved(f"{HERE}?on={period.first.isoformat()}")


def sign(visit: Visit) -> Answer:
    """A person's decision on what the figures propose."""
    office = visit.session.get(Office, visit.path["office"])
    try:
        period, decision = period_of(visit, Kind.QUARTER), Decision(visit.form.get("decision", ""))
    except ValueError:
        return NOT_FOUND
    if office is None:
        return NOT_FOUND
    decide(visit.session, visit.county, period, office.code, visit.who.officer, decision, visit.at)
    return Moved(f"{HERE}?on={period.first.isoformat()}")
