"""Need to know: who a villager is stays closed until the owner gives a reason, which the villager is told.

An anonymous matter stays closed, except where a life is in danger: then two people decide, the villager is told
afterwards. Every opening, of the words too, is a row of `view` and an event of the chain.
"""

from datetime import datetime

from handlers.county import County
from handlers.notices import tell
from handlers.petition.saying import known_as
from handlers.petition.work import owner, with_text
from models.base import Session
from models.errors import Refused
from models.move import Actor, Capacity, Verb, move
from models.petition import Petition, State
from models.refusal import Refusal
from models.view import Seen, note_view
from models.villager import Profile

HAZARDS = frozenset({"emergency", "protection"})
REVEAL = "reveal"


def view(session: Session, petition: Petition, account: str, at: datetime) -> None:
    """Somebody reads the words of a matter."""
    event = move(session, petition, Verb.VIEW, Actor(Capacity.READER, account), at, what=Seen.TEXT.value)
    note_view(session, event, Seen.TEXT, account)


def reveal(session: Session, county: County, petition: Petition, reason: str, at: datetime) -> Profile | None:
    """Opens who it is to the owner; None where a second person has to agree first."""
    pending = petition.pending or {}
    second = None
    if petition.anonymous:
        if petition.lane not in HAZARDS:
            raise Refused(Refusal.ANONYMOUS_STAYS, number=petition.number)
        second = pending.get("granted_by") if pending.get("act") == REVEAL else None
        if second is None or pending.get("by") != petition.owner:
            _ask(session, county, petition, reason, at)
            return None
        petition.pending = None
    granted = {"granted_by": second} if second else {}
    event = with_text(session, county, petition, Verb.REVEAL, owner(petition), reason, at, **granted)
    note_view(session, event, Seen.IDENTITY, petition.owner or "", event.data["text_id"])
    tell(session, county, petition, event, at, text=reason)
    return known_as(session, county, petition)


def to_call(
    session: Session, county: County, petition: Petition, reason: str, account: str, at: datetime
) -> Profile:
    """Opens who it is to whoever calls back or visits: only what waits for that, and never an anonymous one."""
    if petition.state is not State.PROPOSED and petition.unreachable_since is None:
        raise Refused(Refusal.WRONG_STATE, number=petition.number, verb="", state=petition.state.value)
    if petition.anonymous:
        raise Refused(Refusal.ANONYMOUS_STAYS, number=petition.number)
    caller = Actor(Capacity.CALLER, account)
    event = with_text(session, county, petition, Verb.REVEAL, caller, reason, at)
    note_view(session, event, Seen.IDENTITY, account, event.data["text_id"])
    tell(session, county, petition, event, at, text=reason)
    return known_as(session, county, petition)


def _ask(session: Session, county: County, petition: Petition, reason: str, at: datetime) -> None:
    """Danger to life: asks the county's supervision to let the owner know who it is."""
    pending = petition.pending or {}
    if pending and (pending.get("act") != REVEAL or pending.get("by") == petition.owner):
        raise Refused(Refusal.ALREADY_PENDING, number=petition.number)
    event = with_text(session, county, petition, Verb.ASK_REVEAL, owner(petition), reason, at)
    petition.pending = {
        "act": REVEAL,
        "by": petition.owner,
        "text": event.data["text"],
        "text_id": event.data["text_id"],
        "asked": tell(session, county, petition, event, at, text=reason),
    }


def grant(session: Session, county: County, petition: Petition, by: str, at: datetime) -> None:
    """The second person agrees; the owner asks once more and is told."""
    asked = petition.pending or {}
    second = Actor(Capacity.SECOND, by)
    event = move(
        session, petition, Verb.GRANT_REVEAL, second, at, by_first=asked.get("by"), giver=asked.get("by")
    )
    petition.pending = asked | {"granted_by": by}
    tell(session, county, petition, event, at)


def refuse(session: Session, county: County, petition: Petition, words: str, by: str, at: datetime) -> None:
    """The second person does not agree: it stays closed."""
    asked = petition.pending or {}
    second = Actor(Capacity.SECOND, by)
    event = move(
        session, petition, Verb.REFUSE_REVEAL, second, at, by_first=asked.get("by"), giver=asked.get("by")
    )
    petition.pending = None
    tell(session, county, petition, event, at, text=words)
