"""What a matter held is let go: its key is dropped, and the ledger says that it was, not what it was."""

from datetime import datetime

from handlers.questions import drop_questions
from models import retention
from models.base import Session
from models.found_word import drop_words
from models.key import drop
from models.move import Actor, Verb, move
from models.petition import Petition
from models.retention import Kept


def forget(session: Session, petition: Petition, by: Actor, at: datetime, what: Kept = Kept.TEXTS) -> None:
    """Erases the recordings, the texts, or all that stood around a matter that has ended."""
    move(session, petition, Verb.FORGET, by, at, what=what.value)
    if what is Kept.VOICES:
        retention.drop_voices(session, petition.identity)
        return
    if petition.forgotten_at is None:
        drop_questions(session, petition, at)
        drop(session, petition.key_id, at)
        drop_words(session, petition.identity)
        petition.forgotten_at, petition.route = at, {}
    if what is Kept.PETITIONS:
        retention.drop_trace(session, petition)
