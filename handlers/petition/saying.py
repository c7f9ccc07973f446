"""What a villager said in a matter, in clear: for whoever has to decide by it or may read it."""

from handlers.county import County
from models.base import Session
from models.consent import Purpose, latest
from models.message import of_petition
from models.petition import Petition
from models.text import Text, read


def is_kept_from_the_owner(session: Session, petition: Petition) -> bool:
    """The villager said no to what is sensitive: the words stay with the desk."""
    return latest(session, petition.identity, Purpose.SENSITIVE) is False


def said_in(session: Session, county: County, petition: Petition) -> list[str]:
    """The texts that are still held, oldest first."""
    texts = [session.get(Text, one.text) for one in of_petition(session, petition.identity) if one.text]
    found = (read(session, county.keys, text) for text in texts if text is not None)
    return [text for text in found if text]
