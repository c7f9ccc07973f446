"""The list of petitions somebody may see, and one of them: never who the villager is."""

from bot.pages.visit import NOT_FOUND, Answer, Shown, Visit
from handlers.officer.scope import history, may_read, may_see, opened, shown
from models.petition import by_number
from models.scope import visible

SIZE = 50


def home(visit: Visit) -> Answer:
    """Open matters, the most urgent first; with `all` every one, the newest first."""
    only_open = "all" not in visit.query
    page = _page(visit.query.get("page", "1"))
    found, count = visible(visit.session, visit.who.scope, only_open=only_open, page=page, size=SIZE)
    petitions = [shown(visit.session, visit.county, one) for one in found if may_see(visit.who.scope, one)]
    return Shown(
        "home.html",
        {
            "petitions": petitions,
            "count": count,
            "only_open": only_open,
            "page": page,
            "pages": max(1, -(-count // SIZE)),
        },
    )


def petition(visit: Visit) -> Answer:
    """One matter. One that does not exist and one that is not this person's look the same."""
    found = by_number(visit.session, visit.path["number"])
    who = visit.who
    if found is None or not may_see(who.scope, found):
        return NOT_FOUND
    reads = may_read(visit.session, who.scope, who.role, found)
    words = opened(visit.session, visit.county, found, who.account, visit.at) if reads else []
    return Shown(
        "petition.html",
        {
            "petition": shown(visit.session, visit.county, found),
            "reads": reads,
            "words": words,
            "lines": history(visit.session, visit.county, found, with_words=reads),
        },
    )


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1
