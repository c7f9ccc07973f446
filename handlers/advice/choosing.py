"""Whether a question may be answered from paper, and by which answer: decided in memory, without a person."""

from collections.abc import Collection
from datetime import date

from handlers.advice.asking import asking
from handlers.advice.index import Found, Index
from handlers.lanes import Kind, Lane
from handlers.reader import Reader
from handlers.topic import Route

# How sure an answer has to be (`python -m benchmarks advice` measures it): least where the rule set hears an enquiry,
# most where the form more often tells of a trouble ("… is gone, what now?").
ENQUIRY, OTHERWISE, WORRY = 0.2, 0.27, 0.5
ANSWERABLE = frozenset({Lane.PETITION, Lane.CHAT, Lane.OUT_OF_SCOPE})


def tells_of_trouble(reader: Reader, text: str) -> bool:
    """Whoever says this wants something done: whatever is written for it would never be told."""
    route = reader.route(text)
    complains = reader.kind(route) in (Kind.COMPLAINT, Kind.REPORT)
    return route.lane not in ANSWERABLE or complains or asking().tells_of_trouble(reader.plain(text))


def may_be_asked(reader: Reader, text: str, route: Route) -> bool:
    """Only wants to know: no danger, no complaint, no trouble told."""
    if route.lane not in ANSWERABLE or reader.kind(route) in (Kind.COMPLAINT, Kind.REPORT):
        return False
    return asking().only_asks(reader.plain(text))


def chosen(
    reader: Reader, index: Index, text: str, route: Route, places: Collection[str], today: date
) -> Found | None:
    """The likeliest answer, where it is sure enough."""
    found = index.find(text, route, places, today)
    enquires = reader.kind(route) is Kind.ENQUIRY and route.lane == Lane.PETITION
    sure = WORRY if asking().worries_too(reader.plain(text)) else ENQUIRY if enquires else OTHERWISE
    return found if found is not None and found.score >= sure else None
