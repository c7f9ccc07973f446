"""`/board/`: the village's public board, and where the staff write for it."""

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.board import approve, board_of, take_down, villages_of, write
from models.officer import Officer
from models.place import Level, Place, places
from models.posting import Posting, standing

HERE = "/console/board"
MOST = 100


def villages(visit: Visit) -> Answer:
    """Which village?"""
    return Shown("board.html", {"townships": villages_of(visit.session)})


def village(visit: Visit) -> Answer:
    """Everything anybody may know of it."""
    place = visit.session.get(Place, visit.path["place"][:20])
    if place is None or place.ended_at is not None or place.level not in (Level.VILLAGE, Level.TOWNSHIP):
        return NOT_FOUND
    return Shown("board_place.html", {"board": board_of(visit.session, visit.county, place, visit.at)})


def postings(visit: Visit) -> Answer:
    """What waits and what is public, and a form for one more."""
    return _page(visit)


def add(visit: Visit) -> Answer:
    write(
        visit.session,
        visit.county,
        visit.form.get("place", ""),
        visit.form.get("text", ""),
        _person(visit),
        visit.at,
    )
    return Moved(HERE)


def decide(visit: Visit) -> Answer:
    number = visit.path["posting"]
    posting = visit.session.get(Posting, int(number)) if len(number) < 10 else None
    if posting is None or posting.ended_at is not None:
        return NOT_FOUND
    if visit.form.get("act") == "down":
        take_down(visit.session, posting, visit.at)
    else:
        approve(visit.session, posting, _person(visit), visit.at)
    return Moved(HERE)


def _page(visit: Visit) -> Shown:
    session = visit.session

    def name(account: str | None) -> str:
        officer = session.get(Officer, account) if account else None
        return officer.name if officer else ""

    area = visit.who.scope.area
    known = {place.code: place.name for place in places(session) if area is None or place.code in area}
    rows = [
        {
            "id": one.id,
            "place": known[one.place],
            "text": one.text,
            "by": name(one.by),
            "approved_by": name(one.approved_by),
            "mine": one.by == _person(visit),
        }
        for one in standing(session, MOST)
        if one.place in known
    ]
    return Shown("postings.html", {"rows": rows, "places": sorted(known.items())})


def _person(visit: Visit) -> str | None:
    return visit.who.officer.account if visit.who.officer else None
