"""A burst: the several short messages in which people tell one matter."""

from datetime import datetime, timedelta

from handlers.county import County
from models.base import Session
from models.message import Message, of_villager_since
from models.petition import Petition
from models.text import Text, read
from models.villager import Villager

QUIET = timedelta(seconds=90)  # this long after the last message it is over
LONGEST = timedelta(minutes=5)


def over_at(villager: Villager) -> datetime | None:
    """When the burst ends as things stand; None where there is none."""
    if villager.burst_started_at is None or villager.burst_last_at is None:
        return None
    return min(villager.burst_last_at + QUIET, villager.burst_started_at + LONGEST)


def runs(villager: Villager, at: datetime) -> bool:
    end = over_at(villager)
    return end is not None and at < end


def go_on(villager: Villager, at: datetime) -> None:
    """Counts a message into the running burst, or begins one."""
    if not runs(villager, at):
        villager.burst_started_at, villager.burst_petition = at, None
    villager.burst_last_at = max(at, villager.burst_last_at or at)


def petition_of(session: Session, villager: Villager, at: datetime) -> Petition | None:
    """The matter the running burst is about, while it can still take words in."""
    if not runs(villager, at) or villager.burst_petition is None:
        return None
    petition = session.get(Petition, villager.burst_petition)
    return petition if petition is not None and petition.is_open else None


def messages(session: Session, villager: Villager, at: datetime) -> list[Message]:
    """What was said in the running burst so far."""
    if not runs(villager, at) or villager.burst_started_at is None or villager.id is None:
        return []
    return of_villager_since(session, villager.id, villager.burst_started_at)


def words(session: Session, county: County, said: list[Message]) -> list[str]:
    """The texts of these messages, oldest first."""
    texts = (session.get(Text, message.text) for message in said if message.text)
    found = (read(session, county.keys, text) for text in texts if text is not None)
    return [text for text in found if text]
