"""What waits: for a person to agree, to sign, to go on with; and what has waited longest in the whole service."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.county import County
from handlers.officer import acting
from handlers.officer.cadre import waits_for
from handlers.officer.scope import all_shown, may_see
from models.base import Session
from models.letter import oldest_unsent
from models.listing import Clock, Sort, Wanted, count_of, selected
from models.officer import Officer
from models.petition import Petition, State, owned_by, reviewed, undecided
from models.scope import Scope

SHOWN = 8


@dataclass(frozen=True)
class Heap:
    """Some of what waits for one thing, and how many there are."""

    name: str
    count: int
    rows: list[dict[str, Any]]


def unsent_for(session: Session, at: datetime) -> timedelta | None:
    """How long the letter has waited that could have left first; None: none waits."""
    return oldest_unsent(session, at) or None


def unrouted(session: Session, county: County, scope: Scope, at: datetime) -> Heap:
    """The human queue of an area, the oldest first."""
    wanted = Wanted(state=State.RECEIVED, sort=Sort.OLDEST)
    page = selected(session, scope, wanted, at, at, None, SHOWN * 4)
    rows = all_shown(session, county, (one for one in page.rows if may_see(scope, one)))
    rows.sort(key=lambda row: str(row["received_at"]))
    return Heap("unrouted", count_of(session, scope, wanted, at, at), rows[:SHOWN])


def late(session: Session, county: County, scope: Scope, at: datetime) -> Heap:
    """What is late in an area."""
    wanted = Wanted(clock=Clock.LATE)
    page = selected(session, scope, wanted, at, at, None, SHOWN)
    rows = all_shown(session, county, (one for one in page.rows if may_see(scope, one)))
    return Heap("late", count_of(session, scope, wanted, at, at), rows)


def mine(session: Session, county: County, officer: Officer, scope: Scope) -> list[Heap]:
    """What waits for one person, the heap that holds up others first; empty ones are left out."""
    asked = [
        one
        for one in undecided(session)
        if waits_for(officer, one) and (one.pending or {}).get("by") != officer.account
    ]
    own = [one for one in owned_by(session, officer.account) if may_see(scope, one)]
    heaps = {
        "agree": [one for one in asked if may_see(scope, one)],
        "review": _to_review(session, officer, scope),
        "sign": [one for one in own if one.state is State.ASSIGNED or one.offered_to == officer.account],
        "work": [one for one in own if one.state is State.ACCEPTED and one.owner == officer.account],
        "villager": [one for one in own if one.state in (State.WAITING, State.PROPOSED)],
    }
    return [_heap(session, county, name, rows) for name, rows in heaps.items() if rows]


def _to_review(session: Session, officer: Officer, scope: Scope) -> list[Petition]:
    """Reviews and re-examinations he may answer: without a part in the matter, nor in the asking."""
    if not acting.REVIEWERS & set(officer.roles):
        return []
    return [
        one for one in reviewed(session) if may_see(scope, one) and acting.may_review(session, officer, one)
    ]


def _heap(session: Session, county: County, name: str, found: list[Petition]) -> Heap:
    found = sorted(found, key=lambda one: (one.finish_due is None, one.finish_due or one.received_at))
    return Heap(name, len(found), all_shown(session, county, found[:SHOWN]))
