"""The desk's two lists: what a person has to sort, and who is to be heard from."""

from urllib.parse import urlencode

from bot.pages.filters import key_of, key_text
from bot.pages.visit import Answer, Shown, Visit
from handlers.officer.queue import calls, waiting

SIZE = 50
QUEUE = "/console/queue"


def queue(visit: Visit) -> Answer:
    after = key_of(visit.query.get("after", ""))
    rows, rest = waiting(visit.session, visit.county, visit.who.scope, visit.at, after, SIZE)
    further = f"{QUEUE}?{urlencode({'after': key_text(rest)})}" if rest else ""
    return Shown("queue.html", {"rows": rows, "next": further, "first": QUEUE if after else ""})


def to_call(visit: Visit) -> Answer:
    account = visit.who.officer.account if visit.who.officer else None
    rows = calls(visit.session, visit.county, visit.who.scope, account)
    return Shown("calls.html", {"rows": rows})
