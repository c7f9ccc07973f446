"""Not content with a written answer: by his own word a villager asks the body above, in the law's thirty days."""

from datetime import datetime

from handlers.commands import numbered, tidy
from handlers.county import County
from handlers.lanes import Kind, Satisfaction
from handlers.notices import tell_villager
from handlers.petition import review
from handlers.turn import Reply, VillagerTurn
from handlers.villager import answers
from handlers.villager.rights import is_hidden
from models.base import Session
from models.errors import Refused
from models.move import MOVES, Actor, Capacity
from models.petition import Petition, State, by_number, latest_of
from models.refusal import Refusal
from models.villager import Villager
from models.wording import Wording

VILLAGER = Actor(Capacity.VILLAGER)
ANSWERED = MOVES[review.REVIEW.asked].leaves  # there is a written answer, and nobody works on it any more
NO_REQUEST = frozenset({Kind.SUGGESTION.value, Kind.PRAISE.value})  # art. 29: replied to, no review


def ask(turn: VillagerTurn) -> Reply | None:
    """None: the words ask for no review, or they say more and there is nothing of his to be reviewed."""
    words, number = numbered(tidy(turn.mail.text))
    asked = turn.county.reader.review_asked(words)
    if asked is None:
        return None
    found = _choices(turn.session, turn.county, turn.villager, number, turn.at)
    if number is not None and not found:
        raise Refused(Refusal.NO_SUCH_NUMBER, number=number)
    if len(found) > 1:
        raise Refused(Refusal.WHICH_ONE, numbers=[one.number for one in found])
    if not found or (found[0].state not in ANSWERED and asked.reasons):
        return None
    petition = found[0]
    turn.message.petition, turn.message.key_id = petition.id, petition.key_id
    if petition.state is State.PROPOSED and not asked.is_plain:  # sooner: his superior hears today
        return answers.close(turn, petition, Satisfaction.UNSOLVED)
    _possible(petition)
    step, due = review.ask(turn.session, turn.county, petition, turn.mail.text, VILLAGER, turn.at)
    return begun(petition, step, due)


def begun(petition: Petition, step: review.Step, due: datetime) -> Reply:
    """Until when he is answered in writing."""
    return Reply.of(
        Wording.REVIEW_BEGUN,
        number=petition.number,
        step=step.answered.value,
        due=due.isoformat(),
        proposed=petition.state is State.PROPOSED,
    )


def ask_without_words(session: Session, county: County, person: Villager, said: str, at: datetime) -> bool:
    """The words accuse somebody and must not be kept: the review is asked all the same, by the bare word."""
    petition = meant(session, county, person, said, at)
    if petition is None or petition.kind in NO_REQUEST:
        return False
    if review.may_be_asked(session, county, petition, at) is None:
        return False
    step, due = review.ask(session, county, petition, county.reader.review_word, VILLAGER, at)
    wording = Wording(f"letter.{step.asked}.villager")
    occasion = f"{step.asked}:{petition.head}"
    tell_villager(session, county, petition, wording, at, occasion=occasion, due=due.isoformat())
    return True


def until(session: Session, county: County, petition: Petition, at: datetime) -> str | None:
    """Until when an ended matter may still be reviewed; None: not any more, or not at all."""
    if petition.is_open or petition.kind in NO_REQUEST:
        return None
    if review.may_be_asked(session, county, petition, at) is None:
        return None
    latest = review.course(session, petition).latest(county)
    return latest.isoformat() if latest else None


def meant(session: Session, county: County, person: Villager, said: str, at: datetime) -> Petition | None:
    """The one matter whose review these words ask for; None: they ask for none, or it is not clear of which."""
    words, number = numbered(tidy(said))
    if county.reader.review_asked(words) is None:
        return None
    found = _choices(session, county, person, number, at)
    return found[0] if len(found) == 1 else None


def _choices(
    session: Session, county: County, person: Villager, number: str | None, at: datetime
) -> list[Petition]:
    """The one named; else all that may be reviewed; else the newest, so that it can be said why it may not.

    What somebody who looks at the telephone must not read is meant only by its number.
    """
    if number is not None:
        named = by_number(session, number)
        own = named is not None and named.villager == person.id and named.forgotten_at is None
        return [named] if named is not None and own else []
    mine = [
        one for one in latest_of(session, person.id or 0) if one.forgotten_at is None and not is_hidden(one)
    ]
    in_time = [one for one in mine if review.may_be_asked(session, county, one, at)]
    answered = [one for one in mine if one.state in ANSWERED]
    return in_time or answered[:1] or mine[:1]


def _possible(petition: Petition) -> None:
    """Refused where there is nothing to be reviewed, with the way that is left; the days are looked at besides."""
    if petition.kind in NO_REQUEST:
        raise Refused(Refusal.REVIEW_NOT_OF_THIS, number=petition.number)
    if petition.state not in ANSWERED:
        refusal = Refusal.REVIEW_STILL_OPEN if petition.is_open else Refusal.REVIEW_WITHOUT_ANSWER
        raise Refused(refusal, number=petition.number)
