"""What could not be delivered and why; once more, or by another way, where that may be."""

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers import undelivered
from models.errors import Refused
from models.letter import Letter, count_unsent, oldest_unsent
from models.refusal import Refusal

HERE = "/console/outbox"
SIZE = 50


def letters(visit: Visit) -> Answer:
    before = visit.query.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 12 else None
    rows = undelivered.undelivered(visit.session, visit.who.scope, visit.at, start, SIZE)
    counts = {state.value: count for state, count in count_unsent(visit.session).items()}
    return Shown(
        "outbox.html",
        {
            "rows": rows,
            "counts": counts,
            "unsent": oldest_unsent(visit.session, visit.at) or None,
            "next": f"{HERE}?before={rows[-1].id}" if len(rows) == SIZE else "",
        },
    )


def send_again(visit: Visit) -> Answer:
    number = visit.path["letter"]
    letter = visit.session.get(Letter, int(number)) if len(number) < 12 else None
    if letter is None:
        return NOT_FOUND
    if visit.who.officer is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    way, account = visit.form.get("way", ""), visit.who.officer.account
    undelivered.send_again(visit.session, visit.county, visit.who.scope, letter, way, account, visit.at)
    return Moved(HERE)
