"""What is said to a villager where the rest cannot be decided in time, and how that promise is kept afterwards.

A receipt is made from memory and from reading alone, because writing is what cannot be waited for. Lanes are
decided even so: danger and accusation get their own answer. The number of a new matter is one set aside
beforehand; whatever else the villager should hear comes as a letter once it is decided.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import accusation, sealing
from handlers.commands import numbered, tidy
from handlers.county import County
from handlers.lanes import Lane
from handlers.notices import TO_VILLAGER
from handlers.petition.dispatch import SERVICE
from handlers.questions import put_question
from handlers.topic import Route
from handlers.turn import Mail, Reply, VillagerTurn
from handlers.villager import burst, conversation, doors, matter
from handlers.villager.replies import ending, hazard_reply, matter_reply, office_hours
from models import letter as outbox
from models import villager as people
from models.base import Session
from models.message import Message
from models.move import Verb, move
from models.number import number_for
from models.petition import Petition, create
from models.villager import Villager, open_question
from models.wording import Wording

LASTS = timedelta(days=1)  # what was to be said after a receipt would confuse later on


@dataclass(frozen=True)
class Receipt:
    """What is said now. `kept`: the message is to be written down somewhere until it is decided. `urgent`: it tells of
    danger, and others are to hear of it before all that waits.
    """

    said: Reply
    kept: bool = True
    petition: int | None = None  # the id set aside that is used up by it
    urgent: bool = False


def receipt(
    session: Session,
    county: County,
    mail: Mail,
    at: datetime,
    set_aside: Callable[[], int | None],
    earlier: str | None = None,
) -> Receipt | None:
    """What can be said of a message nobody decided yet; None: nothing honest. Writes nothing.

    `earlier`: the number this person was told a moment ago for what is not decided either.
    """
    with session.no_autoflush:
        if mail.channel == "wecom" or sealing.concerns(session, county, mail, at):
            return None  # who is to be told what is decided by reading more than these words
        mail = doors.known_by(session, county, mail, at)
        if mail.kind == "event":
            return Receipt(Reply())
        person = people.find(session, county.keys, mail.channel, mail.sender)
        words = mail.text or mail.label
        route = county.reader.route(words) if words else None
        if _accuses(session, county, person, words, route, at):
            return Receipt(accusation.worded(county, accusation.reply(county, goes_on=False)), kept=False)
        urgent = route is not None and route.lane in matter.HAZARDS
        number = _number_under_way(session, person, route, at) or earlier
        if number is not None or not _is_matter(county, mail, route):
            return Receipt(_told(county, number, route, at), urgent=urgent)
        petition = set_aside()
        if petition is None:
            return None
        number = number_for(county.keys.number_key, petition)
        return Receipt(_told(county, number, route, at), petition=petition, urgent=urgent)


def keep_promise(turn: VillagerTurn, route: Route | None) -> Reply:
    """A matter of its own under the number that was told, whatever else these words could have been."""
    turn.villager.burst_started_at = None
    if route is None or turn.mail.kind != "text":
        return conversation.answer(turn, route, route)
    turn.message.lane = route.lane
    petition = matter.open_new(turn, route)
    matter.begin(turn, petition)
    if petition.lane == Lane.PROTECTION:
        put_question(turn.session, petition.villager, petition, "safe", turn.at)
    if petition.lane in matter.HAZARDS:
        said = hazard_reply(petition.lane, route.rule, petition.number)
        return said if turn.mail.is_late else Reply()  # else it was said
    reply = matter_reply(turn, petition, route) + conversation.ask_missing(turn, petition, route)
    return ending(turn, reply)


def void(session: Session, county: County, mail: Mail, at: datetime) -> None:
    """The number was told, and then the whole was an accusation: the matter is there, without a word, and ended."""
    person = people.meet(session, county.keys, mail.channel, mail.sender, at)
    petition = create(session, county.keys, county.code, person.id or 0, at, id=mail.petition)
    said = {"channel": mail.channel, "message": mail.kind, "place": None}
    move(session, petition, Verb.RECEIVE, SERVICE, at, **said)
    accusation.forget(session, person, petition, [], at)


def follow(session: Session, county: County, mail: Mail, message: Message, said: str, at: datetime) -> None:
    """What would have been the reply goes after the receipt, as a letter."""
    if not said or said == mail.told or message.villager is None:
        return
    outbox.post(
        session,
        county.keys,
        occasion=f"receipt:{message.key}",
        to=("villager", str(message.villager)),
        channels=TO_VILLAGER[mail.channel],
        wording=Wording.LETTER_AFTER_RECEIPT,
        fields={"text": said},
        county=county.code,
        at=at,
        petition=message.petition,
        key_id=message.key_id,
        too_late_after=at + LASTS,
    )


def _accuses(
    session: Session, county: County, person: Villager | None, words: str, route: Route | None, at: datetime
) -> bool:
    """By itself, or with what the running burst said so far."""
    if accusation.accuses(route):
        return True
    earlier = burst.words(session, county, burst.messages(session, person, at)) if person else []
    return bool(earlier) and accusation.accuses(county.reader.route(" ".join([*earlier, words])))


def _number_under_way(
    session: Session, person: Villager | None, route: Route | None, at: datetime
) -> str | None:
    """Of the matter these words are more of: the one being told, the one asked about, or the same one again."""
    if person is None:
        return None
    running = burst.petition_of(session, person, at)
    question = open_question(session, person.id or 0, at)
    if running is None and question is not None and question.petition is not None:
        running = session.get(Petition, question.petition)
    if running is None and route is not None:
        running = matter.open_hazard(session, person, route, at) or matter.same_open(session, person, route)
    return running.number if running is not None else None


def _is_matter(county: County, mail: Mail, route: Route | None) -> bool:
    if mail.kind in conversation.MEDIA | conversation.LINKS:
        return True
    words = numbered(tidy(mail.text))[0]
    if route is None or county.reader.command_of(words) is not None or county.reader.review_asked(words):
        return False
    return route.lane == Lane.PETITION or route.lane in matter.HAZARDS


def _told(county: County, number: str | None, route: Route | None, at: datetime) -> Reply:
    if route is not None and route.lane in matter.HAZARDS:
        return hazard_reply(route.lane, route.rule, number)
    if number is None:
        return Reply.of(Wording.RECEIPT_ALONE)
    return Reply.of(Wording.RECEIPT, number=number) + office_hours(county, at)
