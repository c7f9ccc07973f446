"""How a matter changes hands: sent back, offered, extended; every time somebody else has to agree."""

from datetime import datetime

from handlers.clocks import QUEUE_HOURS
from handlers.county import County
from handlers.notices import tell
from handlers.petition.cause import held_up
from handlers.petition.dispatch import arm
from handlers.petition.work import owner, with_text
from models import agenda
from models.agenda import Item
from models.base import Session
from models.duty import superior_of
from models.errors import Refused
from models.move import Actor, Capacity, Verb, move
from models.officer import Officer
from models.petition import Petition
from models.refusal import Refusal

SEND_BACKS = 2  # then a named person rules


def send_back(session: Session, county: County, petition: Petition, words: str, at: datetime) -> None:
    """Not mine: back to the dispatchers with the reason. The clocks keep running."""
    if petition.send_backs >= SEND_BACKS:
        raise Refused(Refusal.SENT_BACK_TWICE, number=petition.number)
    event = with_text(
        session, county, petition, Verb.SEND_BACK, owner(petition), words, at, giver=petition.owner
    )
    petition.send_backs += 1
    petition.offered_to = None
    petition.owner, petition.support = None, []
    agenda.put(petition, Item.QUEUE, county.working.add(at, QUEUE_HOURS))
    tell(session, county, petition, event, at, text=words)


def offer(session: Session, county: County, petition: Petition, receiver: Officer, at: datetime) -> None:
    """Hands over; the giver stays the owner until the other signs."""
    if receiver.account == petition.owner:
        raise Refused(Refusal.ALREADY_OWNER, number=petition.number, name=receiver.name)
    event = move(session, petition, Verb.OFFER, owner(petition), at, to=receiver.account)
    petition.offered_to = receiver.account
    tell(session, county, petition, event, at)


def ask_extension(
    session: Session, county: County, petition: Petition, days: int, words: str, at: datetime
) -> None:
    """Proposes a later date to the superior: once, and by no more than the tier's own length."""
    if petition.extended or petition.pending is not None:
        raise Refused(Refusal.EXTENDED_ALREADY, number=petition.number)
    longest = county.clocks.longest_extension(petition.tier or "")
    if not 1 <= days <= longest:
        raise Refused(Refusal.EXTENSION_TOO_LONG, number=petition.number, longest=longest)
    above = superior_of(session, petition.owner or "", at, frozenset(petition.excluded))
    if above is None:
        raise Refused(Refusal.NO_SUPERIOR, number=petition.number)
    event = with_text(
        session,
        county,
        petition,
        Verb.ASK_EXTENSION,
        owner(petition),
        words,
        at,
        days=days,
        told=above.account,
        **held_up(words),
    )
    petition.pending = {
        "act": "extension",
        "days": days,
        "text_id": event.data["text_id"],
        "text": event.data["text"],
        "by": petition.owner,
        "of": above.account,
    }
    agenda.put(petition, Item.EXTENSION_LAPSES, petition.finish_due or at)  # unanswered is not granted
    tell(session, county, petition, event, at, text=words, days=days)


def extend(
    session: Session, county: County, petition: Petition, account: str, words: str, at: datetime
) -> None:
    """The superior agrees: the finish clock moves, and the villager is told why."""
    pending = petition.pending or {}
    base = petition.finish_due or at
    due = county.clocks.extended(petition.tier or "", base, int(pending["days"]), county.working)
    event = move(
        session,
        petition,
        Verb.EXTEND,
        Actor(Capacity.SUPERIOR, account),
        at,
        due=due.isoformat(),
        was=base.isoformat(),
        text=pending["text"],
        days=pending["days"],
    )
    petition.finish_due, petition.extended, petition.pending = due, True, None
    agenda.strike(petition, Item.EXTENSION_LAPSES)
    arm(petition, county, at)
    tell(session, county, petition, event, at, text=words)


def refuse_extension(
    session: Session, county: County, petition: Petition, by: Actor, words: str, at: datetime
) -> None:
    """The superior does not agree, or did not answer: the date stays."""
    event = move(session, petition, Verb.REFUSE_EXTENSION, by, at)
    petition.pending = None
    agenda.strike(petition, Item.EXTENSION_LAPSES)
    tell(session, county, petition, event, at, text=words)
