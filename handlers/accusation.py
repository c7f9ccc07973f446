"""An accusation stops here: it is answered with where it belongs, and not one word of it is written.

Its row is time, lane, reply and a keyed hash for the retry. That goes for the pieces of a burst that accuse only
as a whole, and for later texts: these are dropped while the matter lives on with the act they imply.
"""

from dataclasses import replace
from datetime import datetime

from handlers.county import County
from handlers.lanes import Lane, Satisfaction
from handlers.notices import tell
from handlers.petition import work
from handlers.petition.dispatch import SERVICE
from handlers.questions import drop_questions, end
from handlers.topic import Route
from handlers.turn import Mail, Reply, VillagerTurn
from handlers.villager import answers, burst, matter, reviewing
from models.base import Session
from models.found_word import drop_words
from models.key import drop
from models.message import PIECE, Message, of_petition
from models.move import Verb, move
from models.petition import Petition, State, open_of
from models.text import Text
from models.villager import Villager, open_question
from models.wording import Wording

NOT_SOLVED = frozenset({Satisfaction.UNSOLVED, Satisfaction.DISSATISFIED, Satisfaction.HALF})
ACCUSES = Lane.ACCUSATION


def accuses(route: Route | None) -> bool:
    return route is not None and route.lane == ACCUSES


def spoken_of(
    session: Session, county: County, person: Villager, route: Route, said: str, at: datetime
) -> Petition | None:
    """The matter that a later text adds to: the one to be reviewed, the one asked about, or the one urged."""
    asked = reviewing.meant(session, county, person, said, at)
    if asked is not None:
        return asked
    question = open_question(session, person.id or 0, at)
    if question is not None and question.petition is not None:
        return session.get(Petition, question.petition)
    if route.lane == Lane.URGE:
        return next(iter(open_of(session, person.id or 0)), None)
    return None


def whole(session: Session, county: County, petition: Petition, words: str) -> Route:
    """A later text read together with all that was said of its matter."""
    said = burst.words(session, county, of_petition(session, petition.identity))
    return county.reader.route(" ".join([*said, words]))


def live_on(session: Session, county: County, mail: Mail, person: Villager, at: datetime) -> bool:
    """The act an accusing text implies for one of his matters, without a word of it. False: it implies none."""
    if reviewing.ask_without_words(session, county, person, mail.text, at):
        return True
    petition = _asked_about(session, person, at)
    if petition is None:
        return False
    unsaid = replace(mail, text="", label="", media="")
    turn = VillagerTurn(session, county, at, unsaid, _unwritten(county, at), person)
    if petition.state is State.PROPOSED:
        said = county.reader.satisfaction_of(mail.text)
        if said not in NOT_SOLVED:
            return False
        answers.close(turn, petition, said)
        return True
    question = open_question(session, person.id or 0, at)
    if petition.state is State.WAITING and question is not None and question.kind == "officer":
        end(session, question, at)
        event = work.resume(session, county, petition, Verb.ANSWER, matter.VILLAGER, at)
        tell(session, county, petition, event, at)
        return True
    return False


def urge(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """A reminder whose words were not kept."""
    if petition.is_open:
        matter.urge(session, county, petition, at)


def forget_burst(session: Session, person: Villager, said: list[Message], at: datetime) -> None:
    """The whole is an accusation: what its pieces said is gone, and their matter ends as redirected."""
    petition = session.get(Petition, person.burst_petition) if person.burst_petition else None
    if petition is not None and petition.state is not State.RECEIVED:
        return  # a danger, told to people already; only the new words are not kept
    pieces = [one for one in said if one.petition in (None, person.burst_petition)]
    forget(session, person, petition, pieces, at)


def forget(
    session: Session, person: Villager, petition: Petition | None, said: list[Message], at: datetime
) -> None:
    """Drops every word of these messages, and of a matter nobody was told of yet."""
    for message in said:
        if message.text is not None:
            text = session.get(Text, message.text)
            message.text = None
            session.flush()
            if text is not None:
                session.delete(text)
        message.reply, message.replied_with, message.lane = b"", Wording.ACCUSATION.value, ACCUSES.value
        message.villager = message.petition = message.key_id = None
        message.kind, message.media = PIECE, b""
    if petition is not None and petition.is_open:
        move(session, petition, Verb.REDIRECT, SERVICE, at, why="accusation")
        petition.leaf, petition.route, petition.place = None, {}, None
        drop_questions(session, petition, at)
        drop(session, petition.key_id, at)
        drop_words(session, petition.identity)
    person.burst_started_at = person.burst_last_at = person.burst_petition = None


def reply(county: County, *, goes_on: bool) -> tuple[Wording, ...]:
    """Nothing is asked; who could read it, where it belongs, and that it may be sealed for those it belongs to."""
    said = [Wording.ACCUSATION]
    if goes_on:
        said.append(Wording.ACCUSATION_GOES_ON)
    if county.sealed_key is not None:
        said.append(Wording.ACCUSATION_OFFER)
    return tuple(said)


def worded(county: County, wordings: tuple[Wording, ...]) -> Reply:
    """The reply as it is said, now and to every retry."""
    said = Reply()
    for wording in wordings:
        said += Reply.of(wording, address=county.discipline_address)
    return said


def _asked_about(session: Session, person: Villager, at: datetime) -> Petition | None:
    """The matter an answer is awaited for; the one proposed as solved where no question stands open any more."""
    question = open_question(session, person.id or 0, at)
    if question is not None and question.petition is not None:
        return session.get(Petition, question.petition)
    proposed = [one for one in open_of(session, person.id or 0) if one.state is State.PROPOSED]
    return proposed[0] if len(proposed) == 1 else None


def _unwritten(county: County, at: datetime) -> Message:
    """Stands in for the row of a message of which nothing is kept; never added to a session."""
    return Message(key="", county=county.code, month=0, at=at, channel="")
