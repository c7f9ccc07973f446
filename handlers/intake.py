"""The first thing done with any message: was it seen, may it be kept, who answers it; one transaction for all.

The lane is decided in memory before a row is written, because an accusation's words must never reach the
database, its journal or the logs: its row is time, lane, reply and a keyed hash for the retry.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from handlers import accusation, sealing
from handlers.commands import numbered
from handlers.county import County
from handlers.lanes import Lane
from handlers.officer.conversation import answer as answer_officer
from handlers.officer.group import answer as answer_in_group
from handlers.receipt import follow, keep_promise, void
from handlers.topic import Route
from handlers.turn import Mail, OfficerTurn, Reply, VillagerTurn
from handlers.villager import burst, conversation, doors, events, matter
from models import letter as outbox
from models import message as messages
from models import villager as people
from models.base import Session
from models.database import take_turns
from models.errors import Refused, Unreadable
from models.key import Key, Keyring
from models.message import Message, of_petition, remember, seen
from models.number import in_pairs
from models.officer import Officer
from models.petition import Petition, State, by_number
from models.refusal import Refusal
from models.study import binding
from models.villager import Villager
from models.wording import Wording

SELDOM_REFUSED = frozenset({Lane.PETITION.value, Lane.EMERGENCY.value, Lane.PROTECTION.value})

ANSWERS_LAST = timedelta(minutes=55)  # of the hour the address is good for
GROUP = "group"  # the door of a question asked where others read it

Worder = Callable[[Reply], str]  # the wording's Chinese, made in bot


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
        return _reply_of(session, county, known, word)
    if mail.channel == "wecom":
        return _from_officer(session, county, mail, key, at, word)
    said = _from_villager(session, county, mail, key, at, word)
    if mail.petition and session.get(Petition, mail.petition) is None:
        void(session, county, mail, at)
    return said


def answered(session: Session, county: County, mail: Mail, word: Worder) -> str | None:
    """The reply this message has already; None: it has none. Only looks."""
    known = seen(session, key_of(county.keys, mail))
    return None if known is None else _reply_of(session, county, known, word)


def number_told(session: Session, county: County, mail: Mail, reply: str) -> str | None:
    """The number of the matter a reply is about; None where it is about none, or does not tell it."""
    message = seen(session, key_of(county.keys, mail))
    if message is None:
        return numbered(reply)[1]  # a receipt: our own words, with one number at most
    petition = session.get(Petition, message.petition) if message.petition else None
    number = petition.number if petition else None
    return number if number and in_pairs(number) in reply else None


def key_of(keys: Keyring, mail: Mail) -> str:
    """The keyed hash by which the same message is known again."""
    return keys.lookup("message", f"{mail.channel}\n{mail.relay or mail.sender}\n{mail.key}")


def _from_villager(session: Session, county: County, mail: Mail, key: str, at: datetime, word: Worder) -> str:
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
    return _keep_reply(session, county.keys, message, mail.told or answer)


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


def _from_officer(session: Session, county: County, mail: Mail, key: str, at: datetime, word: Worder) -> str:
    officer = session.get(Officer, mail.sender)
    message = remember(session, key, county.code, mail.channel, mail.kind, at)
    if officer is None or officer.left_at is not None:
        reply = Reply.of(Wording.GROUP_ASIDE if mail.door == GROUP else Refusal.NOT_ON_FILE)
    else:
        try:
            with session.attempt():
                turn = OfficerTurn(session, county, at, mail, officer, message=message)
                reply = answer_in_group(turn) if mail.door == GROUP else answer_officer(turn)
        except Refused as refused:
            reply = Reply.of(refused.wording, **refused.fields)
    message.key_id = _key_of(session, reply)
    said = _keep_reply(session, county.keys, message, word(reply))
    if mail.is_late and said:
        _answer_late(session, county, mail, said, at)
    return said


def _answer_late(session: Session, county: County, mail: Mail, said: str, at: datetime) -> None:
    """To the question's own address, which takes one answer within the hour."""
    outbox.post(
        session,
        county.keys,
        occasion=f"late:{mail.key}",
        to=("asker", mail.sender),
        channels=("response",),
        wording=Wording.LETTER_AFTER_RECEIPT,
        fields={"text": said, "url": mail.later},
        county=county.code,
        at=at,
        too_late_after=at + ANSWERS_LAST,
    )


def _key_of(session: Session, reply: Reply) -> int | None:
    """A reply about one matter may hold its words or a name: it is kept, and forgotten, with that matter."""
    numbers = {part.fields.get("number") for part in reply.parts}
    petition = by_number(session, numbers.pop() or "") if len(numbers) == 1 else None
    return petition.key_id if petition is not None and petition.forgotten_at is None else None


def _keep_reply(session: Session, keys: Keyring, message: Message, said: str) -> str:
    if said:
        message.reply = (
            keys.sealed(session, message.key_id, said) if message.key_id else keys.sealed_here(said)
        )
    session.add(message)
    return said


def _reply_of(session: Session, county: County, message: Message, word: Worder) -> str:
    """What was answered the first time."""
    keys = county.keys
    if message.replied_with:
        return word(accusation.worded(county, tuple(map(Wording, message.replied_with.split()))))
    if not message.reply:
        return ""
    if message.key_id is None:
        return keys.opened_here(message.reply)
    try:
        return keys.opened(session, message.key_id, message.reply)
    except Unreadable:  # forgotten since
        return ""
