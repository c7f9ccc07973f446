"""A villager's message for the first time: may it be kept, whose is it, who answers it.

The lane is decided in memory before a row is written, because an accusation's words must never reach the
database, its journal or the logs: its row is time, lane, reply and a keyed hash for the retry.
"""

from datetime import datetime

from handlers import accusation, sealing
from handlers.county import County
from handlers.lanes import Lane
from handlers.receipt import follow, keep_promise
from handlers.retry import Worder, keep
from handlers.topic import Route
from handlers.turn import Mail, Reply, VillagerTurn
from handlers.villager import burst, conversation, doors, events, matter
from models import villager as people
from models.base import Session
from models.errors import Refused
from models.message import Message, of_petition, remember
from models.petition import State
from models.villager import Villager
from models.wording import Wording

SELDOM_REFUSED = frozenset({Lane.PETITION.value, Lane.EMERGENCY.value, Lane.PROTECTION.value})


def receive(session: Session, county: County, mail: Mail, key: str, at: datetime, word: Worder) -> str:
    """The reply to a message that is not known by its key; kept with it, but for what must not be written."""
    mail = doors.known_by(session, county, mail, at)
    to_be_sealed = sealing.answer(session, county, mail, at)
    if to_be_sealed is not None:
        return word(_stopped(session, county, mail, key, at, sealing.LANE, (to_be_sealed,)))
    person = people.find(session, county.keys, mail.channel, mail.sender)
    if person is not None and mail.is_whole:
        person.burst_started_at = None
    said = burst.messages(session, person, at) if person else []
    route, whole = _understood(session, county, mail, said)
    goes_on = _accused(session, county, mail, person, (route, whole), said, at)
    if goes_on is not None:
        wordings = accusation.reply(county, goes_on=goes_on)
        return word(_stopped(session, county, mail, key, at, accusation.ACCUSES.value, wordings))
    person = person or people.meet(session, county.keys, mail.channel, mail.sender, at)
    likely = mail.kind == "text" and (route is None or route.lane not in SELDOM_REFUSED)
    message = remember(session, key, county.code, mail.channel, mail.kind, at, villager=person.id)
    message.key_id = person.key_id
    doors.introduce(session, county, person, mail)
    turn = VillagerTurn(session, county, at, mail, message, person)
    if not mail.door:  # what is said at another door of his opens no window here
        events.open_window(turn)
    try:
        with session.attempt(likely=likely):
            reply = keep_promise(turn, route) if mail.petition else conversation.answer(turn, route, whole)
            matter.overheard(turn)
    except Refused as refused:
        reply = Reply.of(refused.wording, **refused.fields)
    answer = word(reply + doors.quoted(turn))
    if mail.told:
        follow(session, county, mail, message, answer, at)
    return keep(session, county.keys, message, mail.told or answer)


def _understood(
    session: Session, county: County, mail: Mail, said: list[Message]
) -> tuple[Route | None, Route | None]:
    """These words alone, and together with the burst they belong to; a link's or a place's own words too."""
    words = mail.text or mail.label
    if mail.kind == "event" or not words:
        return None, None
    route = county.reader.route(words)
    earlier = burst.words(session, county, said)
    if not earlier:
        return route, route
    return route, county.reader.route(" ".join([*earlier, words]))


def _accused(
    session: Session,
    county: County,
    mail: Mail,
    person: Villager | None,
    routes: tuple[Route | None, Route | None],
    said: list[Message],
    at: datetime,
) -> bool | None:
    """None: it accuses nobody. Else nothing of it may be kept; True where a matter under way goes on by it."""
    route, whole = routes
    if accusation.accuses(route) or accusation.accuses(whole):
        if person is None:
            return False
        if accusation.accuses(whole):
            accusation.forget_burst(session, person, said, at)
        return accusation.live_on(session, county, mail, person, at)
    if person is None or route is None or mail.kind != "text" or len(mail.text.strip()) < 2:
        return None
    petition = accusation.spoken_of(session, county, person, route, mail.text, at)
    if petition is None or not accusation.accuses(accusation.whole(session, county, petition, mail.text)):
        return None
    if petition.state is State.RECEIVED:
        accusation.forget(session, person, petition, of_petition(session, petition.identity), at)
        return False
    if route.lane == Lane.URGE:
        accusation.urge(session, county, petition, at)
        return True
    return accusation.live_on(session, county, mail, person, at)


def _stopped(
    session: Session,
    county: County,
    mail: Mail,
    key: str,
    at: datetime,
    lane: str,
    wordings: tuple[Wording, ...],
) -> Reply:
    """The row of what must not be written: time, lane, reply and the key by which a retry is known."""
    message = remember(session, key, county.code, mail.channel, "text", at)
    message.lane, message.replied_with = lane, " ".join(wording.value for wording in wordings)
    return accusation.worded(county, wordings)
