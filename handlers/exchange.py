"""What goes back to the 12345 exchange: how a matter of theirs ended, under their own number."""

from datetime import datetime

from handlers.county import County
from handlers.notices import SELF_HARM, about
from handlers.officer.mask import masked
from handlers.petition.saying import known_as
from models import letter as outbox
from models.base import Session
from models.ledger import events_of
from models.move import Verb
from models.petition import Petition
from models.relay import untold_endings
from models.text import Text, read
from models.wording import Wording

BATCH = 200
ANSWERS = frozenset({Verb.PROPOSE, Verb.DECLINE})  # what an officer said at the end


def report_endings(session: Session, county: County, at: datetime) -> int:
    """Posts one letter for each end the exchange does not know of; how many."""
    found = untold_endings(session, BATCH)
    for order, petition in found:
        outbox.post(
            session,
            county.keys,
            occasion=f"ending:{order.id}:{petition.head[:16]}",
            to=("exchange", order.relay),
            channels=("exchange",),
            wording=Wording.EXCHANGE_ENDED,
            fields=about(session, county, petition)
            | {
                "order": county.keys.opened_here(order.sealed),
                "state": petition.state.value,
                "closed_at": petition.closed_at.isoformat() if petition.closed_at else None,
                "text": _answer(session, county, petition),
            },
            county=county.code,
            at=at,
            petition=petition.id,
        )
        order.told_at = petition.closed_at
        session.add(order)
    return len(found)


def _answer(session: Session, county: County, petition: Petition) -> str:
    """The last answer an officer gave, without names and numbers; none where even that could tell too much."""
    if petition.excluded or petition.lane == "protection" or petition.hazard == SELF_HARM:
        return ""
    said = [event for event in events_of(session, petition.identity) if event.kind in ANSWERS]
    text = session.get(Text, said[-1].data.get("text_id")) if said else None
    words = read(session, county.keys, text) if text is not None else None
    return masked(words, [known_as(session, county, petition).name]) if words else ""
