"""What the duty desk decides: whose it is, that it cannot be taken, and what a call-back heard."""

from datetime import date, datetime

from handlers.county import County
from handlers.notices import tell
from handlers.petition.cause import cause_of, shown_causes
from handlers.petition.confirmation import count_words
from handlers.petition.dispatch import assign, whose
from handlers.petition.exclusion import exclude
from handlers.petition.handing import SEND_BACKS
from handlers.petition.hardship import check_named, promise
from handlers.petition.work import with_text
from models import agenda
from models.agenda import Item
from models.base import Session
from models.errors import Refused
from models.ledger import events_of
from models.move import Actor, Capacity, Verb, move
from models.officer import Officer
from models.petition import Petition, State
from models.refusal import Refusal


def assign_by_hand(
    session: Session,
    county: County,
    petition: Petition,
    leaf: str,
    receiver: Officer | None,
    by: str,
    at: datetime,
    until: date | None = None,
) -> Officer:
    """A dispatcher says what it is about, and perhaps whose; else the division of work does.

    `until`: the day it is promised for; a hardship needs one, and an owner by name.
    """
    check_named(county, petition, leaf, named=receiver is not None, day=until)
    actor = Actor(Capacity.DISPATCHER, by)
    if petition.state not in (State.RECEIVED, State.ASSIGNED):
        raise Refused(
            Refusal.WRONG_STATE, number=petition.number, verb=Verb.ASSIGN.value, state=petition.state
        )
    if petition.send_backs >= SEND_BACKS:
        raise Refused(Refusal.NEEDS_RULING, number=petition.number)
    support: list[str] = []
    move(session, petition, Verb.SORT, actor, at, leaf=leaf, by_rules=False, was=petition.leaf)
    petition.leaf = leaf
    exclude(session, county, petition, at)
    if receiver is None:
        found = whose(session, county, petition, at)
        if found is None:
            raise Refused(Refusal.NOBODY_ANSWERS, number=petition.number)
        receiver, support, _ = found
    verb = Verb.REASSIGN if petition.state is State.ASSIGNED else Verb.ASSIGN
    assign(session, county, petition, receiver, actor, at, support=support, why="by_hand", verb=verb)
    if until is not None:
        promise(session, county, petition, until, at)
    count_words(session, county, petition, at)
    return receiver


def rule(
    session: Session, county: County, petition: Petition, receiver: Officer, by: str, at: datetime
) -> None:
    """After two send-backs a person is named, and that is that."""
    if petition.send_backs < SEND_BACKS:
        raise Refused(Refusal.NO_RULING_YET, number=petition.number)
    if petition.leaf is None:
        raise Refused(Refusal.UNSORTED, number=petition.number)
    actor = Actor(Capacity.DISPATCHER, by)
    assign(session, county, petition, receiver, actor, at, why="ruling", verb=Verb.RULE)


def ask_decline(
    session: Session, county: County, petition: Petition, words: str, by: str, at: datetime
) -> None:
    """Proposes not to take the matter; only a second person's yes does it."""
    if petition.pending is not None:
        raise Refused(Refusal.ALREADY_PENDING, number=petition.number)
    cause = cause_of(words)
    if cause is None:
        raise Refused(Refusal.NO_CAUSE, number=petition.number, causes=shown_causes())
    actor = Actor(Capacity.DISPATCHER, by)
    event = with_text(session, county, petition, Verb.ASK_DECLINE, actor, words, at, cause=cause)
    petition.pending = {
        "act": "decline",
        "by": by,
        "cause": cause,
        "text": event.data["text"],
        "text_id": event.data["text_id"],
        "asked": tell(session, county, petition, event, at, text=words),
    }


def decline(session: Session, county: County, petition: Petition, words: str, by: str, at: datetime) -> None:
    """The second person agrees: declined, with the reason and the next way told to the villager."""
    pending = petition.pending or {}
    event = move(
        session,
        petition,
        Verb.DECLINE,
        Actor(Capacity.SECOND, by),
        at,
        text=pending["text"],
        by_first=pending["by"],
        cause=pending["cause"],
    )
    petition.pending = None
    tell(session, county, petition, event, at, text=words)


def refuse_decline(
    session: Session, county: County, petition: Petition, words: str, by: str, at: datetime
) -> None:
    """The second person does not agree: the matter stays where it is."""
    first = (petition.pending or {}).get("by")
    second = Actor(Capacity.SECOND, by)
    event = move(session, petition, Verb.REFUSE_DECLINE, second, at, by_first=first, giver=first)
    petition.pending = None
    tell(session, county, petition, event, at, text=words)


def not_reached(session: Session, county: County, petition: Petition, by: Actor, at: datetime) -> None:
    """One more try to hear the villager in vain; each day counts once."""
    last = petition.last_try_at
    if last is None or _day(county, last) != _day(county, at):
        petition.call_tries += 1
    move(session, petition, Verb.TRY, by, at, attempt=petition.call_tries)
    petition.last_try_at = at
    agenda.put(petition, Item.CALL, county.working.add_workdays(at, 1))


def tries_by_people(session: Session, petition: Petition) -> int:
    """On how many days a person of the staff tried in vain since the last proposal."""
    tries: set[int] = set()
    for event in events_of(session, petition.identity):
        if event.kind == Verb.PROPOSE:
            tries.clear()
        elif event.kind == Verb.TRY and event.data["by"] == Capacity.CALLER:
            tries.add(event.data["attempt"])
    return len(tries)


def _day(county: County, at: datetime) -> date:
    return at.astimezone(county.zone).date()
