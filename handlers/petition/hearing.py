"""More was said of a matter under way: who must not know of it is looked at again, and loses it at once."""

from datetime import datetime

from handlers.county import County
from handlers.notices import tell
from handlers.petition import hazard
from handlers.petition.dispatch import SERVICE, assign, whose
from handlers.petition.exclusion import HAZARDS, exclude
from handlers.questions import drop_questions
from handlers.searching import note_words
from models.base import Session
from models.move import Verb, move
from models.petition import Petition


def heard(session: Session, county: County, petition: Petition, at: datetime, *words: str) -> None:
    """Before anybody is told. An owner who must not know any more loses it; a danger goes to its next receiver."""
    had = petition.owner
    exclude(session, county, petition, at, *words)
    note_words(session, county, petition)
    if had is None or had not in petition.excluded or not petition.is_open:
        return
    if petition.lane in HAZARDS:
        hazard.raise_alarm(session, county, petition, at)
        return
    found = whose(session, county, petition, at)
    if found is None:  # he can neither see nor do anything any more; the operators have to find somebody
        event = move(session, petition, Verb.ALARM, SERVICE, at, why="nobody_left")
        tell(session, county, petition, event, at)
        return
    drop_questions(session, petition, at, "officer", "closing")
    lead, support, _ = found
    assign(session, county, petition, lead, SERVICE, at, support=support, why="excluded", verb=Verb.REASSIGN)
