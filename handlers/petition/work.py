"""What an owner does with a matter: signs, asks, reports, proposes that it is done."""

from datetime import datetime

from handlers.county import County
from handlers.notices import tell
from handlers.petition.cause import held_up
from handlers.petition.dispatch import arm
from handlers.questions import VALID, put_question
from models import agenda
from models.agenda import Item
from models.base import Session
from models.ledger import PetitionEvent
from models.move import Actor, Capacity, Verb, move
from models.petition import Petition
from models.text import write

WAIT_DAYS = 3  # working days a matter may wait for the villager


def owner(petition: Petition) -> Actor:
    return Actor(Capacity.OWNER, petition.owner)


def with_text(
    session: Session,
    county: County,
    petition: Petition,
    verb: Verb,
    by: Actor,
    words: str,
    at: datetime,
    **said: object,
) -> PetitionEvent:
    """A move that carries words: they are sealed apart, the ledger keeps their salted hash."""
    text = write(session, county.keys, petition.key_id, words, at)
    return move(session, petition, verb, by, at, text=text.digest, text_id=text.id, **said)


def sign(session: Session, county: County, petition: Petition, account: str, at: datetime) -> None:
    """Takes the matter on; whoever it was offered to takes it over by signing."""
    if petition.owner != account:  # offered to him, or an earlier receiver of an emergency
        giver = petition.owner
        event = move(
            session, petition, Verb.TAKE_OVER, Actor(Capacity.SIGNER, account), at, owner=account, giver=giver
        )
        petition.owner, petition.offered_to = account, None
    else:
        event = move(session, petition, Verb.SIGN, owner(petition), at)
    if (petition.pending or {}).get("act") == "decline":
        petition.pending = None  # it is taken on
    petition.signed_at = petition.signed_at or at
    agenda.strike(petition, Item.NEXT_RECEIVER)
    arm(petition, county, at)
    tell(session, county, petition, event, at)


def ask(session: Session, county: County, petition: Petition, words: str, at: datetime) -> None:
    """A question to the villager; the matter waits for the answer, at most three working days."""
    until = county.working.add_workdays(at, WAIT_DAYS)
    event = with_text(
        session, county, petition, Verb.ASK, owner(petition), words, at, until=until.isoformat()
    )
    petition.paused_at = at
    agenda.strike(petition, Item.FINISH, Item.WARN_FINISH_HALF, Item.WARN_FINISH_MOST)
    agenda.put(petition, Item.ANSWER_LAPSES, until)
    if put_question(
        session, petition.villager, petition, "officer", at, until=until, text=event.data["text_id"]
    ):
        tell(session, county, petition, event, at, text=words)
    else:
        agenda.put(petition, Item.ASK_TURN, at + VALID)


def resume(
    session: Session, county: County, petition: Petition, verb: Verb, by: Actor, at: datetime
) -> PetitionEvent:
    """The answer came, or the wait is over: the finish clock goes on where it stood."""
    due = petition.finish_due
    if petition.paused_at is not None and due is not None:
        due = county.clocks.later(petition.tier or "", due, petition.paused_at, at, county.working)
    dates = {} if due == petition.finish_due or due is None else {"finish_due": due.isoformat()}
    event = move(session, petition, verb, by, at, **dates)
    agenda.strike(petition, Item.ANSWER_LAPSES)
    petition.finish_due, petition.paused_at = due, None
    arm(petition, county, at)
    return event


def progress(session: Session, county: County, petition: Petition, words: str, at: datetime) -> None:
    """Tells the villager how far it is."""
    event = with_text(session, county, petition, Verb.PROGRESS, owner(petition), words, at, **held_up(words))
    tell(session, county, petition, event, at, text=words)


def contacted(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """The first question or progress has reached the villager: the contact clock stops."""
    if petition.contacted_at is None and petition.is_open:
        move(session, petition, Verb.CONTACT, Actor(Capacity.SERVICE), at)
        petition.contacted_at = at
        arm(petition, county, at)


def propose(session: Session, county: County, petition: Petition, words: str, at: datetime) -> None:
    """Says it is done; only the villager can say that it is so."""
    event = with_text(session, county, petition, Verb.PROPOSE, owner(petition), words, at)
    arm(petition, county, at)
    petition.call_tries, petition.proposed_at = 0, at
    agenda.put(petition, Item.CALL, county.working.add_workdays(at, 1))
    if put_question(session, petition.villager, petition, "closing", at, text=event.data["text_id"]):
        tell(session, county, petition, event, at, text=words)
    else:
        agenda.put(petition, Item.ASK_TURN, at + VALID)
