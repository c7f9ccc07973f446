"""A call is filed: the same way in as any villager's words, with the clerk's name on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handlers import intake
from handlers.county import County
from handlers.questions import drop_questions
from handlers.retry import key_of
from handlers.telephone.elements import Elements, elements_of
from handlers.turn import Mail, Reply
from handlers.villager.doors import LINE, RELAY, line
from models.base import Session
from models.message import seen
from models.move import Actor, Capacity, Verb, move
from models.petition import Petition, State

SOURCE = "desk"
LINES = frozenset({"110", "119", "120", "122"})


@dataclass(frozen=True)
class Call:
    """What stands on the clerk's page. `once`: the page's own number of it, so that nothing is filed twice."""

    once: str
    talk: str  # the page's own number of the whole call
    phone: str
    text: str
    elements: Elements
    leaf: str = ""
    handed_to: str = ""  # 110, 119, 120


@dataclass(frozen=True)
class Filed:
    """What is read aloud."""

    number: str | None
    reply: str


def file(
    session: Session,
    county: County,
    call: Call,
    clerk: str,
    at: datetime,
    word: Callable[[Reply], str],
) -> Filed:
    """The words go through the same decisions as a message: danger, accusation, answer, one more of the same."""
    said_on = line(call.phone)
    mail = Mail(
        channel=RELAY,
        sender=f"{LINE}{said_on}" if said_on else f"{SOURCE}:{call.talk}",
        key=call.once,
        kind="text",
        text=_whole(county, call),
        relay=SOURCE,
        door=SOURCE,
        name=call.elements.who,
        phone=said_on,
        place=call.elements.where,
        clerk=clerk,
    )
    known = intake.answered(session, county, mail, word)
    reply = intake.receive(session, county, mail, at, word)
    number = intake.number_told(session, county, mail, reply)
    message = seen(session, key_of(county.keys, mail))
    petition = session.get(Petition, message.petition) if message is not None and message.petition else None
    if petition is not None and known is None:
        _chosen(session, county, petition, call, clerk, at)
        if call.handed_to in LINES and petition.is_open:
            move(session, petition, Verb.HAND_ON, Actor(Capacity.DISPATCHER, clerk), at, line=call.handed_to)
    return Filed(number, reply)


def _whole(county: County, call: Call) -> str:
    """What was typed, and behind it what the clerk filled in beyond it."""
    read = elements_of(county, call.text, county.reader.route(call.text)) if call.text.strip() else Elements()
    given, missing = call.elements, []
    for name in ("when", "where", "how"):
        value = getattr(given, name).strip()
        if value and value != getattr(read, name) and value not in call.text:
            missing.append(value)
    return "\n".join([call.text.strip(), *missing])


def _chosen(
    session: Session, county: County, petition: Petition, call: Call, clerk: str, at: datetime
) -> None:
    """The clerk said what it is about."""
    if not call.leaf or call.leaf == petition.leaf or petition.state is not State.RECEIVED:
        return
    if call.leaf not in county.reader.category_codes:
        return
    by = Actor(Capacity.DISPATCHER, clerk)
    move(session, petition, Verb.SORT, by, at, leaf=call.leaf, by_rules=False)
    petition.leaf, petition.route = call.leaf, petition.route | {"said_by": "clerk"}
    drop_questions(session, petition, at, "category")
