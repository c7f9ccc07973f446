"""Searches kept under a name, each its owner's alone."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from bot.pages.filters import TYPED
from bot.pages.visit import Answer, Moved, Visit
from models.errors import Refused
from models.refusal import Refusal
from models.saved_search import MOST, drop_search, keep_search, searches_of

HERE = "/console/petitions"


@dataclass(frozen=True)
class Search:
    id: int
    name: str
    query: str


def kept(visit: Visit) -> list[Search]:
    """The visitor's, the oldest first."""
    opened = visit.county.keys.opened_here
    return [
        Search(one.id or 0, opened(one.name), opened(one.query))
        for one in searches_of(visit.session, visit.who.user.name)
    ]


def keep(visit: Visit) -> Answer:
    """Only what a list can be narrowed by is kept of the address."""
    typed = parse_qsl(visit.form.get("query", "")[:2000], max_num_fields=40)
    query = urlencode([(name, text) for name, text in typed if name in TYPED])
    name = visit.form.get("name", "").strip()[:40]
    if name:
        sealed = visit.county.keys.sealed_here
        if not keep_search(visit.session, visit.who.user.name, sealed(name), sealed(query), visit.at):
            raise Refused(Refusal.TOO_MANY_SEARCHES, most=MOST)
    return Moved(f"{HERE}?{query}")


def drop(visit: Visit) -> Answer:
    number = visit.path["search"]
    if len(number) < 10:
        drop_search(visit.session, visit.who.user.name, int(number))
    return Moved(HERE)
