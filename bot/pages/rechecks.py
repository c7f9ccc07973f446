"""Drawn matters: the seed for everybody to draw again, and for the desk it fell to what was said and what it found."""

from typing import Any

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers import rechecking
from handlers.officer.scope import opened, shown
from models.officer import Officer
from models.petition import Petition
from models.recheck import Outcome, Recheck, drawn, draws

HERE = "/console/recheck"
SHOWN = 6


def checks(visit: Visit) -> Answer:
    """The last draws: how many were found to be so, and what waits for this desk."""
    rows = []
    for one in draws(visit.session, SHOWN):
        taken = drawn(visit.session, one.id or 0)
        counts = {outcome.value: sum(row.outcome == outcome for row, _ in taken) for outcome in Outcome}
        waiting = [_line(visit, row, petition) for row, petition in taken if _is_mine(visit, row, petition)]
        rows.append({"draw": one, "taken": len(taken), "counts": counts, "waiting": waiting})
    return Shown("rechecks.html", {"rows": rows})


def check(visit: Visit) -> Answer:
    """What was said of one, masked: the opening is noted."""
    found = _meant(visit)
    return _page(visit, *found) if found else NOT_FOUND


def act(visit: Visit) -> Answer:
    """The outcome, or first the telephone number."""
    found, officer = _meant(visit), _officer(visit)
    if found is None or officer is None:
        return NOT_FOUND
    row, petition = found
    words = visit.form.get("words", "").strip()[:2000]
    if visit.form.get("act") == "telephone":
        person = rechecking.telephone(visit.session, visit.county, officer, petition, words, visit.at)
        return _page(visit, row, petition, name=person.name, phone=person.phone)
    outcome = visit.form.get("outcome", "")
    if outcome in set(Outcome):
        rechecking.record(
            visit.session, visit.county, officer, row, petition, Outcome(outcome), words, visit.at
        )
    return Moved(HERE)


def _page(visit: Visit, row: Recheck, petition: Petition, **known: str) -> Shown:
    words = opened(visit.session, visit.county, petition, visit.who.account, visit.at)
    line = _line(visit, row, petition)
    return Shown(
        "recheck.html", {"line": line, "words": words, "name": "", "phone": "", "opened": bool(known)} | known
    )


def _meant(visit: Visit) -> tuple[Recheck, Petition] | None:
    number = visit.path["check"]
    row = visit.session.get(Recheck, int(number)) if len(number) < 10 else None
    petition = visit.session.get(Petition, row.petition) if row else None
    if row is None or petition is None or not _is_mine(visit, row, petition):
        return None
    return row, petition


def _is_mine(visit: Visit, row: Recheck, petition: Petition) -> bool:
    scope, officer = visit.who.scope, _officer(visit)
    return row.outcome is None and rechecking.may_check(visit.session, scope, officer, row, petition)


def _officer(visit: Visit) -> Officer | None:
    return visit.session.get(Officer, visit.who.officer.account) if visit.who.officer else None


def _line(visit: Visit, row: Recheck, petition: Petition) -> dict[str, Any]:
    return shown(visit.session, visit.county, petition) | {"check": row.id}
