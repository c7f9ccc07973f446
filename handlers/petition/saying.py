"""What a villager said in a matter, and who he said he is: in clear, for whoever has to decide by it or may read it."""

from handlers.county import County
from handlers.officer.mask import self_given
from models.base import Session
from models.consent import Purpose, latest
from models.message import of_petition
from models.petition import Petition
from models.text import Text, read
from models.villager import Profile, Villager, profile_of


def is_kept_from_the_owner(session: Session, petition: Petition) -> bool:
    """The villager said no to what is sensitive: the words stay with the desk."""
    return latest(session, petition.identity, Purpose.SENSITIVE) is False


def said_in(session: Session, county: County, petition: Petition) -> list[str]:
    """The texts that are still held, oldest first."""
    texts = [session.get(Text, one.text) for one in of_petition(session, petition.identity) if one.text]
    found = (read(session, county.keys, text) for text in texts if text is not None)
    return [text for text in found if text]


def known_as(session: Session, county: County, petition: Petition) -> Profile:
    """Name and telephone number: as they are on file, else as the words of the matter give them."""
    kept = profile_of(session, county.keys, session.get_one(Villager, petition.villager))
    name, phone = self_given("\n".join(said_in(session, county, petition)))
    return Profile(kept.name or name, kept.phone or phone)
