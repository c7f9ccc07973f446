"""A person said what a matter is about: its ordinary words are counted for that leaf, once, and nothing else is kept.

Nobody is routed otherwise by a count. It is the ground on which `lianxin learn --confirmed` proposes words.
"""

from datetime import datetime

from handlers.county import County
from handlers.lanes import Lane
from handlers.notices import SELF_HARM
from handlers.petition.saying import is_kept_from_the_owner, known_as
from models import word_count
from models.base import Session
from models.ledger import events_of
from models.move import Verb
from models.petition import Petition
from models.text import Text, read
from models.villager import Villager

TELLING = frozenset({Verb.RECEIVE, Verb.HEAR})
NEVER = frozenset({Lane.PROTECTION, Lane.ACCUSATION})


def count_words(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """Counts the words of a matter whose leaf a person confirmed, unless somebody could be harmed by it.

    Not for protection, self-harm and accusations, nor where anybody must not hear of it, nor where the words are
    sensitive and stay with the desk, nor for whoever asked to be forgotten.
    """
    if petition.counted or petition.leaf is None or not _may_count(session, petition):
        return
    text = county.reader.plain("\n".join(_told(session, county, petition)))
    route = county.reader.route(text)
    if route.lane in NEVER or route.rule == SELF_HARM:
        return
    names = [known_as(session, county, petition).name, *(person.name for person in county.people.people)]
    words = county.reader.words_of(county.people.blanked(text))
    ordinary = {
        word for word in words if not any(word in name for name in names)
    }  # a given name is a name too
    if ordinary:
        word_count.add_one(session, county.code, petition.leaf, ordinary, at)
        petition.counted = True


def _may_count(session: Session, petition: Petition) -> bool:
    if petition.lane in NEVER or petition.hazard == SELF_HARM or petition.excluded:
        return False
    if is_kept_from_the_owner(session, petition):
        return False
    person = session.get(Villager, petition.villager)
    forgotten = person is None or person.forget_asked_at or person.cut_at or petition.forgotten_at
    return not forgotten


def _told(session: Session, county: County, petition: Petition) -> list[str]:
    """What the villager told of the matter; answers to questions are not among it."""
    told = (
        event.data.get("text_id") for event in events_of(session, petition.identity) if event.kind in TELLING
    )
    texts = (session.get(Text, text_id) for text_id in told if text_id)
    found = (read(session, county.keys, text) for text in texts if text is not None)
    return [text for text in found if text]
