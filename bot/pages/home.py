"""The first page: what has waited longest in the service, then what waits for whoever looks."""

from bot.pages.visit import Answer, Shown, Visit
from handlers.officer import waiting
from models.officer import Officer, Role, is_away

WATCH = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.OPERATOR})


def home(visit: Visit) -> Answer:
    """A desk sees its queue, a supervisor what is late; everybody his own."""
    session, county, who, at = visit.session, visit.county, visit.who, visit.at
    heaps = []
    if who.scope.desk:
        heaps = [
            waiting.unrouted(session, county, who.scope, at),
            waiting.late(session, county, who.scope, at),
        ]
    own = waiting.mine(session, county, who.officer, who.scope) if who.officer else []
    watches = who.role in WATCH
    return Shown(
        "home.html",
        {
            "watches": watches,
            "unsent": waiting.unsent_for(session, at) if watches else None,
            "heaps": [*heaps[:1], *own, *heaps[1:]],
            "desk": who.scope.desk,
            "today": at.astimezone(county.zone).date().isoformat(),
            "away": _is_away(visit),
        },
    )


def _is_away(visit: Visit) -> bool:
    officer = visit.session.get(Officer, visit.who.officer.account) if visit.who.officer else None
    return officer is not None and is_away(visit.session, officer, visit.at)
