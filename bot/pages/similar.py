"""What may be the same matter: the texts beside each other, for a person to decide."""

from typing import Any

from bot.pages.visit import NOT_FOUND, Answer, Shown, Visit
from handlers.officer import acting
from handlers.officer.scope import may_read, may_see, opened, shown
from handlers.searching import near
from models.officer import Officer
from models.petition import Petition, by_number

MOST = 5  # each opens somebody's words, and leaves a trace


def similar(visit: Visit) -> Answer:
    """The matter and those most like it, as far as this person may read both."""
    session = visit.session
    found = by_number(session, visit.path["number"])
    if found is None or not may_read(session, visit.who.scope, visit.who.role, found):
        return NOT_FOUND
    others = [(_told(visit, one), part) for one, part in alike(visit, found)[:MOST]]
    officer = session.get(Officer, visit.who.officer.account) if visit.who.officer else None
    joins = officer is not None and "join" in acting.offered(session, visit.county, officer, found, visit.at)
    mine = _told(visit, found)
    fields = {"mine": mine, "others": others, "joins": joins, "seen": acting.position(session, found)}
    return Shown("similar.html", fields)


def alike(visit: Visit, found: Petition) -> list[tuple[Petition, float]]:
    """Open matters like it that this person may read; those joined already are no suggestion."""
    who = visit.who
    return [
        (one, part)
        for one, part in near(visit.session, found, visit.at)
        if one.is_open
        and one.joined_to is None
        and found.joined_to is None
        and may_see(who.scope, one)
        and may_read(visit.session, who.scope, who.role, one)
    ]


def _told(visit: Visit, petition: Petition) -> dict[str, Any]:
    words = opened(visit.session, visit.county, petition, visit.who.account, visit.at)
    return {"row": shown(visit.session, visit.county, petition), "words": words}
