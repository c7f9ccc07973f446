"""Drawn matters: the seed for everybody to draw again, and for the desk it fell to what was said and what it found."""

from typing import Any
from urllib.parse import urlencode

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers import rechecking
from handlers.officer.scope import all_shown, opened, shown
from models import eyes
from models.officer import Officer
from models.petition import Petition
from models.recheck import Outcome, Recheck, RecheckDraw, draws, outcomes, unchecked

HERE = "/console/recheck"
SHOWN = 6
SIZE = 20  # lines of each draw on one page


def checks(visit: Visit) -> Answer:
    """The last draws: how many were found to be so, and what waits for this desk; one draw alone, page by page."""
    asked, after = (_count(visit.query.get(name, "")) for name in ("draw", "after"))
    known = draws(visit.session, SHOWN)
    rows = [_drawn(visit, one, after if asked else 0) for one in known if asked in (0, one.id)]
    return Shown("rechecks.html", {"rows": rows, "first": HERE if asked else ""})


def _drawn(visit: Visit, draw: RecheckDraw, after: int) -> dict[str, Any]:
    found = outcomes(visit.session, draw.id or 0)
    lines, rest = _waiting(visit, draw.id or 0, after)
    further = f"{HERE}?{urlencode({'draw': draw.id, 'after': rest})}" if rest else ""
    counts = {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}
    return {
        "draw": draw,
        "taken": sum(found.values()),
        "counts": counts,
        "waiting": lines,
        "whole": not (after or further),
        "next": further,
    }


def _waiting(visit: Visit, draw: int, after: int) -> tuple[list[dict[str, Any]], int]:
    """Some lines of what waits for this desk, and after which re-check there may be more; 0: that is all."""
    scope, officer = visit.who.scope, _officer(visit)
    if officer is None or not rechecking.checks(officer):
        return [], 0
    townships = None if scope.is_county else scope.area or frozenset()
    found = unchecked(visit.session, draw, townships, after, SIZE + 1)
    eyes.lay_ready(visit.session, [petition for _, petition in found])
    mine = [(row, petition) for row, petition in found[:SIZE] if _is_mine(visit, row, petition)]
    lines = all_shown(visit.session, visit.county, [petition for _, petition in mine])
    told = [line | {"check": row.id} for line, (row, _) in zip(lines, mine, strict=True)]
    return told, (found[SIZE - 1][0].id or 0) if len(found) > SIZE else 0


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


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _officer(visit: Visit) -> Officer | None:
    return visit.session.get(Officer, visit.who.officer.account) if visit.who.officer else None


def _line(visit: Visit, row: Recheck, petition: Petition) -> dict[str, Any]:
    return shown(visit.session, visit.county, petition) | {"check": row.id}
