"""The human queue and the call-back list, as a desk works through them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.county import County
from handlers.officer.scope import all_shown, may_see
from models import eyes
from models.base import Session
from models.ledger import PetitionEvent, latest_of_kinds
from models.listing import Key, Sort, Wanted, selected, to_call
from models.move import Verb
from models.petition import Petition, State
from models.scope import Scope

CALLS = 80


@dataclass(frozen=True)
class Queued:
    """One matter that a person has to sort. `why`: the code of its `queue` event."""

    row: dict[str, Any]
    why: str
    due: str | None
    choices: list[str]


@dataclass(frozen=True)
class Call:
    """One villager to hear from."""

    row: dict[str, Any]
    by_phone: bool  # no WeChat: nothing else reaches him
    tries: int
    last_try_at: datetime | None
    since: datetime | None


def waiting(
    session: Session, county: County, scope: Scope, at: datetime, after: Key | None, size: int
) -> tuple[list[Queued], Key | None]:
    """A page of the queue, the oldest first, and where the next one starts."""
    page = selected(session, scope, Wanted(state=State.RECEIVED, sort=Sort.OLDEST), at, at, after, size)
    found = [one for one in page.rows if may_see(scope, one)]
    events = latest_of_kinds(session, [one.identity for one in found], (Verb.QUEUE, Verb.SEND_BACK))
    rows = all_shown(session, county, found)
    return [
        _queued(county, one, row, events.get(one.identity)) for one, row in zip(found, rows, strict=True)
    ], page.after


def calls(session: Session, county: County, scope: Scope, account: str | None) -> list[Call]:
    """Whom this person may call, phone-only people first; not those whose matter he worked on."""
    waits = to_call(session, scope, CALLS)
    eyes.lay_ready(session, [petition for petition, _ in waits])
    found = [
        (petition, channel)
        for petition, channel in waits
        if may_see(scope, petition)
        and (account is None or eyes.closed_to(session, petition, eyes.CALLER, account, {}) is None)
    ]
    rows = all_shown(session, county, (petition for petition, _ in found))
    return [
        Call(
            row,
            channel != "wechat",
            petition.call_tries,
            petition.last_try_at,
            petition.proposed_at or petition.unreachable_since,
        )
        for (petition, channel), row in zip(found, rows, strict=True)
    ]


def _queued(county: County, petition: Petition, row: dict[str, Any], event: PetitionEvent | None) -> Queued:
    why = "" if event is None else event.data.get("why", "sent_back")
    leaves = [leaf for leaf, _ in petition.route.get("candidates", [])]
    return Queued(
        row,
        why,
        petition.agenda.get("queue"),
        [county.category_name(leaf) for leaf in leaves],
    )
