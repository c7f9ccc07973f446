"""The first thing done with any message: was it seen, and is it a villager's or an officer's; in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from handlers.commands import numbered
from handlers.county import County
from handlers.officer import intake as officers
from handlers.receipt import void
from handlers.retry import Worder, key_of, told_before
from handlers.turn import Mail
from handlers.villager import intake as villagers
from models import message as messages
from models import villager as people
from models.base import Session
from models.database import take_turns
from models.key import Key
from models.message import seen
from models.number import in_pairs
from models.petition import Petition
from models.study import binding


def read_ahead(session: Session, county: County, mails: Sequence[Mail]) -> None:
    """What deciding these messages will ask the database for, in one statement a table instead of several a message.

    Their senders' turns are taken first: two messages of one person are never decided at once.
    """
    take_turns(session, {people.address_hash(county.keys, mail.channel, mail.sender) for mail in mails})
    look_ahead(session, county, mails)


def look_ahead(session: Session, county: County, mails: Sequence[Mail]) -> None:
    """The same for looking alone, which needs nobody's turn."""
    seen_before = messages.look_ahead(session, {key_of(county.keys, mail) for mail in mails})
    known = people.look_ahead(
        session, county.keys, ((mail.channel, mail.sender) for mail in mails if mail.channel != "wecom")
    )
    used = [one.key_id for one in (*seen_before, *known) if one.key_id is not None]
    if used:
        session.fetch(Key, used)
    if known:
        binding.look_ahead(session, {person.id or 0 for person in known})


def receive(session: Session, county: County, mail: Mail, at: datetime, word: Worder) -> str:
    """The reply to a message, kept with it: the same message again gets the same reply and changes nothing."""
    key = key_of(county.keys, mail)
    known = seen(session, key)
    if known is not None:
        return told_before(session, county, known, word)
    if mail.channel == "wecom":
        return officers.receive(session, county, mail, key, at, word)
    said = villagers.receive(session, county, mail, key, at, word)
    if mail.petition and session.get(Petition, mail.petition) is None:
        void(session, county, mail, at)
    return said


def answered(session: Session, county: County, mail: Mail, word: Worder) -> str | None:
    """The reply this message has already; None: it has none. Only looks."""
    known = seen(session, key_of(county.keys, mail))
    return None if known is None else told_before(session, county, known, word)


def number_told(session: Session, county: County, mail: Mail, reply: str) -> str | None:
    """The number of the matter a reply is about; None where it is about none, or does not tell it."""
    message = seen(session, key_of(county.keys, mail))
    if message is None:
        return numbered(reply)[1]  # a receipt: our own words, with one number at most
    petition = session.get(Petition, message.petition) if message.petition else None
    number = petition.number if petition else None
    return number if number and in_pairs(number) in reply else None
