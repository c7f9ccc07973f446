"""The one table of what may happen to a petition, and the one function that lets it happen.

A move names the states it may leave, the state it leads to (none: it stays), who may make it, what must be
said with it and who is told. The table is checked when it loads and drawn in the docs from itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import agenda, eyes, ledger
from models.base import Session, is_rehearsal
from models.errors import BadTable, Refused
from models.ledger import PetitionEvent
from models.officer import Officer
from models.petition import CLOSED, OPEN, Petition, State
from models.refusal import Refusal
from models.verb import Capacity, Verb

__all__ = ["MOVES", "Actor", "Capacity", "Move", "Verb", "check", "move"]


@dataclass(frozen=True)
class Move:
    """One row of the table."""

    leaves: frozenset[State | None]
    leads_to: State | None
    who: frozenset[Capacity]
    needs: frozenset[str] = frozenset()
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Actor:
    """Who makes a move: a capacity, and the account behind it where it is a person of the staff."""

    capacity: Capacity
    account: str | None = None


def _row(leaves: str, leads_to: str, who: str, needs: str = "", told: str = "") -> Move:
    sources: set[State | None] = set()
    for word in leaves.split():
        if word == "none":
            sources.add(None)
        else:
            sources |= {"open": OPEN, "closed": CLOSED}.get(word) or {State(word)}
    return Move(
        frozenset(sources),
        State(leads_to) if leads_to != "-" else None,
        frozenset(Capacity(word) for word in who.split()),
        frozenset(needs.split()),
        tuple(told.split()),
    )


# verb: leaves, leads to ("-": stays), who, needs, told
MOVES: dict[Verb, Move] = {
    Verb.RECEIVE: _row("none", "received", "service dispatcher owner", "channel"),
    Verb.HEAR: _row("open", "-", "villager"),
    Verb.SORT: _row("received assigned", "-", "service villager dispatcher", "leaf by_rules"),
    Verb.QUEUE: _row("received", "-", "service", "why", "desk"),
    Verb.ASSIGN: _row(
        "received", "assigned", "service dispatcher", "owner leaf tier", "owner support villager"
    ),
    Verb.REASSIGN: _row(
        "assigned accepted waiting proposed",
        "assigned",
        "service dispatcher",
        "owner why",
        "owner support villager",
    ),
    Verb.RULE: _row("received", "assigned", "dispatcher", "owner leaf tier", "owner support villager"),
    Verb.SIGN: _row("assigned", "accepted", "owner"),
    Verb.OFFER: _row("assigned accepted", "-", "owner", "to", "offered"),
    Verb.TAKE_OVER: _row("assigned accepted", "accepted", "signer", "owner", "villager giver"),
    Verb.SEND_BACK: _row("assigned", "received", "owner", "text", "desk"),
    Verb.ASK: _row("accepted", "waiting", "owner", "text until", "villager"),
    Verb.ANSWER: _row("waiting", "accepted", "villager", "", "owner"),
    Verb.LAPSE: _row("waiting", "accepted", "clock", "", "owner"),
    Verb.PROGRESS: _row("accepted", "-", "owner", "text", "villager"),
    Verb.VIEW: _row("open closed", "-", "reader", "what"),
    Verb.ASK_REVEAL: _row("assigned accepted waiting proposed", "-", "owner", "text", "supervision"),
    Verb.GRANT_REVEAL: _row("assigned accepted waiting proposed", "-", "second", "by_first giver", "giver"),
    Verb.REFUSE_REVEAL: _row("assigned accepted waiting proposed", "-", "second", "by_first giver", "giver"),
    Verb.REVEAL: _row(
        "assigned accepted waiting proposed confirmed", "-", "owner caller", "text", "villager"
    ),
    Verb.GRANT_EXPORT: _row("open closed", "-", "second", "by_first"),
    Verb.EXPORT: _row("open closed", "-", "dispatcher", "granted_by text", "villager"),
    Verb.CONTACT: _row("open", "-", "service"),
    Verb.PROPOSE: _row("accepted", "proposed", "owner", "text", "villager"),
    Verb.CONFIRM: _row("proposed", "confirmed", "villager caller", "mark", "owner"),
    Verb.HALF: _row("proposed", "accepted", "villager caller", "mark", "owner superior"),
    Verb.DISPUTE: _row("proposed", "accepted", "villager caller", "mark", "owner superior"),
    Verb.TRY: _row("proposed", "-", "caller clock", "attempt"),
    Verb.UNANSWERED: _row("proposed", "unanswered", "caller clock", "", "owner"),
    Verb.REOPEN: _row("confirmed", "accepted", "villager caller", "", "owner superior"),
    Verb.RECHECK: _row("confirmed", "-", "caller", "text outcome draw"),
    Verb.ASK_REVIEW: _row(
        "proposed confirmed unanswered", "-", "villager dispatcher", "text due", "villager second"
    ),
    Verb.REVIEW: _row("open closed", "-", "reviewer", "text outcome by_first", "villager owner"),
    Verb.REVIEW_LATE: _row("open closed", "-", "clock", "due", "second"),
    Verb.ASK_REEXAMINATION: _row(
        "proposed confirmed unanswered", "-", "villager dispatcher", "text due", "villager second"
    ),
    Verb.REEXAMINE: _row("open closed", "-", "reviewer", "text outcome by_first", "villager owner"),
    Verb.REEXAMINATION_LATE: _row("open closed", "-", "clock", "due", "second"),
    Verb.REDO: _row("proposed confirmed unanswered", "accepted", "reviewer", "", "owner superior"),
    Verb.ASK_EXTENSION: _row("accepted", "-", "owner", "days text", "superior"),
    Verb.EXTEND: _row("accepted waiting", "-", "superior", "due text", "villager owner"),
    Verb.REFUSE_EXTENSION: _row("accepted waiting proposed", "-", "superior clock", "", "owner"),
    Verb.ASK_DECLINE: _row("received assigned", "-", "dispatcher", "text cause", "second"),
    Verb.DECLINE: _row("received assigned", "declined", "second", "text by_first cause", "villager owner"),
    Verb.REFUSE_DECLINE: _row("received assigned", "-", "second", "by_first", "giver"),
    Verb.REDIRECT: _row("open", "redirected", "service", "why"),
    Verb.ASK_WITHDRAW: _row("open", "-", "villager", "until"),
    Verb.KEEP: _row("open", "-", "villager"),
    Verb.WITHDRAW: _row("open", "withdrawn", "clock", "", "villager owner"),
    Verb.MERGE: _row("open", "merged", "dispatcher", "into", "villager"),
    Verb.JOIN: _row("open", "-", "dispatcher", "with", "owner"),
    Verb.URGE: _row("open", "-", "villager"),
    Verb.HIDE: _row("open", "-", "villager"),
    Verb.WARN: _row("open", "-", "clock", "clock part", "owner"),
    Verb.BREACH: _row("open", "-", "clock", "clock"),
    Verb.CLIMB: _row("open", "-", "clock villager caller", "rung told", "told"),
    Verb.ALARM: _row("open", "-", "clock service", "why", "operator"),
    Verb.RESET_CLOCKS: _row("open", "-", "service", "why"),
    Verb.EXCLUDE: _row("open closed", "-", "service", "accounts"),
    Verb.HAND_ON: _row("open", "-", "dispatcher", "line"),
    Verb.LEAVE: _row("open", "-", "villager", "", "desk"),
    Verb.RETURN: _row("open", "-", "villager"),
    Verb.FORGET: _row("closed", "-", "clock villager service", "what"),
}


BACK = (Verb.REOPEN, Verb.REDO)  # what may leave an end


def check(moves: dict[Verb, Move]) -> None:
    """BadTable where a verb is missing, a state cannot be reached or left, or an end can be left unawares."""
    missing = set(Verb) - set(moves)
    if missing:
        message = f"moves: no row for {', '.join(sorted(missing))}"
        raise BadTable(message)
    reached = {move.leads_to for move in moves.values()}
    for state in State:
        if state not in reached:
            message = f"moves: nothing leads to {state}"
            raise BadTable(message)
    for verb, move in moves.items():
        if not move.who:
            message = f"moves: nobody may {verb}"
            raise BadTable(message)
        if verb not in BACK and move.leads_to is not None and move.leaves & CLOSED:
            message = f"moves: {verb} leaves an end; only {', '.join(BACK)} may"
            raise BadTable(message)
    for state in OPEN:
        if not any(state in move.leaves and move.leads_to in CLOSED for move in moves.values()):
            message = f"moves: {state} has no way to an end"
            raise BadTable(message)


check(MOVES)


def move(
    session: Session, petition: Petition, verb: Verb, by: Actor, at: datetime, **said: Any
) -> PetitionEvent:
    """Lets `verb` happen, or raises Refused and changes nothing.

    The event's time is never before its predecessor's: where the clock went back, the predecessor's is taken
    and the event says so. `said` may hold codes, accounts, instants (as text) and digests only.
    """
    row = MOVES[verb]
    _allow(session, petition, verb, row, by, said)
    missing = row.needs - said.keys()
    if missing:
        message = f"{verb} needs {', '.join(sorted(missing))}"
        raise BadTable(message)
    latest = petition.latest_at
    data = {"by": by.capacity.value, **({"account": by.account} if by.account else {}), **said}
    if latest is not None and latest > at:
        data["clock_went_back"] = at.isoformat()
        at = latest
    data |= _for_the_digest(session, petition, verb, data, at)
    was = petition.state
    event = ledger.append(
        session,
        petition.identity,
        petition.villager,
        petition.county,
        (petition.position, petition.head),
        at,
        verb.value,
        data,
    )
    petition.position, petition.head, petition.latest_at = event.position, event.hash, at
    if row.leads_to is not None:
        petition.state = row.leads_to
        petition.closed_at = at if row.leads_to in CLOSED else None
        if row.leads_to in CLOSED and was not in CLOSED:
            agenda.clear(petition)
    session.add(petition)
    return event


def _for_the_digest(
    session: Session, petition: Petition, verb: Verb, data: dict[str, Any], at: datetime
) -> dict[str, Any]:
    """What figures are made of and the directory or the row may change later: whose office, which lane.

    `rehearsed`: made at an instant that is not the wall clock's; the transaction knows it (models.database).
    """
    known: dict[str, Any] = {}
    if is_rehearsal(session, at):
        known["rehearsed"] = True
    if data.get("owner"):
        officer = session.get(Officer, data["owner"])
        known["office"] = officer.office if officer else None
    if "owner" in data or verb in (Verb.RECEIVE, Verb.ALARM):
        known |= {"lane": petition.lane, "hazard": petition.hazard}
    return known


def _allow(
    session: Session, petition: Petition, verb: Verb, row: Move, by: Actor, said: dict[str, Any]
) -> None:
    state = petition.state if petition.position else None
    if state not in row.leaves:
        raise Refused(Refusal.WRONG_STATE, number=petition.number, verb=verb.value, state=(state or "none"))
    if by.capacity not in row.who:
        raise Refused(Refusal.NOT_YOURS, number=petition.number)
    refusal = eyes.closed_to(session, petition, by.capacity, by.account, said)
    if refusal is not None:
        raise Refused(refusal, number=petition.number)
